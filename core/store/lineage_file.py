"""Arrays in one file that a server maps into memory instead of reading them.

The file is written whole or not at all, by a refresh. It says how long it is
and holds a checksum, which is looked at once, when it is opened: what was cut
short or changed is an error, not another figure. An opened file stays as it
was when a newer one takes its place.

Layout: the mark, the length of the header (8 bytes, little-endian), the
header (JSON: version, size and checksum of what follows, facts, arrays with
type, shape and place), then the arrays, each at a multiple of 64 bytes.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.errors import (
    TableMismatch,
    TableMissing,
    TableTooNew,
    TableUnreadable,
    TableUnwritable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    import numpy.typing as npt

    Array = npt.NDArray[Any]

VERSION: Final = 1
"""Of the layout and of what the arrays mean."""

NAME: Final = "lineage"

_MARK: Final = b"GSLINEA\n"
_START: Final = len(_MARK) + 8
_ALIGN: Final = 64
_CHUNK: Final = 1 << 20
_SPARE: Final = 40 << 20
"""Bytes that may stay: mapping the same pages again and again takes longer than most pages."""

_STATISTICS: Final = Path("/proc/self/statm")
_SHARED: Final = 2
"""The place in it of the pages that come from files."""

_LONGEST_HEADER: Final = 64 << 20
_UNREADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
_TYPES: Final = ("|u1", "|b1", "<i2", "<i4", "<i8", "<f8")


@dataclass(slots=True)
class Mapped:
    """The arrays of a file, read-only, and the facts kept beside them."""

    arrays: dict[str, Array]
    facts: dict[str, Any]
    memory: mmap.mmap
    _before: int = 0
    """Bytes of files that were mapped in this process when memory was last given back."""

    def give_back(self, spare: int = _SPARE) -> None:
        """Let go of the memory that reading took, once it is more than ``spare`` bytes.

        What is needed again is mapped again. The pages of a mapped file count
        as the server's for as long as they are mapped, though any other program
        may have their room.
        """
        if hasattr(mmap, "MADV_DONTNEED") and _mapped_bytes() >= self._before + spare:
            self.memory.madvise(mmap.MADV_DONTNEED)
            self._before = min(_mapped_bytes(), sys.maxsize - spare)


def _mapped_bytes() -> int:
    """Bytes of files that are in this process's memory; more than any where nobody tells."""
    try:
        pages = int(_STATISTICS.read_bytes().split()[_SHARED])
    except (OSError, ValueError, IndexError):
        return sys.maxsize
    return pages * mmap.PAGESIZE


def write(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Write ``arrays`` and ``facts`` (fit for JSON) to ``path``, whole or not at all.

    Raises ``TableUnwritable`` where the disk does not take them.
    """
    places: dict[str, Any] = {}
    parts: list[bytes | memoryview] = []
    at = 0
    for name, array in arrays.items():
        values = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        places[name] = [values.dtype.str, list(values.shape), at]
        padding = -values.nbytes % _ALIGN
        parts += [values.reshape(-1).view(np.uint8).data, bytes(padding)]
        at += values.nbytes + padding
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    header = json.dumps(
        {
            "version": VERSION,
            "size": at,
            "checksum": checksum,
            "facts": dict(facts),
            "arrays": places,
        }
    ).encode()
    header += b" " * (-(_START + len(header)) % _ALIGN)
    # The header vouches for the arrays, and this for the header.
    checked = zlib.crc32(header).to_bytes(4, "little")
    size = len(header).to_bytes(4, "little")
    try:
        _write_whole(path, [_MARK, size, checked, header, *parts])
    except OSError as error:
        reason = error.strerror or type(error).__name__
        sentence = f"The family tree could not be written: {reason}."
        raise TableUnwritable(NAME, sentence) from error


def read(path: Path, arrays: Iterable[str] = (), facts: Iterable[str] = ()) -> Mapped:
    """The arrays and facts of ``path``, mapped; those named must be among them.

    Raises one of the ``StoreError``s; the file itself is never changed.
    """
    try:
        with path.open("rb") as file:
            header, begin = _header(file, path)
            _check_content(file, header, begin, path)
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        found = Mapped(
            {
                name: _array(mapped, begin, header["size"], *place)
                for name, place in header["arrays"].items()
            },
            dict(header["facts"]),
            mapped,
        )
    except FileNotFoundError as error:
        raise _missing(path) from error
    except _UNREADABLE as error:
        raise _damaged(path) from error
    lacking = [name for name in arrays if name not in found.arrays]
    lacking += [name for name in facts if name not in found.facts]
    if lacking:
        raise TableMismatch(NAME, f"{path.name} lacks the part '{lacking[0]}' of the family tree.")
    return found


def facts(path: Path) -> dict[str, Any]:
    """The facts of ``path`` alone; whether its arrays are whole is not looked at.

    Raises one of the ``StoreError``s.
    """
    try:
        with path.open("rb") as file:
            header, _ = _header(file, path)
            return dict(header["facts"])
    except FileNotFoundError as error:
        raise _missing(path) from error
    except _UNREADABLE as error:
        raise _damaged(path) from error


def _header(file: BinaryIO, path: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin."""
    start = file.read(_START)
    if len(start) < _START or not start.startswith(_MARK):
        raise _damaged(path)
    length = int.from_bytes(start[len(_MARK) : len(_MARK) + 4], "little")
    checked = int.from_bytes(start[len(_MARK) + 4 :], "little")
    if length > _LONGEST_HEADER:
        raise _damaged(path)
    text = file.read(length)
    if len(text) < length or zlib.crc32(text) != checked:
        raise _damaged(path)
    header = json.loads(text)
    if header["version"] > VERSION:
        raise TableTooNew(
            NAME,
            f"{path.name} was written by a newer version of Groundswell "
            f"(family trees of version {header['version']}; this one reads up to {VERSION}).",
        )
    return header, _START + length


def _check_content(file: BinaryIO, header: Mapping[str, Any], begin: int, path: Path) -> None:
    """Read, not map, so that the memory of the server does not grow by it."""
    if os.fstat(file.fileno()).st_size != begin + header["size"]:
        raise _damaged(path)
    checksum, chunk = 0, bytearray(_CHUNK)
    while count := file.readinto(chunk):  # type: ignore[attr-defined]
        checksum = zlib.crc32(memoryview(chunk)[:count], checksum)
    if checksum != header["checksum"]:
        raise _damaged(path)


def _array(  # noqa: PLR0913, PLR0917 - the parts of a place in a file
    mapped: mmap.mmap, begin: int, size: int, kind: str, shape: Sequence[int], at: int
) -> Array:
    if kind not in _TYPES or at < 0 or min(shape, default=0) < 0:
        raise ValueError(kind)
    count = int(np.prod(shape, dtype=np.int64))
    dtype = np.dtype(kind)
    if at + count * dtype.itemsize > size:
        raise ValueError(at)
    return np.frombuffer(mapped, dtype, count, begin + at).reshape(shape)


def _missing(path: Path) -> TableMissing:
    return TableMissing(NAME, f"The family tree has no file: {path.name} is missing.")


def _damaged(path: Path) -> TableUnreadable:
    sentence = f"The family tree cannot be read: {path.name} is cut short or damaged."
    return TableUnreadable(NAME, sentence, advice="Refresh, and the file is built again.")


def _write_whole(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)  # mkstemp's 0600 would hide it from other accounts
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
