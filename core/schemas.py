"""The data contracts: every table of the store, column by column.

A table is a Parquet file whose columns, in this order, have these Arrow types.
Timestamps are UTC. A column that is not ``optional`` never holds a null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from datetime import date, datetime

VERSION: Final = 2
"""Version of the contracts. A file that names a higher one is not read."""

VERSION_KEY: Final = b"groundswell_schema"
"""Key of the version in a file's Parquet metadata."""

HUB: Final = "hub"
YAHOO: Final = "yahoo"
YAHOO_TYPED: Final = "yahoo-typed"
HISTORY: Final = "history"
"""Keys of the sources that a refresh reads or writes; ``data/sources.toml`` has all."""

OK: Final = "ok"
"""Outcome of a refresh that went well; any other is the name of an error."""

CANCELLED: Final = "Cancelled"
"""Outcome of a refresh that somebody ended: neither well nor ill."""

TEXT: Final = pa.string()
COUNT: Final = pa.int64()
REAL: Final = pa.float64()
DAY: Final = pa.date32()
MOMENT: Final = pa.timestamp("ms", tz="UTC")
TRUTH: Final = pa.bool_()


@dataclass(frozen=True)
class Column:
    """One column of a table: its Arrow type, and what it means in a sentence.

    Files of a version before ``since`` lack it; there it is empty.
    """

    name: str
    type: pa.DataType
    meaning: str
    optional: bool = False
    since: int = 1


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, and the columns that name a row.

    ``when`` is the column that dates a row. ``embedded`` says whether the
    snapshot has rows of it; other tables fill as the site is used.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    when: str
    embedded: bool = True

    @property
    def arrow(self) -> pa.Schema:
        """The table as an Arrow schema, with the contract's version inside."""
        fields = [pa.field(c.name, c.type, nullable=c.optional) for c in self.columns]
        return pa.schema(fields, metadata={VERSION_KEY: str(VERSION).encode()})


MODELS: Final = Table(
    "models",
    "a model known to the site",
    (
        Column("model_id", TEXT, "Hub name, account/repository"),
        Column("hub_id", TEXT, "the Hub's immutable id", optional=True),
        Column("family", TEXT, "family whose official model it is", optional=True),
        Column("maker", TEXT, "organisation behind that family", optional=True),
        Column("created_on", DAY, "day the repository was created", optional=True),
        Column("released_on", DAY, "day the model was launched", optional=True),
        Column("parameters", COUNT, "number of parameters", optional=True),
        Column("task", TEXT, "what the model is for, in the Hub's words", optional=True),
        Column("licence", TEXT, "licence declared by the author", optional=True),
        Column("library", TEXT, "software the model is made for", optional=True),
        Column("gated", TRUTH, "whether access has to be asked for", optional=True),
        Column("format", TEXT, "file format, such as gguf", optional=True),
        Column("first_seen", DAY, "first day a source listed it"),
        Column("last_seen", DAY, "last day a source listed it"),
    ),
    key=("model_id",),
    when="last_seen",
)

READINGS: Final = Table(
    "readings",
    "one look at a model's counters",
    (
        Column("model_id", TEXT, "Hub name, account/repository"),
        Column("read_at", MOMENT, "when; midnight where only the day is known"),
        Column("downloads_30d", COUNT, "downloads in the 30 days before", optional=True),
        Column("downloads_all_time", COUNT, "downloads since creation", optional=True),
        Column("likes", COUNT, "likes; empty is unknown, not zero", optional=True),
        Column("source", TEXT, "key of the source"),
    ),
    key=("model_id", "read_at", "source"),
    when="read_at",
)

LINKS: Final = Table(
    "links",
    "a parent that a model's author declared",
    (
        Column("child", TEXT, "the model that was built"),
        Column("parent", TEXT, "the model it was built on"),
        Column("relation", TEXT, "finetune, adapter, quantized or merge"),
        Column("seen_on", DAY, "day the declaration was seen"),
        Column("source", TEXT, "key of the source"),
    ),
    key=("child", "parent", "source"),
    when="seen_on",
)

DAILY: Final = Table(
    "daily",
    "downloads of a family or a model on one day",
    (
        Column("family", TEXT, "the family, where a row is one's", optional=True),
        Column("model_id", TEXT, "the model, where a row is one's", optional=True),
        Column("day", DAY, "the day, UTC"),
        Column("downloads", COUNT, "difference of two all-time readings"),
        Column("basis", TEXT, "which repositories are counted"),
        Column("source", TEXT, "key of the source"),
        Column("complete", TRUTH, "false for an unfinished day"),
        Column(
            "days",
            COUNT,
            "days that the figure covers; above one where the days before are missing",
            optional=True,
            since=2,
        ),
        Column(
            "all_time",
            COUNT,
            "all-time counter of the same repositories at the end of the day",
            optional=True,
            since=2,
        ),
    ),
    key=("family", "model_id", "day", "basis", "source"),
    when="day",
    embedded=False,
)

MODEL_DAILY: Final = Table(
    "model_daily",
    "downloads of an official model on one day",
    (
        Column("model_id", TEXT, "Hub name of today, account/repository"),
        Column("family", TEXT, "family whose official model it is"),
        Column("day", DAY, "the day, UTC"),
        Column("downloads", COUNT, "difference of two all-time readings"),
        Column("days", COUNT, "days that the figure covers, see table daily"),
        Column("all_time", COUNT, "all-time counter at the end of the day"),
        Column("source", TEXT, "key of the source"),
    ),
    key=("model_id", "day", "source"),
    when="day",
    embedded=False,
)

PRICES: Final = Table(
    "prices",
    "a share on one trading session",
    (
        Column("ticker", TEXT, "the exchange's short name of the share"),
        Column("session", DAY, "date of the session at the exchange"),
        Column("close", REAL, "closing price as traded", optional=True),
        Column("adjusted_close", REAL, "adjusted for dividends and splits", optional=True),
        Column("index_100", REAL, "adjusted close, first session = 100", optional=True),
        Column("currency", TEXT, "currency the share trades in"),
        Column("source", TEXT, "key of the source"),
        Column("read_at", MOMENT, "when the source was read", optional=True),
    ),
    key=("ticker", "session", "source"),
    when="session",
)

REVENUE: Final = Table(
    "revenue",
    "what a company took in in one quarter",
    (
        Column("ticker", TEXT, "the exchange's short name of the share"),
        Column("quarter_end", DAY, "last day of the quarter, as the source dates it"),
        Column("revenue", REAL, "total revenue as reported"),
        Column("currency", TEXT, "currency the company reports in"),
        Column("source", TEXT, "key of the source"),
        Column("read_at", MOMENT, "when the source was read"),
    ),
    key=("ticker", "quarter_end", "source", "read_at"),
    when="quarter_end",
    embedded=False,
)

MILESTONES: Final = Table(
    "milestones",
    "a figure somebody published",
    (
        Column("as_of", TEXT, "day, month or year the figure is for"),
        Column("reported_on", TEXT, "day, month or year it was published"),
        Column("family", TEXT, "family it speaks of, where it is one", optional=True),
        Column("subject", TEXT, "what it counts for, in the publisher's words"),
        Column("metric", TEXT, "what is counted"),
        Column("value", REAL, "the figure, where it is a number", optional=True),
        Column("value_text", TEXT, "the figure as published"),
        Column("unit", TEXT, "its unit, with 'about' or 'more than'"),
        Column("source_name", TEXT, "who said it"),
        Column("source_url", TEXT, "where"),
        Column("note", TEXT, "what to know before quoting it", optional=True),
    ),
    key=("as_of", "subject", "metric", "source_name", "value_text"),
    when="as_of",
)

EVENTS: Final = Table(
    "events",
    "something that happened",
    (
        Column("date", DAY, "the day; see date_precision"),
        Column("date_precision", TEXT, "day, month or approximate"),
        Column("at", MOMENT, "the moment, where it is known", optional=True),
        Column("subject", TEXT, "family or topic"),
        Column("kind", TEXT, "kind of event"),
        Column("title", TEXT, "what happened"),
        Column("source_name", TEXT, "who reported it"),
        Column("source_url", TEXT, "where; empty where it is not known", optional=True),
    ),
    key=("date", "subject", "title"),
    when="date",
)

ARTEFACTS: Final = Table(
    "artefacts",
    "a period in which a counter or a history is not what it seems",
    (
        Column("start", DAY, "first day"),
        Column("end", DAY, "last day; empty where it has not ended", optional=True),
        Column("kind", TEXT, "gap, step, method, rename, rollback, outlier ..."),
        Column("scope", TEXT, "which counter, history or model it touches"),
        Column("what", TEXT, "what happened"),
        Column("source", TEXT, "who found it"),
    ),
    key=("start", "kind", "scope"),
    when="start",
)

REFRESHES: Final = Table(
    "refreshes",
    "one attempt to bring the store up to date",
    (
        Column("started_at", MOMENT, "start"),
        Column("finished_at", MOMENT, "end", optional=True),
        Column("source", TEXT, "key of the source"),
        Column("outcome", TEXT, "ok or the name of the error"),
        Column("rows", COUNT, "rows written"),
        Column("requests", COUNT, "requests made"),
        Column("message", TEXT, "one plain sentence", optional=True),
    ),
    key=("started_at", "source"),
    when="started_at",
    embedded=False,
)

LISTINGS: Final = Table(
    "listings",
    "the last time the Hub was asked what is built on a model",
    (
        Column("parent", TEXT, "the model that was asked about"),
        Column("asked_at", MOMENT, "when"),
        Column("children", COUNT, "models that declare it as their base"),
        Column("complete", TRUTH, "false where the answer was not read to its end"),
        Column("source", TEXT, "key of the source"),
    ),
    key=("parent", "source"),
    when="asked_at",
    embedded=False,
)

HISTORY_FILES: Final = Table(
    "history_files",
    "a file of a public history that was read",
    (
        Column("source", TEXT, "key of the source"),
        Column("path", TEXT, "the file's path there"),
        Column("revision", TEXT, "version of the dataset that was read, the Hub's hash"),
        Column("licence", TEXT, "licence that the source stated then"),
        Column("level", TEXT, "accounts, official or everything"),
        Column("bytes", COUNT, "bytes that were fetched of it"),
        Column("rows", COUNT, "rows that were kept of it"),
        Column("first_day", DAY, "first day it holds", optional=True),
        Column("last_day", DAY, "last day it holds", optional=True),
        Column("read_at", MOMENT, "when it was read"),
    ),
    key=("source", "path", "level"),
    when="read_at",
    embedded=False,
)

TABLES: Final = {
    table.name: table
    for table in (
        MODELS,
        READINGS,
        LINKS,
        LISTINGS,
        DAILY,
        MODEL_DAILY,
        HISTORY_FILES,
        PRICES,
        REVENUE,
        MILESTONES,
        EVENTS,
        ARTEFACTS,
        REFRESHES,
    )
}


@dataclass(frozen=True)
class Family:
    """A maker's line of models, as ``data/makers.toml`` defines it."""

    name: str
    maker: str
    country: str
    accounts: tuple[str, ...]
    pattern: str
    company: str
    ticker: str
    also_listed: tuple[str, ...]
    market_benchmark: str
    sector_benchmark: str
    colour: str
    note: str


@dataclass(frozen=True)
class Source:
    """Where rows come from, as ``data/sources.toml`` defines it."""

    key: str
    name: str
    address: str
    licence: str
    comparable: bool
    holds: str


@dataclass(frozen=True)
class WorkedExample:
    """The news story the site starts from, as ``data/worked_example.toml`` tells it.

    ``price`` is in US dollars at the moment ``at``, during trading; ``closes``
    are the closing prices around that day by session.
    """

    at: datetime
    ticker: str
    price: float
    said: str
    source_name: str
    source_url: str
    closes: tuple[tuple[date, float], ...]
    closes_source: str


@dataclass(frozen=True)
class Claim:
    """A published sentence in our own words, as ``data/claims.toml`` defines it.

    - ``kind``: measurable, opinion, not found or no public source
    - ``published_on``: day, month or year; empty where it is not known, as
      ``address`` is
    - ``subject``: a family, a model's Hub name or a share's short name
    - ``measure``, ``relation``: see ``measure.claims``; ``measure`` is empty
      where the site's tables cannot reach what is claimed, and ``why`` says so
    - ``value`` in ``unit``: a count, percent, times, place, or for a month of
      overtaking the number of months since year 0
    - ``period``: a day, month or year, or two of them as ``2026-01..2026-07``
    - ``against``: the families compared with; ``next_families``: how many of
      the next ones, 0 where it is not about them
    - ``basis``: key of the basis that the publisher used, where we have it, or
      ``claims_terms.BEYOND``; ``counts``: what the publisher counted, in words
    - ``price``: a share's price that was named, in its currency; 0 without
    - ``word``: what to look for in our sources
    """

    key: str
    kind: str
    text: str
    publisher: str = ""
    address: str = ""
    published_on: str = ""
    story: bool = False
    subject: str = ""
    measure: str = ""
    relation: str = ""
    value: float = 0.0
    unit: str = ""
    period: str = ""
    against: tuple[str, ...] = ()
    next_families: int = 0
    basis: str = ""
    counts: str = ""
    price: float = 0.0
    word: str = ""
    why: str = ""
    note: str = ""
