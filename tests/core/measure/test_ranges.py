"""Questions a reader would ask of the leaderboard over a range, answered by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from core.draw import range_headlines as headlines
from core.errors import NothingToShow
from core.measure import series
from core.measure.bases import DERIVATIVES, OFFICIAL, SHARED
from core.measure.history import SOURCE_ORDER, history
from core.measure.model_rows import model_history
from core.measure.ranges import Range, RangeBoard, artefacts_in, board, sparks, within
from tests.core import made_history as made

DAILY, ARTEFACTS = made.daily(), made.artefacts()
HISTORY = history(DAILY, OFFICIAL, ARTEFACTS)
MODELS = model_history(made.model_daily(), SOURCE_ORDER)


def days(start: str, end: str) -> Range:
    return Range(pd.Timestamp(start), pd.Timestamp(end))


def of(start: str, end: str) -> RangeBoard:
    return board(HISTORY, days(start, end), models=MODELS, official=HISTORY)


def row(told: RangeBoard, family: str) -> pd.Series:
    return told.rows.set_index("family").loc[family]


DECEMBER = of("2025-12-01", "2025-12-31")
HALF = of("2026-01-01", "2026-06-30")


def test_who_led_in_december_2025_and_with_how_much() -> None:
    # 31 × (1,000 + 300 + 150 + 100 + 100 + 50 + 50 + 50 + 20 + 10) thousand = 56.73 million
    assert DECEMBER.denominator == 31 * 1_830_000
    first = DECEMBER.rows.iloc[0]
    assert (first["family"], first["downloads"], first["per_day"]) == ("Qwen", 31e6, 1e6)
    assert first["share"] == pytest.approx(1000 / 1830)
    assert headlines.leader(DECEMBER) == (
        "Official models only: Qwen led in December 2025 with 31.0 million downloads, 54.6% of "
        "the 56.7 million of 10 families."
    )
    assert headlines.lead(DECEMBER) == "That is 3.3 times Llama, which is second."


def test_which_family_gained_most_ranks_in_the_first_half_of_2026() -> None:
    # The 181 days before: 4 July to 31 December 2025, Kimi tenth with 10,000 a day.
    # Now with 120,000: behind Qwen, DeepSeek (150,000) and Llama (140,000).
    assert (row(HALF, "Kimi")["rank_before"], row(HALF, "Kimi")["rank"]) == (10, 4)
    assert row(HALF, "Kimi")["rank_change"] == 6
    assert headlines.moved(HALF) == (
        "Against the 181 days before, Kimi (10 to 4) gained most ranks (6) and Phi (6 to 9) lost "
        "most (3)."
    )


def test_how_much_did_llama_fall_from_one_half_year_to_the_next() -> None:
    assert row(HALF, "Llama")["downloads"] == 181 * 140_000
    assert row(HALF, "Llama")["before"] == 181 * 300_000
    assert row(HALF, "Llama")["change"] == pytest.approx(140 / 300 - 1)


def test_was_it_one_model() -> None:
    (burst,) = DECEMBER.bursts
    assert burst.biggest == made.BURST
    assert burst.biggest_share == pytest.approx(0.8)
    # 31 October to 30 November: 31 × 100 of 850 + 30 × 900
    assert burst.biggest_share_before == pytest.approx(3_100 / 27_850)
    assert headlines.burst(burst) == (
        "One model was 80.0% of Qwen's downloads of official models, after 11.1% in the period "
        "before."
    )
    assert of("2025-11-01", "2025-11-30").bursts == ()


def test_what_did_february_2026_have_although_five_days_are_missing() -> None:
    told = of("2026-02-01", "2026-02-28")
    assert row(told, "Qwen")["downloads"] == 28_000_000
    assert row(told, "Qwen")["missing"] == 0
    assert "One figure covers up to 6 days" in headlines.gaps(told)


def test_range_that_cuts_the_gap_counts_only_what_lies_inside_and_says_so() -> None:
    told = of("2026-02-12", "2026-02-20")
    assert row(told, "Qwen")["downloads"] == 5_000_000
    assert row(told, "Qwen")["per_day"] == 1_000_000
    assert headlines.gaps(told) == (
        "Not every one of the 9 days has figures: they are missing for every family (4 days), and "
        "not filled in. A figure after a gap covers several days and cannot be divided: where it "
        "reaches over an edge of these dates it is not counted."
    )
    assert told.rows["rank_change"].isna().all()
    assert "are not told" in headlines.moved(told)


def test_who_was_below_zero_on_the_day_the_hub_took_counts_back() -> None:
    told = of("2026-03-10", "2026-03-10")
    assert told.ranked[-1].family == "Phi"
    assert row(told, "Phi")["downloads"] == -200_000
    assert "Phi is below zero because the Hub took counts back" in headlines.gaps(told)
    assert headlines.leader(told).startswith("Official models only: Qwen led on 10 March 2026")


def test_what_is_hunyuan_s_place_before_it_came() -> None:
    assert DECEMBER.without_figures == ("Hunyuan",)
    assert pd.isna(row(DECEMBER, "Hunyuan")["rank"])
    may = of("2026-05-01", "2026-05-31")
    assert row(may, "Hunyuan")["rank"] == 10  # 40,000 a day, above GLM's 20,000
    assert pd.isna(row(may, "Hunyuan")["rank_change"])


def test_unfinished_day_is_counted_as_far_as_known_and_said() -> None:
    told = of("2026-06-30", "2026-07-01")
    assert row(told, "Qwen")["downloads"] == 1_500_000
    assert "1 day in these dates is not finished" in headlines.gaps(told)


def test_all_time_at_the_end_of_the_range() -> None:
    # 100 + 15.5 + 18.6 + 24 + 26.35 + 27 + 31 million
    assert row(DECEMBER, "Qwen")["all_time"] == 242_450_000


def test_shares_of_a_basis_with_merges_are_of_what_is_counted_once() -> None:
    whole = history(DAILY, SHARED)
    told = board(history(DAILY, DERIVATIVES), DECEMBER.range, whole=whole)
    # 1,300 + 700 + 200 + 150 + 120 + 3 × 55 + 25 + 12 = 2,672 thousand a day
    assert told.denominator == 31 * 2_672_000
    assert told.rows["share"].sum() == pytest.approx(3_375 / 2_672)
    assert not told.adds_up


def test_range_is_cut_to_the_data_and_says_so() -> None:
    asked = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-07-03")
    held = within(HISTORY, *asked)
    assert held == Range(made.FIRST, asked[1], cut=True)
    assert headlines.cut(asked, held) == (
        "1 January 2025 to 3 July 2025 reaches beyond the daily history: what it holds of that, "
        "1 July 2025 to 3 July 2025, is shown."
    )
    with pytest.raises(NothingToShow, match="runs from 2025-07-01 to 2026-07-01"):
        within(HISTORY, pd.Timestamp("2020-01-01"), pd.Timestamp("2020-12-31"))


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-12-01", "2025-12-31", "in December 2025"),
        ("2026-02-01", "2026-02-28", "in February 2026"),
        ("2025-01-01", "2025-12-31", "in 2025"),
        ("2026-05-03", "2026-05-03", "on 3 May 2026"),
        ("2025-12-01", "2025-12-30", "from 1 December 2025 to 30 December 2025"),
    ],
)
def test_dates_in_words(start: str, end: str, said: str) -> None:
    assert headlines.dates(days(start, end)) == said


def test_small_line_of_a_long_range_has_few_points_and_no_filled_ones() -> None:
    qwen = HISTORY.row("Qwen")
    assert sparks(HISTORY, days("2025-12-29", "2026-01-02"))[qwen] == [1e6] * 5
    assert sparks(HISTORY, days("2026-02-08", "2026-02-16"))[qwen] == [1e6] * 3
    assert len(sparks(HISTORY, days("2025-07-01", "2026-06-30"))[qwen]) <= 60


def test_artefacts_in_the_range_of_the_families_shown() -> None:
    of_qwen = {made.BURST: "Qwen"}.get
    told = artefacts_in(HISTORY, DECEMBER.range, frozenset({"Qwen"}), of_qwen)
    assert [one.what for one in told] == ["One small model"]
    assert artefacts_in(HISTORY, DECEMBER.range, frozenset({"Llama"}), of_qwen) == ()
    told = artefacts_in(HISTORY, days("2026-02-14", "2026-02-20"), frozenset({"Llama"}), of_qwen)
    assert [one.kind for one in told] == ["gap"]


def points(rows: pd.DataFrame, family: str) -> pd.DataFrame:
    return rows[rows["family"] == family].reset_index(drop=True)


def test_days_break_where_one_is_unknown_and_a_long_figure_stands_alone() -> None:
    told = points(series.lines(HISTORY, days("2026-02-08", "2026-02-17"), series.DAY), "Qwen")
    assert told["days"].tolist() == [1, 1, 6, 1, 1]
    assert told["value"].tolist() == [1e6] * 5  # a day, not six days' sum
    assert told["downloads"].tolist() == [1e6, 1e6, 6e6, 1e6, 1e6]
    assert told["segment"].diff().tolist()[1:] == [0, 1, 1, 0]


def test_average_is_of_seven_known_days_and_never_reaches_over_a_gap() -> None:
    told = points(series.lines(HISTORY, days("2025-07-30", "2025-08-04"), series.SMOOTH), "Qwen")
    # 500 to 31 July, then 600: from 30 July with 27 July to 2 August, five of 500 and two of 600
    expected = [500 + 100 * number / 7 for number in (2, 3, 4, 5, 6, 7)]
    assert (told["value"] / 1000).tolist() == pytest.approx(expected)
    over = points(series.lines(HISTORY, days("2026-02-01", "2026-02-28"), series.SMOOTH), "Qwen")
    # The last day before the gap with three known days after it is 6 February; the first day
    # after the long figure of 15 February with three known before it is 19 February.
    assert over["day"].between("2026-02-07", "2026-02-18").sum() == 0
    assert over["day"].isin(pd.to_datetime(["2026-02-06", "2026-02-19"])).sum() == 2


def test_week_and_month_that_are_not_whole_are_not_finished() -> None:
    weeks = points(series.lines(HISTORY, days("2025-12-03", "2025-12-21"), series.WEEK), "Qwen")
    assert weeks["complete"].tolist() == [False, True, True]  # from a Wednesday to a Sunday
    assert weeks["days"].tolist() == [5, 7, 7]
    months = points(series.lines(HISTORY, days("2026-05-01", "2026-07-01"), series.MONTH), "Qwen")
    assert months["complete"].tolist() == [True, True, False]
    assert months["downloads"].tolist() == [31e6, 30e6, 0.5e6]


def test_where_did_qwen_stand_in_december_with_july_as_100() -> None:
    rows = series.lines(HISTORY, days("2025-07-01", "2026-06-30"), series.MONTH)
    told, left_out = series.indexed(rows)
    assert points(told, "Qwen")["value"].tolist()[:6] == [100, 120, 160, 170, 180, 200]
    assert left_out == ("Hunyuan",)


def test_stack_adds_to_one_and_leaves_out_the_day_below_zero() -> None:
    rows = series.lines(HISTORY, days("2026-03-09", "2026-03-11"), series.DAY)
    told, left_out = series.shares(rows)
    assert left_out == 1
    assert told.groupby("day")["share"].sum().tolist() == pytest.approx([1, 1])
    assert told.groupby("day")["high"].max().tolist() == pytest.approx([1, 1])
    # 1,000 of 1,000 + 150 + 140 + 120 + 100 + 100 + 3 × 50 + 20
    assert points(told, "Qwen")["share"].tolist() == pytest.approx([1000 / 1780] * 2)


def test_lines_by_launch_begin_on_day_0() -> None:
    rows = series.lines(HISTORY, days("2026-04-01", "2026-06-30"), series.DAY)
    launches = series.launch_days(HISTORY, {"Llama": pd.Timestamp("2026-03-30")})
    told, left_out = series.aligned(rows, launches)
    assert points(told, "Hunyuan")["since"].tolist()[:2] == [0, 1]
    assert points(told, "Llama")["since"].iloc[0] == 2
    assert "Qwen" in left_out  # there before the history, and no launch known
    with pytest.raises(NothingToShow, match="day of launch"):
        series.aligned(rows, {})
