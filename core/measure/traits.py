"""What is known of each model besides its links, as arrays in the order of the ids."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.measure.licences import beside_bases
from core.schemas import HUB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.graph import Flags, Numbers
    from core.measure.parents import Parents

NEVER: Final = -(1 << 31)
"""The day (int32) of what is not known to have happened."""

ASKED, TO_THE_END = 1, 2


@dataclass(frozen=True)
class Traits:
    """Arrays with a value for each model. Days count from 1 January 1970, ``NEVER`` is none.

    ``licence`` and ``format`` (int32) number the texts ``licences`` and
    ``formats``, -1 where none is stated. ``parameters`` and ``downloads``
    (int64) are -1 where they are not known; ``downloads`` is the newest counter
    of 30 days, of the day ``read``. ``created`` is the day of creation, ``seen``
    the last day on which its author's declaration was seen. ``told`` says
    whether the Hub has told of the model, ``by_hub`` whether it has told what
    the model is built on. ``asked`` is 0 where nobody asked what is built on
    it, else ``ASKED`` or ``TO_THE_END``, on the day ``asked_on``. ``since`` is
    the first day on which the model is known to exist: it was created, or first
    seen as somebody's child. ``beside`` is its licence beside that of its bases,
    see ``licences.beside_bases``.
    """

    licence: Numbers
    format: Numbers
    parameters: Numbers
    created: Numbers
    told: Numbers
    seen: Numbers
    by_hub: Numbers
    downloads: Numbers
    read: Numbers
    since: Numbers
    asked: Numbers
    asked_on: Numbers
    beside: Numbers
    licences: Sequence[str]
    formats: Sequence[str]

    @classmethod
    def of(
        cls,
        parents: Parents,
        links: pd.DataFrame,
        models: pd.DataFrame,
        readings: pd.DataFrame,
        listings: pd.DataFrame,
    ) -> Traits:
        """What the rows of the four tables say of the models that have these ``parents``.

        Their column ``number`` says of which, -1 of none. Of several rows about
        one model the newest counts.
        """
        count = len(parents)

        def filled(value: int, kind: Any) -> Numbers:  # noqa: ANN401 - a type of numpy's
            return np.full(count, value, dtype=kind)

        def newest(rows: pd.DataFrame, when: str) -> tuple[pd.DataFrame, Numbers]:
            # Of equal numbers the last assignment counts.
            rows = rows[rows["number"] >= 0].sort_values(when, kind="stable")
            return rows, rows["number"].to_numpy()

        licence, form = filled(-1, np.int32), filled(-1, np.int32)
        parameters, created = filled(-1, np.int64), filled(NEVER, np.int32)
        told = filled(0, np.uint8)
        rows, at = newest(models, "last_seen")
        licence[at], licences = coded(rows["licence"])
        form[at], formats = coded(rows["format"].str.lower())
        parameters[at] = rows["parameters"].astype("Int64").fillna(-1).to_numpy("int64")
        created[at] = days(rows["created_on"])
        told[at] = rows["hub_id"].notna().to_numpy()
        downloads, read = filled(-1, np.int64), filled(NEVER, np.int32)
        rows, at = newest(readings[readings["downloads_30d"].notna()], "read_at")
        downloads[at] = rows["downloads_30d"].to_numpy("int64")
        read[at] = days(rows["read_at"])
        asked, asked_on = filled(0, np.uint8), filled(NEVER, np.int32)
        rows, at = newest(listings, "asked_at")
        asked[at] = np.where(rows["complete"].to_numpy(dtype=np.bool_), TO_THE_END, ASKED)
        asked_on[at] = days(rows["asked_at"])
        seen, by_hub = filled(NEVER, np.int32), filled(0, np.uint8)
        rows, at = newest(links, "seen_on")
        seen[at] = days(rows["seen_on"])
        by_hub[at[(rows["source"] == HUB).to_numpy()]] = 1
        since = np.where(created == NEVER, -NEVER - 1, created).astype(np.int32)
        np.minimum.at(since, at, days(rows["seen_on"]))
        since[since == -NEVER - 1] = NEVER
        arrays = (licence, form, parameters, created, told, seen, by_hub, downloads, read)
        beside = beside_bases(parents, licence, licences, told)
        return cls(*arrays, since, asked, asked_on, beside, licences, formats)

    def stated(self, codes: Numbers, texts: Sequence[str], at: Numbers) -> list[str | None]:
        """The texts of ``codes`` of the models ``at``; None where none is stated."""
        return [texts[code] if code >= 0 else None for code in codes[at].tolist()]


ARRAYS: Final = tuple(f.name for f in fields(Traits) if f.name not in {"licences", "formats"})
"""The arrays of ``Traits``."""


def days(column: pd.Series) -> Numbers:
    """Days since 1 January 1970 (int32) of a column of dates or moments, ``NEVER`` for gaps."""
    moments = column.dt.tz_localize(None) if column.dt.tz is not None else column
    whole = moments.to_numpy().astype("datetime64[D]").astype(np.int64)
    found: Numbers = np.where(moments.isna().to_numpy(), NEVER, whole).astype(np.int32)
    return found


def timestamp(day: int) -> pd.Timestamp | None:
    """The day as a timestamp; None for ``NEVER``."""
    return None if day == NEVER else pd.Timestamp(day, unit="D")


def day_of(moment: pd.Timestamp) -> int:
    """The day of ``moment``, as days since 1 January 1970."""
    return (moment - pd.Timestamp(0)).days


def coded(column: pd.Series) -> tuple[Numbers, list[str]]:
    """Numbers of the texts of a column without space around them, -1 for none; and the texts."""
    texts = column.astype("str").str.strip()
    codes, known = pd.factorize(texts.where(texts != ""))
    return codes.astype(np.int32), [str(text) for text in known]


def flags(array: Numbers) -> Flags:
    """An array of 0 and 1 as truths, without a copy."""
    return array.view(np.bool_)
