"""What a reader can change on a page, read from Streamlit's own element messages.

Streamlit sends each widget as a protobuf message of its own kind, and wants its value
back in the one field of `WidgetState` that this kind uses. This module knows those
pairs for the widgets a reader clicks, and nothing about connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.WidgetStates_pb2 import WidgetState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from streamlit.proto.Block_pb2 import Block
    from streamlit.proto.Checkbox_pb2 import Checkbox
    from streamlit.proto.Element_pb2 import Element
    from streamlit.proto.MultiSelect_pb2 import MultiSelect
    from streamlit.proto.Radio_pb2 import Radio
    from streamlit.proto.Selectbox_pb2 import Selectbox

Value: TypeAlias = bool | str | tuple[str, ...] | None


class Kind(Enum):
    """How a control is changed and in which field its value travels."""

    SWITCH = "toggle or checkbox: bool_value"
    CHOICE = "selectbox, radio or tabs: string_value"
    BUTTONS = "segmented control or pills, one at a time: string_array_value of one"
    SEVERAL = "multiselect, or pills with many at a time: string_array_value"


@dataclass(frozen=True, slots=True)
class Control:
    """One widget of a page that a click can change."""

    identifier: str
    kind: Kind
    options: tuple[str, ...]
    default: Value
    pushed: Value
    """The value the server tells the browser to show, or None if it leaves it alone."""
    is_pushed: bool
    parameter: str
    """The address parameter the widget is bound to, or an empty string."""
    most: int
    """How many options may be chosen at once; 0 means any number."""

    def changed(self, value: Value, chance: Random) -> Value:
        """Return what a click makes of `value`, never the same value again."""
        if self.kind is Kind.SWITCH:
            return not value
        chosen = value if isinstance(value, tuple) else () if value is None else (str(value),)
        if self.kind is Kind.SEVERAL:
            return self._changed_selection(chosen, chance)
        option = self._other_option(chosen, chance)
        return (option,) if self.kind is Kind.BUTTONS else option

    def _other_option(self, chosen: Sequence[str], chance: Random) -> str:
        others = [option for option in self.options if option not in chosen]
        return chance.choice(others)

    def _changed_selection(self, chosen: tuple[str, ...], chance: Random) -> tuple[str, ...]:
        """Add an option, or take the oldest away once there are more than at first.

        The number chosen stays near the page's own default: a page measured with
        every family selected would not be the page that readers see.
        """
        usual = max(1, len(self.default) if isinstance(self.default, tuple) else 1)
        full = len(chosen) >= len(self.options) or (self.most and len(chosen) >= self.most)
        if len(chosen) > 1 and (len(chosen) > usual or full):
            return chosen[1:]
        added = self._other_option(chosen, chance)
        return (added,) if full else (*chosen, added)

    def state(self, value: Value) -> WidgetState:
        """Return `value` as the wire message of this control."""
        state = WidgetState(id=self.identifier)
        if self.kind is Kind.SWITCH:
            state.bool_value = bool(value)
        elif self.kind is Kind.CHOICE:
            if value is not None:
                state.string_value = str(value)
        else:
            state.string_array_value.data[:] = value if isinstance(value, tuple) else ()
            state.string_array_value.SetInParent()
        return state

    def address(self, value: Value) -> list[str]:
        """Return the values of the bound address parameter; none for the default."""
        if value == self.default or value is None:
            return []
        if isinstance(value, bool):
            return [str(value).lower()]
        return list(value) or [""] if isinstance(value, tuple) else [value]


def control_in(element: Element) -> Control | None:
    """Return the control in an element, or None where a click would change nothing."""
    kind = element.WhichOneof("type")
    if kind == "checkbox":
        return _switch(element.checkbox)
    if kind == "selectbox":
        return _choice(element.selectbox)
    if kind == "radio":
        return _choice(element.radio)
    if kind == "button_group":
        group = element.button_group
        several = group.click_mode == ButtonGroup.ClickMode.MULTI_SELECT
        options = [f"{option.content_icon} {option.content}".strip() for option in group.options]
        return _selection(group, options, Kind.SEVERAL if several else Kind.BUTTONS, 0)
    if kind == "multiselect":
        box = element.multiselect
        return _selection(box, box.options, Kind.SEVERAL, box.max_selections)
    return None


def control_of_tabs(tabs: Block.TabContainer, labels: Sequence[str]) -> Control | None:
    """Return the control that tabs are when choosing one runs the script.

    The container names the open tab in every run, and each label comes in a block of its
    own inside it.
    """
    if len(set(labels)) < 2:  # noqa: PLR2004 - one is no choice
        return None
    return Control(
        identifier=tabs.id,
        kind=Kind.CHOICE,
        options=tuple(labels),
        default=tabs.default_tab_label or labels[0],
        pushed=labels[tabs.default_tab_index],
        is_pushed=True,
        parameter=tabs.query_param_key,
        most=0,
    )


def _waits(widget: Checkbox | Selectbox | Radio | ButtonGroup | MultiSelect) -> bool:
    """Say whether a click on the widget does not run the script by itself."""
    return widget.disabled or widget.ignore_rerun or bool(widget.form_id)


def _switch(box: Checkbox) -> Control | None:
    if _waits(box):
        return None
    return Control(
        identifier=box.id,
        kind=Kind.SWITCH,
        options=(),
        default=box.default,
        pushed=box.value,
        is_pushed=box.set_value,
        parameter=box.query_param_key,
        most=0,
    )


def _choice(box: Selectbox | Radio) -> Control | None:
    if _waits(box) or len(set(box.options)) < 2:  # noqa: PLR2004 - one is no choice
        return None
    return Control(
        identifier=box.id,
        kind=Kind.CHOICE,
        options=tuple(box.options),
        default=box.options[box.default] if box.HasField("default") else None,
        pushed=box.raw_value if box.HasField("raw_value") else None,
        is_pushed=box.set_value,
        parameter=box.query_param_key,
        most=0,
    )


def _selection(
    widget: ButtonGroup | MultiSelect, options: Iterable[str], kind: Kind, most: int
) -> Control | None:
    options = tuple(options)
    if _waits(widget) or len(set(options)) < 2:  # noqa: PLR2004 - one is no choice
        return None
    return Control(
        identifier=widget.id,
        kind=kind,
        options=options,
        default=tuple(options[position] for position in widget.default),
        pushed=tuple(widget.raw_values),
        is_pushed=widget.set_value,
        parameter=widget.query_param_key,
        most=most,
    )
