"""The share-price page from the entry point, with good and bad addresses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.cards import _EVENT
from tests.conftest import ROOT
from tests.independent import rows
from tests.pages.links import copied_link
from tests.pages.test_pages import words

if TYPE_CHECKING:
    from collections.abc import Mapping

NEWS = "2026-01-12 Qwen: 700M downloads reported; Alibaba shares up nearly 10% in the day"


def opened(address: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """The page as a reader with this address gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/prices.py")
    for key, value in (address or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert "cannot be shown" not in words(app)
    assert app.title[0].value == "Share price"
    assert app.subheader
    return app


def stood(ticker: str, start: str, end: str) -> float:
    """A ticker's index at the end of a range, in plain Python from the CSV file."""
    closes = {
        row["session"]: float(row["index_100"])
        for row in rows("prices")
        if row["ticker"] == ticker and start <= row["session"] <= end
    }
    return 100 * closes[max(closes)] / closes[min(closes)]


def test_headline_says_what_the_figures_say() -> None:
    app = opened()
    start, end = "2025-12-29", "2026-01-23"
    assert app.subheader[0].value == (
        f"Alibaba (BABA) stood at {stood('BABA', start, end):.0f} on 23 January 2026, with "
        f"29 December 2025 as 100; the sector fund KWEB at {stood('KWEB', start, end):.0f} and the "
        f"market fund SPY at {stood('SPY', start, end):.0f}."
    )
    assert "could not be followed" not in words(app)


@pytest.mark.parametrize(
    ("span", "start"), [("6 months", "2026-02-20"), ("1 year", "2025-08-20"), ("All", "2023-12-01")]
)
def test_spans_count_back_from_the_end_of_the_data(span: str, start: str) -> None:
    app = opened({"span": span, "shares": "Llama", "benchmarks": "false"})
    said = app.subheader[0].value
    assert f"Meta (META) stood at {stood('META', start, '2026-08-20'):.0f} on 20 August" in said
    assert date.fromisoformat(start).strftime("%Y as 100") in said
    # The link says which dates these are: the span would move with new data.
    assert f"span=Dates&range={start}&range=2026-08-20" in copied_link(app)


def test_percent_change_is_said_in_percent() -> None:
    said = opened({"scale": "Percent change"}).subheader[0].value
    change = stood("BABA", "2025-12-29", "2026-01-23") - 100
    assert f"changed by {change:+.1f}% from 29 December 2025 to 23 January 2026" in said


def test_range_alone_means_dates() -> None:
    app = opened({"range": ["2026-01-09", "2026-01-12"]})
    said = app.subheader[0].value
    assert f"stood at {stood('BABA', '2026-01-09', '2026-01-12'):.0f} on 12 January 2026" in said
    assert app.date_input[0].value == (date(2026, 1, 9), date(2026, 1, 12))


def test_chart_carries_the_headline_as_text_and_never_a_price() -> None:
    app = opened({"prices_tab": "Table"})
    table = app.dataframe[0].value
    assert set(table.columns) == {
        "session",
        "ticker",
        "company",
        "role",
        "index_100",
        "change_percent",
        "is_100_on",
        "downloads",
        "days",
        "source_key",
    }
    assert table.groupby("ticker")["index_100"].first().eq(100).all()
    charts = opened().get("vega_lite_chart")
    assert charts[0].proto.alt == opened().subheader[0].value
    assert {dataset.name for dataset in charts[0].proto.datasets} == {
        "rows",
        "labels",
        "frame",
        "marks",
        "chosen",
    }


def test_private_makers_are_named_and_the_rest_of_the_page_works() -> None:
    app = opened({"shares": ["DeepSeek", "OLMo"], "span": "All"})
    assert "DeepSeek (private) and OLMo by Ai2 (non-profit)" in words(app)
    assert "None of the families chosen has a maker that is listed" in words(app)
    assert "published totals of downloads so far that speak of DeepSeek and OLMo" in words(app)


def test_where_data_end_and_what_is_missing_is_said() -> None:
    said = words(opened({"shares": ["Qwen", "GLM", "MiniMax"], "span": "All"}))
    assert "Prices of BABA, KWEB and SPY end on 20 August 2026" in said
    assert "those of 2513.HK end on 25 March 2026" in said
    assert "The data hold no prices of 9988.HK, 0100.HK, 3033.HK and 2800.HK." in said
    assert "begin later for Zhipu (2513.HK) on 8 January 2026" in said
    assert "prove nothing" in said
    assert "not a price" in said


def test_event_of_the_address_is_shown_with_its_source() -> None:
    app = opened({"event": NEWS})
    said = [line for block in app.text for line in block.value.split("\n")]
    assert "700M downloads reported; Alibaba shares up nearly 10% in the day" in said
    assert "Source: TS2" in said
    assert any(text.startswith("https://ts2.tech/") for text in said)
    assert "event=2026-01-12+Qwen" in copied_link(app)


def test_kinds_narrow_the_events_down() -> None:
    app = opened({"kinds": "study", "shares": "Qwen"})
    assert not app.dataframe  # the list is sent to those who open it
    app.session_state["events_shown"] = True
    app.run()
    assert app.dataframe[0].value["kind"].tolist() == ["study"]


def test_nothing_chosen_is_said() -> None:
    app = opened({"shares": ""})
    assert "No family is chosen." in words(app)
    assert not app.get("vega_lite_chart")


def test_readings_below_on_the_same_dates() -> None:
    app = opened({"below": "30-day readings", "span": "All"})
    assert "with 21 March 2026 as 100" in words(app)
    # One model is shaded where it is summed, and only there.
    assert "Shaded or marked" not in words(app)
    late = opened({"below": "30-day readings", "range": ["2026-04-15", "2026-05-10"]})
    assert "Shaded or marked: Qwen/Qwen3-VL-2B-Instruct" in words(late)
    early = opened({"below": "30-day readings"})
    assert "Fewer than two days between 29 December 2025 and 23 January 2026" in words(early)
    assert len(early.get("vega_lite_chart")) == 1
    few = opened({"below": "30-day readings", "span": "All", "shares": "ERNIE"})
    assert "Not drawn: ERNIE." in words(few)


def test_link_pins_everything() -> None:
    app = opened({"kinds": "study", "scale": "Percent change", "benchmarks": "false"})
    assert copied_link(app).partition("?")[2] == (
        "shares=Qwen&benchmarks=false&span=January+2026&scale=Percent+change&kinds=study"
        "&below=Published+totals&prices_tab=Chart&below_tab=Chart"
    )


ATTACK = "'; DROP TABLE prices; --<script>alert(1)</script>[a](https://example.org)"
BAD = [
    ({"shares": "Nope"}, "There is no family “Nope”"),
    ({"shares": ["Qwen", "BABA"]}, "There is no family “BABA”: it is left out"),
    ({"shares": ATTACK}, "There is no family “'; DROP TABLE prices; --<script>"),
    ({"shares": "\u202eQwen"}, "There is no family “\ufffdQwen”"),
    ({"shares": "x" * 10_000}, "There is no family “xxx"),
    ({"range": "2026-01-12"}, "one date, not two: that day alone is shown"),
    ({"range": ["2026-01-23", "2026-01-05"]}, "the wrong way round and have been swapped"),
    ({"range": ["yesterday", "2026-01-05"]}, "“yesterday” is not a date"),
    ({"range": ["2026-01-05", "20260123"]}, "“20260123” is not a date"),
    ({"range": ["2026-02-30", "2026-03-05"]}, "“2026-02-30” is not a date"),
    ({"range": "9" * 10_000}, "is not a date"),
    ({"range": ["1999-01-01", "2026-01-05"]}, "1 January 1999 is not between"),
    ({"range": ["2026-01-05", "2026-01-09", "2026-01-23"]}, "more than two dates"),
    ({"range": ["2026-08-01", "2027-01-01"]}, "to 20 August 2026: dates outside are left out"),
    ({"range": ["2020-01-01", "2026-01-01"]}, "run from 1 December 2023"),
    ({"span": "Forever"}, "There is no span “Forever”"),
    ({"scale": "Cubic"}, "There is no scale “Cubic”"),
    ({"kinds": ["study", "nonsense"]}, "There is no kind of event “nonsense”"),
    ({"event": "nothing of ours"}, "There is no event in this view “nothing of ours”"),
    ({"event": NEWS, "span": "6 months"}, "There is no event in this view “2026-01-12 Qwen"),
    ({"benchmarks": "maybe"}, "There is no position of a switch “maybe”: “true” is shown"),
    ({"below": "Everything"}, "There is no figure “Everything”"),
]


@pytest.mark.parametrize(("address", "note"), BAD)
def test_bad_address_gives_a_useful_page_and_says_so(
    address: Mapping[str, str | list[str]], note: str
) -> None:
    app = opened(address)
    assert "could not be followed in everything" in words(app)
    assert note in words(app)
    assert app.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            {"shares": "GLM", "range": ["2025-01-01", "2025-12-31"]},
            "no session of 2513.HK from 2025-01-01 to 2025-12-31. The sessions in the data run",
        ),
        ({"range": ["2027-01-01", "2027-02-01"]}, "There is no session of BABA, KWEB, SPY from"),
        ({"range": ["2026-01-10", "2026-01-11"]}, "The exchange was closed, or the data have a"),
        ({"shares": "MiniMax"}, "The data hold no prices of 0100.HK, 3033.HK, 2800.HK."),
    ],
)
def test_dates_without_a_session_are_refused_in_words(
    address: Mapping[str, str | list[str]], sentence: str
) -> None:
    app = opened(address)
    assert sentence in words(app)
    assert "Nothing to show here" in words(app)


def test_one_day_is_one_point() -> None:
    app = opened({"range": ["2026-01-12", "2026-01-12"]})
    assert "BABA) stood at 100 on 12 January 2026, with 12 January 2026 as 100" in words(app)
    assert "One session is no line" in app.subheader[0].value


def test_reversed_dates_are_swapped() -> None:
    app = opened({"range": ["2026-01-23", "2025-12-29"]})
    assert app.subheader[0].value == opened().subheader[0].value


def test_many_families_at_once() -> None:
    names = [str(option) for option in opened().multiselect[0].options]
    assert len(names) == 16
    app = opened({"shares": names, "span": "All"})
    assert "(the highest and the lowest of the" in app.subheader[0].value
    assert "SmolLM by Hugging Face (private; NVIDIA announced" in words(app)


def test_card_of_the_overview_opens_the_event_it_speaks_of() -> None:
    app = opened({"event": _EVENT})
    assert not app.exception
    assert "could not be followed" not in words(app)
    assert "TS2" in words(app)
