"""Whether downloads and a share move together, and revenue by quarter: charts and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.theme import INK, MUTED, SHADE, Spec, finished

if TYPE_CHECKING:
    from core.measure.together import Together

NOT_CAUSE: Final = (
    "Even what goes beyond chance says nothing of cause, and nothing of tomorrow: news can move "
    "both, and so can a whole market."
)

_HEIGHT: Final = 300
_STRONG, _CLEAR, _USUAL = 0.5, 0.2, 0.05


def headline(found: Together, share: str) -> str:
    """What the correlation is and how often chance alone makes as strong a one."""
    sign = "alike" if found.correlation > 0 else "against each other"
    size = abs(found.correlation)
    how = f"moved {'strongly' if size >= _STRONG else 'somewhat'} {sign}"
    how = how if size >= _CLEAR else "hardly moved together"
    usual = found.as_strong > _USUAL * found.histories
    verdict = "That is what chance alone does." if usual else "Chance alone rarely does that."
    return (
        f"From session to session, {found.family}'s downloads and {share} {how} "
        f"(rank correlation {_number(found.correlation)}): as strong as this came up in "
        f"{found.as_strong} of {found.histories} shuffled histories. {verdict}"
    )


def lag_sentence(found: Together) -> str:
    """The strongest of all lags, corrected for having looked at all of them."""
    many = words.plural(abs(found.best), "session")
    when = (
        "on the same session"
        if found.best == 0
        else f"with downloads {many} before the share"
        if found.best > 0
        else f"with the share {many} before downloads"
    )
    row = found.lags.loc[found.lags["lag"] == found.best, "correlation"]
    return (
        f"Of {len(found.lags)} ways to shift one against the other, the strongest is {when} "
        f"({_number(float(row.iloc[0]))}). Who tries {len(found.lags)} finds something: as strong "
        f"at some shift came up in {found.best_as_strong:,} of {found.shuffled:,} shuffled "
        "histories."
    )


def basis_sentence(found: Together) -> str:
    """What was compared, on how many sessions, and what is left out."""
    left = ""
    if found.left_out:
        one = found.left_out == 1
        lack = "lacks one of the two and is" if one else "lack one of the two and are"
        left = f" {words.plural(found.left_out, 'session')} {lack} left out."
    return (
        f"{len(found.pairs):,} sessions from {words.day(found.first)} to {words.day(found.last)}. "
        "Compared are changes: of the downloads a day since the session before, and of the price, "
        "by their ranks. Levels are never compared: any two things that grow look related. "
        f"95 of 100 shuffled histories lie between {_number(found.low)} and "
        f"{_number(found.high)}.{left}"
    )


def lag_data(found: Together) -> dict[str, pd.DataFrame]:
    """``lags`` and ``band`` for ``lag_bars``."""
    lags = found.lags.assign(
        beyond=(found.lags["correlation"].abs() > found.band).map(
            {True: "Beyond chance", False: "As chance does"}
        ),
        said=found.lags["correlation"].map(_number),
        words=found.lags["lag"].map(_lag_words),
    )
    top = max(1.15 * max(found.band, lags["correlation"].abs().max()), 0.2)
    band = pd.DataFrame({"low": [-found.band], "high": [found.band], "from": [-top], "to": [top]})
    return {"lags": lags, "band": band}


@built_once
def lag_bars() -> Spec:
    """Correlation by lag, over the band in which the strongest of all lags usually is."""
    band = alt.Chart(alt.NamedData("band"))
    height = alt.Y("correlation:Q", title="Rank correlation of changes")
    area = band.mark_rect(color=SHADE, opacity=0.25, aria=False, tooltip=False).encode(
        y=alt.Y("low:Q"), y2="high:Q"
    )
    room = [
        band.mark_point(opacity=0, aria=False, tooltip=False).encode(y=alt.Y(f"{end}:Q"))
        for end in ("from", "to")
    ]
    bars = (
        alt.Chart(alt.NamedData("lags"))
        .mark_bar(width={"band": 0.7})
        .encode(
            x=alt.X(
                "lag:O",
                title="Sessions downloads come first (below 0: the share)",
                axis=alt.Axis(labelAngle=0, labelOverlap=True),
            ),
            y=height,
            color=alt.Color(
                "beyond:N",
                scale=alt.Scale(
                    domain=["As chance does", "Beyond chance"], range=[MUTED, "#C2410C"]
                ),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=[
                alt.Tooltip("words:N", title="Shift"),
                alt.Tooltip("said:N", title="Rank correlation"),
                alt.Tooltip("beyond:N", title="How usual"),
            ],
        )
    )
    zero = band.mark_rule(color=INK, strokeWidth=1, aria=False, tooltip=False).encode(
        y=alt.datum(0)
    )
    return finished(area, *room, bars, zero, height=_HEIGHT)


def _number(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _lag_words(lag: int) -> str:
    if lag == 0:
        return "The same session"
    first = "Downloads" if lag > 0 else "Share"
    return f"{first} {words.plural(abs(lag), 'session')} earlier"
