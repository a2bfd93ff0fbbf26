"""Sentences about a branch of a family tree. They hold no outside text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.draw import words

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.coverage import Coverage
    from core.measure.tree import Branch, Downloads

SAMPLE: Final = (
    "Declared by the models' authors, possibly stale, in a **sample of seven roots** seen in April "
    "and June 2025: far from all there is. Adapters are under-counted. What others have counted "
    "stands below."
)
AREA_IS_NUMBER: Final = "Its area is their number."
WIDTH_IS_NUMBER: Final = "Its width is the number of models: itself and those below it."


def known(coverage: Coverage) -> str:
    """How much of what is built on the models is known, and who says so."""
    if coverage.until is None:
        return SAMPLE
    return (
        "What is built on a model is declared by its authors, possibly stale, as the Hub told "
        f"until **{words.day(coverage.until)}**. So far {coverage.official_asked:,} of "
        f"{words.plural(coverage.official, 'official model')} have been asked about, and "
        f"{coverage.derived_asked:,} of the {words.plural(coverage.derived, 'model')} found to be "
        "built on them; **what is built on the others is not known yet**. What a sample of 2025 "
        "had is included."
    )


def leaf(coverage: Coverage) -> str:
    """That nothing is built on a model, as far as is known."""
    return f"Nothing{'' if coverage.live else ' in the sample'} is known to be built on this model."


def largest(roots: pd.DataFrame, coverage: Coverage) -> str:
    """How many models are built on the root with most of them."""
    first = roots.iloc[0]
    where = "As far as is known" if coverage.live else "In a sample of 2025"
    return (
        f"{where}, {words.plural(int(first['below']), 'model')} "
        f"{_are(int(first['below']))} declared to be built on one model of {first['family']}: "
        "directly, or over several steps."
    )


def branch(branch: Branch, family: str, coverage: Coverage, *, is_root: bool) -> str:
    """How many models are built on the one in focus, and how."""
    what = f"this root of {family}" if is_root else f"this model, which goes back to {family}"
    where = "As far as is known," if coverage.live else "In the sample"
    total = len(branch)
    if not total:
        return f"{where} no model is built on {what}."
    direct, deepest = branch.direct, int(branch.level[-1])
    sentence = f"{where} {words.plural(total, 'model')} {_are(total)} built on {what}"
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


def levels(total: int) -> str:
    """What a tile of the view by level stands for."""
    return (
        f"Each row is one step further from the model in focus, for {words.plural(total, 'model')} "
        "in all. A tile is one model, and what is built on it lies below; a mixture of several "
        "lies below one of them. The table names them all."
    )


def downloads_known(downloads: Downloads, total: int, *, side: str = "area") -> str:
    """For how many models the downloads are known, and of which day."""
    return (
        f"Its {side} is downloads in the 30 days to {words.day(downloads.day)}, known for "
        f"{downloads.known:,} of {words.plural(total, 'model')}. A tile of which nothing "
        "is known is among the others."
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
