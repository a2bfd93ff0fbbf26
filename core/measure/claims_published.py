"""Published figures as claims: which of them the site's tables can reach at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.measure import claims_terms as terms
from core.schemas import Claim

if TYPE_CHECKING:
    from core.measure.claims_figures import Figures

NEXT_EIGHT: Final = (
    "Llama",
    "DeepSeek",
    "gpt-oss",
    "Mistral",
    "Nemotron",
    "GLM",
    "Kimi",
    "MiniMax",
)
"""The families of the eight companies that the comparison of December 2025 names."""

_WORDS: Final = (
    ("more than", terms.MORE),
    ("greater than", terms.MORE),
    ("nearly", terms.NEARLY),
    ("about", terms.ABOUT),
    ("approx", terms.ABOUT),
)

_OUT_OF_REACH: Final = {
    "model_count": "The site follows sixteen families, not all models of the Hub.",
    "models_with_base_model": "The site follows sixteen families, not all models of the Hub.",
    "ratio_30d_to_all_time": "The site follows sixteen families, not all models of the Hub.",
    "daily_downloads": "The site follows sixteen families, not all downloads of the Hub.",
    "downloads_top1000": "The site follows sixteen families, not the Hub's thousand most "
    "downloaded models.",
    "share_of_downloads": "The share is one of all downloads of the Hub, or of a group of models "
    "that the site does not follow: the whole is not in its tables.",
    "share_of_new_derivatives": "The share is one of all models newly built on the Hub: the whole "
    "is not in the site's tables.",
    "share_of_router_tokens": "It is about text processed by a router: a source the site does not "
    "read.",
    "share_of_top10_router_tokens": "It is about text processed by a router: a source the site "
    "does not read.",
    "weekly_router_tokens": "It is about text processed by a router: a source the site does not "
    "read.",
    "share_with_training_data_disclosed": "What makers disclose is in none of the site's tables.",
    "user_count": "A download is not a user: no table of the site counts people.",
    "repos_tagging_family": "It counts repositories that mention the family, whether built on it "
    "or not: the site counts those that declare it as their base.",
    "new_repos_per_day": "It counts repositories that mention the family: the site counts those "
    "that declare it as their base.",
    "gguf_monthly_downloads": "It counts copies in one format, mostly other people's: the site's "
    "daily history has no figure by format.",
    "average_monthly_downloads": "It is a total divided by an age, with copies grouped in by the "
    "publisher: the grouping is not known.",
    "relative_adoption_day7": "It compares with the usual model of a size: that usual is the "
    "publisher's own.",
}
"""Why no table of the site reaches a kind of figure."""

_MEASURES: Final = {
    "cumulative_downloads": terms.ALL_TIME,
    "monthly_downloads": terms.PERIOD,
    "monthly_downloads_ratio": terms.PERIOD,
    "downloads_in_period": terms.PERIOD,
    "downloads_first_week": terms.PERIOD,
    "downloads_first_month": terms.PERIOD,
    "derivative_count": terms.DERIVATIVES,
    "share_price_change": terms.PRICE,
    "crossover_month": terms.CROSSING,
}
_ALSO_CALLED: Final = {
    "Meta (meta-llama)": "Llama",
    "Moonshot (Kimi)": "Kimi",
    "IBM Granite": "Granite",
    "Ai2 OLMo": "OLMo",
}

_NOT_FOLLOWED: Final = (
    "It is about “{subject}”, which is none of the families that the site follows."
)
_A_PART: Final = (
    "It is about “{subject}”, a part of the family: the site counts whole families and single "
    "models."
)
_BEYOND: Final = re.compile(r"platform|Kaggle|partner|adds derivatives", re.IGNORECASE)
"""In the note of a figure that is not one of the Hub alone."""

_MONTHS: Final = re.compile(
    r"(?P<from>[A-Z][a-z]+)(?: (?P<year>[0-9]{4}))? to (?P<to>[A-Z][a-z]+) (?P<last>[0-9]{4})"
)


def from_milestones(figures: Figures) -> tuple[Claim, ...]:
    """A claim for every published figure, in the table's order.

    Where the tables cannot reach what it counts, ``measure`` is empty and
    ``why`` says so. Texts are the publishers' own: text from outside.
    """
    known = _model_ids(figures)
    return tuple(
        _claim(row, at, figures.names, known)
        for at, (_, row) in enumerate(figures.milestones.iterrows())
    )


def _claim(row: pd.Series, at: int, names: tuple[str, ...], known: dict[str, str]) -> Claim:
    def text(name: str) -> str:
        return str(row[name]) if isinstance(row[name], str) else ""

    measure, subject, why = _reach(text("metric"), text("subject"), names, known)
    period, unit = text("as_of"), text("unit")
    value = row["value"]
    number = None if pd.isna(value) else float(value)
    against: tuple[str, ...] = ()
    if measure == terms.CROSSING:
        months = terms.span(text("value_text"))
        number = float(terms.month_number(months.first)) if months else None
        subject, _, other = text("subject").partition(" vs ")
        against, period = (other,), ""
    if text("metric") == "monthly_downloads_ratio":
        against = NEXT_EIGHT
    if measure == terms.PERIOD and text("metric") != "monthly_downloads_ratio":
        period, why = _period(text("metric"), period, unit, why)
    if measure == terms.PERIOD and "trailing 30 days" in unit:
        measure = terms.COUNTER if len(text("as_of")) == 10 else measure  # noqa: PLR2004 - a day
        period = text("as_of")
    if number is None:
        why = why or "It is no number."
    return Claim(
        key=f"published-{at}",
        kind="measurable",
        text=f"{text('subject')}: {text('value_text')} {unit}",
        publisher=text("source_name"),
        address=text("source_url") if text("source_url").startswith("https://") else "",
        published_on=text("reported_on"),
        subject=subject,
        measure="" if why else measure,
        relation=_relation(unit),
        value=number or 0.0,
        unit=unit,
        period=period,
        against=against,
        basis=terms.BEYOND if _BEYOND.search(text("note")) else "",
        why=why,
        note=text("note"),
    )


def _reach(
    metric: str, subject: str, names: tuple[str, ...], known: dict[str, str]
) -> tuple[str, str, str]:
    """Measure and subject of a published figure, and why it is out of reach, if it is."""
    measure = _MEASURES.get(metric, "")
    if not measure:
        return "", subject, _OUT_OF_REACH.get(metric, "It counts what no table of the site counts.")
    if measure == terms.PRICE:
        return measure, subject.partition("(")[2].rstrip(")"), ""
    if measure == terms.CROSSING:
        return measure, subject, ""
    name = _ALSO_CALLED.get(subject, subject.partition(" (")[0])
    if metric == "monthly_downloads_ratio":
        name = subject.partition(" vs ")[0]
    if name in names:
        return measure, name, ""
    if subject.casefold() in known:
        return measure, known[subject.casefold()], ""
    part = any(subject.startswith(name) for name in names)
    return measure, subject, (_A_PART if part else _NOT_FOLLOWED).format(subject=subject)


def _period(metric: str, as_of: str, unit: str, why: str) -> tuple[str, str]:
    """The days of a figure for a period, and why they are not known, if they are not."""
    if metric == "downloads_in_period":
        found = _MONTHS.search(unit)
        days = _months(found) if found else ""
        return days, why or ("" if days else "Its first and last day are not stated.")
    if metric in {"downloads_first_week", "downloads_first_month"}:
        return as_of, why or "The day of release is not among the published figures."
    if len(as_of) == 10:  # noqa: PLR2004 - a day: a month up to then is meant
        end = pd.Timestamp(as_of)
        first = end - pd.Timedelta(days=29)
        return f"{first:%Y-%m-%d}..{as_of}", why
    return as_of, why


def _months(found: re.Match[str]) -> str:
    year = found["year"] or found["last"]
    try:
        first = pd.to_datetime(f"1 {found['from']} {year}", format="%d %B %Y")
        last = pd.to_datetime(f"1 {found['to']} {found['last']}", format="%d %B %Y")
    except ValueError:
        return ""
    return f"{first:%Y-%m}..{last:%Y-%m}"


def _relation(unit: str) -> str:
    return next((relation for word, relation in _WORDS if word in unit), terms.SAYS)


def _model_ids(figures: Figures) -> dict[str, str]:
    """Hub names of official models by the part after the slash, in small letters."""
    ids = figures.official["model_id"].drop_duplicates().tolist()
    ids += list(figures.single.models) if figures.single else []
    return {str(model).partition("/")[2].casefold(): str(model) for model in ids}
