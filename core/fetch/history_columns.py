"""The columns of somebody else's Parquet file, found by the names they are documented under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute

from core.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

pc: Any = pyarrow.compute  # its stubs know arrays only, not columns in chunks

TEXT: Final = "text"
DAY: Final = "a date"
COUNT: Final = "whole numbers"
MOMENT: Final = "a date or a moment"
TRUTH: Final = "true or false"
TEXTS: Final = "lists of text"

_LONGEST: Final = 40
_MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Wanted:
    """A column we need: its name here, what it may be called there, what it holds."""

    name: str
    kind: str
    called: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class Place:
    """Which file of which source is being read, for the sentence where it does not fit."""

    source: str
    path: str

    def wrong(self, what: str) -> SourceUnreadable:
        """The error that ``what`` is wrong with the file."""
        return SourceUnreadable(self.source, f"{self.path} of {self.source} {what}.")


def find(schema: pa.Schema, wanted: Iterable[Wanted], place: Place) -> dict[str, str]:
    """The column of ``schema`` for each wanted one, by our name. Raises ``SourceUnreadable``.

    An optional column that is missing is left out. Names are documented ones,
    in any case; of several that fit, the first documented one counts.
    """
    known = {name.casefold(): name for name in reversed(schema.names)}
    found: dict[str, str] = {}
    for one in wanted:
        name = next((known[called] for called in _folded(one.called) if called in known), None)
        if name is None:
            if one.optional:
                continue
            raise place.wrong(
                what=f"has the columns {_named(schema.names)}; {_or(one.called)} was expected"
            )
        type_ = schema.field(name).type
        if not _holds(type_, one.kind):
            raise place.wrong(
                what=f"has the column “{_short(name)}” of type {_short(str(type_))}; "
                f"{one.kind} was expected"
            )
        found[one.name] = name
    return found


def as_text(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """A column of text, however it is encoded."""
    return column.cast(pa.string())


def as_day(column: pa.ChunkedArray[Any], place: Place) -> pa.ChunkedArray[Any]:
    """A column of dates, moments or ISO texts as dates."""
    try:
        if pa.types.is_timestamp(column.type):
            return column.cast(pa.timestamp("us")).cast(pa.date32(), safe=False)
        if pa.types.is_dictionary(column.type):
            column = as_text(column)
        return column.cast(pa.date32())
    except pa.ArrowException as error:
        raise place.wrong(what="has a day that is no date") from error


def as_count(column: pa.ChunkedArray[Any], place: Place) -> pa.ChunkedArray[Any]:
    """A column of numbers as 64-bit ones; what is below zero or no number is unknown."""
    try:
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_finite(column), column, None)
        column = column.cast(pa.int64())
    except pa.ArrowException as error:
        raise place.wrong(what="has a counter that is no whole number") from error
    known: pa.ChunkedArray[Any] = pc.if_else(pc.less(column, 0), None, column)
    return known


def _holds(type_: pa.DataType, kind: str) -> bool:
    """Whether a column of this type can hold what is wanted."""
    types = pa.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    text = types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_)
    if kind == TEXT:
        return text
    if kind == DAY:
        return types.is_date(type_) or types.is_timestamp(type_) or text
    if kind == COUNT:
        return types.is_integer(type_) or types.is_floating(type_)
    if kind == MOMENT:
        return types.is_date(type_) or types.is_timestamp(type_)
    if kind == TRUTH:
        return types.is_boolean(type_)
    return types.is_list(type_) or types.is_large_list(type_)


def _folded(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]


def _or(names: Sequence[str]) -> str:
    return " or ".join(f"“{name}”" for name in names)


def _named(names: Sequence[str]) -> str:
    told = ", ".join(f"“{_short(name)}”" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{told} and {more} more" if more > 0 else told or "none"


def _short(name: str) -> str:
    """A name of theirs, made fit for a sentence of ours."""
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable if len(printable) <= _LONGEST else f"{printable[:_LONGEST]}…"
