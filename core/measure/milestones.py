"""Published figures of a family, in plain words."""

from __future__ import annotations

from typing import Final

import pandas as pd

_DATE: Final = r"[0-9]{4}(-[0-9]{2}){0,2}"
"""A year, month or day. pandas alone would also read "now" and "2026-5-1"."""

METRICS: Final = {
    "cumulative_downloads": "All downloads so far",
    "monthly_downloads": "Downloads in a month",
    "average_monthly_downloads": "Downloads in an average month",
    "downloads_in_period": "Downloads in a period",
    "downloads_first_week": "Downloads in the first week",
    "downloads_first_month": "Downloads in the first month",
    "downloads_top1000": "Downloads among the 1,000 most downloaded models",
    "gguf_monthly_downloads": "Downloads of copies for home computers in a month",
    "daily_downloads": "Downloads in a day",
    "monthly_downloads_ratio": "Downloads in a month, times the others'",
    "derivative_count": "Models built on it",
    "repos_tagging_family": "Repositories that mention it",
    "new_repos_per_day": "New repositories a day",
    "share_of_downloads": "Share of downloads",
    "share_of_new_derivatives": "Share of newly built models",
    "crossover_month": "Month of overtaking",
    "relative_adoption_day7": "Downloads in seven days, times what is usual",
    "share_price_change": "Change of the share price",
    "model_count": "Number of models",
    "models_with_base_model": "Models that name what they are built on",
    "ratio_30d_to_all_time": "Last 30 days as a share of all downloads so far",
    "share_of_router_tokens": "Share of text processed by one router",
    "share_of_top10_router_tokens": "Share among the ten busiest at one router",
    "weekly_router_tokens": "Text processed by one router in a week",
    "share_with_training_data_disclosed": "Share with training data disclosed",
    "user_count": "Number of users",
}
"""What each metric counts, for people who do not know our names for it."""


def metric_words(metric: str) -> str:
    """Plain words for ``metric``; a metric unknown to us keeps its own name."""
    return METRICS.get(metric, metric.replace("_", " "))


def of_family(milestones: pd.DataFrame, family: str) -> pd.DataFrame:
    """The published figures of ``family``, newest first, with three more columns.

    ``source_url`` is null where it is not an address of the web.

    ``counts`` says in plain words what is counted; ``first_day`` and
    ``last_day`` (datetime64) bound ``as_of``, which names a day, a month or a
    year.
    """
    rows = milestones[milestones["family"] == family].copy()
    rows["counts"] = rows["metric"].map(metric_words)
    rows["source_url"] = rows["source_url"].where(
        rows["source_url"].str.match(r"https?://", na=False)
    )
    rows["first_day"], rows["last_day"] = bounds(rows["as_of"])
    return rows.sort_values("last_day", ascending=False, kind="stable", ignore_index=True)


def kinds(figures: pd.DataFrame) -> list[str]:
    """What is counted by those of a family's figures that are numbers, most frequent first."""
    return figures[figures["value"].notna()]["counts"].value_counts().index.tolist()


def bounds(dates: pd.Series) -> tuple[pd.Series, pd.Series]:
    """First and last day of each day, month or year; NaT where it is none of them."""
    written = dates.where(dates.str.fullmatch(_DATE))
    year, month = written.str.len() == len("2026"), written.str.len() == len("2026-01")
    padded = written.mask(year, written + "-01-01").mask(month, written + "-01")
    first = pd.to_datetime(padded, format="%Y-%m-%d", errors="coerce")
    last = first.mask(year, first + pd.offsets.YearEnd())
    return first, last.mask(month, first + pd.offsets.MonthEnd())
