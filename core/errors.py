"""Every error a reader can meet, in one tree.

    GroundswellError
    ├── StoreError               a table of the store cannot be used
    │   ├── TableMissing
    │   ├── TableUnreadable
    │   ├── TableMismatch
    │   ├── TableTooNew
    │   └── TableUnwritable
    ├── DefinitionError          makers.toml or sources.toml is not right
    ├── SettingError             an environment variable is not right
    ├── FetchError               a source could not be read
    │   ├── SourceUnreachable    no connection
    │   ├── SourceSilent         no answer in time
    │   ├── SourceRefused        it says no: too many requests, no permission
    │   └── SourceUnreadable     it answers what cannot be understood
    ├── RefreshRunning           another refresh of the same store is at work
    └── NothingToShow            the data holds no answer to what was asked

An error says three things in plain words: what happened, what the reader sees
instead, and what can be done.
"""

from __future__ import annotations


class GroundswellError(Exception):
    """Base of all errors that are meant for a reader.

    ``sentence`` is one plain sentence: what happened. ``instead`` says what
    the page shows in its place and ``advice`` what can be done; both may be
    empty where there is nothing to say.
    """

    instead: str = ""
    advice: str = ""

    def __init__(self, sentence: str, *, instead: str = "", advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.instead = instead or self.instead
        self.advice = advice or self.advice


class StoreError(GroundswellError):
    """A table of the store cannot be used. The file is left as it is."""

    instead = "Everything that does not need this table is shown as usual."

    def __init__(self, table: str, sentence: str, *, instead: str = "", advice: str = "") -> None:
        super().__init__(sentence, instead=instead, advice=advice)
        self.table = table


class TableMissing(StoreError):
    """The table has no file."""

    advice = "Restore the file, or run `make snapshot` to build it again."


class TableUnreadable(StoreError):
    """The file is cut short, is not Parquet, or may not be read."""

    advice = "Restore the file, or run `make snapshot` to build it again."


class TableMismatch(StoreError):
    """The file holds other columns or types than the table's contract."""

    advice = "Restore the file, or run `make snapshot` to build it again."


class TableTooNew(StoreError):
    """The file was written by a newer version of Groundswell."""

    advice = "Update Groundswell, and the file can be used again."


class TableUnwritable(StoreError):
    """The disk does not take the rows. What was there before is still there."""

    instead = "What was stored before is shown."
    advice = "Make room on the disk, or allow writing to the store's folder, then try again."


class DefinitionError(GroundswellError):
    """A definition file that people edit by hand does not say what it should."""

    advice = "Correct the file named here and reload the page."


class NothingToShow(GroundswellError):
    """The data at hand holds no answer to what was asked."""


class SettingError(GroundswellError):
    """An environment variable does not say what it should."""

    advice = "Correct the setting named here, or remove it, and start again."

    def __init__(self, setting: str, sentence: str) -> None:
        super().__init__(sentence)
        self.setting = setting


class FetchError(GroundswellError):
    """A source could not be read. What was read before stays as it is.

    ``source`` is the source as a reader knows it: "Hugging Face" or "Yahoo".
    """

    instead = "The figures of the last time are shown, with their date."

    def __init__(self, source: str, sentence: str, *, advice: str = "") -> None:
        super().__init__(sentence, advice=advice)
        self.source = source


class SourceUnreachable(FetchError):
    """There is no connection to the source."""

    advice = "Check the connection to the internet, then refresh again."


class SourceSilent(FetchError):
    """The source did not answer in time."""

    advice = "Refresh again later."


class SourceRefused(FetchError):
    """The source answers that it will not serve us now."""

    advice = "Wait a while, then refresh again."


class SourceUnreadable(FetchError):
    """The source answers something that cannot be understood."""

    advice = "Refresh again later; if it stays so, the source has changed its answers."


class RefreshRunning(GroundswellError):
    """Another refresh of the same store is at work."""

    advice = "Wait until it has ended; its figures will be offered then."
