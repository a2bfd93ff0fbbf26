"""A store full of hostile text: markup, addresses, formulas and signs that change direction."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from core.schemas import (
    ARTEFACTS,
    DAILY,
    EVENTS,
    HISTORY_FILES,
    LINKS,
    LISTINGS,
    MILESTONES,
    MODEL_DAILY,
    MODELS,
    PRICES,
    READINGS,
    REFRESHES,
    REVENUE,
)
from core.store import parquet

if TYPE_CHECKING:
    from pathlib import Path

MARK = "zyx"
"""Is in every hostile text and in no other."""

EVIL = "evil.example"
"""A host that nobody may be made to ask."""

BIDI = "\u202e\u2067\u200b\u200d\ufeff"

FORMULAS = (
    f"=cmd|'/C calc'!{MARK}",
    f"+1+{MARK}",
    f"-1-{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f"\n={MARK}",
    f"\uff1d{MARK}",
    f"x;={MARK}",
)

TEXTS = (
    f"<script>window.pwned='{MARK}'</script>",
    f'<img src="https://{EVIL}/{MARK}.png" onerror="window.pwned=1">',
    f"[{MARK}](https://{EVIL}/link)",
    f"![{MARK}](https://{EVIL}/picture.png)",
    f"[{MARK}](javascript:window.pwned=1)",
    f"javascript:window.pwned='{MARK}'",
    f"https://{EVIL}/{MARK}",
    f":material/home: :red[{MARK}] :blue-badge[{MARK}]",
    f"$\\frac{{{MARK}}}{{b}}$ and $${MARK}$$",
    f"**{MARK}** _it_ `code` ~~gone~~",
    f"# {MARK}\n\n- one\n\n| a | b |\n|---|---|\n| {MARK} | d |",
    f"{BIDI}gnp.{MARK}{BIDI}",
    MARK + "x" * 10_000,
    f"{MARK} " * 2_500,
    f"{MARK}\0\x07\x1b[31m",
    *FORMULAS,
)
"""What somebody may have written where a name, a title or a sentence is expected."""

NAMES = (
    f"<img src=x onerror=window.pwned='{MARK}'>",
    f"<svg onload=window.pwned='{MARK}'>",
    f"[{MARK}](javascript:window.pwned=1)",
    f"![{MARK}](x.png)",
    f":material_home: :red[{MARK}] ${MARK}$ **b** `c`",
    f"{BIDI}gnp.{MARK}{BIDI}",
    MARK + "x" * 10_000,
    f"x;={MARK}",
)
"""The same without a slash, so that it can be the name of a repository."""

FILE_NAME = f"<img src=x onerror=window.pwned='{MARK}'>[{MARK}](x) {BIDI}.parquet"

ROOT_MODEL, END_MODEL = "Qwen/the-root", "Qwen/the-end"

DAY = pd.Timestamp("2026-11-20")
MOMENT = pd.Timestamp("2026-11-20 08:00", tz="UTC")


def plant(home: Path, texts: tuple[str, ...] = TEXTS, names: tuple[str, ...] = NAMES) -> None:
    """A store full of hostile text, beside which the snapshot stays."""
    ids = [f"Qwen/{name}" for name in names]
    for table, rows in {
        READINGS: _readings(ids),
        MODELS: _models(ids, texts),
        LINKS: _links(ids, texts),
        LISTINGS: _listings(ids),
        DAILY: _daily(ids[0]),
        MODEL_DAILY: _model_daily(ids),
        HISTORY_FILES: _history_files(texts),
        PRICES: _prices(texts),
        REVENUE: _revenue(texts),
        MILESTONES: _milestones(texts),
        EVENTS: _events(texts),
        ARTEFACTS: _artefacts(ids, texts),
        REFRESHES: _refreshes(texts),
    }.items():
        frame = rows[[column.name for column in table.columns]]
        parquet.write(frame, home / table.name / "2026-11-20T080000Z.parquet", table)


def _readings(ids: list[str]) -> pd.DataFrame:
    """The hostile models lead, and were read on two days."""
    rows = [
        (model, moment, 900_000_000 // (at + 1), 10**9, 1)
        for moment in (MOMENT, MOMENT - pd.Timedelta(days=9))
        for at, model in enumerate(ids)
    ]
    columns = ["model_id", "read_at", "downloads_30d", "downloads_all_time", "likes"]
    return pd.DataFrame(rows, columns=columns).assign(source="hub")


def _models(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    rows = [(f"Qwen/model-{at}", text, text, text, text) for at, text in enumerate(texts)] + [
        (model, *(texts[at % len(texts)],) * 4) for at, model in enumerate(ids)
    ]
    rows += [(text, text, text, text, text) for text in texts]
    columns = ["model_id", "task", "licence", "library", "format"]
    frame = pd.DataFrame(rows, columns=columns)
    official = frame["model_id"].str.startswith("Qwen/")
    return frame.assign(
        hub_id=[f"{MARK}{at}" for at in range(len(frame))],
        family=pd.Series("Qwen", frame.index).where(official, None),
        maker=frame["licence"],
        created_on=DAY,
        released_on=DAY,
        parameters=1,
        gated=False,
        first_seen=DAY,
        last_seen=DAY,
    )


def _links(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    """Children with hostile ids under the largest root, and one long way down through them."""
    root = ROOT_MODEL
    pairs = [(text, root, text) for text in texts]
    pairs += [(f"{text}/{MARK}", text, "finetune") for text in texts]
    way = [root, *ids, END_MODEL, "Qwen/the-very-end"]
    pairs += [(child, parent, "merge") for parent, child in pairwise(way)]
    # More than any other family has, so that the tree page opens here.
    pairs += [(f"somebody/{at:05}", root, "adapter") for at in range(300)]
    columns = ["child", "parent", "relation"]
    return pd.DataFrame(pairs, columns=columns).assign(seen_on=DAY, source="hub")


def _listings(ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"parent": ids}).assign(
        asked_at=MOMENT, children=1, complete=True, source="hub"
    )


def _daily(model: str) -> pd.DataFrame:
    days = pd.date_range(DAY - pd.Timedelta(days=3), DAY)
    basis = [f"official {MARK}"] * len(days)
    return pd.DataFrame({"day": days, "downloads": 5, "basis": basis}).assign(
        family=None,
        model_id=model,
        source=f"={MARK}",
        complete=True,
        days=1,
        all_time=10**9,
    )


def _model_daily(ids: list[str]) -> pd.DataFrame:
    """The hostile models on four days, the first of them more than all others together."""
    days = pd.date_range(DAY - pd.Timedelta(days=3), DAY)
    rows = [
        (model, day, 9_000_000 // (at + 1) ** 2, 10**9)
        for at, model in enumerate(ids)
        for day in days
    ]
    columns = ["model_id", "day", "downloads", "all_time"]
    return pd.DataFrame(rows, columns=columns).assign(family="Qwen", days=1, source="modelpulse")


def _history_files(texts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {"path": texts, "revision": texts, "licence": texts, "level": texts}
    ).assign(
        source="modelpulse",
        bytes=5_000_000,
        rows=9,
        first_day=DAY - pd.Timedelta(days=3),
        last_day=DAY,
        read_at=MOMENT,
    )


def _prices(texts: tuple[str, ...]) -> pd.DataFrame:
    """Tickers nobody listed, and a currency and a source for a share that is shown."""
    tickers = [*texts, "BABA"]
    frame = pd.DataFrame({"ticker": tickers, "source": [*texts, f"=unknown {MARK}"]})
    return frame.assign(
        session=pd.Timestamp("2026-01-12"),
        close=None,
        adjusted_close=None,
        index_100=100.0,
        currency=f"@{MARK}",
        read_at=None,
    )


def _revenue(texts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({"ticker": ["BABA", *texts], "currency": ["USD", *texts]}).assign(
        quarter_end=pd.Timestamp("2026-09-30"), revenue=1e9, source="yahoo", read_at=MOMENT
    )


def _milestones(texts: tuple[str, ...]) -> pd.DataFrame:
    known = ("cumulative_downloads", "derivative_count")
    rows = [
        (metric, text)
        for text in texts
        for metric in (*known, text)  # an unknown metric keeps its own name
    ]
    frame = pd.DataFrame(rows, columns=["metric", "subject"])
    text = frame["subject"]
    return frame.assign(
        as_of=pd.Series(["2026-01-12", "2026-01"] * len(frame))[: len(frame)],
        reported_on=text,
        family="Qwen",
        value=7e8,
        value_text=text,
        unit=text,
        source_name=text,
        source_url=text,
        note=text,
    )


def _events(texts: tuple[str, ...]) -> pd.DataFrame:
    text = pd.Series(texts)
    return pd.DataFrame(
        {"title": text, "kind": text, "source_name": text, "source_url": text}
    ).assign(
        date=pd.Timestamp("2026-01-12"),
        date_precision=["day" if at % 2 else one for at, one in enumerate(texts)],
        at=None,
        subject=["Qwen" if at % 2 else one for at, one in enumerate(texts)],
    )


def _artefacts(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    """Hostile words about the counter on show, and about models on show."""
    text = pd.Series([*texts, *texts])
    scopes = ["downloads_30d"] * len(texts) + [ids[at % len(ids)] for at in range(len(texts))]
    return pd.DataFrame({"kind": text, "what": text, "source": text, "scope": scopes}).assign(
        start=DAY - pd.Timedelta(days=5), end=pd.NaT
    )


def _refreshes(texts: tuple[str, ...]) -> pd.DataFrame:
    """The sources of the panel failed with hostile words; others nobody knows."""
    sources = [*texts[:6], "hub", "yahoo", "history"]
    messages = [*texts[:6], texts[0], MARK + "x" * 10_000, texts[1]]
    return pd.DataFrame({"source": sources, "message": messages}).assign(
        started_at=MOMENT, finished_at=MOMENT, outcome=messages, rows=0, requests=0
    )
