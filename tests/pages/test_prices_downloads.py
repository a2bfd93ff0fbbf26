"""The share-price page with daily downloads, live prices, revenue and typed tickers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from core.ui.prices_lines import brushed
from tests.pages.links import copied_link
from tests.pages.price_store import HOLE, close, filled, qwen
from tests.pages.test_pages import words
from tests.pages.test_prices import ATTACK, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    View = Callable[[Mapping[str, str | list[str]]], AppTest]

JANUARY = {"range": ["2026-01-05", "2026-01-16"], "benchmarks": "false"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("prices"))


@pytest.fixture
def view(home: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(home))

    return opened


def names(app: AppTest) -> set[str]:
    chart = app.get("vega_lite_chart")[0]
    return {dataset.name for dataset in chart.proto.datasets}


def table(app: AppTest) -> Any:  # noqa: ANN401
    return app.dataframe[0].value


def test_downloads_are_summed_to_sessions_and_the_file_says_so(view: View) -> None:
    app = view(JANUARY | {"prices_tab": "Table"})
    rows = table(app)
    own = rows[rows["role"] == "downloads"].set_index("session")
    friday = own.loc["2026-01-09"]
    assert (friday["downloads"], friday["days"]) == (qwen(date(2026, 1, 9)), 1)
    # Monday the 12th has the weekend, of which one day is not known.
    assert "2026-01-12" not in own[own["downloads"].notna()].index.strftime("%Y-%m-%d")
    assert "not known for every day up to 12 January 2026" in words(app)
    monday = own.loc["2026-01-05"]
    weekend = [date(2026, 1, 5) - timedelta(days=back) for back in range(3)]
    assert (monday["downloads"], monday["days"]) == (sum(map(qwen, weekend)), 3)
    assert set(rows["source_key"].dropna()) == {"yahoo", "modelpulse"}
    assert not {"close", "adjusted_close", "price"} & set(rows.columns)


def test_all_lines_are_100_at_their_first_common_session(view: View) -> None:
    rows = table(view(JANUARY | {"prices_tab": "Table"}))
    base = rows[rows["is_100_on"] == rows["session"]]
    assert len(base) == rows["ticker"].nunique()
    assert base["index_100"].eq(100).all()
    baba = rows[rows["ticker"] == "BABA"].set_index("session")["index_100"]
    first = base["session"].iloc[0]
    expected = 100 * close("BABA", date(2026, 1, 16)) / close("BABA", first.date())
    assert baba["2026-01-16"] == pytest.approx(expected, abs=0.001)


def test_day_without_a_price_is_named(view: View) -> None:
    app = view(JANUARY)
    assert f"no price for {HOLE.day} January 2026 of BABA" in words(app)
    assert "The same company is shown in Hong Kong and in New York" in words(app)


@pytest.mark.parametrize("scale", ["Two panels", "Two axes"])
def test_downloads_beside_shares_have_a_scale_of_their_own(view: View, scale: str) -> None:
    app = view(JANUARY | {"scale": scale})
    assert {"rows", "flows", "flow_labels", "flow_frame"} <= names(app)
    assert ("two axes can make any two lines" in words(app)) == (scale == "Two axes")
    assert "Qwen had" in app.subheader[0].value
    assert f"scale={scale.replace(' ', '+')}" in copied_link(app)


def test_views_beside_fall_back_to_the_index_where_there_are_no_downloads(view: View) -> None:
    app = view(JANUARY | {"scale": "Two panels", "shares": "Llama"})
    assert "flows" not in names(app)
    assert "no daily downloads of these families" in words(app)
    app = view(JANUARY | {"scale": "Two axes", "downloads": "false"})
    assert "Downloads are switched off" in words(app)
    assert "downloads=false" in copied_link(app)


def test_live_prices_are_shown_in_their_currency_and_stay_on_the_page(view: View) -> None:
    app = view(JANUARY | {"scale": "Prices"})
    said = app.subheader[0].value
    first, last = close("BABA", date(2026, 1, 5)), close("BABA", date(2026, 1, 16))
    assert f"Alibaba (BABA) closed at {last:,.2f} USD on 16 January 2026" in said
    assert f"from {first:,.2f} on 5 January 2026" in said
    assert "9988.HK trades in another currency" in words(app)
    assert "no file of them" in words(app)
    assert "Downloads have no price: the other views draw them." in words(app)
    assert "shown in Hong Kong and in New York" not in words(app)  # only one is drawn
    # Streamlit's own toolbar offers the first of a chart's data as a file.
    assert app.get("vega_lite_chart")[0].proto.datasets[0].name == "marks"
    rows = table(view(JANUARY | {"scale": "Prices", "prices_tab": "Table"}))
    assert not {"close", "adjusted_close"} & set(rows.columns)
    assert rows.loc[rows["ticker"] == "BABA", "index_100"].iloc[0] == 100


def test_prices_without_live_ones_are_refused_in_words() -> None:
    assert "There are no live prices of these shares" in words(opened({"scale": "Prices"}))


def test_what_a_store_without_history_lacks_is_said() -> None:
    assert "holds no daily downloads yet" in words(opened({"below": "Do they move together?"}))
    assert "hold no quarterly revenue of BABA" in words(opened({"below": "Revenue by quarter"}))


def test_any_company_with_any_family(view: View) -> None:
    app = view(JANUARY | {"shares": "DeepSeek", "companies": ["SPY (fund)", "Meta (META)"]})
    assert "Meta (META) stood at" in app.subheader[0].value
    assert "SPY at" in app.subheader[0].value
    assert "DeepSeek downloads at 100" in app.subheader[0].value
    assert "companies=Meta+%28META%29&companies=SPY+%28fund%29" in copied_link(app)


def test_typed_ticker_is_drawn_and_stays_in_the_link(view: View) -> None:
    app = view(JANUARY | {"ticker": "amzn"})
    last = 100 * close("AMZN", date(2026, 1, 16)) / close("AMZN", date(2026, 1, 5))
    assert f"AMZN at {last:.0f}" in app.subheader[0].value
    assert "&ticker=AMZN&" in copied_link(app)


def test_unknown_ticker_says_what_yahoo_said(view: View) -> None:
    app = view(JANUARY | {"ticker": "XYZQ"})
    said = [block.value for block in app.text]
    assert "The store holds no prices of XYZQ." in said
    assert any("Yahoo knows no share XYZQ. XYZQ may be misspelt." in text for text in said)
    assert "Offline: no network is used, so it cannot be looked up." in said
    # What was said of another share is not said of this one.
    other = view(JANUARY | {"ticker": "XYZ"})
    assert "knows no share" not in words(other)
    assert app.subheader[0].value.startswith("Alibaba (BABA) stood at")


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        (ATTACK, "is not a ticker"),
        ("--only=hub", "is not a ticker"),
        ("x" * 10_000, "is not a ticker"),
        ("VOD.L", "whose calendar is not known here"),
        ("700.HK", "four or five digits"),
    ],
)
def test_what_is_no_ticker_is_said_and_goes_nowhere(typed: str, note: str) -> None:
    app = opened({"ticker": typed})
    assert note in words(app)
    assert app.get("vega_lite_chart")
    assert "ticker=" not in copied_link(app)


def test_whether_they_move_together(view: View) -> None:
    app = view({"span": "1 year", "below": "Do they move together?"})
    said = words(app)
    assert "shuffled histories" in said
    assert "Even what goes beyond chance says nothing of cause" in said
    assert "pair=Qwen+and+BABA" in copied_link(app)
    other = view({"span": "1 year", "below": "Do they move together?", "pair": "Qwen and 9988.HK"})
    assert "Alibaba (9988.HK)" in words(other)
    few = view(JANUARY | {"below": "Do they move together?"})
    assert "Too little to tell: in these dates only" in words(few)


def test_revenue_by_quarter_with_its_honest_answer(view: View) -> None:
    app = view({"span": "1 year", "below": "Revenue by quarter", "below_tab": "Table"})
    said = words(app)
    assert "Alibaba (BABA) took in 280.00 billion CNY in the quarter to 30 June 2026" in said
    quarter = [date(2026, 4, 1) + timedelta(days=at) for at in range(91)]
    assert f"Qwen {sum(map(qwen, quarter)) / 1e6:.1f} million" in said
    assert "4 quarters are too few for any statistics" in said
    assert "Qwen in the quarter to 31 March 2026 (89 of 90 days known)" in said
    assert "no published figure of a cloud business" in said
    rows = app.dataframe[-1].value
    assert rows["downloads"].isna().sum() == 1
    assert rows["revenue"].tolist()[-1] == "280.00 billion CNY"
    about = view({"span": "1 year", "below": "Revenue by quarter", "below_tab": "About this data"})
    assert "the file holds only the quarters and the downloads" in words(about)


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("UTC", "2026-01-05T00:00+00:00", "2026-01-16T00:00+00:00"),
        ("America/New_York", "2026-01-05T00:00-05:00", "2026-01-16T00:00-05:00"),
        ("Asia/Hong_Kong", "2026-01-05T00:00+08:00", "2026-01-16T00:00+08:00"),
        # From an afternoon to a morning: the midnights within are what is meant.
        ("America/New_York", "2026-01-04T13:00-05:00", "2026-01-16T09:00-05:00"),
    ],
)
def test_brush_means_the_dates_that_the_reader_sees(zone: str, first: str, last: str) -> None:
    moments = [pd.Timestamp(moment).timestamp() * 1000 for moment in (last, first)]
    assert brushed(moments, zone) == (date(2026, 1, 5), date(2026, 1, 16))


@pytest.mark.parametrize(
    "moments",
    [None, [], [1], "ab", [None, 1], ["1", "2"], [True, False], [float("nan")] * 2, [-1, 5e9],
     [1e300, 1e301], [1767600000000 + 1, 1767600000000 + 2]],
)  # fmt: skip
def test_brush_that_holds_no_day_changes_nothing(moments: object) -> None:
    assert brushed(moments, "UTC") is None


def test_brush_of_an_unknown_zone_is_read_as_utc() -> None:
    assert brushed([1767571200000, 1767657600000], "Mars/Olympus") == (
        date(2026, 1, 5),
        date(2026, 1, 6),
    )
