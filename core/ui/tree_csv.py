"""All rows of a branch to take away, hundreds of thousands if need be, while others read on."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from core.draw import words
from core.ui.export import defused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.measure.tree import Branch, Downloads
    from core.ui.export import Facts

ZIPPED_FROM: Final = 20_000
"""Rows from which on the file is packed: each says where it comes from, over and over."""

_CHUNK: Final = 20_000
_MARK: Final = "\ufeff".encode()
"""Tells spreadsheets that the file is UTF-8."""

_SPACE: Final = r"\s\p{Z}\x0b\x1c-\x1f\x{85}"
"""What Python takes for white space; Arrow's patterns know less of it by themselves."""

_SUSPECT: Final = (
    rf"""(?:^|[;{_SPACE}"])["{_SPACE}]*[=+\-@\x{{ff1d}}\x{{ff0b}}\x{{ff0d}}\x{{ff20}}]|^[\t\r\n]"""
)
"""Finds all that ``defused`` would change, and a little more."""


def all_rows(branch: Branch, downloads: Downloads | None, facts: Facts, name: str) -> bytes:
    """The whole table as CSV, see ``export.csv``; in a ZIP file from ``ZIPPED_FROM`` rows on.

    ``name`` is the file's inside the ZIP file.
    """
    buffer = BytesIO()
    if len(branch) < ZIPPED_FROM:
        for piece in _pieces(branch, downloads, facts):
            buffer.write(piece)
        return buffer.getvalue()
    with (
        ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as file,
    ):
        for piece in _pieces(branch, downloads, facts):
            file.write(piece)
    return buffer.getvalue()


def _pieces(branch: Branch, downloads: Downloads | None, facts: Facts) -> Iterator[bytes]:
    yield _MARK
    told = {
        "source": facts.source,
        "as_of": facts.as_of,
        "basis": facts.basis,
        "licence_of_figures": facts.licence,
        "cautions": " ".join(facts.cautions),
    }
    counts = None if downloads is None else downloads.counts
    for start in range(0, len(branch), _CHUNK):
        table = pa.Table.from_pandas(
            branch.rows(start, start + _CHUNK), preserve_index=False
        ).replace_schema_metadata(None)
        if downloads is not None and counts is not None:
            own = counts[start : start + _CHUNK]
            table = table.append_column("downloads_30d", pa.array(own, mask=own < 0))
            told = {"downloads_as_of": words.iso(downloads.day)} | told
        for at, field in enumerate(table.schema):
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
                table = table.set_column(at, field.name, _defused(table.column(at)))
        for column, text in told.items():
            table = table.append_column(column, pa.repeat(defused(text), len(table)))
        out = BytesIO()
        csv.write_csv(table, out, csv.WriteOptions(include_header=not start))
        yield out.getvalue()


def _defused(column: Any) -> Any:  # noqa: ANN401 - an Arrow column of texts
    """``column`` with all that a spreadsheet would run defused."""
    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found: Any = pc.match_substring_regex(texts, _SUSPECT)
    suspect = found.fill_null(False)  # noqa: FBT003 - so Arrow has it
    if not suspect.true_count:
        return texts
    harmless = [defused(str(text)) for text in texts.filter(suspect).to_pylist()]
    return pc.replace_with_mask(texts, suspect, pa.array(harmless, type=texts.type))
