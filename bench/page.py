"""What one reader's browser knows of the page it shows, kept from the messages it gets.

A browser holds three things that the server relies on: the elements of the page, the
values of its widgets, and a cache of large messages. For a large message the browser
already has, the server sends only its hash; a reader who forgot the cache would either
receive everything again or lose the widgets in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from bench.controls import Control, Value, control_in, control_of_tabs

if TYPE_CHECKING:
    from random import Random

    from streamlit.proto.Block_pb2 import Block
    from streamlit.proto.Delta_pb2 import Delta
    from streamlit.proto.Element_pb2 import Element
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


APOLOGY = ":material/error:"
"""The sign with which the app's error boundary opens what it shows instead of a page."""


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a delta that matters to a reader who only clicks."""

    control: Control | None = None
    error: str = ""
    fragment: str = ""
    tabs: Block.TabContainer | None = None
    tab_label: str = ""
    text: str = ""


@dataclass(slots=True)
class _Remembered:
    content: Content
    used_in_run: int


@dataclass(slots=True)
class MessageCache:
    """The browser's cache of large messages, which ages by script runs as the real one."""

    entries: dict[str, _Remembered] = field(default_factory=dict)
    runs: int = 0

    def keep(self, digest: str, content: Content) -> None:
        """Keep a message the server marked as one it may refer to later."""
        self.entries.setdefault(digest, _Remembered(content, self.runs)).used_in_run = self.runs

    def recall(self, digest: str) -> Content | None:
        """Return what the server refers to, or None if it was never sent."""
        remembered = self.entries.get(digest)
        if remembered is None:
            return None
        remembered.used_in_run = self.runs
        return remembered.content

    def age(self, limit: int, fragments: frozenset[str]) -> None:
        """Count a finished run and drop what was not used for more than `limit` runs."""
        self.runs += 1
        for digest, entry in list(self.entries.items()):
            touched = not fragments or entry.content.fragment in fragments
            if touched and self.runs - entry.used_in_run > limit:
                del self.entries[digest]


@dataclass(slots=True)
class Page:
    """Elements, widget values and address of one open page."""

    query: str
    cache: MessageCache = field(default_factory=MessageCache)
    values: dict[str, Value] = field(default_factory=dict)
    shown: dict[tuple[int, ...], Content] = field(default_factory=dict)
    controls: list[tuple[Control, str]] = field(default_factory=list)
    """The controls on the page in their order, each with the fragment it is in."""
    _arriving: dict[tuple[int, ...], Content] = field(default_factory=dict)

    def begin(self) -> None:
        """Start to receive a script run."""
        self._arriving = {}

    def receive(self, message: ForwardMsg) -> str:
        """Take in a delta or a reference to one; return the error it shows, if any."""
        if message.WhichOneof("type") == "ref_hash":
            recalled = self.cache.recall(message.ref_hash)
            if recalled is None:
                return f"the server referred to a message it never sent: {message.ref_hash}"
            content = recalled
        else:
            content = _content(message.delta)
            if message.metadata.cacheable and message.hash:
                self.cache.keep(message.hash, content)
        self._arriving[tuple(message.metadata.delta_path)] = content
        return content.error

    def finish(self, fragments: frozenset[str], age_limit: int) -> list[str]:
        """Show what arrived: the whole page, or the parts of the fragments that ran.

        Returns what the page apologises for: its error boundary sends no exception but
        plain words, and a page of apologies would look like a very fast one.
        What stood inside a fragment that ran and did not come again is gone, fragments
        inside it included.
        """
        redrawn = {path for path, new in self._arriving.items() if new.fragment in fragments}
        kept = {
            path: content
            for path, content in self.shown.items()
            if fragments
            and content.fragment not in fragments
            and not any(path[:depth] in redrawn for depth in range(len(path)))
        }
        self.shown = kept | self._arriving
        self.controls = []
        for path, content in sorted(self.shown.items()):
            control = self._control(path, content)
            if control is not None:
                self.controls.append((control, content.fragment))
                if control.is_pushed and path in self._arriving:
                    self.values[control.identifier] = control.pushed
        self.values = {
            control.identifier: self.values.get(control.identifier, control.default)
            for control, _ in self.controls
        }
        self.cache.age(age_limit, fragments)
        return [
            self._apology(path)
            for path, content in sorted(self._arriving.items())
            if content.text.startswith(APOLOGY)
        ]

    def _apology(self, path: tuple[int, ...]) -> str:
        """Return the sentences that follow the sign in the same container."""
        near = (place for place in sorted(self._arriving) if place[:-1] == path[:-1])
        return " ".join(self._arriving[place].text for place in near).removeprefix(APOLOGY)

    def _control(self, path: tuple[int, ...], content: Content) -> Control | None:
        """Return the control at a place; tabs are told apart by the blocks inside them."""
        if content.tabs is None:
            return content.control
        inside = [place for place in sorted(self.shown) if place[:-1] == path]
        return control_of_tabs(content.tabs, [self.shown[place].tab_label for place in inside])

    def click(self, control: Control, chance: Random) -> None:
        """Change one control, and the address if the control is bound to it."""
        value = control.changed(self.values[control.identifier], chance)
        self.values[control.identifier] = value
        if control.parameter:
            address = parse_qs(self.query, keep_blank_values=True)
            address[control.parameter] = control.address(value)
            self.query = urlencode(address, doseq=True)

    def states(self) -> WidgetStates:
        """Return the values of all controls, as a browser sends them with every click."""
        return WidgetStates(
            widgets=[control.state(self.values[control.identifier]) for control, _ in self.controls]
        )


def _content(delta: Delta) -> Content:
    kind = delta.WhichOneof("type")
    if kind == "new_element":
        element = delta.new_element
        return Content(control_in(element), _error(element), delta.fragment_id, text=_text(element))
    if kind == "new_transient":
        errors = [_error(element) for element in delta.new_transient.elements]
        return Content(error="".join(errors), fragment=delta.fragment_id)
    block = delta.add_block
    return Content(
        fragment=delta.fragment_id,
        tabs=block.tab_container if block.tab_container.HasField("id") else None,
        tab_label=block.tab.label,
    )


def _error(element: Element) -> str:
    """Return the text of an exception or a red box.

    A red box counts too: a page that catches its own failure and says so did not do the
    work that is being measured.
    """
    kind = element.WhichOneof("type")
    if kind == "exception":
        return f"{element.exception.type}: {element.exception.message}"
    if kind == "alert" and element.alert.format == Alert.Format.ERROR:
        return f"error box: {element.alert.body}"
    return ""


def _text(element: Element) -> str:
    kind = element.WhichOneof("type")
    if kind == "markdown":
        return element.markdown.body
    return element.text.body if kind == "text" else ""
