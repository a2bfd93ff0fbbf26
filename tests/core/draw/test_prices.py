"""Charts and sentences of the share-price page, and the frames behind them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from core.draw import (
    below_prices,
    price_gaps,
    price_headlines,
    prices,
    prices_data,
    prices_flows,
    prices_revenue,
    together,
)
from core.draw.prices import Share
from core.measure import events as measure_events
from core.measure import overlay as measure
from core.measure import together as measure_together
from core.measure.artefacts import touching
from core.measure.session_sums import SessionSums
from core.measure.totals import published_totals
from core.ui import prices as ui
from tests.core.draw.test_charts import Chart, channels, parts
from tests.core.measure.test_overlay import SMALL

if TYPE_CHECKING:
    from core.measure.overlay import Overlay
    from core.measure.together import Together
    from core.schemas import Family
    from core.ui.site import Site

DAY = pd.Timestamp
NAMES = (
    "index",
    "percent",
    "prices",
    "panels",
    "axes",
    "without events",
    "totals",
    "readings",
    "together",
    "revenue",
)
MAY_BE_EMPTY = {"chosen", "marks", "areas", "beginnings"}

ALPHA = Share("A", "Alpha (A)", "A", price_headlines.COMPANY, "#112233", "solid")
BETA = Share("B", "Beta (B)", "B", price_headlines.COMPANY, "#445566", "solid")
FUND = Share("B", "sector: B", "B", price_headlines.SECTOR, "#475569", "long")


def layers(spec: dict[str, Any], data: object = None) -> list[dict[str, Any]]:
    """The layers that draw, also those of layers of layers, with the name of their data."""
    data = spec.get("data", data)
    if "layer" not in spec:
        return [{**spec, "data": data}]
    return [one for inner in spec["layer"] for one in layers(inner, data)]


def known_type(values: pd.Series) -> bool:
    """Whether a band axis can have ``values``."""
    return bool(pd.api.types.is_string_dtype(values) or pd.api.types.is_integer_dtype(values))


def is_text(values: pd.Series) -> bool:
    """Whether ``values`` are texts, each written once or in every row."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.categories.to_series()
    return bool(pd.api.types.is_string_dtype(values))


def flow(levels: pd.Series, family: str = "Qwen") -> SessionSums:
    """Downloads that go up and down as ``levels`` do."""
    rows = pd.DataFrame(
        {
            "session": levels.index.as_unit("s"),
            "downloads": 3000 * levels.to_numpy(),
            "days": 3,
            "per_day": 1000 * levels.to_numpy(),
            "week": 1000 * levels.to_numpy(),
            "segment": 0,
            "source": "hand",
        }
    )
    return SessionSums(family, rows, (), ())


def drawn(site: Site, view: str = prices.INDEX, *, with_events: bool = True) -> Chart:
    start, end = DAY("2023-12-01"), DAY("2026-08-20")
    shares = ui.shares(site.families, benchmarks=True)
    lines = measure.overlay(ui.series(site), tuple(share.ticker for share in shares), start, end)
    names = tuple(family.name for family in site.families)
    every = ui.events(site) if with_events else ui.events(site).head(0)
    events = measure_events.in_view(every, names, (), start, end)
    marks = prices.event_marks(events, start, end, site.palette)
    data = prices_data.price_data(lines, shares, percent=view == prices.PERCENT)
    if view == prices.PRICE:
        closes = lines.rows.assign(close=lines.rows["value"], currency="USD")
        data = prices_data.close_data(closes, shares, start, end)
    if view in {prices.PANELS, prices.AXES}:
        own = lines.rows[lines.rows["ticker"] == "BABA"].set_index("session")["value"]
        look = Share("downloads:Qwen", "Qwen downloads", "Qwen", "downloads", "#112233", "flow")
        data = data | prices_flows.flow_data((flow(own),), (look,), data["frame"])
    if view == prices.AXES:
        data = prices_flows.labels_apart(data, prices_data.PLOT)
    rows = prices.MOST_LANES if with_events else 0
    return Chart(
        lambda: prices.price_lines(rows, view, "USD" if view == prices.PRICE else ""),
        data | {"marks": marks, "chosen": marks.head(1)},
    )


@pytest.fixture(params=NAMES)
def chart(site: Site, request: pytest.FixtureRequest) -> Chart:
    start, end = DAY("2025-01-01"), DAY("2026-08-20")
    if request.param == "totals":
        table = site.frame("milestones")
        totals = published_totals(table, ("Qwen", "Llama"), start, end)
        data = below_prices.totals_data(totals, start, end, site.palette)
        return Chart(below_prices.totals_points, data)
    if request.param == "readings":
        index = site.index_over_time(site.days[0], site.days[-1], without_biggest=False)
        marks = touching(site.artefacts, index.model_ids, site.days[0], site.days[-1])
        data = below_prices.readings_data(index, marks, start, end, site.palette)
        return Chart(below_prices.readings_lines, data)
    if request.param == "together":
        found = correlated()
        return Chart(together.lag_bars, together.lag_data(found))
    if request.param == "revenue":
        flows = pd.DataFrame(
            {
                "family": "Qwen",
                "quarter_end": QUARTERS["quarter_end"],
                "downloads": [5e6, float("nan")],
                "days_known": [90, 40],
                "days": [90, 91],
            }
        )
        data = prices_revenue.revenue_data(QUARTERS, flows, site.palette)
        return Chart(lambda: prices_revenue.revenue_bars("CNY"), data)
    views = {"percent": prices.PERCENT, "prices": prices.PRICE, "panels": prices.PANELS}
    view = (views | {"axes": prices.AXES}).get(request.param, prices.INDEX)
    return drawn(site, view, with_events=request.param != "without events")


QUARTERS = pd.DataFrame(
    {
        "quarter_end": pd.to_datetime(["2026-03-31", "2026-06-30"]).astype("datetime64[ms]"),
        "revenue": [247.5e9, 280e9],
        "currency": "CNY",
    }
)


def correlated() -> Together:
    """A share that follows downloads two sessions later."""
    chance = np.random.default_rng(4)
    steps = chance.normal(0, 0.05, 202)
    days = pd.bdate_range("2025-01-02", periods=200)
    levels = pd.Series(np.exp(np.cumsum(steps[2:])), days)
    share = pd.Series(np.exp(np.cumsum(steps[:-2])), days, name="A")
    return measure_together.together(flow(levels), share)


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
        "nominal": is_text,
        "ordinal": known_type,
    }
    for layer in layers(chart.build()):
        frame = chart.data[layer["data"]["name"]]
        for name, channel in channels(layer):
            assert {"field", "value", "datum"} & channel.keys(), name
            made = {step.get("as") for step in layer.get("transform", [])}
            if channel.get("field") in made:
                continue  # worked out in the browser
            if "field" in channel:
                assert channel["field"] in frame.columns
            if "field" in channel and "type" in channel:
                assert suits[channel["type"]](frame[channel["field"]]), channel


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
        prices.price_lines(2, prices.INDEX),
        prices.price_lines(2, prices.PANELS),
        below_prices.totals_points(),
        below_prices.readings_lines(),
    ]
    axes = [layer["encoding"]["x"] for spec in specs for layer in layers(spec)]
    axes = [axis for axis in axes if "scale" in axis]
    assert len(axes) > 10
    assert all(axis["scale"] == axes[0]["scale"] for axis in axes)
    assert all(axis["axis"] == axes[0]["axis"] for axis in axes)
    extents = [value for spec in specs for key, value in parts(spec) if key == "minExtent"]
    assert len(set(extents)) == 1


def test_log_axis_fits_the_data() -> None:
    spec = prices.price_lines(0, prices.INDEX)
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
    rows = prices_data.price_data(small(), (ALPHA, BETA), percent=False)["rows"]
    assert rows["line"].tolist() == ["A 0"] * 3 + ["A 1"] + ["B 0"] * 2
    assert rows["dot"].eq(1).all()  # few sessions: each is seen
    assert rows["shown"].tolist() == pytest.approx([200 / 3, 400 / 3, 100, 200, 100, 110])
    assert not {"value", "level", "close"} & set(rows.columns)


@pytest.mark.parametrize("percent", [False, True])
def test_frame_holds_all_lines_and_labels(*, percent: bool) -> None:
    data = prices_data.price_data(small(), (ALPHA, BETA), percent=percent)
    low, high = data["frame"]["height"]
    assert low < data["rows"]["shown"].min()
    assert high > data["rows"]["shown"].max()
    assert data["labels"]["height"].between(low, high).all()
    assert data["frame"]["day"].tolist() == [DAY("2026-01-01"), DAY("2026-01-31")]
    expected = (
        ["Beta (B) +10.0%", "Alpha (A) +100.0%"] if percent else ["Beta (B) 110", "Alpha (A) 200"]
    )
    assert data["labels"]["label"].tolist() == expected


def test_single_day_has_room_around_it() -> None:
    data = prices_data.price_data(small("2026-01-06", "2026-01-06"), (ALPHA, BETA), percent=False)
    low, high = data["frame"]["height"]
    assert low < 100 < high
    assert data["frame"]["day"].tolist() == [DAY("2026-01-05"), DAY("2026-01-07")]


def test_event_whose_day_is_not_known_is_a_band_and_never_a_day() -> None:
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-12", "2026-01-12", "2026-02-01"]).astype(
                "datetime64[ms]"
            ),
            "date_precision": ["day", "approximate", "month"],
            "subject": ["A", "Policy", "A"],
            "kind": "study",
            "title": ["up", "down", "soon"],
            "source_name": "n",
            "source_url": "https://example.org",
        }
    )
    start, end = DAY("2026-01-01"), DAY("2026-02-20")
    every = measure_events.named(frame, ("A",))
    events = measure_events.in_view(every, ("A",), (), start, end)
    marks = prices.event_marks(events, start, end, (("A", "#112233"),)).set_index("title")
    reach = marks[["day", "last_day"]].apply(lambda row: [f"{day:%m-%d}" for day in row], axis=1)
    # A week before and after, and the month as far as it is in view.
    assert reach.to_dict() == {
        "up": ["01-12", "01-12"],
        "down": ["01-05", "01-19"],
        "soon": ["02-01", "02-20"],
    }
    assert marks["exact"].to_dict() == {"up": 1, "down": 0, "soon": 0}
    assert marks["rule"].to_dict() == {"up": 1, "down": 0, "soon": 0}
    # What overlaps is in another lane.
    assert marks.loc["up", "lane"] != marks.loc["down", "lane"]
    two = measure_events.in_view(every.head(2), ("A",), (), start, end)
    assert prices.event_marks(two, start, start, ())["lane"].tolist() == [0, 1]
    assert "A band is an event whose day is not known" in price_headlines.marks(events, 3)
    assert "1 event had no room" in price_headlines.marks(events, 2)
    exact = measure_events.in_view(every[every["exact"]], ("A",), (), start, end)
    assert price_headlines.marks(exact, 1) == ""


def test_labels_on_two_axes_are_apart_from_each_other(site: Site) -> None:
    data = drawn(site, prices.AXES).data
    low, top = np.log(data["frame"]["height"])
    least, most = data["flow_frame"]["height"]
    shares = (np.log(data["labels"]["height"]) - low) / (top - low)
    flows = (data["flow_labels"]["height"] - least) / (most - least)
    places = sorted([*shares, *flows])
    assert min(b - a for a, b in pairwise(places)) > 0.03
    assert -1e-9 <= places[0] <= places[-1] <= 1 + 1e-9


def test_what_a_drag_and_a_click_answer_is_one_layer_each() -> None:
    for view in prices.VIEWS:
        spec = prices.price_lines(1, view)
        named = [layer["name"] for layer in layers(spec) if "name" in layer]
        assert sorted(view for param in spec["params"] for view in param["views"]) == sorted(named)
        assert {param["name"] for param in spec["params"]} == {prices.BRUSH, prices.PICK}


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
    totals = published_totals(table, ("Qwen",), start, end)
    rows = below_prices.totals_data(totals, start, end, site.palette)["rows"]
    assert rows["as_of"].tolist() == ["2026-01", "2026-01-13"]
    assert rows["dot"].tolist() == [0, 1]
    assert rows["last_day"].tolist() == [end, DAY("2026-01-13")]


def said(*, percent: bool = False, shares: tuple[Share, ...] = (ALPHA, BETA)) -> str:
    return price_headlines.headline(small(), shares, percent=percent)


def test_headline_names_values_dates_and_what_is_100() -> None:
    assert said() == (
        "Alpha (A) stood at 200 on 20 January 2026, with 6 January 2026 as 100; Beta (B) at 110 "
        "(on 7 January 2026, with 6 January 2026 as 100)."
    )
    assert said(percent=True, shares=(ALPHA, FUND)) == (
        "Alpha (A) changed by +100.0% from 6 January 2026 to 20 January 2026; the sector fund B by "
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
    assert price_gaps.not_there(lines, known) == (
        "The data hold no prices of X. B has no session in these dates: its prices in the data run "
        "from 6 January 2026 to 7 January 2026."
    )
    assert price_gaps.data_end(small()) == (
        "Prices of A end on 20 January 2026; those of B end on 7 January 2026."
    )
    assert price_gaps.starting_later(small(), (ALPHA, BETA)) == (
        "Figures in the data begin later for Beta (B) on 6 January 2026: all lines are 100 on "
        "6 January 2026, the first session that they have in common."
    )
    assert price_gaps.starting_later(lines, (ALPHA, BETA)) == ""


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
