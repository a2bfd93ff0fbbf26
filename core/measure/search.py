"""Finding models by what one types: the beginning of an id, of a name, of words in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from core.measure.graph import changes
from core.measure.ids import TextIds, small

if TYPE_CHECKING:
    from core.measure.graph import Flags, Numbers
    from core.measure.ids import IdArray

_BETWEEN: Final = "[/_. -]+"
"""What stands between words."""

_BETWEEN_BYTES: Final = re.compile(_BETWEEN.encode())
_MOST_WORDS: Final = 6
"""Words of a text that are looked for; the others are ignored."""

_FEW: Final = 2_000
"""So many candidates are looked at one by one."""

_AFTER_ALL: Final = b"\xff"
"""Comes after every byte of UTF-8."""

_HUB: Final = re.compile(r"\s*https?://(?:www\.)?(?:huggingface\.co|hf\.co)/", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """An index of ``ids``, whose ranks say who comes first: 0 is the most downloaded.

    ``ranks`` has the rank of each model, ``by_rank`` the model of each rank.
    ``by_name`` are the ranks of all models in the order of their names, which
    is what follows the first slash. ``words`` are all words of all ids, in
    order; the ranks of the models that have word i are
    ``postings[starts[i]:starts[i + 1]]``. So whatever begins alike is one
    stretch of an array, and arrays may lie in a mapped file.
    """

    ids: TextIds
    ranks: Numbers
    by_rank: Numbers
    by_name: Numbers
    words: TextIds
    starts: Numbers
    postings: Numbers

    @classmethod
    def of(cls, ids: TextIds, downloads: Numbers) -> Search:
        """The index of ``ids``, of which each has so many ``downloads``; equals by id."""
        count = len(ids)
        by_rank = np.argsort(-np.asarray(downloads), kind="stable").astype(np.int32)
        ranks = np.empty(count, dtype=np.int32)
        ranks[by_rank] = np.arange(count, dtype=np.int32)
        lowered = pc.ascii_lower(ids.texts)
        names = pc.replace_substring_regex(lowered, "^[^/]*/", "", max_replacements=1)
        by_name = ranks[pc.sort_indices(names).to_numpy()]
        split = pc.split_pattern_regex(lowered, _BETWEEN)
        encoded = split.flatten().dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        numbers = place[encoded.indices.to_numpy(zero_copy_only=False)]
        models = np.repeat(ranks, np.diff(split.offsets.to_numpy()))
        # One sort of whole numbers: by word, then by rank.
        pairs = np.sort((numbers.astype(np.int64) << 32) | models)
        pairs = pairs[changes(pairs)]
        starts = np.zeros(len(order) + 1, dtype=np.int64)
        np.cumsum(np.bincount(pairs >> 32, minlength=len(order)), out=starts[1:])
        words = TextIds(encoded.dictionary.take(order))
        postings = (pairs & 0xFFFFFFFF).astype(np.int32)
        return cls(ids, ranks, by_rank, by_name, words, starts, postings)

    def find(self, text: str, limit: int = 20) -> IdArray:
        """The ids that fit ``text``, best first, at most ``limit``.

        First those that begin with it, then those whose name does, then those
        in which each of its first words begins a word; of each kind the most
        downloaded first. The case of A to Z does not matter, the address of a
        model's Hub page stands for its id, and no text is an error.
        """
        wanted = small(_HUB.sub("", text, count=1).strip())
        found: dict[int, None] = {}
        if wanted and limit > 0:
            for kind in (self._ids_with, self._names_with, self._words_with):
                found.update(dict.fromkeys(kind(wanted, limit).tolist()))
                if len(found) >= limit:
                    break
        ranks = np.array([*found][:limit], dtype=np.int64)
        return self.ids.take(self.by_rank[ranks])

    def _ids_with(self, wanted: bytes, limit: int) -> Numbers:
        """Ranks of the ids that begin with ``wanted``; the id that is it comes first."""
        begin, end = _beginning(self.ids, wanted)
        best = _smallest(self.ranks[begin:end], limit)
        if begin < end and small(self.ids.texts[begin].as_py()) == wanted:
            return np.append(self.ranks[begin], best)
        return best

    def _names_with(self, wanted: bytes, limit: int) -> Numbers:
        """Ranks of the models whose names begin with ``wanted``."""
        everywhere = range(len(self.by_name))
        begin = bisect_left(everywhere, wanted, key=self._name)
        end = bisect_left(everywhere, wanted + _AFTER_ALL, begin, key=self._name)
        return _smallest(self.by_name[begin:end], limit)

    def _name(self, place: int) -> bytes:
        """The name at a place in the order of names."""
        model_id = small(self.ids.texts[int(self.by_rank[self.by_name[place]])].as_py())
        account, slash, name = model_id.partition(b"/")
        return name if slash else account

    def _words_with(self, wanted: bytes, limit: int) -> Numbers:
        """Ranks of the models of which each word of ``wanted`` begins a word."""
        given = [word for word in _BETWEEN_BYTES.split(wanted) if word][:_MOST_WORDS]
        # A word that begins another one asks for nothing more.
        asked = {
            word
            for word in given
            if not any(other != word and other.startswith(word) for other in given)
        }
        if not asked:
            return self.by_rank[:0]
        best, *others = sorted(map(self._postings, asked), key=len)
        for stretch in others:
            if len(best) <= _FEW:
                best = _distinct(best)
                texts = self.ids.take(self.by_rank[best]).tolist()
                return best[[_has(small(text), asked) for text in texts]][:limit]
            marks = np.zeros(len(self.ranks), dtype=np.bool_)
            marks[stretch] = True
            best = best[marks[best]]
        return _best(best, limit)

    def _postings(self, word: bytes) -> Numbers:
        begin, end = _beginning(self.words, word)
        return self.postings[self.starts[begin] : self.starts[end]]


def _beginning(texts: TextIds, wanted: bytes) -> tuple[int, int]:
    """The stretch of the texts that begin with ``wanted``."""
    return texts.before_bytes(wanted), texts.before_bytes(wanted + _AFTER_ALL)


def _smallest(ranks: Numbers, limit: int) -> Numbers:
    """The smallest of ``ranks``, in order."""
    if len(ranks) > limit:
        ranks = np.partition(ranks, limit)[:limit]
    return np.sort(ranks)


def _best(ranks: Numbers, limit: int) -> Numbers:
    """The smallest of ``ranks``, in order, each once."""
    some = 8 * limit  # a model is there once for each of its words that fit
    while True:
        found = _distinct(_smallest(ranks, some))[:limit]
        if len(found) == limit or some >= len(ranks):
            return found
        some *= 8


def _distinct(ranks: Numbers) -> Numbers:
    ranks = np.sort(ranks)
    new: Flags = changes(ranks)
    return ranks[new]


def _has(model_id: bytes, asked: set[bytes]) -> bool:
    words = _BETWEEN_BYTES.split(model_id)
    return all(any(word.startswith(each) for word in words) for each in asked)
