"""Which artefacts touch what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def touching(
    artefacts: pd.DataFrame,
    scopes: Iterable[str],
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> pd.DataFrame:
    """Artefacts of one of ``scopes`` that lie at least partly in start … end.

    A scope is a counter (``downloads_30d``) or a model's id. An artefact with
    an open end that began before ``start`` is a rule that holds all along, not
    a period that could be shaded: it is left out.
    """
    begun = artefacts["start"] <= end
    running = (artefacts["end"] >= start) | (
        artefacts["end"].isna() & (artefacts["start"] >= start)
    )
    return artefacts[begun & running & artefacts["scope"].isin(set(scopes))]
