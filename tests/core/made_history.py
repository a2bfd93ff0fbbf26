"""A year of daily history with numbers small enough to add up by hand.

Rates are downloads a day, in thousands, constant within a month. There is a
gap of five days told in one figure of six, a day on which the Hub took counts
back, an unfinished day, a family that comes later, a model that is suddenly
most of its family, and a second source whose figures must not count where the
first has its own.
"""

from __future__ import annotations

import pandas as pd

from core.measure.bases import DERIVATIVES, LANGUAGE, OFFICIAL, SHARED
from core.schemas import ARTEFACTS, DAILY, MODEL_DAILY, Table

FIRST, LAST = pd.Timestamp("2025-07-01"), pd.Timestamp("2026-07-01")
GAP = pd.date_range("2026-02-10", "2026-02-14")
"""Days without a figure: that of 15 February covers six days."""
UNFINISHED = LAST
TAKEN_BACK = pd.Timestamp("2026-03-10")
LAUNCHED = pd.Timestamp("2026-05-01")
BURST = "Qwen/Qwen-Burst"

CONSTANT = {"Mistral": 100, "Gemma": 100, "gpt-oss": 50, "Nemotron": 50, "Phi": 50, "GLM": 20}
QWEN = {"2025-07": 500, "2025-08": 600, "2025-09": 800, "2025-10": 850, "2025-11": 900}
"""Qwen's rate by month; 1,000 from December 2025 on."""
OTHER_BASES = {
    DERIVATIVES: {
        "Qwen": 1500, "Llama": 900, "DeepSeek": 300, "Mistral": 250, "Gemma": 200, "gpt-oss": 60,
        "Nemotron": 60, "Phi": 60, "GLM": 30, "Kimi": 15,
    },
    SHARED: {
        "Qwen": 1300, "Llama": 700, "DeepSeek": 200, "Mistral": 150, "Gemma": 120, "gpt-oss": 55,
        "Nemotron": 55, "Phi": 55, "GLM": 25, "Kimi": 12,
    },
    LANGUAGE: {
        "Qwen": 800, "Llama": 250, "DeepSeek": 150, "Mistral": 90, "Gemma": 60, "gpt-oss": 50,
        "Nemotron": 30, "Phi": 40, "GLM": 20, "Kimi": 10,
    },
}  # fmt: skip
COUNTERS = {"Qwen": 100_000, "Llama": 130_000}
"""All-time counters before the first day, in thousands; of the others 1,000."""
ACCOUNTS = {
    "Qwen": "Qwen", "Llama": "meta-llama", "DeepSeek": "deepseek-ai", "Mistral": "mistralai",
    "Gemma": "google", "gpt-oss": "openai", "Nemotron": "nvidia", "Phi": "microsoft",
    "GLM": "zai-org", "Kimi": "moonshotai", "Hunyuan": "tencent",
}  # fmt: skip


def official_rates() -> pd.DataFrame:
    """Thousands a day of official models, a row a day, a column a family."""
    days = pd.date_range(FIRST, LAST)
    rates = pd.DataFrame(CONSTANT, index=days, dtype="float64")
    month = pd.Series(days.strftime("%Y-%m"), days)
    new_year = days >= pd.Timestamp("2026-01-01")
    rates["Qwen"] = month.map(QWEN).fillna(1000)
    rates["Llama"] = [140.0 if late else 300.0 for late in new_year]
    rates["Kimi"] = [120.0 if late else 10.0 for late in new_year]
    rates["DeepSeek"] = 150.0
    rates["Hunyuan"] = [40.0 if day >= LAUNCHED else float("nan") for day in days]
    rates.loc[TAKEN_BACK, "Phi"] = -200
    rates.loc[UNFINISHED] /= 2
    return rates


def daily() -> pd.DataFrame:
    """Table ``daily``: five bases of the first source, and a second that is wrong."""
    found = [_rows(official_rates(), OFFICIAL)]
    for basis, rates in OTHER_BASES.items():
        constant = pd.DataFrame(rates, index=pd.date_range(FIRST, LAST), dtype="float64")
        found.append(_rows(constant, basis))
    wrong = found[0][found[0]["day"].between("2025-08-01", "2025-08-05")]
    within_gap = wrong.assign(day=wrong["day"] + pd.Timedelta(days=195))  # 12 to 16 February 2026
    second = pd.concat([wrong, within_gap]).assign(source="harvardmadsys", downloads=999_000_000)
    rows = pd.concat([second, *found], ignore_index=True)
    return _typed(rows.assign(model_id=None), DAILY)


def model_daily() -> pd.DataFrame:
    """Table ``model_daily``: five models a family, equal but for Qwen's in December 2025."""
    rates = official_rates()
    models: dict[str, pd.Series] = {}
    families: dict[str, str] = {}
    for family, account in ACCOUNTS.items():
        share = rates[family] / 5
        names = [f"{account}/{family}-{number}" for number in range(1, 6)]
        if family == "GLM":
            names[3:] = ["THUDM/GLM-4", "THUDM/GLM-5"]
        if family == "Qwen":
            burst = pd.Series(100.0, rates.index)
            burst.loc["2025-12-01":"2025-12-31"] = 800.0
            burst.loc[UNFINISHED] = 50.0
            names[0] = BURST
            models[BURST], share = burst, (rates[family] - burst) / 4
        families |= dict.fromkeys(names, family)
        models = dict.fromkeys(names, share) | models
    rows = _rows(pd.DataFrame(models), OFFICIAL)
    rows = rows.rename(columns={"family": "model_id"})
    return _typed(rows.assign(family=rows["model_id"].map(families)), MODEL_DAILY)


def artefacts() -> pd.DataFrame:
    """One that touches the history, one of a model, one of another counter, one without end."""
    rows = [
        ("2026-02-10", "2026-02-14", "gap", "history", "Missing from the history"),
        ("2025-12-05", "2025-12-20", "outlier", BURST, "One small model"),
        ("2025-12-01", "2025-12-31", "step", "downloads_30d", "Another counter"),
        ("2025-12-01", None, "method", "history", "A rule"),
    ]
    frame = pd.DataFrame(rows, columns=["start", "end", "kind", "scope", "what"])
    return _typed(frame.assign(source="made up"), ARTEFACTS)


def _rows(rates: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Rows of ``rates``; the gap's days are in the figure after it."""
    figures = rates * 1000
    counters = figures.cumsum() + pd.Series(
        {name: 1000.0 * COUNTERS.get(name, 1_000) for name in rates}
    )
    after = GAP[-1] + pd.Timedelta(days=1)
    figures.loc[after] = figures.loc[GAP[0] : after].sum(min_count=1)
    kept = ~rates.index.isin(GAP)
    long = _long(figures[kept], "downloads").dropna()
    long = long.merge(_long(counters[kept], "all_time"), on=["day", "family"])
    return long.assign(
        basis=basis,
        source="modelpulse",
        complete=long["day"] != UNFINISHED,
        days=(long["day"] == after).map({True: 6, False: 1}),
    )


def _long(wide: pd.DataFrame, name: str) -> pd.DataFrame:
    indexed = wide.rename_axis(index="day", columns="family").reset_index()
    return indexed.melt("day", var_name="family", value_name=name)


def _typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """``frame`` as the store gives it back."""
    kinds = {"day": "datetime64[s]", "start": "datetime64[s]", "end": "datetime64[s]"}
    kinds |= dict.fromkeys(("downloads", "days", "all_time"), "Int64")
    columns = [column.name for column in table.columns]
    held = {name: kind for name, kind in kinds.items() if name in columns}
    return frame[columns].astype(held)
