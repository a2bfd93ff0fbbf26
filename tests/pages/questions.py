"""Twelve questions that a reader of the news would ask, with the answers worked out by hand.

All are of the made-up history of ``made_history``: its rates are thousands of
downloads a day, written there.
"""

from __future__ import annotations

from typing import NamedTuple

DECEMBER: dict[str, str | list[str]] = {"dates": "December 2025"}
HALF_YEAR: dict[str, str | list[str]] = {
    "between": ["2026-01-01", "2026-06-30"],
    "range_tab": "Table",
}


class Question(NamedTuple):
    """A question, the view that answers it, and what stands there.

    ``cells`` are family, column and value of the leaderboard's table.
    """

    asked: str
    address: dict[str, str | list[str]]
    says: tuple[str, ...]
    cells: tuple[tuple[str, str, float], ...] = ()


QUESTIONS = (
    # 1,000 × 31 days of 1,830 × 31
    Question(
        "Who led in December 2025, and by how much?",
        DECEMBER,
        (
            (
                "Official models only: Qwen led in December 2025 with 31.0 million downloads, "
                "54.6% of the 56.7 million of 10 families."
            ),
            "That is 3.3 times Llama, which is second.",
        ),
    ),
    # The next eight: 300, 150, 100, 100, 50, 50, 50 and 20: 820 × 31
    Question(
        "Was Qwen above the next eight in December 2025, on which basis?",
        DECEMBER,
        (
            "more than the next eight together (25.4 million): 1.2 times the eight together.",
            (
                "Qwen is above on “Official models only” and “Language models only”, and not on "
                "the other three."
            ),
        ),
    ),
    # 800 against 820 in September, 850 in October
    Question(
        "Since when is Qwen above the next eight?",
        DECEMBER,
        ("in every month from October 2025 to December 2025; in the month before it was below.",),
    ),
    # 30 million behind on 30 June; 200 a day less in July, 300 in August, 500 in September
    Question(
        "When did Qwen's total pass Llama's?",
        DECEMBER,
        ("Qwen passed Llama on 30 September 2025 and has been above since.",),
    ),
    # 800 of 1,000; in the 31 days before 3,100 of 850 + 30 × 900
    Question(
        "Was it one model?",
        DECEMBER,
        (
            (
                "One model was 80.0% of Qwen's downloads of official models, after 11.1% in the "
                "period before."
            ),
            "It is Qwen/Qwen-Burst.",
        ),
    ),
    # 200 of Qwen, 240 of Llama; the next eight 656
    Question(
        "Was Qwen above without each family's biggest model?",
        DECEMBER | {"basis": "Without each family's biggest model"},
        (
            "Llama led in December 2025 with 7.4 million downloads",
            (
                "fewer than the next eight together (20.3 million): 30.5% of what the eight "
                "together had."
            ),
        ),
    ),
    # Kimi from 10 to 120 a day: before it were all, now Qwen, DeepSeek and Llama
    Question(
        "Which family gained most ranks in the first half of 2026?",
        HALF_YEAR,
        ("Kimi (10 to 4) gained most ranks (6)",),
        (("Kimi", "ranks_gained", 6), ("Kimi", "rank_before", 10)),
    ),
    # 140 a day instead of 300, both over 181 days
    Question(
        "How much did Llama fall from one half year to the next?",
        HALF_YEAR,
        (),
        (("Llama", "change", 140 / 300 - 1), ("Llama", "downloads", 181 * 140_000)),
    ),
    # 1 May to 30 June: 61 days of 181
    Question(
        "How is a family counted that comes in the middle?",
        HALF_YEAR,
        ("Hunyuan (120 days)",),
        (("Hunyuan", "downloads", 61 * 40_000), ("Hunyuan", "days_missing", 120)),
    ),
    # The figure of 15 February covers the five missing days
    Question(
        "What did February 2026 have although five days are missing?",
        {"between": ["2026-02-01", "2026-02-28"]},
        (
            "Qwen led in February 2026 with 28.0 million downloads",
            "One figure covers up to 6 days, after a gap: it is one flat step.",
        ),
    ),
    Question(
        "Who was below zero on the day on which the Hub took counts back?",
        {"between": ["2026-03-10", "2026-03-10"]},
        ("Phi is below zero because the Hub took counts back in these dates.",),
    ),
    # 300 + 100 against 1,000 + 150
    Question(
        "Would Llama with Google's models have been above the next two?",
        DECEMBER | {"x": "Llama", "next": "2", "also": "google"},
        (
            (
                "Llama had 12.4 million downloads in December 2025, fewer than the next two "
                "together (35.6 million): 34.8% of what the two together had."
            ),
            "Counted with Llama: google.",
        ),
    ),
)
