"""What is in the store, as the data page shows it and gives it away."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from core.draw import words
from core.draw.timeline import span_data
from core.errors import NothingToShow, StoreError
from core.measure import inventory as measure
from core.schemas import MODEL_DAILY, MODELS, PRICES, READINGS, REVENUE, TABLES, YAHOO
from core.store.counts import Counts
from core.ui import daily
from core.ui.export import Facts, csv
from core.ui.site import KEPT

if TYPE_CHECKING:
    from datetime import date

    from core.schemas import Table
    from core.store.counts import Counted
    from core.store.store import Store
    from core.ui.site import Site

NAMED_IN_ROW = "named in every row"

STAYS_HERE = (
    "Not in any file: revenue, closing prices and the shares that readers typed. They are read "
    "from Yahoo for personal use, are shown on the pages and may not be passed on."
)
"""What to say wherever the tables are given away."""

TOO_LARGE = (
    "Too large for a file from this page: {}. Each is a folder of Parquet files in the store's own "
    "folder (GROUNDSWELL_HOME), which many programs can read."
)
"""What to say of the tables that are too large to be put together in a server."""

NOT_COUNTED = "Not counted yet: the next refresh counts it."

_LONGEST_NAME = 100
"""Characters of outside text in the name of a bar."""


def tables(site: Site, now: date) -> pd.DataFrame:
    """A row a table: rows, span, age, source, licence, where it is, any fault."""
    return pd.DataFrame([_row(site, table, now) for table in TABLES.values()])


def large(site: Site, name: str) -> bool:
    """Whether table ``name`` is too large to be read here; a refresh counts its rows."""
    return site.once(_large, site.store, name)


def faults(site: Site) -> list[StoreError]:
    """Files that could not be used although others could; of large tables as a refresh met them."""
    held = [name for name in TABLES if name != MODEL_DAILY.name and not large(site, name)]
    apart = [name for name in TABLES if large(site, name) and name in KEPT and site.kept]
    return [*site.faults(*held, *apart), *daily.model_faults(site)]


def table_facts(site: Site, table: Table) -> Facts:
    """What to know before quoting a table as a whole."""
    frame = site.frame(table.name)
    span = measure.span(frame, table)
    return Facts(
        source=_origin(site, _sources(frame), "name"),
        as_of=words.iso(span[1]) if span else "no rows",
        basis=f"Each row is {table.row}",
        licence=_origin(site, _sources(frame), "licence"),
        cautions=[f"Rows from {words.iso(span[0])} on."] if span else [],
    )


def table_csv(site: Site, name: str) -> bytes:
    """Every row of a table that may be passed on, as CSV. Raises its ``StoreError``."""
    frame = site.frame(name)
    if name == REVENUE.name:
        frame = frame[frame["source"] != YAHOO]
    if name == PRICES.name:
        # Closes are Yahoo's and for personal use; the embedded index is all that leaves.
        frame = frame[frame["close"].isna() & frame["adjusted_close"].isna()]
    return csv(frame, table_facts(site, TABLES[name]))


def everything(site: Site) -> bytes:
    """All tables that can be read, as CSV files in one ZIP, with origins and licence."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in readable(site):
            archive.writestr(f"groundswell/{name}.csv", table_csv(site, name))
        archive.writestr("groundswell/NOT-INCLUDED.txt", "\n".join([*stays(site), ""]))
        for name in ("SOURCES.md", "LICENSE.md"):
            archive.writestr(f"groundswell/{name}", site.store.text(name))
    return buffer.getvalue()


def stays(site: Site) -> list[str]:
    """What is in no file, and why."""
    names = [name for name in TABLES if large(site, name)]
    return [STAYS_HERE, *([TOO_LARGE.format(words.listing(names))] if names else [])]


def models_known(site: Site) -> pd.DataFrame:
    """How many models each column is known of. Raises ``NothingToShow`` before it is counted."""
    if not large(site, MODELS.name):
        return measure.known(site.frame(MODELS.name), MODELS)
    counted = _counted(site, MODELS.name)
    return measure.known_of(counted.known, counted.rows, MODELS)


def readable(site: Site) -> list[str]:
    """Names of the tables that can be read and hold something that may be passed on."""
    names = []
    for name in TABLES:
        if large(site, name):
            continue
        try:
            frame = site.frame(name)
        except StoreError:
            continue
        if name == REVENUE.name:
            frame = frame[frame["source"] != YAHOO]
        if len(frame):
            names.append(name)
    return names


def headline(site: Site, now: date) -> str:
    """How many readings there are, of what, and how old the newest is."""
    if large(site, READINGS.name):
        counted = _counted(site, READINGS.name)
        rows, models, sources = counted.rows, counted.models, len(counted.sources)
        days = (pd.Timestamp(counted.first), pd.Timestamp(counted.last))
    else:
        frame = site.frame(READINGS.name)
        span = measure.span(frame, READINGS)
        if span is None:
            return "The store holds no reading yet."
        rows, models, days = len(frame), frame["model_id"].nunique(), span
        sources = frame["source"].nunique()
    return (
        f"{words.plural(rows, 'reading')} of {words.plural(models, 'model')} by "
        f"{words.plural(sources, 'source')}, from {words.day(days[0])} to "
        f"{words.day(days[1])}, {words.age(days[1], now)}."
    )


def tables_sentence(rows: pd.DataFrame) -> str:
    """How many tables hold how many rows."""
    filled = rows[rows["rows"] > 0]
    return (
        f"{words.plural(len(filled), 'table')} of {len(rows)} hold "
        f"{words.plural(int(filled['rows'].sum()), 'row')} in all."
    )


def store_facts() -> Facts:
    """What to know before quoting what is in the store."""
    return Facts(
        source="Named in every row",
        as_of="Named in every row",
        basis="What the store of this site holds now, table by table",
        licence="Named in every row",
    )


def table_bars(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of ``tables`` that have dates, as data of a timeline."""
    dated = rows[rows["last"].notna()]
    spans = pd.DataFrame(
        {
            "label": dated["table"] + ": " + dated["rows"].map("{:,}".format) + " rows",
            "start": dated["first"],
            "end": dated["last"],
            "words": "One row is " + dated["row"],
        }
    )
    return span_data(spans)


def artefact_bars(artefacts: pd.DataFrame, now: date) -> dict[str, pd.DataFrame]:
    """Artefacts as data of a timeline; one that has not ended runs to today."""
    spans = pd.DataFrame(
        {
            "label": artefacts["kind"].map(_brief) + ": " + artefacts["scope"].map(_brief),
            "start": artefacts["start"],
            "end": artefacts["end"].fillna(pd.Timestamp(now)),
            "words": artefacts["what"],
        }
    )
    return span_data(spans)


def _brief(text: str) -> str:
    return words.quoted(text, _LONGEST_NAME)


def artefact_facts() -> Facts:
    """What to know before quoting an artefact."""
    return Facts(
        source=NAMED_IN_ROW.capitalize(),
        as_of="Named in every row; an empty end means that it has not ended",
        basis="Periods in which a counter or a public history is not what it seems",
        licence="none stated; single facts, quoted with their source",
    )


def unknown_sentence(known: pd.DataFrame) -> str:
    """Which columns of the models nobody knows yet."""
    empty = known.loc[known["known"] == 0, "meaning"].tolist()
    if not empty:
        return "Something is known in every column."
    return (
        "Not known offline for any model, and so not shown anywhere: "
        f"{words.listing(empty)}. Live data will bring them."
    )


def _row(site: Site, table: Table, now: date) -> dict[str, object]:
    row: dict[str, object] = {
        "table": table.name,
        "row": table.row,
        "rows": 0,
        "first": None,
        "last": None,
        "age": "",
        "origin": "",
        "licence": "",
        "where": "",
        "state": "",
    }
    if large(site, table.name):
        return row | _large_row(site, table, now)
    try:
        loaded = site.loaded(table.name)
    except StoreError as error:
        return row | {"state": error.sentence}
    first, last = measure.span(loaded.frame, table) or (None, None)
    faults = " ".join(fault.sentence for fault in loaded.faults)
    return row | {
        "rows": len(loaded.frame),
        "first": first,
        "last": last,
        "age": words.age(last, now) if last is not None else "",
        "origin": _origin(site, _sources(loaded.frame), "name"),
        "licence": _origin(site, _sources(loaded.frame), "licence"),
        "where": "snapshot" if loaded.embedded else "own store",
        "state": faults or "in use",
    }


def _large_row(site: Site, table: Table, now: date) -> dict[str, object]:
    try:
        counted = _counted(site, table.name)
    except NothingToShow as nothing:
        return {"where": "own store", "state": nothing.sentence}
    last = pd.Timestamp(counted.last)
    return {
        "rows": counted.rows,
        "first": pd.Timestamp(counted.first),
        "last": last,
        "age": words.age(last, now),
        "origin": _origin(site, counted.sources, "name"),
        "licence": _origin(site, counted.sources, "licence"),
        "where": "own store",
        "state": "in use",
    }


def _large(store: Store, name: str) -> bool:
    return Counts(store).large(TABLES[name])


def _counted(site: Site, name: str) -> Counted:
    counted = site.once(Counts(site.store).read, TABLES[name])
    if counted is None:
        raise NothingToShow(NOT_COUNTED)
    return counted


def _sources(frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(frame["source"].unique())) if "source" in frame else ()


def _origin(site: Site, sources: tuple[str, ...], field: str) -> str:
    if not sources or not set(sources) <= set(site.sources):
        return NAMED_IN_ROW if field == "name" else site.sources["published"].licence
    return "; ".join(dict.fromkeys(str(getattr(site.sources[key], field)) for key in sources))
