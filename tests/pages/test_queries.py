"""No query string that anybody can write breaks a page."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.hostile_store import NAMES, TEXTS
from tests.pages.test_pages import PAGES, words

if TYPE_CHECKING:
    from collections.abc import Mapping

TABS: Final = ("Chart", "Table", "About this data")
DATES: Final = ("2026-05-10", "2026-03-21", "2026-05-08", "1999-12-31", "2099-12-31", "9999-12-31")
FAMILIES: Final = ("Qwen", "Llama", "Gemma", "gpt-oss", "Hunyuan", "ERNIE", "qwen", "GPT")
SWITCH: Final = ("true", "false", "TRUE", "1")
PUBLISHED: Final = {
    "published": ("All downloads so far", "Models built on it"),
    "published_tab": TABS,
}

KEYS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "overview": {"day": DATES, "overview_tab": TABS},
    "leaderboard": {
        "day": DATES,
        "since": DATES,
        "view": ("Downloads", "Share", "Log scale", "Index", "index"),
        "families": FAMILIES,
        "without_biggest": SWITCH,
        "tab": TABS,
        "family": FAMILIES,
        "models_tab": TABS,
        "make_up": (
            "Licence",
            "Format",
            "Task",
            "Software",
            "New per month",
            "Downloads per day",
        ),
        "make_up_tab": TABS,
        **PUBLISHED,
    },
    "tree": {
        "tree": FAMILIES,
        "root": ("meta-llama/Llama-3.1-8B", "META-LLAMA/llama-3.1-8b", "Qwen/Qwen2.5-7B"),
        "size": ("Models built on it", "Downloads"),
        "without_official": SWITCH,
        "node": ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B", "no/model"),
        "tree_tab": TABS,
        **PUBLISHED,
    },
    "prices": {
        "shares": FAMILIES,
        "span": ("January 2026", "6 months", "1 year", "All", "Dates"),
        "range": DATES,
        "scale": ("Log", "Percent change"),
        "benchmarks": SWITCH,
        "kinds": ("model release", "product", "news"),
        "event": (
            "None",
            "2026-01-12 Qwen: 700M downloads reported; Alibaba shares up nearly 10% in the day",
        ),
        "below": ("Published totals", "30-day readings"),
        "prices_tab": TABS,
        "below_tab": TABS,
    },
    "data": {
        "section": (
            "What is counted",
            "Tables",
            "Sources",
            "Known problems",
            "Take it with you",
        ),
        "tables_tab": TABS,
        "problems_tab": TABS,
        "table": ("readings", "prices", "daily", "../../etc/passwd"),
    },
}
"""Every key that a page reads, with values that mean something to it, or nearly."""

TITLES: Final = {
    "overview": "Groundswell",
    "leaderboard": "Leaderboard",
    "tree": "Family tree",
    "prices": "Share price",
    "data": "Data & method",
}

ODD: Final = (
    *TEXTS,
    *NAMES,
    "",
    " ",
    "\0",
    "null",
    "None",
    "NaN",
    "-1",
    "1e999",
    "9" * 5_000,
    "true\n",
    "2026-05-10 ",
    "2026-02-30",
    "2026-5-1",
    "20260510",
    "0000-00-00",
    "-2026-05-10",
    "٢٠٢٦-٠٥-١٠",
    "Ｑｗｅｎ",
    "Qwe\u0301n",
    "İ",
    "ß",
    "\ufffe\uffff",
    "\U0010ffff" * 300,
    "👩‍👩‍👧",
    "%",
    "%zz%00",
    "a&b=c#d?e",
    "[]",
    "[object Object]",
    "{}",
    "2026-05-10,2026-03-21",
)
"""Values that no page knows."""

ELSEWHERE: Final = ("", "nothing", "lang", "_page", "from", "groundswell_pinned", "\u202e", "a b")
"""Keys that no page reads."""


def query(random: Random, page: str) -> dict[str, list[str]]:
    """A query string: some keys of the page and of others, values good, odd and repeated."""
    known = KEYS[page]
    others = [key for keys in KEYS.values() for key in keys if key not in known]
    asked = random.sample(list(known), random.randint(1, len(known)))
    asked += random.sample([*others, *ELSEWHERE], random.choice((0, 0, 1, 3)))
    said = {}
    for key in asked:
        values = []
        for _ in range(random.choice((1, 1, 1, 2, 3, 40))):
            good = known.get(key, ())
            if good and random.random() < 0.6:
                values.append(random.choice(good))
            elif random.random() < 0.9:
                values.append(random.choice(ODD))
            else:  # any characters that a text can hold
                letters = [random.randrange(0xD800) for _ in range(random.choice((1, 9, 300)))]
                values.append("".join(map(chr, letters)))
        said[key] = values
    return said


def answered(page: str, said: Mapping[str, list[str]]) -> AppTest:
    """The page for this query string; a newcomer's, so that it is the query that counts."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if script := PAGES[page]:
        app.switch_page(script)
    for key, values in said.items():
        app.query_params[key] = values
    return app.run()


def bear(page: str, seed: str, number: int) -> None:
    """Ask for ``number`` query strings, each of which the page answers without an error."""
    random = Random(f"{page} {seed}")  # noqa: S311 - chooses questions, not secrets
    title = TITLES[page]
    for _ in range(number):
        said = query(random, page)
        app = answered(page, said)
        assert not app.exception, said
        assert [block.value for block in app.title] == [title], said
        text = words(app)
        assert "Something went wrong" not in text, said
        assert "This part cannot be shown" not in text, said


@pytest.mark.parametrize("page", PAGES)
def test_a_few_query_strings_of_every_kind(page: str) -> None:
    bear(page, "few", 25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(20))
@pytest.mark.parametrize("page", PAGES)
def test_two_thousand_query_strings(page: str, part: int) -> None:
    bear(page, f"part {part}", 100)
