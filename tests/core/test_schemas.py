from __future__ import annotations

import pyarrow as pa
import pytest

from core.schemas import DAY, MOMENT, TABLES, Table

# The data contract of the design, written out by hand; "?" marks what may be null.
CONTRACT = {
    "models": "model_id hub_id? family? maker? created_on? released_on? parameters? task? "
    "licence? library? gated? format? first_seen last_seen",
    "readings": "model_id read_at downloads_30d? downloads_all_time? likes? source",
    "links": "child parent relation seen_on source",
    "listings": "parent asked_at children complete source",
    "daily": "family? model_id? day downloads basis source complete days? all_time?",
    "model_daily": "model_id family day downloads days all_time source",
    "history_files": "source path revision licence level bytes rows first_day? last_day? read_at",
    "prices": "ticker session close? adjusted_close? index_100? currency source read_at?",
    "revenue": "ticker quarter_end revenue currency source read_at",
    "milestones": "as_of reported_on family? subject metric value? value_text unit "
    "source_name source_url note?",
    "events": "date date_precision at? subject kind title source_name source_url?",
    "artefacts": "start end? kind scope what source",
    "refreshes": "started_at finished_at? source outcome rows requests message?",
}
TYPES = {
    pa.string(): "model_id hub_id family maker task licence library format source child parent "
    "relation basis path revision level ticker currency as_of reported_on subject "
    "metric value_text unit source_name source_url note date_precision kind title "
    "scope what outcome message",
    pa.int64(): "parameters downloads_30d downloads_all_time likes downloads rows requests "
    "children days all_time bytes",
    pa.float64(): "close adjusted_close index_100 value revenue",
    pa.bool_(): "gated complete",
    pa.date32(): "created_on released_on first_seen last_seen seen_on day session date start end "
    "first_day last_day quarter_end",
    pa.timestamp("ms", tz="UTC"): "read_at at started_at finished_at asked_at",
}
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def test_tables_are_those_of_the_contract() -> None:
    assert set(TABLES) == set(CONTRACT)


@every_table
def test_columns_and_their_order_are_those_of_the_contract(table: Table) -> None:
    found = [column.name + "?" * column.optional for column in table.columns]
    assert found == CONTRACT[table.name].split()


@every_table
def test_every_column_has_the_type_its_name_promises(table: Table) -> None:
    wanted = {name: kind for kind, names in TYPES.items() for name in names.split()}
    for column in table.columns:
        assert column.type == wanted[column.name], column.name


@every_table
def test_arrow_schema_says_the_same_and_carries_the_version(table: Table) -> None:
    schema = table.arrow
    assert [field.name + "?" * field.nullable for field in schema] == CONTRACT[table.name].split()
    assert schema.metadata == {b"groundswell_schema": b"2"}


@every_table
def test_table_is_listed_under_its_own_name(table: Table) -> None:
    assert TABLES[table.name] is table


@every_table
def test_key_and_date_are_columns_and_names_are_unique(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert len(set(table.key)) == len(table.key) > 0
    assert {*table.key, table.when} <= set(names)


@every_table
def test_date_of_a_row_is_never_null(table: Table) -> None:
    when = next(column for column in table.columns if column.name == table.when)
    assert not when.optional
    assert when.type in {DAY, MOMENT} or table.name == "milestones"


@every_table
def test_every_column_says_what_it_means(table: Table) -> None:
    meanings = [column.meaning for column in table.columns]
    assert all(meaning.strip() == meaning != "" for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


def test_only_what_the_site_records_itself_is_not_embedded() -> None:
    own = {name for name, table in TABLES.items() if not table.embedded}
    assert own == {"daily", "model_daily", "history_files", "listings", "refreshes", "revenue"}
