"""Today's names: models that were renamed, or that somebody spelled another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.schemas import HUB

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def current_names(models: pd.DataFrame) -> dict[str, str]:
    """Today's name of each model of table MODELS that has another name there as well.

    Rows with one ``hub_id`` are one model, and so are ids that differ only in
    case; its name is the one that was seen last.
    """
    seen = models.sort_values("last_seen", kind="stable")
    identified = seen[seen["hub_id"].notna()]
    newest = identified.drop_duplicates("hub_id", keep="last").set_index("hub_id")["model_id"]
    renamed = identified["model_id"] != identified["hub_id"].map(newest)
    names: dict[str, str] = dict(
        zip(
            identified.loc[renamed, "model_id"].tolist(),
            identified.loc[renamed, "hub_id"].map(newest).tolist(),
            strict=True,
        )
    )
    folded = seen["model_id"].str.casefold()
    twice = seen[folded.duplicated(keep=False)]
    # The Hub's own spelling wins over one that only a list has.
    ordered = twice.assign(known=twice["hub_id"].notna()).sort_values("known", kind="stable")
    spelled = dict(zip(ordered["model_id"].str.casefold(), ordered["model_id"], strict=True))
    for model_id in twice["model_id"]:
        name = spelled[model_id.casefold()]
        if name != model_id:
            names[model_id] = name
    return {old: names.get(new, new) for old, new in names.items()}


def with_current_names(
    frame: pd.DataFrame, columns: tuple[str, ...], names: Mapping[str, str]
) -> pd.DataFrame:
    """``frame`` with the ids of ``columns`` as they are called today; itself if none changes."""
    changed = {
        column: frame[column].map(names).fillna(frame[column]).astype(frame[column].dtype)
        for column in columns
        if frame[column].isin(names).any()
    }
    return frame.assign(**changed) if changed else frame


def current_links(links: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The links of table LINKS that hold today, each once, by today's names.

    A child that the Hub was asked about has the parents of its newest answer;
    of others all that anybody has seen is known.
    """
    told = with_current_names(links, ("child", "parent"), names)
    own = told["source"] == HUB
    newest = told["seen_on"].where(own).groupby(told["child"]).transform("max")
    holds = newest.isna() | (own & (told["seen_on"] == newest))
    return told[holds].drop_duplicates(["child", "parent"], keep="last", ignore_index=True)
