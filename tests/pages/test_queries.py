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
        "counted": ("Any dates", "The previous 30 days", "<b>"),
        "basis": ("Official models only", "Without each family's biggest model", "official"),
        "dates": ("December 2025", "Last 30 days", "All", "Dates"),
        "between": DATES,
        "look": ("Downloads", "Share", "Index", "Log scale"),
        "each": ("Day", "Week", "Month"),
        "range_tab": TABS,
        "x": FAMILIES,
        "next": ("1", "8", "16", "99", "-1", "1e9", "eight"),
        "field": FAMILIES,
        "without": ("Qwen/Qwen3-8B", "facebook"),
        "also": ("facebook", "google"),
        "against_tab": TABS,
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
        "find": ("qwen", "<b>", "x" * 10_000, "llama 8b"),
        "model": ("meta-llama/Llama-3.1-8B", "no/model", "../x"),
        "shape": ("Treemap", "Levels"),
        "colour": ("Relation", "Licence"),
        "built": ("New per month", "Publishers", "Licence"),
        "built_tab": TABS,
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
        "companies": ("Meta (META)", "SPY (fund)", "AMZN"),
        "ticker": ("AMZN", "9988.hk", "VOD.L", "700.HK", "--only=hub"),
        "scale": ("Index", "Log", "Percent change", "Prices", "Two panels", "Two axes"),
        "benchmarks": SWITCH,
        "downloads": SWITCH,
        "basis": ("Official models only", "official"),
        "kinds": ("model release", "product", "news"),
        "event": (
            "None",
            "2026-01-12 Qwen: 700M downloads reported; Alibaba shares up nearly 10% in the day",
        ),
        "below": (
            "Published totals",
            "30-day readings",
            "Do they move together?",
            "Revenue by quarter",
        ),
        "pair": ("Qwen and BABA", "Qwen and nothing"),
        "company": ("Alibaba (BABA)", "Meta (META)"),
        "prices_tab": TABS,
        "below_tab": TABS,
    },
    "reaction": {
        "share": ("BABA", "META", "0700.HK", "9988.HK", "baba", "2513.HK"),
        "day": (*DATES, "2026-01-12", "2026-01-10", "2024-06-03"),
        "window": ("That day", "Next day too", "Day before to day after", "Other"),
        "first": ("0", "-3", "20"),
        "last": ("5", "-10", "20"),
        "kind": ("model release", "adoption figure", "news"),
        "against": ("The whole market", "Its sector"),
        "apart": SWITCH,
        "around_tab": TABS,
        "ordinary_tab": TABS,
        "launches_tab": TABS,
    },
    "claims": {
        "show": ("The article", "All claims", "Your own claim", "own"),
        "claim": ("article-r3", "nvidia-17", "../../etc/passwd"),
        "claim_tab": TABS,
        "about": FAMILIES,
        "publisher": ("Xinhua", "TS2", "<b>"),
        "verdict": ("Holds", "Cannot be told", "true"),
        "part": ("1", "7", "99", "-1"),
        "own_about": FAMILIES,
        "own_counted": (
            "All downloads so far",
            "Models built on it",
            "Month of overtaking another",
            "Change of the company's share",
            "Place among the families",
        ),
        "own_when": ("2025-12", "2026-01", "Other dates", "2099-01"),
        "own_dates": (*DATES, "2026-07..2026-01", "January 2026 to July 2026", "年"),
        "own_relation": ("more than", "nearly", "=="),
        "own_than": ("A figure", "The next families together", *FAMILIES),
        "own_number": ("1", "8", "15", "16", "-1", "1e9"),
        "own_other": FAMILIES,
        "own_figure": ("700 million", "7亿", "1.500 Mio", "9.8 %", "1e400", "NaN", "-0"),
    },
    "milestones": {
        "family": FAMILIES,
        "kind": ("All downloads so far", "Models built on it", "nothing"),
        "milestones_tab": TABS,
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
    "reaction": "Market reaction",
    "claims": "Claims",
    "milestones": "Milestones",
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
