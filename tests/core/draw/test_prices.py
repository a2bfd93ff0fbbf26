"""Charts and sentences of the share-price page, and the frames behind them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.draw import below_prices, price_headlines, prices
from core.draw.prices import Share
from core.measure import events as measure_events
from core.measure import overlay as measure
from core.measure.artefacts import touching
from core.ui import prices as ui
from tests.core.draw.test_charts import Chart, channels, layers, parts
from tests.core.measure.test_overlay import SMALL

if TYPE_CHECKING:
    from core.measure.overlay import Overlay
    from core.schemas import Family
    from core.ui.site import Site

DAY = pd.Timestamp
NAMES = ("index", "percent", "without events", "totals", "readings")
MAY_BE_EMPTY = {"chosen", "marks", "areas", "beginnings"}

ALPHA = Share("A", "Alpha (A)", "A", price_headlines.COMPANY, "#112233", "solid")
BETA = Share("B", "Beta (B)", "B", price_headlines.COMPANY, "#445566", "solid")
FUND = Share("B", "sector: B", "B", price_headlines.SECTOR, "#475569", "long")


def drawn(site: Site, *, percent: bool, with_events: bool = True) -> Chart:
    start, end = DAY("2023-12-01"), DAY("2026-08-20")
    shares = ui.shares(site.families, benchmarks=True)
    lines = measure.overlay(ui.series(site), tuple(share.ticker for share in shares), start, end)
    names = tuple(family.name for family in site.families)
    events = measure_events.in_view(ui.events(site), names, (), start, end)
    marks = prices.event_marks(events if with_events else events.head(0), start, end, site.palette)
    data = prices.price_data(lines, shares, percent=percent)
    rows = prices.MOST_LANES if with_events else 0
    return Chart(
        lambda: prices.price_lines(rows, percent=percent),
        data | {"marks": marks, "chosen": marks.head(1)},
    )


@pytest.fixture(params=NAMES)
def chart(site: Site, request: pytest.FixtureRequest) -> Chart:
    start, end = DAY("2025-01-01"), DAY("2026-08-20")
    if request.param == "totals":
        table = site.frame("milestones")
        totals = measure.published_totals(table, ("Qwen", "Llama"), start, end)
        data = below_prices.totals_data(totals, start, end, site.palette)
        return Chart(below_prices.totals_points, data)
    if request.param == "readings":
        index = site.index_over_time(site.days[0], site.days[-1], without_biggest=False)
        marks = touching(site.artefacts, index.model_ids, site.days[0], site.days[-1])
        data = below_prices.readings_data(index, marks, start, end, site.palette)
        return Chart(below_prices.readings_lines, data)
    return drawn(
        site, percent=request.param == "percent", with_events=request.param != "without events"
    )


def test_specification_is_built_once_names_its_data_and_survives_json(chart: Chart) -> None:
    spec = chart.build()
    assert spec is chart.build()
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert "datasets" not in spec
    named = [inner for key, inner in parts(spec) if key == "data"]
    assert all(isinstance(inner, dict) and set(inner) == {"name"} for inner in named)
    assert {inner["name"] for inner in named} == set(chart.data)


def test_every_field_is_a_column_of_its_type(chart: Chart) -> None:
    suits = {
        "quantitative": pd.api.types.is_numeric_dtype,
        "temporal": pd.api.types.is_datetime64_any_dtype,
        "nominal": pd.api.types.is_string_dtype,
    }
    for layer in layers(chart.build()):
        frame = chart.data[layer["data"]["name"]]
        for name, channel in channels(layer):
            assert {"field", "value", "datum"} & channel.keys(), name
            if "field" in channel:
                assert channel["field"] in frame.columns
            if "field" in channel and "type" in channel:
                assert suits[channel["type"]](frame[channel["field"]].dtype), channel


def test_titles_are_words_and_what_is_drawn_is_known(chart: Chart) -> None:
    for key, title in parts(chart.build()):
        if key == "title" and title is not None:
            assert isinstance(title, str)
            assert "_" not in title
            assert title[0].isupper()
    for name, frame in chart.data.items():
        assert len(frame) or name in MAY_BE_EMPTY
        assert frame.notna().all(axis=None)


def test_both_panels_share_the_time_axis() -> None:
    specs = [
        prices.price_lines(2, percent=False),
        below_prices.totals_points(),
        below_prices.readings_lines(),
    ]
    axes = [layer["encoding"]["x"] for spec in specs for layer in spec["layer"]]
    axes = [axis for axis in axes if "scale" in axis]
    assert len(axes) > 10
    assert all(axis["scale"] == axes[0]["scale"] for axis in axes)
    assert all(axis["axis"] == axes[0]["axis"] for axis in axes)
    extents = [value for spec in specs for key, value in parts(spec) if key == "minExtent"]
    assert len(set(extents)) == 1


def test_log_axis_fits_the_data() -> None:
    spec = prices.price_lines(0, percent=False)
    scales = [
        layer["encoding"]["y"]["scale"]
        for layer in spec["layer"]
        if layer["encoding"].get("y", {}).get("field") == "shown"
    ]
    assert scales
    # Without this a log axis would run to the next power of ten.
    assert all(scale["type"] == "log" and scale["nice"] is False for scale in scales)


def small(start: str = "2026-01-01", end: str = "2026-01-31") -> Overlay:
    return measure.overlay(SMALL, ("A", "B"), DAY(start), DAY(end))


def test_lines_break_at_holes_and_lonely_sessions_are_dots() -> None:
    rows = prices.price_data(small(), (ALPHA, BETA), percent=False)["rows"]
    assert rows["line"].tolist() == ["A 0"] * 3 + ["A 1"] + ["B 0"] * 2
    assert rows["dot"].eq(1).all()  # few sessions: each is seen
    assert rows["shown"].tolist() == pytest.approx([100, 200, 150, 300, 100, 110])
    assert not {"value", "level", "close"} & set(rows.columns)


@pytest.mark.parametrize("percent", [False, True])
def test_frame_holds_all_lines_and_labels(*, percent: bool) -> None:
    data = prices.price_data(small(), (ALPHA, BETA), percent=percent)
    low, high = data["frame"]["height"]
    assert low < data["rows"]["shown"].min()
    assert high > data["rows"]["shown"].max()
    assert data["labels"]["height"].between(low, high).all()
    assert data["frame"]["day"].tolist() == [DAY("2026-01-01"), DAY("2026-01-31")]
    expected = (
        ["Beta (B) +10.0%", "Alpha (A) +200.0%"] if percent else ["Beta (B) 110", "Alpha (A) 300"]
    )
    assert data["labels"]["label"].tolist() == expected


def test_single_day_has_room_around_it() -> None:
    data = prices.price_data(small("2026-01-06", "2026-01-06"), (ALPHA, BETA), percent=False)
    low, high = data["frame"]["height"]
    assert low < 100 < high
    assert data["frame"]["day"].tolist() == [DAY("2026-01-05"), DAY("2026-01-07")]


def test_marks_are_hollow_where_the_day_is_not_known() -> None:
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-12", "2026-01-12"]).astype("datetime64[ms]"),
            "date_precision": ["day", "approximate"],
            "subject": ["A", "Policy"],
            "kind": "study",
            "title": ["up", "down"],
            "source_name": "n",
            "source_url": "https://example.org",
        }
    )
    start, end = DAY("2026-01-01"), DAY("2026-01-31")
    events = measure_events.in_view(measure_events.named(frame, ("A",)), ("A",), (), start, end)
    marks = prices.event_marks(events, start, end, (("A", "#112233"),))
    assert marks["fill"].tolist() == ["#112233", "#FFFFFF"]
    assert marks["rule"].tolist() == [1, 0]
    assert marks["lane"].tolist() == [0, 1]
    assert prices.event_marks(events, start, start, ())["lane"].tolist() == [0, 1]
    assert "not known exactly" in price_headlines.marks(events, 2)
    assert "1 event had no room" in price_headlines.marks(events, 1)
    assert price_headlines.marks(events.head(1), 1) == ""


def test_artefact_without_an_end_or_of_one_day_is_a_line(site: Site) -> None:
    index = site.index_over_time(site.days[0], site.days[-1], without_biggest=False)
    artefacts = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-01-01", "2026-04-01", "2026-04-05"]),
            "end": pd.to_datetime(["2026-04-02", None, "2026-04-05"]),
            "kind": ["gap", "method", "rollback"],
            "what": ["a", "b", "c"],
        }
    )
    data = below_prices.readings_data(
        index, artefacts, DAY("2025-01-01"), DAY("2026-08-20"), site.palette
    )
    assert data["areas"]["what"].tolist() == ["a"]
    assert data["areas"]["start"].tolist() == [site.days[0]]
    assert data["beginnings"]["what"].tolist() == ["b", "c"]


def test_month_is_a_span_and_a_day_a_point_within_the_range(site: Site) -> None:
    table = site.frame("milestones")
    start, end = DAY("2025-12-29"), DAY("2026-01-23")
    totals = measure.published_totals(table, ("Qwen",), start, end)
    rows = below_prices.totals_data(totals, start, end, site.palette)["rows"]
    assert rows["as_of"].tolist() == ["2026-01", "2026-01-13"]
    assert rows["dot"].tolist() == [0, 1]
    assert rows["last_day"].tolist() == [end, DAY("2026-01-13")]


def said(*, percent: bool = False, shares: tuple[Share, ...] = (ALPHA, BETA)) -> str:
    return price_headlines.headline(small(), shares, percent=percent)


def test_headline_names_values_dates_and_what_is_100() -> None:
    assert said() == (
        "Alpha (A) stood at 300 on 20 January 2026, with 2 January 2026 as 100; Beta (B) at 110 "
        "(on 7 January 2026, with 6 January 2026 as 100)."
    )
    assert said(percent=True, shares=(ALPHA, FUND)) == (
        "Alpha (A) changed by +200.0% from 2 January 2026 to 20 January 2026; the sector fund B by "
        "+10.0% (from 6 January 2026 to 7 January 2026)."
    )
    assert said(shares=(FUND,)) == (
        "The sector fund B stood at 110 on 7 January 2026, with 6 January 2026 as 100."
    )


def test_headline_of_one_session_says_so() -> None:
    one = measure.overlay(SMALL, ("A",), DAY("2026-01-06"), DAY("2026-01-06"))
    assert "One session is no line" in price_headlines.headline(one, (ALPHA,), percent=False)


def test_headline_of_many_names_the_highest_and_lowest_of_the_same_dates(site: Site) -> None:
    shares = ui.shares(site.families, benchmarks=False)
    lines = measure.overlay(
        ui.series(site),
        tuple(share.ticker for share in shares),
        DAY("2025-08-20"),
        DAY("2026-08-20"),
    )
    sentence = price_headlines.headline(lines, shares, percent=False)
    standing = lines.standing.set_index("ticker")["value"].drop(["2513.HK", "0700.HK"])
    names = {share.ticker: share.name for share in shares}
    assert sentence.startswith(f"{names[standing.idxmax()]} stood at {standing.max():.0f}")
    assert f"{names[standing.idxmin()]} at {standing.min():.0f} (the highest" in sentence
    assert f"lowest of the {len(standing)} companies with the same dates)" in sentence


def test_sentences_on_what_is_missing() -> None:
    lines = measure.overlay(SMALL, ("A", "B", "X"), DAY("2026-01-10"), DAY("2026-01-31"))
    known = measure.spans(SMALL)
    assert price_headlines.not_there(lines, known) == (
        "The data hold no prices of X. B has no session in these dates: its prices in the data run "
        "from 6 January 2026 to 7 January 2026."
    )
    assert price_headlines.data_end(small()) == (
        "Prices of A end on 20 January 2026; those of B end on 7 January 2026."
    )
    assert "Beta (B) on 6 January 2026" in price_headlines.starting_later(small(), (ALPHA, BETA))
    assert price_headlines.starting_later(lines, (ALPHA, BETA)) == ""


def test_private_makers_are_named_with_their_note(site: Site) -> None:
    wanted: list[Family] = [
        family for family in site.families if family.name in {"Qwen", "DeepSeek", "OLMo"}
    ]
    assert price_headlines.private(wanted) == (
        "Not listed on an exchange, so without a share price: DeepSeek (private) and OLMo by Ai2 "
        "(non-profit)."
    )
    assert price_headlines.private(wanted[:1]) == ""


def test_every_share_has_its_own_look(site: Site) -> None:
    shares = ui.shares(site.families, benchmarks=True)
    assert len({share.ticker for share in shares}) == len(shares)
    benchmarks = [share for share in shares if share.role not in {"company", "also listed"}]
    assert {share.ticker for share in benchmarks} == {"KWEB", "QQQ", "3033.HK", "SPY", "2800.HK"}
    of_qwen = ui.shares(tuple(f for f in site.families if f.name == "Qwen"), benchmarks=False)
    assert [(share.ticker, share.dash) for share in of_qwen] == [
        ("BABA", "solid"),
        ("9988.HK", "long"),
    ]
    assert {share.colour for share in of_qwen} == {site.colour("Qwen")}
    assert all(share.dash in prices.DASHES for share in shares)
