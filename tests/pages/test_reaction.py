"""The reaction page from the entry point, with good and bad addresses."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from core.store import store as store_module
from tests.conftest import ROOT
from tests.independent import rows
from tests.pages.links import copied_link
from tests.pages.test_broken_store import relocated
from tests.pages.test_pages import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NEWS = (
    "Alibaba rose 10.2% on 12 January 2026; shares of Chinese internet companies as a whole rose "
    "5.1%. Alibaba's own rise was 9.8% beyond what the whole market explains: a surprise this "
    "large came on 3 of 250 ordinary days. It was 3.3% beyond what its sector explains: 11 of 250 "
    "ordinary days."
)
EVENT = "2025-01-27 DeepSeek: Nvidia falls about 17% in a day after R1"


def opened(address: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """The page as a reader with this address gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/reaction.py")
    for key, value in (address or {}).items():
        app.query_params[key] = value
    return healthy(app.run())


def healthy(app: AppTest) -> AppTest:
    assert not app.exception
    assert "cannot be shown" not in words(app)
    assert app.title[0].value == "Market reaction"
    assert app.subheader
    return app


def asked(app: AppTest, key: str) -> str:
    value = app.query_params[key]
    return value if isinstance(value, str) else value[-1]


def raw(ticker: str, before: str, day: str) -> float:
    """A change in percent, in plain Python from the CSV file."""
    held = {r["session"]: float(r["index_100"]) for r in rows("prices") if r["ticker"] == ticker}
    return 100 * (held[day] / held[before] - 1)


def test_the_day_of_the_news_in_a_sentence_which_is_the_chart_s_text() -> None:
    app = opened()
    assert app.subheader[0].value == NEWS
    charts = app.get("vega_lite_chart")
    assert charts[0].proto.alt == NEWS
    assert len(charts) == 4
    said = words(app)
    assert "3 of 250 ordinary days were at least as far off as this (+9.8%)" in said
    assert "11 of 250 ordinary days were at least as far off as this (+3.3%)" in said
    assert "holds about a tenth of its weight in Alibaba" in said
    assert "the date is known, not the hour" in said
    assert "7 of 249 ordinary stretches of 2 sessions" in said
    assert "$165.68. That was a price at 11:08 in New York, while trading went on" in said
    assert "source: TS2" in said
    assert "None of this says why a share moved." in said
    assert "could not be followed" not in said


def test_tables_hold_the_figures_behind_the_sentence() -> None:
    app = opened({"around_tab": "Table", "ordinary_tab": "Table", "launches_tab": "Table"})
    around, studies, launches = (app.dataframe[at].value for at in range(3))
    day = around[around["from_the_day"] == 0].iloc[0]
    assert day["change_percent"] == pytest.approx(raw("BABA", "2026-01-09", "2026-01-12"), abs=1e-3)
    assert day["beyond_market_percent"] == pytest.approx(9.823, abs=2e-3)
    assert studies["fund"].tolist() == ["SPY", "KWEB", "SPY", "KWEB"]
    assert studies["t"].tolist()[:2] == [3.26, 1.98]
    assert studies["as_large"].tolist()[:2] == [3, 11]
    assert studies["beyond_log"].tolist()[:2] == pytest.approx([0.0937, 0.0323], abs=5e-5)
    assert {"ordinary_from", "alpha", "beta", "r_squared"} <= set(studies)
    releases = [
        r
        for r in rows("events")
        if (r["subject"], r["kind"], r["date_precision"]) == ("Qwen", "model release", "day")
    ]
    assert sorted(launches["title"]) == sorted(r["title"] for r in releases)
    assert launches["counted"].sum() == len(releases) - 1
    assert not {"close", "adjusted_close", "price"} & {*around, *studies, *launches}


def test_about_this_data_says_source_basis_and_what_it_cannot_tell() -> None:
    said = words(opened({"ordinary_tab": "About this data"}))
    assert "market model, fitted to 250 sessions from 2024-12-26 to 2025-12-24" in said
    assert "Closing prices of public vendors, as an index" in said
    assert "none granted" in said


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"share": "NVDA", "day": "2025-01-27"}, "NVIDIA fell 17.0% on 27 January 2025"),
        ({"share": "meta", "day": "2026-01-12"}, "Meta fell 1.7% on 12 January 2026"),
        ({"window": "Next day too"}, "over 2 sessions, 12 January 2026 to 13 January 2026"),
        (
            {"window": "Other", "first": "-3", "last": "2"},
            "over 6 sessions, 7 January 2026 to 14 January 2026",
        ),
        ({"share": "0700.HK"}, "Tencent rose 2.0% on 12 January 2026."),
    ],
)
def test_any_share_any_day_any_window(address: Mapping[str, str], sentence: str) -> None:
    assert sentence in opened(address).subheader[0].value


def test_day_without_trading_is_the_next_session_and_says_so() -> None:
    app = opened({"day": "2026-01-10"})
    assert app.subheader[0].value == NEWS
    assert "There was no trading in New York on 10 January 2026: the next" in words(app)
    assert "There was no trading" not in words(opened())


def test_short_history_is_labelled() -> None:
    said = words(opened({"share": "META", "day": "2024-06-03"}))
    assert "too few to work out how strongly the share usually follows" in said
    assert "market-adjusted" in said


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"day": "2020-01-02"}, "The data hold no price before 2023-12-01."),
        ({"day": "2099-12-31"}, "The data hold no session on 2099-12-31 or after it."),
        ({"share": "9988.HK"}, "The data hold no prices of 9988.HK."),
        ({"share": "GLM", "day": "2026-01-12"}, "There is no share “GLM”"),
        ({"share": "2513.HK", "day": "2026-03-20"}, "The data hold no prices of 2800.HK."),
        ({"day": "2026-08-20", "window": "Next day too"}, "reaches beyond the prices of BABA"),
        ({"day": "2024-01-10"}, "what is ordinary cannot be told from fewer than 60"),
        ({"day": "2023-12-01"}, "reaches beyond the prices of BABA"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(address: Mapping[str, str], sentence: str) -> None:
    assert sentence in words(opened(address))


ATTACK = "'; DROP TABLE prices; --<script>alert(1)</script>[a](https://example.org)"
BAD = [
    (
        {
            "share": ATTACK,
            "day": "yesterday",
            "window": "Forever",
            "kind": ATTACK,
            "against": "Nothing",
            "apart": "maybe",
        },
        (
            "There is no share “'; DROP TABLE prices; --<script>",
            "“yesterday” is not a date of the form 2026-01-12",
            "There is no window “Forever”",
            "There is no kind of event “'; DROP TABLE",
            "There is no comparison “Nothing”",
            "There is no position of a switch “maybe”",
        ),
    ),
    (
        {"share": "\u202eBABA", "day": "20260112", "window": "Other", "first": "-99"},
        (
            "There is no share “\ufffdBABA”",
            "“20260112” is not a date",
            "There is no session “-99”",
        ),
    ),
    (
        {"day": "9" * 10_000, "window": "Other", "first": "5", "last": "-2"},
        ("is not a date", "its two ends have been swapped"),
    ),
    ({"day": "2026-02-30"}, ("“2026-02-30” is not a date",)),
    ({"day": "1999-12-31"}, ("31 December 1999 is not between",)),
    ({"day": "9999-12-31"}, ("31 December 9999 is not between",)),
    ({"day": ["2026-01-09", "2026-01-12"]}, ("more than once: the last counts",)),
]


@pytest.mark.parametrize(("address", "notes"), BAD)
def test_bad_address_gives_a_useful_page_and_says_so(
    address: Mapping[str, str | list[str]], notes: tuple[str, ...]
) -> None:
    app = opened(address)
    assert "could not be followed in everything" in words(app)
    for note in notes:
        assert note in words(app)
    assert app.get("vega_lite_chart")


def test_ways_to_other_days_are_in_the_address() -> None:
    app = opened()
    app.button(key="Session after").click()
    healthy(app.run())
    assert asked(app, "day") == "2026-01-13"
    assert "on 13 January 2026" in app.subheader[0].value
    app.date_input[0].set_value(date(2025, 8, 29))
    healthy(app.run())
    assert asked(app, "day") == "2025-08-29"
    box = next(one for one in app.selectbox if one.label == "Go to an event")
    assert len(box.options) == sum(r["date_precision"] == "day" for r in rows("events"))
    # DeepSeek has no share: the one on show stays.
    box.set_value(EVENT)
    healthy(app.run())
    assert asked(app, "day") == "2025-01-27"
    assert app.subheader[0].value.startswith("Alibaba")
    assert "Nvidia falls about 17% in a day after R1" in words(app)
    app.selectbox[0].set_value("NVDA")
    healthy(app.run())
    assert (asked(app, "share"), asked(app, "day")) == ("NVDA", "2025-01-27")
    assert app.subheader[0].value.startswith("NVIDIA fell 17.0%")


def test_event_leads_to_the_share_of_its_family() -> None:
    app = opened()
    box = next(one for one in app.selectbox if one.label == "Go to an event")
    chosen = next(option for option in box.options if " Llama: " in option and "2025" in option)
    box.set_value(chosen)
    healthy(app.run())
    assert asked(app, "share") == "META"
    assert app.subheader[0].value.startswith("Meta ")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("prices", "Without the table of prices no reaction can be worked out."),
        ("events", "This site lists no news for 12 January 2026."),
    ],
)
def test_without_a_table_the_rest_is_shown(
    table: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    (data / "snapshot" / f"{table}.parquet").unlink()
    monkeypatch.setattr(store_module, "EMBEDDED", data)
    monkeypatch.setattr(store_module.Store, "__init__", relocated(data))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/reaction.py")
    app.run()
    assert not app.exception
    said = words(app)
    assert f"{table}.parquet is missing" in said
    assert sentence in said
    assert "Something went wrong" not in said
    assert "How this is worked out" in said
    assert (NEWS in said) == (table == "events")


def test_link_says_everything() -> None:
    app = opened({"share": "META", "day": "2025-08-29", "window": "Other", "against": "Its sector"})
    link = copied_link(app)
    assert link.partition("?")[2] == (
        "share=META&day=2025-08-29&window=Other&first=0&last=5&kind=model+release"
        "&against=Its+sector&apart=true&around_tab=Chart&ordinary_tab=Chart&launches_tab=Chart"
    )


@pytest.mark.slow
def test_every_kind_of_event_of_every_listed_family_is_answered() -> None:
    for family in opened().selectbox[0].options:
        ticker = family.rpartition("(")[2].rstrip(")")
        kinds = next((box.options for box in opened({"share": ticker}).selectbox[2:]), [""])
        for kind in kinds:
            for window in ("That day", "Next day too"):
                address = {"share": ticker, "kind": kind, "window": window}
                assert "Something went wrong" not in words(opened(address)), address
