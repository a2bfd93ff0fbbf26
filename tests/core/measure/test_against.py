"""One family against the next ones together, answered by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from core.draw import against_headlines as headlines
from core.errors import NothingToShow
from core.measure.against import (
    ABOVE,
    BELOW,
    DAYS,
    EQUAL,
    MONTHS,
    against,
    passed,
    since,
    turning,
    verdicts,
)
from core.measure.bases import DERIVATIVES, LANGUAGE, OFFICIAL, SHARED, WITHOUT_BIGGEST
from core.measure.history import SOURCE_ORDER, history, of_members, without_biggest
from core.measure.model_rows import model_history
from core.measure.ranges import Range
from tests.core import made_history as made

DAILY = made.daily()
HISTORY = history(DAILY, OFFICIAL)
MODELS = model_history(made.model_daily(), SOURCE_ORDER)
EVERYBODY = HISTORY.families


def days(start: str, end: str) -> Range:
    return Range(pd.Timestamp(start), pd.Timestamp(end))


DECEMBER = days("2025-12-01", "2025-12-31")


def test_was_qwen_above_the_next_eight_in_december_2025() -> None:
    told = against(HISTORY, "Qwen", EVERYBODY, 8, DECEMBER)
    # 300 + 150 + 100 + 100 + 50 + 50 + 50 + 20 = 820 thousand a day
    assert told.own.total.downloads == 31_000_000
    assert told.together == 31 * 820_000
    assert [one.family for one in told.taken] == [
        "Llama", "DeepSeek", "Gemma", "Mistral", "gpt-oss", "Nemotron", "Phi", "GLM",
    ]  # fmt: skip
    assert told.verdict == ABOVE
    assert headlines.headline(told) == (
        "Official models only: Qwen had 31.0 million downloads in December 2025, more than the "
        "next eight together (25.4 million): 1.2 times the eight together."
    )


def test_on_which_basis_was_it() -> None:
    histories = {key: history(DAILY, key) for key in (OFFICIAL, DERIVATIVES, SHARED, LANGUAGE)}
    histories[WITHOUT_BIGGEST] = without_biggest(HISTORY, MODELS, DECEMBER.start, DECEMBER.end)
    told = verdicts(histories, "Qwen", EVERYBODY, 8, DECEMBER)
    # Thousands a day: 1,000 to 820; 1,500 to 1,860; 1,300 to 1,360; 200 to 656; 800 to 690
    assert [headlines.verdict(one) for one in told] == [
        "Yes: 1.22 times", "No: 80.6%", "No: 95.6%", "No: 30.5%", "Yes: 1.16 times", "Not loaded",
    ]  # fmt: skip
    assert turning(told)
    assert headlines.turns(told, "Qwen") == (
        "The answer depends on what is counted: Qwen is above on “Official models only” and "
        "“Language models only”, and not on the other three."
    )
    (needed,) = headlines.not_loaded(told)
    assert needed == (
        "“Language models after ChatGPT, each once” is not loaded: that needs the daily history "
        "of official models."
    )


def test_since_when_does_it_hold() -> None:
    # 800 of 820 in September, 850 in October
    told = since(HISTORY, "Qwen", EVERYBODY, 8, DECEMBER)
    assert told is not None
    assert (told.period, told.verdict, told.before) == (MONTHS, ABOVE, BELOW)
    assert (told.first, told.last) == (pd.Timestamp("2025-10-01"), pd.Timestamp("2025-12-01"))
    answer = against(HISTORY, "Qwen", EVERYBODY, 8, DECEMBER)
    assert headlines.since(told, answer) == (
        "Qwen was above the next eight, taken anew each month, in every month from October 2025 "
        "to December 2025; in the month before it was below."
    )


def test_since_the_figures_begin() -> None:
    told = since(HISTORY, "Qwen", EVERYBODY, 8, days("2025-08-01", "2025-08-31"))
    assert told is not None
    assert (told.first, told.verdict, told.before) == (made.FIRST, BELOW, None)


def test_since_in_a_few_days_is_told_by_days_and_stops_at_the_gap() -> None:
    told = since(HISTORY, "Qwen", EVERYBODY, 8, days("2026-02-08", "2026-02-18"))
    assert told is not None
    assert (told.period, told.first, told.before) == (
        DAYS, pd.Timestamp("2026-02-16"), "unknown",
    )  # fmt: skip
    answer = against(HISTORY, "Qwen", EVERYBODY, 8, days("2026-02-08", "2026-02-18"))
    assert "of the day before not every day is known" in headlines.since(told, answer)
    assert since(HISTORY, "Qwen", EVERYBODY, 8, days("2026-02-08", "2026-02-12")) is None


def test_family_that_comes_within_a_month_does_not_end_the_run() -> None:
    told = since(HISTORY, "Qwen", EVERYBODY, 10, days("2026-05-01", "2026-06-30"))
    assert told is not None
    assert told.first < made.LAUNCHED


def test_when_did_qwen_s_total_pass_llama_s() -> None:
    # 30 million behind at the start; ahead by 200, 300 and 500 thousand a day from July on:
    # 6.2 + 9.3 million by the end of August, 14.5 more on 29 September, level; above on the 30th.
    assert passed(HISTORY, "Qwen", "Llama") == pd.Timestamp("2025-09-30")
    assert passed(HISTORY, "Llama", "Qwen") is None
    assert passed(HISTORY, "Qwen", "GLM") is None  # above from the first day
    assert passed(HISTORY, "Qwen", "Nobody") is None


def test_more_than_the_field_has_takes_all_there_are() -> None:
    told = against(HISTORY, "Qwen", EVERYBODY, 40, DECEMBER)
    assert len(told.taken) == 9
    assert told.without_figures == ("Hunyuan",)
    assert "so not 40 but nine are taken" in headlines.who(told)


def test_the_family_is_never_set_against_itself() -> None:
    told = against(HISTORY, "Qwen", ("Qwen", "Llama"), 2, DECEMBER)
    assert told.removed
    assert [one.family for one in told.taken] == ["Llama"]
    assert headlines.headline(told).endswith(
        "more than the next one (9.3 million): 3.3 times Llama."
    )


@pytest.mark.parametrize(
    ("family", "field", "said"),
    [
        ("Qwen", (), "no other family to set Qwen against"),
        ("Qwen", ("Qwen",), "no other family to set Qwen against"),
        ("Qwen", ("Hunyuan", "Nobody"), "None of the families set against Qwen has figures"),
        ("Hunyuan", ("Qwen",), "no figures of Hunyuan from 2025-12-01 to 2025-12-31"),
    ],
)
def test_question_without_an_answer_is_a_sentence(
    family: str, field: tuple[str, ...], said: str
) -> None:
    with pytest.raises(NothingToShow, match=said):
        against(HISTORY, family, field, 8, DECEMBER)
    told = verdicts({OFFICIAL: HISTORY}, family, field, 8, DECEMBER)
    assert said in told[0].reason
    assert headlines.verdict(told[0]) == "No answer"


def test_one_day_a_day_below_zero_and_a_level_one() -> None:
    phi = days("2026-03-10", "2026-03-10")
    below = against(HISTORY, "Phi", ("GLM",), 1, phi)
    assert (below.verdict, below.times) == (BELOW, None)
    assert headlines.headline(below) == (
        "Official models only: Phi had -200,000 downloads on 10 March 2026, fewer than the next "
        "one (20,000)."
    )
    level = against(HISTORY, "Mistral", ("Gemma",), 1, phi)
    assert level.verdict == EQUAL
    assert headlines.headline(level).endswith("exactly as many as the next one (100,000).")


def test_range_over_the_edge_of_a_gap_says_what_is_missing() -> None:
    told = against(HISTORY, "Qwen", ("Llama",), 1, days("2026-02-12", "2026-02-20"))
    assert "Days without figures: Qwen 4 of 9 and Llama 4 of 9." in headlines.who(told)


def test_with_google_counted_and_thudm_not() -> None:
    moved = of_members(
        HISTORY, MODELS, without=frozenset({"google", "THUDM"}), also=(("google", "Llama"),)
    )
    told = against(moved, "Qwen", EVERYBODY, 2, DECEMBER)
    assert [(one.family, one.total.downloads) for one in told.taken] == [
        ("Llama", 31 * 400_000), ("DeepSeek", 31 * 150_000),
    ]  # fmt: skip


def test_basis_that_holds_fewer_days_gives_no_answer() -> None:
    short = history(DAILY[DAILY["day"] >= "2025-12-10"], OFFICIAL)
    told = verdicts({OFFICIAL: short}, "Qwen", EVERYBODY, 8, DECEMBER)
    assert told[0].reason == "On this basis the history holds only 2025-12-10 to 2025-12-31."


def test_margin_that_would_be_one_point_zero_times_is_said_in_percent() -> None:
    # October: 850 of 820 thousand a day
    told = against(HISTORY, "Qwen", EVERYBODY, 8, days("2025-10-01", "2025-10-31"))
    assert headlines.margin(told) == ": only 3.7% more than the eight together"
