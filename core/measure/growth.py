"""Downloads per day, from counters that were read a day apart.

The Hub counts all downloads of a model since its creation. The counter read
at the start of one day, taken from that of the next, is the day's downloads.
It sometimes falls, when the Hub corrects it: such a day is below zero, and
stays so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.bases import OFFICIAL
from core.schemas import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.measure.families import FamilyRules

SHORTEST: Final = pd.Timedelta(hours=23)
LONGEST: Final = pd.Timedelta(hours=25)
"""How far apart two readings may lie for their difference to be that of one day."""

_DAY_TYPE: Final = "datetime64[ms]"


@dataclass(frozen=True)
class FamilyGrowth:
    """A family's downloads per day by one source.

    ``rows`` has day (datetime64), downloads (int64), complete (bool) and fell
    (bool, the counters were lower the next day), sorted by day. ``other_sources``
    count the same days otherwise and are left out.
    """

    family: str
    source: str
    rows: pd.DataFrame
    other_sources: tuple[str, ...]


def daily_from_readings(readings: pd.DataFrame, source: str = HUB) -> pd.DataFrame:
    """Downloads of each model on each day, from rows of table READINGS by ``source``.

    Columns model_id, day (datetime64, UTC), downloads (int64, below zero where
    the counter fell), all_time (int64, the counter at the day's end), complete
    (bool: the two readings lie 23 to 25 hours apart) and fell (bool); sorted
    by model and day. Of the readings of a UTC day with an all-time counter the
    first counts. A day has a row only where the next day was read too, so the
    last day has none.
    """
    used = readings[(readings["source"] == source) & readings["downloads_all_time"].notna()]
    moments = used["read_at"].dt.tz_localize(None).astype(_DAY_TYPE).to_numpy()
    counters = used["downloads_all_time"].to_numpy("int64")
    models, names = pd.factorize(used["model_id"], sort=True)
    order = np.lexsort((moments, models))
    models, moments, counters = models[order], moments[order], counters[order]
    days = moments.astype("datetime64[D]")

    first = np.ones(len(models), dtype=np.bool_)
    first[1:] = (models[1:] != models[:-1]) | (days[1:] != days[:-1])
    models, moments, counters, days = (
        models[first],
        moments[first],
        counters[first],
        days[first],
    )
    next_day = (models[1:] == models[:-1]) & (np.diff(days) == np.timedelta64(1, "D"))
    apart = np.diff(moments)[next_day]
    downloads = np.diff(counters)[next_day]
    return pd.DataFrame(
        {
            "model_id": pd.Series(names.take(models[:-1][next_day]), dtype="str"),
            "day": days[:-1][next_day].astype(_DAY_TYPE),
            "downloads": downloads,
            "all_time": counters[1:][next_day],
            "complete": (apart >= SHORTEST.to_timedelta64()) & (apart <= LONGEST.to_timedelta64()),
            "fell": downloads < 0,
        }
    )


def family_daily(
    daily: pd.DataFrame,
    family_of: Callable[[pd.Series], pd.Series] | FamilyRules,
    source: str = HUB,
) -> pd.DataFrame:
    """Downloads of each family on each day, in the columns of table DAILY.

    ``daily`` is what ``daily_from_readings`` made of the readings by ``source``;
    ``family_of`` gives the family of each id of a column of ids, null where a
    model is nobody's official one. A day is the sum over the official models
    that were read on it and on the next day. It is complete only when each of
    these is, and none is missing: a model that has earlier and later days has
    to have this one too, and on the family's last day every model has to be
    there that was on its last but one.
    """
    assign = family_of if callable(family_of) else family_of.assign
    codes, names = pd.factorize(daily["model_id"])
    families = assign(pd.Series(names, dtype="str"))
    rows = daily.assign(family=families.take(codes).to_numpy())
    rows = rows[rows["family"].notna()]
    sums = (
        rows.groupby(["family", "day"])
        .agg(
            downloads=("downloads", "sum"),
            all_time=("all_time", "sum"),
            parts=("model_id", "size"),
            complete=("complete", "all"),
        )
        .reset_index()
    )
    sums["complete"] &= sums["parts"].to_numpy() >= _expected(rows, sums)
    return pd.DataFrame(
        {
            "family": sums["family"].astype("str"),
            "model_id": pd.Series([None] * len(sums), dtype="str"),
            "day": sums["day"].astype(_DAY_TYPE),
            "downloads": sums["downloads"].astype("int64"),
            "basis": pd.Series([OFFICIAL] * len(sums), dtype="str"),
            "source": pd.Series([source] * len(sums), dtype="str"),
            "complete": sums["complete"].astype("bool"),
            "days": pd.Series([1] * len(sums), dtype="Int64"),
            # A total that lacks a model would be one of something else.
            "all_time": sums["all_time"].astype("Int64").where(sums["complete"]),
        }
    )


def falls(daily: pd.DataFrame) -> pd.DataFrame:
    """The days on which a model's counter fell: model_id, day, downloads below zero."""
    below = daily.loc[daily["downloads"] < 0, ["model_id", "day", "downloads"]]
    return below.reset_index(drop=True)


def of_family(daily: pd.DataFrame, family: str) -> FamilyGrowth:
    """Downloads per day of the official models of ``family``, from rows of table DAILY.

    Two sources are never mixed: the one with the newest day counts, of several
    the one with most days, then the first by name. Raises ``NothingToShow``
    where there is no day.
    """
    rows = daily[
        (daily["family"] == family) & (daily["basis"] == OFFICIAL) & daily["model_id"].isna()
    ]
    if rows.empty:
        message = f"Downloads per day of {family} are not known yet."
        advice = (
            "Live data bring them: a day's downloads are the difference of two readings of the "
            "Hub's all-time counters, so they can be told once the site has read them on two "
            "days in a row."
        )
        raise NothingToShow(message, advice=advice)
    known = rows.groupby("source").agg(newest=("day", "max"), days=("day", "nunique"))
    known = known.sort_index().sort_values(["newest", "days"], ascending=False, kind="stable")
    source, *others = (str(name) for name in known.index)
    rows = rows[rows["source"] == source].sort_values("day", kind="stable")
    rows = rows.drop_duplicates("day", keep="last").reset_index(drop=True)
    shown = pd.DataFrame(
        {
            "day": rows["day"],
            "downloads": rows["downloads"].astype("int64"),
            "complete": rows["complete"].astype("bool"),
            "fell": (rows["downloads"] < 0).astype("bool"),
        }
    )
    return FamilyGrowth(family, source, shown, tuple(others))


def _expected(rows: pd.DataFrame, sums: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many models each family and day of ``sums`` would have without a hole."""
    spans = rows.groupby(["family", "model_id"])["day"].agg(["min", "max"]).reset_index()
    expected = np.zeros(len(sums), dtype=np.int64)
    for family, days in sums.groupby("family"):
        of_it = spans[spans["family"] == family]
        shown = days["day"].to_numpy()
        first = np.sort(of_it["min"].to_numpy())
        last = of_it["max"].to_numpy()
        if len(shown) > 1:
            # Nobody can tell yet whether a model has gone or was only not read.
            last = np.where(last == shown[-2], shown[-1], last)
        begun = np.searchsorted(first, shown, side="right")
        ended = np.searchsorted(np.sort(last), shown, side="left")
        expected[days.index.to_numpy()] = begun - ended
    return expected
