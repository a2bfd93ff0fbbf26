"""A claimed figure drawn across what was measured, and what others published."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import claims as said
from core.draw import words
from core.draw.built import built_once
from core.draw.theme import BELOW, INK, SHADE, SHORT_NUMBER, Spec, finished
from core.measure import claims_terms as terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.measure.claims import Verdict
    from core.schemas import Claim

_ROW: Final = 44
_LONGEST: Final = 90
_MOST_PUBLISHED: Final = 6
_GREY: Final = "#475569"
_ROOM: Final = 1.12
"""How far the axis goes beyond the largest figure."""

_PLAIN_LABEL: Final = f"abs(datum.value) < 1000 ? format(datum.value, '~g') : {SHORT_NUMBER}"
"""Vega would write half a unit as 500m."""

_MONTH_LABEL: Final = "timeFormat(datetime(floor(datum.value / 12), datum.value % 12, 1), '%b %Y')"
_METRICS: Final = {
    terms.ALL_TIME: "cumulative_downloads",
    terms.DERIVATIVES: "derivative_count",
}
"""Kinds of published figure that count what a measure counts."""


def chart_data(verdict: Verdict, milestones: pd.DataFrame, colour: str) -> dict[str, pd.DataFrame]:
    """The data of ``claim_chart``: ``rows`` and ``claimed``. Empty rows where nothing is known.

    A row a way to count of which something is known, then figures that others
    published about the same family, nearest in time first. ``from`` and ``to``
    are the ends of what is known, cut at the edge of the axis.
    """
    claim, accepted = verdict.claim, verdict.accepted
    rows = [
        (f"{way.name}: {said.known(claim, way.figure)}", way.figure.low, way.figure.high, colour)
        for way in verdict.ways
        if way.figure.known
    ]
    rows += [(label, value, value, _GREY) for label, value in _published(claim, milestones)]
    ends = [claim.value, 0.0] if claim.measure != terms.CROSSING else [claim.value]
    ends += [end for _, low, high, _ in rows for end in (low, high) if abs(end) < inf]
    top, bottom = max(ends), min(ends)
    if claim.measure == terms.CROSSING:
        top, bottom = top + 2, bottom - 2
    else:
        top, bottom = top * (_ROOM if top > 0 else 1), bottom * (_ROOM if bottom < 0 else 1)
    frame = pd.DataFrame(rows, columns=["label", "low", "high", "colour"])
    frame["label"] = [words.quoted(label, _LONGEST) for label in frame["label"]]
    frame["from"] = frame["low"].clip(bottom, top).astype("float64")
    frame["to"] = frame["high"].clip(bottom, top).astype("float64")
    frame["open"] = (frame["low"] == -inf) | (frame["high"] == inf)
    frame["dot"] = frame["low"].where(frame["low"] == frame["high"]).clip(bottom, top)
    band = accepted or terms.Band(claim.value, claim.value)
    mark = pd.DataFrame(
        {
            "value": [claim.value],
            "from": [max(band.low, bottom)],
            "to": [min(band.high, top)],
            "first": [bottom],
            "last": [top],
            "label": [f"claimed: {said.claimed(claim)}"],
        }
    )
    mark["label"] = [words.quoted(text, _LONGEST) for text in mark["label"]]
    return {"rows": frame, "claimed": mark}


@built_once
def claim_chart(rows: int, *, months: bool, signed: bool) -> Spec:
    """``rows`` rows, each a figure or the span it lies in, across the claimed value.

    The shaded band is where the claim holds; a span that is open on one side is
    dashed. Data: ``rows`` and ``claimed``.
    """
    return _built(months=months, signed=signed) | {"height": _ROW * max(rows, 1) + BELOW}


@built_once
def _built(*, months: bool, signed: bool) -> Spec:
    label = _MONTH_LABEL if months else _PLAIN_LABEL
    if signed:
        label = "datum.value + ' %'"
    scale = alt.Scale(zero=not months, nice=False)
    axis = alt.Axis(
        labelExpr=label,
        tickCount=4,
        labelOverlap=True,
        orient="bottom",
        tickMinStep=1 if months else alt.Undefined,
    )
    x = alt.X("from:Q", title=None, axis=axis, scale=scale)
    band = (
        alt.Chart(alt.NamedData("claimed"))
        .mark_rect(color=SHADE, opacity=0.22, aria=False, tooltip=False)
        .encode(x=x, x2="to:Q")
    )
    line = (
        alt.Chart(alt.NamedData("claimed"))
        .mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3])
        .encode(x=alt.X("value:Q"), tooltip=alt.Tooltip("label:N", title="Claim"))
    )
    # Nothing visible: it makes the axis reach beyond the outermost figure.
    room = (
        alt.Chart(alt.NamedData("claimed"))
        .mark_rule(opacity=0, aria=False, tooltip=False)
        .encode(x=alt.X("first:Q"), x2="last:Q")
    )
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=None),
        color=alt.Color("colour:N", scale=None),
        tooltip=alt.Tooltip("label:N", title="Figure"),
    )
    span = base.mark_rule(strokeWidth=7, yOffset=10, opacity=0.5).encode(
        x=x,
        x2="to:Q",
        strokeDash=alt.condition("datum.open", alt.value([3, 5]), alt.value([1, 0])),
    )
    dot = base.mark_point(filled=True, size=95, yOffset=10, opacity=1, aria=False).encode(
        x=alt.X("dot:Q")
    )
    # Text at the left edge of the frame, above its mark, fits on a narrow screen too.
    names = alt.Chart(alt.NamedData("rows")).mark_text(
        align="left", dy=-8, limit=alt.expr("width"), stroke="white", strokeWidth=4, aria=False
    )
    plain = alt.Chart(alt.NamedData("rows")).mark_text(
        align="left", dy=-8, color=INK, limit=alt.expr("width")
    )
    place = {"y": alt.Y("label:N", sort=None), "x": alt.value(2), "text": "label:N"}
    return finished(
        band,
        room,
        line,
        span,
        dot,
        names.encode(**place),
        plain.encode(**place),
        height=BELOW,
    )


LEGEND: Final = (
    "Dashed upright line: what is claimed. Shaded: figures for which it holds. Dashed bar: only a "
    "least or a most is known. Grey points: what others published."
)


def description(verdict: Verdict) -> str:
    """What the chart shows, in a sentence."""
    return f"{said.sentence(verdict)} Claimed: {said.claimed(verdict.claim)}."


def _published(claim: Claim, milestones: pd.DataFrame) -> Iterable[tuple[str, float]]:
    """Label and value of figures that others published of the same, nearest in time first."""
    metric = _METRICS.get(claim.measure)
    if metric is None or claim.against or claim.next_families:
        return []
    same = milestones["subject"] == claim.subject
    rows = milestones[same & (milestones["metric"] == metric) & milestones["value"].notna()]
    meant = terms.span(claim.period)
    if rows.empty or meant is None:
        return []
    spans = [terms.span(text) for text in rows["as_of"]]
    apart = [abs((span.last - meant.last).days) if span else 10**6 for span in spans]
    near = rows.assign(apart=apart).sort_values("apart", kind="stable").head(_MOST_PUBLISHED)
    return [
        (
            f"Published: {words.count(row['value'])}, {row['source_name']}, {row['as_of']}",
            float(row["value"]),
        )
        for _, row in near.iterrows()
    ]
