"""Sentences about a branch of a family tree. They hold no outside text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.draw import words

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.tree import Branch, Downloads

SAMPLE: Final = (
    "Declared by the models' authors, in a **sample of seven roots** seen in April and June 2025: "
    "far from all there is. Adapters are under-counted. What others have counted stands below."
)
AREA_IS_NUMBER: Final = "Its area is their number."
LEAF: Final = "Nothing in the sample is built on this model."


def largest(roots: pd.DataFrame) -> str:
    """How many models are built on the root with most of them."""
    first = roots.iloc[0]
    return (
        f"In a sample of 2025, {words.plural(int(first['below']), 'model')} "
        f"{_are(int(first['below']))} declared to be built on one model of {first['family']}: "
        "directly, or over several steps."
    )


def branch(branch: Branch, family: str, *, is_root: bool) -> str:
    """How many models are built on the one in focus, and how."""
    what = f"this root of {family}" if is_root else f"this model, which goes back to {family}"
    total = len(branch.rows)
    if not total:
        return f"In the sample no model is built on {what}."
    direct = int((branch.rows["level"] == 1).sum())
    deepest = int(branch.rows["level"].max())
    sentence = f"In the sample {words.plural(total, 'model')} {_are(total)} built on {what}"
    if deepest > 1:
        sentence += f", {direct:,} of them directly and the rest over up to {deepest} steps"
    return sentence + "."


def tiles(direct: int) -> str:
    """What a tile stands for."""
    return (
        f"Each tile is one of the {words.plural(direct, 'model')} built directly on it, together "
        "with all that is built on that; a mixture of several stands in each of them. The table "
        "names them all."
    )


def downloads_known(downloads: Downloads, total: int) -> str:
    """For how many models the downloads are known, and of which day."""
    return (
        f"Its area is downloads in the 30 days to {words.day(downloads.day)}, known for "
        f"{len(downloads.by_model):,} of {words.plural(total, 'model')}. A tile of which nothing "
        "is known is among the others."
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
