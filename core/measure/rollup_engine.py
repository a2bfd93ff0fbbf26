"""Where a roll-up is computed: DuckDB within this process, or Spark.

Both read the counter files where they lie and run the expressions of
``rollup_steps``: DuckDB a month after the other, where it may add up models
without a hole by a shorter way, Spark all months at once. Neither is imported
before it is needed, and Spark is none of the site's requirements: ``make
test-spark`` installs it.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from core.errors import SettingError, StoreError, TableUnreadable
from core.settings import DUCKDB, SPARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

MEMORY_LIMIT: Final = "2GB"
"""What DuckDB may keep in memory; beyond it, it goes on from the disk."""

_TABLE: Final = "counters"
_SETTING: Final = "GROUNDSWELL_ENGINE"
_GIVEN: Final = "given"


class Engine(Protocol):
    """Computes expressions over counter files.

    ``by_file`` tells whether files are best taken one after the other, which
    bounds the memory, or all at once, which keeps many machines busy.
    """

    by_file: bool

    def files(self, paths: Sequence[str]) -> ir.Table:
        """Parquet files of one schema as one table."""

    def frame(self, rows: pa.Table) -> ir.Table:
        """``rows`` as a table."""

    def kept(self, table: ir.Table) -> ir.Table:
        """Compute ``table`` once, for several uses. Raises ``StoreError`` as ``rows`` does."""

    def rows(self, table: ir.Table) -> pa.Table:
        """Compute ``table``. Raises ``StoreError`` where a file cannot be read."""

    def forget(self) -> None:
        """Let go of every table that was made of files or frames."""


@contextmanager
def opened(name: str, scratch: Path | None = None, memory: str = MEMORY_LIMIT) -> Iterator[Engine]:
    """The engine that ``name`` asks for, until the end of the context.

    ``name`` is "duckdb", "spark" (on this machine) or the address of a Spark
    master. DuckDB keeps in ``scratch`` what does not fit into ``memory``; by
    default among the machine's temporary files. Raises ``SettingError`` where
    Spark is wanted and is not there.
    """
    with tempfile.TemporaryDirectory(prefix="rollup-", dir=scratch) as folder:
        engine = _DuckDB(folder, memory) if name == DUCKDB else _Spark(name, folder)
        try:
            yield engine
        finally:
            engine.close()


class _Base:
    """What both have in common: named tables of one Ibis backend."""

    _backend: BaseBackend
    _errors: tuple[type[Exception], ...]

    def __init__(self) -> None:
        self._named: list[str] = []

    def _name(self) -> str:
        self._named.append(f"{_TABLE}_{len(self._named)}")
        return self._named[-1]

    def rows(self, table: ir.Table) -> pa.Table:
        """Compute ``table``."""
        try:
            found: pa.Table = self._backend.to_pyarrow(table)
        except self._errors as error:
            raise self._fault(error) from error
        return found

    def _fault(self, error: Exception) -> StoreError:
        full = "no space left" in str(error).lower() or "out of memory" in str(error).lower()
        if full:
            sentence = "The daily history could not be added up: memory or disk is full."
            return StoreError(_TABLE, sentence, advice="Make room, then refresh again.")
        sentence = "A file of the daily history cannot be read: it is cut short or was changed."
        return TableUnreadable(
            _TABLE, sentence, advice="Refresh again: what cannot be read is fetched anew."
        )


class _DuckDB(_Base):
    """DuckDB within this process."""

    by_file = True

    def __init__(self, folder: str, memory: str) -> None:
        import duckdb  # noqa: PLC0415 - only a refresh needs it
        import ibis  # noqa: PLC0415

        super().__init__()
        self._errors = (duckdb.Error,)
        self._duckdb = ibis.duckdb.connect(
            memory_limit=memory,
            temp_directory=folder,
            preserve_insertion_order=False,
        )
        # A refresh writes one line a step, and nothing else.
        self._duckdb.raw_sql("SET enable_progress_bar = false")
        self._backend = self._duckdb

    def files(self, paths: Sequence[str]) -> ir.Table:
        try:
            return self._duckdb.read_parquet(list(paths), table_name=self._name())
        except self._errors as error:
            raise self._fault(error) from error

    def frame(self, rows: pa.Table) -> ir.Table:
        name = self._name()
        self._duckdb.con.register(_GIVEN, rows)
        try:
            self._make(name, f"SELECT * FROM {_GIVEN}")  # noqa: S608 - our own name
        finally:
            self._duckdb.con.unregister(_GIVEN)
        return self._duckdb.table(name)

    def kept(self, table: ir.Table) -> ir.Table:
        name = self._name()
        # Ibis takes the sum of whole numbers for one of 64 bits, where DuckDB has 128.
        columns = ", ".join(
            f"{column}::BIGINT AS {column}" if kind.is_int64() else column
            for column, kind in table.schema().items()
        )
        self._make(name, f"SELECT {columns} FROM ({self._duckdb.compile(table)})")  # noqa: S608
        return self._duckdb.table(name)

    def forget(self) -> None:
        for name in self._named:
            kind = "VIEW" if name in self._views() else "TABLE"
            self._duckdb.raw_sql(f"DROP {kind} IF EXISTS {name}")
        self._named.clear()

    def close(self) -> None:
        self._duckdb.disconnect()

    def _make(self, name: str, query: str) -> None:
        try:
            self._duckdb.raw_sql(f"CREATE TABLE {name} AS {query}")
        except self._errors as error:
            raise self._fault(error) from error

    def _views(self) -> set[str]:
        found = self._duckdb.raw_sql("SELECT view_name FROM duckdb_views()").fetchall()
        return {str(name) for (name,) in found}


class _Spark(_Base):
    """Spark, on this machine or at the address of a master."""

    by_file = False

    def __init__(self, master: str, folder: str) -> None:
        try:
            from pyspark.errors import PySparkException  # noqa: PLC0415 - none of the requirements
            from pyspark.sql import SparkSession  # noqa: PLC0415
        except ImportError as error:
            raise SettingError(
                _SETTING, f"{_SETTING} asks for Spark, which is not installed."
            ) from error
        import ibis  # noqa: PLC0415
        from py4j.protocol import Py4JError  # noqa: PLC0415

        super().__init__()
        self._errors = (PySparkException, Py4JError)
        self._persisted: list[Any] = []
        try:
            self._session: Any = (
                SparkSession.builder.master("local[*]" if master == SPARK else master)
                .appName("groundswell")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.execution.arrow.pyspark.enabled", "true")
                .config("spark.sql.warehouse.dir", folder)
                .getOrCreate()
            )
        except (*self._errors, RuntimeError) as error:
            message = f"{_SETTING} asks for Spark, which cannot be started or reached."
            raise SettingError(_SETTING, message) from error
        self._backend = ibis.pyspark.connect(self._session)

    def files(self, paths: Sequence[str]) -> ir.Table:
        name = self._name()
        try:
            self._session.read.parquet(*paths).createOrReplaceTempView(name)
        except self._errors as error:
            raise self._fault(error) from error
        return self._backend.table(name)

    def frame(self, rows: pa.Table) -> ir.Table:
        name = self._name()
        self._session.createDataFrame(rows).createOrReplaceTempView(name)
        return self._backend.table(name)

    def kept(self, table: ir.Table) -> ir.Table:
        name = self._name()
        rows = self._session.sql(self._backend.compile(table)).persist()
        rows.createOrReplaceTempView(name)
        self._persisted.append(rows)
        return self._backend.table(name)

    def forget(self) -> None:
        for rows in self._persisted:
            rows.unpersist()
        self._persisted.clear()
        for name in self._named:
            self._session.catalog.dropTempView(name)
        self._named.clear()

    def close(self) -> None:
        self._session.stop()
