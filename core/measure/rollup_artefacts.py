"""What the counters themselves show to be an artefact, found in rows of table MODEL_DAILY.

A release moves one model, an artefact moves all: on a day on which most of the
large models stand still, make a leap or fall together, it is the counting that
moved. And a counter that has not moved for weeks while the Hub says that the
model was downloaded in the last 30 days is stuck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.schemas import ARTEFACTS

if TYPE_CHECKING:
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    Figures: TypeAlias = NDArray[np.float64]

FOUND_BY: Final = "groundswell"
"""Source of the artefacts that are found here."""

COUNTER: Final = "downloads_all_time"
STALL: Final = "stall"
CATCH_UP: Final = "catch-up"
ROLLBACK: Final = "rollback"
FROZEN: Final = "frozen"

LARGEST: Final = 200
"""Models that are looked at on a day: those with the most downloads in the days before."""

TOGETHER: Final = 0.7
"""Share of them that stands still or leaps when it is the counting that moved."""

FALLING: Final = 0.5
"""More than this share of them falls on a day of a rollback."""

STOOD_STILL: Final = 0.1
LEAPT: Final = 1.5
"""A day's downloads as a share of what is usual: at most this, and at least this."""

FROZEN_DAYS: Final = 35
"""A counter is stuck when it has not moved for so many days."""

LOOK_BACK_DAYS: Final = 30
"""Days before the first one that is looked at, from which is known what is usual."""

_USUAL_DAYS: Final = 14
_FEWEST_DAYS: Final = 7
_FEWEST_MODELS: Final = 10
_SMALLEST: Final = 100.0
_NEAR: Final = pd.Timedelta(days=1)
_WHAT: Final = {
    STALL: "{share:.0%} of the {number} largest models hardly moved: the counters had stalled",
    CATCH_UP: "{share:.0%} of the {number} largest models leapt together: counters were caught up",
    ROLLBACK: "{share:.0%} of the {number} largest models fell together: counters were taken back",
}


def moves(models: pd.DataFrame, since: date, known: pd.DataFrame) -> pd.DataFrame:
    """Days from ``since`` on that most large models stood still, leapt or fell on together.

    ``models`` are rows of MODEL_DAILY by one source, ``LOOK_BACK_DAYS`` more
    than are asked for; ``known`` are rows of ARTEFACTS. Rows of ARTEFACTS, one
    a run of days; those that somebody has already told of, a day off at most,
    are left out. What is usual is the median of up to 14 days before, at least 7;
    fewer than ten large models show nothing.
    """
    single = models[models["days"] == 1]
    table = single.pivot_table(index="day", columns="model_id", values="downloads", aggfunc="last")
    table = table.asfreq("D") if len(table) else table
    usual = table.rolling(_USUAL_DAYS, min_periods=_FEWEST_DAYS).median().shift(1)
    kinds: dict[pd.Timestamp, tuple[str, str]] = {}
    for at in range(len(table)):
        day = table.index[at]
        if day < pd.Timestamp(since):
            continue
        found = _kind(table.iloc[at].to_numpy("float64"), usual.iloc[at].to_numpy("float64"))
        if found is not None:
            kinds[day] = found
    return _unknown(_rows(_runs(kinds)), known)


def still(models: pd.DataFrame) -> pd.DataFrame:
    """Counters that have not moved for ``FROZEN_DAYS``, from rows of MODEL_DAILY by one source.

    Columns model_id, start, end (datetime64, first and last day without a
    download; end is missing where the run reaches the model's last day).
    Whether they are stuck or only unwanted, ``frozen`` finds out.
    """
    rows = models.sort_values(["model_id", "day"], kind="stable", ignore_index=True)
    zero = rows["downloads"] == 0
    first = rows["model_id"] != rows["model_id"].shift()
    run = (first | (zero != zero.shift())).cumsum()
    runs = (
        rows[zero]
        .groupby(run[zero])
        .agg(
            model_id=("model_id", "first"),
            start=("day", "first"),
            before=("days", "first"),
            end=("day", "last"),
            days=("days", "sum"),
        )
    )
    runs = runs[runs["days"] >= FROZEN_DAYS]
    runs["start"] -= pd.to_timedelta(runs["before"].astype("int64") - 1, unit="D")
    newest = rows.groupby("model_id")["day"].max()
    open_ended = runs["end"] == runs["model_id"].map(newest)
    return pd.DataFrame(
        {
            "model_id": runs["model_id"],
            "start": runs["start"].astype("datetime64[ms]"),
            "end": runs["end"].mask(open_ended).astype("datetime64[ms]"),
        }
    ).reset_index(drop=True)


def frozen(still_ones: pd.DataFrame, recent: pd.DataFrame) -> pd.DataFrame:
    """Rows of ARTEFACTS for those of ``still`` whose 30-day counter says otherwise.

    ``recent`` has model_id, day (datetime64) and downloads_30d (int64) of each
    reading. More than 30 days into a run without a download the 30-day
    counter has to be zero; where it is not, one of both is stuck.
    """
    late = still_ones.merge(recent, on="model_id")
    inside = late["day"] > late["start"] + pd.Timedelta(days=31)
    inside &= late["end"].isna() | (late["day"] <= late["end"] + _NEAR)
    stuck = late[inside & (late["downloads_30d"] > 0)].drop_duplicates(["model_id", "start"])
    rows = pd.DataFrame(
        {
            "start": stuck["start"],
            "end": stuck["end"],
            "kind": FROZEN,
            "scope": stuck["model_id"],
            "what": "The all-time counter did not move for five weeks or more, while the "
            "30-day counter was above zero",
            "source": FOUND_BY,
        }
    )
    return _typed(rows)


def _kind(downloads: Figures, usual: Figures) -> tuple[str, str] | None:
    """What the large models did together on one day, as kind and sentence; None for nothing."""
    there = ~np.isnan(downloads) & (np.nan_to_num(usual) >= _SMALLEST)
    downloads, usual = downloads[there], usual[there]
    largest = np.argsort(-usual, kind="stable")[:LARGEST]
    downloads, usual = downloads[largest], usual[largest]
    number = len(largest)
    if number < _FEWEST_MODELS:
        return None
    ratio = downloads / usual
    shares = {
        ROLLBACK: float((ratio < 0).mean()),
        STALL: float(((ratio >= 0) & (ratio <= STOOD_STILL)).mean()),
        CATCH_UP: float((ratio >= LEAPT).mean()),
    }
    for kind, share in shares.items():
        if share > FALLING if kind == ROLLBACK else share >= TOGETHER:
            return kind, _WHAT[kind].format(share=share, number=number)
    return None


def _runs(
    kinds: dict[pd.Timestamp, tuple[str, str]],
) -> list[tuple[pd.Timestamp, pd.Timestamp, str, str]]:
    """Neighbouring days of one kind together; the first day's sentence stands for all."""
    runs: list[tuple[pd.Timestamp, pd.Timestamp, str, str]] = []
    for day, (kind, what) in sorted(kinds.items()):
        if runs and runs[-1][2] == kind and day - runs[-1][1] == _NEAR:
            runs[-1] = (runs[-1][0], day, kind, runs[-1][3])
        else:
            runs.append((day, day, kind, what))
    return runs


def _rows(runs: list[tuple[pd.Timestamp, pd.Timestamp, str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(runs, columns=["start", "end", "kind", "what"])
    return _typed(frame.assign(scope=COUNTER, source=FOUND_BY))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    types = {"start": "datetime64[ms]", "end": "datetime64[ms]"}
    names = [column.name for column in ARTEFACTS.columns]
    return frame[names].astype({n: types.get(n, "str") for n in names}).reset_index(drop=True)


def _unknown(found: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The rows that nobody else has told of for these days."""
    told = known[(known["source"] != FOUND_BY) & known["kind"].isin([STALL, CATCH_UP, ROLLBACK])]
    told = told[told["end"].notna()]
    new = [
        not bool(((told["start"] <= end + _NEAR) & (told["end"] >= start - _NEAR)).any())
        for start, end in zip(found["start"], found["end"], strict=True)
    ]
    return found[np.array(new, dtype=np.bool_)].reset_index(drop=True)
