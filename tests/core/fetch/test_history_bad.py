"""Files of a public history that are not what they should be, each served by the fake Hub."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

from core.errors import SourceUnreadable
from core.fetch import history_rows
from core.fetch.history_pulse import ModelPulse
from tests.core.fetch.histories import FAMILIES, TODAY, parquet, read, repository, wish
from tests.fakes.history import PULSE, MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.world import World

if TYPE_CHECKING:
    from pathlib import Path

MONTH = "series/2025-08.parquet"
LEVELS = ("official", "everything")


def rows(**columns: Any) -> pa.Table:  # noqa: ANN401 - columns are anything here
    """Two days of two models, with the columns of the series unless told otherwise."""
    good: dict[str, Any] = {
        "id": ["Qwen/a", "Qwen/a", "x/b", "x/b"],
        "day": pa.array([date(2025, 8, 1), date(2025, 8, 2)] * 2),
        "dl30": pa.array([1, 2, 3, 4], pa.int32()),
        "dl_all": [10, 11, 20, 21],
        "likes": pa.array([0, 0, 0, 0], pa.int32()),
    }
    good |= columns
    return pa.table({name: values for name, values in good.items() if values is not None})


def get(content: bytes, level: str, scratch: Path, today: date = TODAY) -> pd.DataFrame:
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, {MONTH: content})
        return read(ModelPulse(repository(hub)), wish(level, today=today), scratch).all


def told(content: bytes, level: str, scratch: Path) -> str:
    with pytest.raises(SourceUnreadable) as caught:
        get(content, level, scratch)
    sentence = caught.value.sentence
    assert f"{MONTH} of Model Pulse" in sentence
    return sentence


@pytest.mark.parametrize("level", LEVELS)
class TestUnreadable:
    @pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
    def test_cut_short(self, level: str, share: float, tmp_path: Path) -> None:
        whole = parquet(rows())
        assert "cut short" in told(whole[: int(len(whole) * share)], level, tmp_path)

    def test_damaged_inside(self, level: str, tmp_path: Path) -> None:
        whole = bytearray(parquet(rows()))
        whole[4:60] = bytes(56)
        told(bytes(whole), level, tmp_path)

    def test_another_schema(self, level: str, tmp_path: Path) -> None:
        table = rows(day=None, when=[1, 2, 3, 4])
        sentence = told(parquet(table), level, tmp_path)
        assert "“when”" in sentence
        assert "“day” or “date” was expected" in sentence

    def test_another_type(self, level: str, tmp_path: Path) -> None:
        sentence = told(parquet(rows(day=[1.5, 2.5, 3.5, 4.5])), level, tmp_path)
        assert "“day” of type double; a date was expected" in sentence

    def test_counter_of_text(self, level: str, tmp_path: Path) -> None:
        sentence = told(parquet(rows(dl_all=["a", "b", "c", "d"])), level, tmp_path)
        assert "“dl_all” of type string; whole numbers was expected" in sentence

    def test_counter_of_fractions(self, level: str, tmp_path: Path) -> None:
        assert "no whole number" in told(parquet(rows(dl_all=[1.5] * 4)), level, tmp_path)

    def test_no_rows(self, level: str, tmp_path: Path) -> None:
        assert "holds no rows" in told(parquet(rows().slice(0, 0)), level, tmp_path)

    def test_name_of_a_column_is_never_long_nor_strange(self, level: str, tmp_path: Path) -> None:
        table = rows(day=None).append_column("x\n\x1b" * 400, pa.array([1] * 4))
        sentence = told(parquet(table), level, tmp_path)
        assert len(sentence) < 300
        assert sentence.isprintable()


@pytest.mark.parametrize("level", LEVELS)
class TestPutRight:
    def mine(self, frame: pd.DataFrame) -> list[tuple[str, int | None]]:
        mine = frame[frame["id"] == "Qwen/a"]
        return [
            (f"{day:%m-%d}", None if pd.isna(value) else int(value))
            for day, value in zip(mine["day"], mine["all_time"], strict=True)
        ]

    def test_names_and_types_that_are_documented(self, level: str, tmp_path: Path) -> None:
        table = pa.table(
            {
                "Model_Id": pa.array(["Qwen/a", "Qwen/a"]).dictionary_encode(),
                "date": pa.array([1754038800000, 1754125200000], pa.timestamp("ms")),
                "downloadsAllTime": pa.array([10.0, float("nan")]),
                "downloads": pa.array([3, 4], pa.uint16()),
            }
        )
        assert self.mine(get(parquet(table), level, tmp_path)) == [("08-01", 10), ("08-02", None)]

    def test_days_of_text(self, level: str, tmp_path: Path) -> None:
        table = rows(day=["2025-08-01", "2025-08-02"] * 2)
        assert self.mine(get(parquet(table), level, tmp_path)) == [("08-01", 10), ("08-02", 11)]

    def test_rows_out_of_order(self, level: str, tmp_path: Path) -> None:
        table = rows().take([3, 1, 2, 0])
        content = parquet(table, row_group_size=1)
        frame = get(content, level, tmp_path)
        assert self.mine(frame) == [("08-01", 10), ("08-02", 11)]
        assert frame["id"].is_monotonic_increasing

    def test_duplicate_days_keep_the_highest_counter(self, level: str, tmp_path: Path) -> None:
        table = pa.concat_tables([rows(), rows(dl_all=[12, None, 5, 30])]).sort_by("id")
        got = get(parquet(table, row_group_size=3), level, tmp_path)
        assert self.mine(got) == [("08-01", 12), ("08-02", 11)]

    def test_counters_over_32_bits(self, level: str, tmp_path: Path) -> None:
        big = 2**40
        table = rows(dl_all=[big, big + 1, big, big + 1])
        got = get(parquet(table), level, tmp_path)
        assert self.mine(got) == [("08-01", big), ("08-02", big + 1)]

    def test_counters_below_zero_are_unknown(self, level: str, tmp_path: Path) -> None:
        table = rows(dl_all=[-1, 11, 20, 21])
        assert self.mine(get(parquet(table), level, tmp_path)) == [("08-01", None), ("08-02", 11)]

    def test_days_to_come_and_of_other_months_are_left_out(
        self, level: str, tmp_path: Path
    ) -> None:
        days = [date(2025, 8, 1), date(2025, 8, 9), date(2024, 8, 1), date(2099, 8, 1)]
        table = rows(id=["Qwen/a"] * 4, day=pa.array(days))
        got = get(parquet(table), level, tmp_path, today=date(2025, 8, 5))
        assert self.mine(got) == [("08-01", 10)]

    def test_file_without_statistics_is_read_whole(self, level: str, tmp_path: Path) -> None:
        content = parquet(rows(), write_statistics=False)
        assert self.mine(get(content, level, tmp_path)) == [("08-01", 10), ("08-02", 11)]


def test_disorder_is_sorted_in_parts_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_rows, "_SORTED_AT_ONCE", 700)
    monkeypatch.setattr(history_rows, "BATCH_ROWS", 150)
    made = MadeHistory.of_families(
        FAMILIES, official=2, start=date(2025, 8, 1), end=date(2025, 8, 31)
    )
    table = made.published("2025-08")
    order = list(range(len(table)))
    shuffled = table.take(order[::7] + [at for at in order if at % 7])
    got = get(parquet(shuffled, row_group_size=300), "everything", tmp_path)
    wanted = table.to_pandas().groupby(["id", "day"], as_index=False)["dl_all"].max()
    wanted = wanted.sort_values(["id", "day"])
    assert got["id"].tolist() == wanted["id"].tolist()
    assert got["all_time"].tolist() == wanted["dl_all"].tolist()


def test_source_that_changes_between_two_months(tmp_path: Path) -> None:
    changed = rows(dl_all=None, total=[1, 2, 3, 4])
    with HubFake(World(FAMILIES)) as hub:
        earlier = rows(day=pa.array([date(2025, 7, 1), date(2025, 7, 2)] * 2))
        hub.datasets.put(
            PULSE, {MONTH: parquet(changed), "series/2025-07.parquet": parquet(earlier)}
        )
        history = ModelPulse(repository(hub))
        newest, before = history.missing(wish("official"), {})
        with pytest.raises(SourceUnreadable, match=r"“total”.*“dl_all”"):
            list(history.months(newest, wish("official"), tmp_path))
        (month,) = history.months(before, wish("official"), tmp_path)
        assert sum(len(table) for table in month.rows) == 2
