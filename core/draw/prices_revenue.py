"""Revenue by quarter above downloads by quarter: bars, and no line through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.theme import MUTED, SHORT_NUMBER, Colours, Spec, finished
from core.draw.time_axis import upright
from core.measure.revenue import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEIGHT: Final = 420
_EACH: Final = 160
"""Height of either panel, in pixels."""


def headline(quarters: pd.DataFrame, downloads: pd.DataFrame, company: str) -> str:
    """The newest quarter's revenue, the downloads beside it, and that these are few points."""
    last = quarters.iloc[-1]
    end = last["quarter_end"]
    said = (
        f"{company} took in {words.count(last['revenue'])} {last['currency']} in the quarter to "
        f"{words.day(end)}"
    )
    beside = downloads[(downloads["quarter_end"] == end) & downloads["downloads"].notna()]
    told = [f"{row['family']} {words.count(row['downloads'])}" for _, row in beside.iterrows()]
    if told:
        said += f"; downloads in the same quarter: {words.listing(told)}"
    return f"{said}. {few(len(quarters))}"


def few(number: int) -> str:
    """Whether so many quarters can tell anything."""
    if number >= FEW:
        return "Quarters are still few: the bars are not joined by a line."
    return (
        f"{words.plural(number, 'quarter is', 'quarters are')} too few for any statistics: "
        "the bars are only set side by side, without a line through them."
    )


def incomplete(downloads: pd.DataFrame) -> str:
    """Of which quarters not every day of downloads is known; empty without any."""
    lacking = downloads[downloads["downloads"].isna()]
    said = [
        f"{row['family']} in the quarter to {words.day(row['quarter_end'])} "
        f"({row['days_known']} of {row['days']} days known)"
        for _, row in lacking.iterrows()
    ]
    if not said:
        return ""
    named: Iterable[str] = said[:4]
    more = f", and {len(said) - 4} more" if len(said) > 4 else ""  # noqa: PLR2004 - as above
    return f"Not drawn, because days are missing: {'; '.join(named)}{more}."


def revenue_data(
    quarters: pd.DataFrame, downloads: pd.DataFrame, colours: Colours
) -> dict[str, pd.DataFrame]:
    """``quarters`` and ``flows`` for ``revenue_bars``."""
    known = downloads[downloads["downloads"].notna()]
    label = quarters["quarter_end"].map(_quarter)
    return {
        # First, because Streamlit offers the first of the data as a file: never Yahoo's.
        "flows": pd.DataFrame(
            {
                "quarter": known["quarter_end"].map(_quarter).astype("str"),
                "family": known["family"].astype("str"),
                "downloads": known["downloads"].astype("float64"),
                "said": known["downloads"].map(words.count).astype("str"),
                "colour": known["family"].map(dict(colours)).astype("str"),
            }
        ),
        "quarters": pd.DataFrame(
            {
                "quarter": label,
                "revenue": quarters["revenue"].astype("float64"),
                "said": quarters["revenue"].map(words.count) + " " + quarters["currency"],
                "short": quarters["revenue"].map(words.short),
            }
        ),
    }


@built_once
def revenue_bars(currency: str) -> Spec:
    """Two panels of bars on one axis of quarters: revenue above, downloads below."""
    lower: list[Any] = [{"expr": "height"}, {"expr": f"height - {_EACH}"}]
    upper: list[Any] = [{"expr": f"height - {_EACH + 40}"}, 12]
    quarter = alt.X(
        "quarter:O", title="Quarter ending", axis=alt.Axis(labelAngle=0, labelOverlap=True)
    )
    revenue = alt.Chart(alt.NamedData("quarters")).encode(
        x=quarter,
        y=alt.Y(
            "revenue:Q",
            title=f"Revenue, {currency}",
            scale=alt.Scale(range=upper),
            axis=upright(SHORT_NUMBER),
        ),
        tooltip=[
            alt.Tooltip("quarter:O", title="Quarter ending"),
            alt.Tooltip("said:N", title="Revenue"),
        ],
    )
    axis = upright(SHORT_NUMBER)
    axis.orient = "left"
    downloads = alt.Chart(alt.NamedData("flows")).encode(
        x=quarter,
        xOffset="family:N",
        y=alt.Y("downloads:Q", title="Downloads", scale=alt.Scale(range=lower), axis=axis),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("quarter:O", title="Quarter ending"),
            alt.Tooltip("said:N", title="Downloads"),
        ],
    )
    parts: tuple[Any, Any] = (
        alt.layer(
            revenue.mark_bar(color=MUTED, width={"band": 0.5}),
            revenue.mark_text(dy=-8, tooltip=False).encode(text="short:N"),
        ),
        alt.layer(downloads.mark_bar()),
    )
    spec = finished(*parts, height=_HEIGHT)
    spec["resolve"] = {"scale": {"y": "independent"}}
    return spec


def _quarter(end: pd.Timestamp) -> str:
    return f"{end:%Y-%m}"
