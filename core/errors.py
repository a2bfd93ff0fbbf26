"""Every error a reader can meet, in one tree.

    GroundswellError
    ├── StoreError               a table of the store cannot be used
    │   ├── TableMissing
    │   ├── TableUnreadable
    │   ├── TableMismatch
    │   └── TableTooNew
    ├── DefinitionError          makers.toml or sources.toml is not right
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


class DefinitionError(GroundswellError):
    """A definition file that people edit by hand does not say what it should."""

    advice = "Correct the file named here and reload the page."


class NothingToShow(GroundswellError):
    """The data at hand holds no answer to what was asked."""
