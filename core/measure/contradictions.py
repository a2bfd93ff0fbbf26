"""Published figures that contradict each other, and who counts what."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

APART: Final = 1.1
"""Figures that differ by less than a tenth can both be right: they are rounded, and move."""

CLOSE: Final = 62
"""Days within which two figures are about the same time."""

_WHO: Final = (
    (
        r"ATOM|Lambert|Interconnects|[Tt]racked|[Tt]racker",
        "language models that the ATOM Project tracks, official ones only",
    ),
    (
        r"Kaggle|partner|platform|derivatives and",
        "other platforms or derivatives as well, or does not say which",
    ),
    (
        r"[Cc]ompany|Google (figure|employee)|[Tt]eam|Meta newsroom|Alibaba|Zuckerberg|keynote",
        "what the maker itself counts",
    ),
    (
        r"Hub count|Hugging Face counts|by organisation|hub-stats|same count|direct descendants",
        "repositories as the Hub shows them",
    ),
    (r"llmfit|pulse|counter", "the Hub's counter of 30 days, as others read it"),
)
_TOTAL: Final = "cumulative_downloads"
_NOT_SAID: Final = "something that is not stated"
_COLUMNS: Final = (
    "counts", "subject", "first_as_of", "first", "first_by", "second_as_of", "second",
    "second_by", "times", "reason",
)  # fmt: skip


def who_counts(source: str, note: str, unit: str) -> str:
    """What a publisher counts, by the words of its own figure."""
    said = f"{source} {note} {unit}"
    return next((meaning for words, meaning in _WHO if re.search(words, said)), _NOT_SAID)


def contradictions(figures: pd.DataFrame) -> pd.DataFrame:
    """Pairs of figures of one subject and kind, close in time, that differ by a tenth or more.

    ``figures`` is ``milestones.of_family``. Columns: what it ``counts``, its
    ``subject``, both figures with their date and publisher, how many ``times``
    the larger is the smaller, and the likely ``reason``; the largest first.
    """
    known = figures[figures["value"].notna() & figures["last_day"].notna()]
    rows = []
    for (counts, subject), group in known.groupby(["counts", "subject"], sort=False):
        ordered = group.sort_values(["last_day", "value"], kind="stable")
        members = [row for _, row in ordered.iterrows()]
        for at, one in enumerate(members):
            rows += [
                _pair(str(counts), str(subject), one, other)
                for other in members[at + 1 :]
                if _apart(one, other)
            ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.sort_values("times", ascending=False, kind="stable", ignore_index=True)


def flagged(figures: pd.DataFrame, artefacts: pd.DataFrame) -> pd.Series:
    """A word on figures that stand out, empty for the others; same index.

    A total below an earlier one of the same subject, and a figure of a model
    inside a period that the list of artefacts calls an outlier. They are kept.
    """
    words = []
    outliers = artefacts[artefacts["kind"] == "outlier"]
    totals = figures["metric"] == _TOTAL
    for _, row in figures.iterrows():
        said = ""
        if pd.notna(row["last_day"]) and pd.notna(row["value"]):
            same = totals & (figures["subject"] == row["subject"])
            earlier = figures.loc[same & (figures["last_day"] < row["first_day"]), "value"]
            if row["metric"] == _TOTAL and (earlier > row["value"]).any():
                said = "below an earlier figure: another way to count"
            if _in_outlier(row, outliers):
                said = "outlier: kept, and named among the known problems"
        words.append(said)
    return pd.Series(words, index=figures.index, dtype="str")


def _in_outlier(row: pd.Series, outliers: pd.DataFrame) -> bool:
    """Whether a figure is one of a model inside a period in which it is an outlier."""
    names = outliers["scope"].str.partition("/")[2]
    ends = outliers["end"].fillna(outliers["start"])
    touched = (outliers["start"] <= row["last_day"]) & (ends >= row["last_day"])
    return bool((touched & (names == row["subject"])).any())


def _apart(one: pd.Series, other: pd.Series) -> bool:
    """Whether two figures are about the same time, by others, and differ."""
    if one["source_name"] == other["source_name"]:
        return False
    near = abs((one["last_day"] - other["last_day"]).days) <= CLOSE
    low, high = sorted((float(one["value"]), float(other["value"])))
    return bool(near and low > 0 and high / low >= APART)


def _pair(counts: str, subject: str, one: pd.Series, other: pd.Series) -> tuple[object, ...]:
    values = float(one["value"]), float(other["value"])
    who = [
        who_counts(str(row["source_name"]), str(row["note"]), str(row["unit"]))
        for row in (one, other)
    ]
    reason = f"{one['source_name']}: {who[0]}. {other['source_name']}: {who[1]}."
    if who[0] == who[1]:
        reason = f"Both: {who[0]}. Why they differ is not known."
    return (
        counts,
        subject,
        one["as_of"],
        values[0],
        one["source_name"],
        other["as_of"],
        values[1],
        other["source_name"],
        max(values) / min(values),
        reason,
    )
