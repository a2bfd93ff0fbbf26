"""What is in the store, as the data page shows it and gives it away."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from core.draw import words
from core.draw.timeline import span_data
from core.errors import StoreError
from core.measure import inventory as measure
from core.schemas import MODELS, PRICES, READINGS, TABLES
from core.ui.export import Facts, csv

if TYPE_CHECKING:
    from datetime import date

    from core.schemas import Table
    from core.ui.site import Site

NAMED_IN_ROW = "named in every row"

_LONGEST_NAME = 100
"""Characters of outside text in the name of a bar."""


def tables(site: Site, now: date) -> pd.DataFrame:
    """A row a table: rows, span, age, source, licence, where it is, any fault."""
    return pd.DataFrame([_row(site, table, now) for table in TABLES.values()])


def table_facts(site: Site, table: Table) -> Facts:
    """What to know before quoting a table as a whole."""
    frame = site.frame(table.name)
    span = measure.span(frame, table)
    return Facts(
        source=_origin(site, frame, "name"),
        as_of=words.iso(span[1]) if span else "no rows",
        basis=f"Each row is {table.row}",
        licence=_origin(site, frame, "licence"),
        cautions=[f"Rows from {words.iso(span[0])} on."] if span else [],
    )


def table_csv(site: Site, name: str) -> bytes:
    """Every row of a table that may be passed on, as CSV. Raises its ``StoreError``."""
    frame = site.frame(name)
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
        for name in ("SOURCES.md", "LICENSE.md"):
            archive.writestr(f"groundswell/{name}", site.store.text(name))
    return buffer.getvalue()


def models_known(site: Site) -> pd.DataFrame:
    """How many models each column is known of."""
    return measure.known(site.frame(MODELS.name), MODELS)


def readable(site: Site) -> list[str]:
    """Names of the tables that hold something and can be read."""
    names = []
    for name in TABLES:
        try:
            if len(site.frame(name)):
                names.append(name)
        except StoreError:
            continue
    return names


def headline(site: Site, now: date) -> str:
    """How many readings there are, of what, and how old the newest is."""
    frame = site.frame(READINGS.name)
    span = measure.span(frame, READINGS)
    if span is None:
        return "The store holds no reading yet."
    return (
        f"{words.plural(len(frame), 'reading')} of "
        f"{words.plural(frame['model_id'].nunique(), 'model')} by "
        f"{words.plural(frame['source'].nunique(), 'source')}, from {words.day(span[0])} to "
        f"{words.day(span[1])}, {words.age(span[1], now)}."
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
        "origin": _origin(site, loaded.frame, "name"),
        "licence": _origin(site, loaded.frame, "licence"),
        "where": "snapshot" if loaded.embedded else "own store",
        "state": faults or "in use",
    }


def _origin(site: Site, frame: pd.DataFrame, field: str) -> str:
    if "source" not in frame or not set(frame["source"]) <= set(site.sources):
        return NAMED_IN_ROW if field == "name" else site.sources["published"].licence
    keys = sorted(frame["source"].unique())
    return "; ".join(dict.fromkeys(str(getattr(site.sources[key], field)) for key in keys))
