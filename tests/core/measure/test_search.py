"""What one types finds what it should: against a plain walk through all ids."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.ids import placed
from core.measure.search import Search

INSTRUCT = "Qwen/Qwen2.5-7B-Instruct"
GGUF = "Qwen/Qwen2.5-7B-Instruct-GGUF"
COPY = "bartowski/Qwen2.5-7B-Instruct-GGUF"
MINE = "someone/my_llama.tuned on-qwen"
IDS = {
    INSTRUCT: 900,
    GGUF: 300,
    "Qwen/QwQ-32B": 500,
    "meta-llama/Llama-3.1-8B": 800,
    COPY: 700,
    MINE: 100,
    "llama-lovers/Mistral-7B": 50,
    "gpt2": 1_000,
    "<b>bold</b>/*x*": 2,
    "\u202erekam/a\u200f": 1,
    "É/ß": 4,
}


def search(downloads: dict[str, int]) -> Search:
    ids, places = placed(pd.Series([*downloads], dtype="str"))
    values = np.zeros(len(ids), dtype=np.int64)
    values[places] = [*downloads.values()]
    return Search.of(ids, values)


KNOWN = search(IDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gpt", ["gpt2"]),
        ("GPT2 ", ["gpt2"]),
        ("qwen/qwq", ["Qwen/QwQ-32B"]),
        ("qwen/", [INSTRUCT, "Qwen/QwQ-32B", GGUF, COPY, MINE]),
        # Begins the id, then the name, then a word.
        ("llama", ["llama-lovers/Mistral-7B", "meta-llama/Llama-3.1-8B", MINE]),
        ("7b", [INSTRUCT, COPY, GGUF, "llama-lovers/Mistral-7B"]),
        ("gguf qwen", [COPY, GGUF]),
        ("on tun", [MINE]),
        ("https://huggingface.co/qwen/qwq-32b", ["Qwen/QwQ-32B"]),
        ("<b>", ["<b>bold</b>/*x*"]),
        ("\u202e", ["\u202erekam/a\u200f"]),
        ("É", ["É/ß"]),
        ("é", []),
        ("lama", []),
        ("", []),
        ("  ", []),
        ("/", []),
        ("-", []),
    ],
)  # fmt: skip
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert KNOWN.find(text).tolist() == expected


def test_the_id_itself_comes_before_longer_ones_with_more_downloads() -> None:
    known = search({"a/model": 1, "a/model-2": 9, "a/model-3": 5})
    assert known.find("A/Model").tolist() == ["a/model", "a/model-2", "a/model-3"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "zq-" * 5_000,
        "\ud800",
        "a\x00b",
        "[x](y)",
        "%s",
        "\\",
        "(",
        "\u202e\u200f",
        "🤗",
    ],
)
def test_odd_texts_are_no_errors(text: str) -> None:
    assert KNOWN.find(text).tolist() == []


@pytest.mark.parametrize("limit", [0, 1, 2, 100])
def test_never_more_than_asked_for(limit: int) -> None:
    assert KNOWN.find("qwen", limit).tolist() == KNOWN.find("qwen").tolist()[:limit]


def test_an_id_of_ten_thousand_characters_and_one_of_many_words() -> None:
    long, wordy = "long/" + "x" * 10_000, "wordy/" + "-".join(f"w{k}" for k in range(2_000))
    known = search({long: 5, wordy: 6, "w/1": 1})
    assert known.find(long).tolist() == [long]
    assert known.find("w", 3).tolist() == [wordy, "w/1"]
    assert known.find("w1999", 3).tolist() == [wordy]


def test_nothing_to_search_in() -> None:
    assert search({}).find("a").tolist() == []


def lowered(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def plain(downloads: dict[str, int], text: str, limit: int) -> list[str]:
    """The rule, by a walk through all ids."""
    wanted = lowered(text.strip())
    words = [word for word in re.split(r"[/\-_. ]+", wanted) if word][:6]

    def kind(name: str) -> int | None:
        small = lowered(name)
        if small.startswith(wanted):
            return 0 if small == wanted else 1
        if small.partition("/")[2].startswith(wanted) and "/" in small:
            return 2
        parts = re.split(r"[/\-_. ]+", small)
        if words and all(any(part.startswith(word) for part in parts) for word in words):
            return 3
        return None

    if not wanted:
        return []
    found = [(kind(name), -downloads[name], lowered(name), name) for name in downloads]
    return [entry[3] for entry in sorted(each for each in found if each[0] is not None)][:limit]


texts = st.text(alphabet="aAbB1/-_. É", max_size=8)


@given(
    downloads=st.dictionaries(texts.filter(bool), st.integers(0, 5), max_size=25),
    text=texts,
    limit=st.integers(1, 30),
)
def test_as_a_walk_through_all_ids_finds(downloads: dict[str, int], text: str, limit: int) -> None:
    one_spelling = {lowered(name): name for name in sorted(downloads, reverse=True)}
    downloads = {name: downloads[name] for name in one_spelling.values()}
    assert search(downloads).find(text, limit).tolist() == plain(downloads, text, limit)


@given(text=st.text(max_size=12))
def test_any_text_at_all(text: str) -> None:
    assert len(KNOWN.find(text, 5)) <= 5


@pytest.mark.parametrize("few", [0, 3])
def test_many_candidates_are_sifted_as_few_are(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    generator = np.random.default_rng(2)
    words = ["ab", "abc", "b", "bc", "c", "ca", "x"]
    names = {
        f"{'-'.join(generator.choice(words, 3))}/{'.'.join(generator.choice(words, 3))}-{k}": int(v)
        for k, v in enumerate(generator.integers(0, 50, 300))
    }
    monkeypatch.setattr("core.measure.search._FEW", few)
    known = search(names)
    for text in ("a b", "ab c x", "b c", "c", "a", "bc ca", "x ab 1"):
        for limit in (1, 5, 300):
            assert known.find(text, limit).tolist() == plain(names, text, limit)
