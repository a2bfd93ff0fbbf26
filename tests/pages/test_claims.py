"""The page of claims from the entry point: the article, all claims, one, and one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.links import copied_link
from tests.pages.test_pages import words

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = {"show": "Your own claim"}


def opened(address: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """The page as a reader with this address gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/claims.py")
    for key, value in (address or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert "cannot be shown" not in words(app)
    assert app.title[0].value == "Claims"
    return app


def test_article_sentence_by_sentence_with_what_can_and_cannot_be_told() -> None:
    app = opened()
    said = words(app)
    assert app.subheader[0].value == (
        "Of the article's 14 sentences, 1 depends on how one counts, 3 cannot be told, 5 are "
        "opinions, 1 is not found in our sources and 4 are measured by no public source."
    )
    # 165.68 / 150.96 - 1 = 9.75 %, 166.31 / 150.96 - 1 = 10.17 %.
    assert (
        "It holds for “During trading, at the price that was reported” (+9.8%). It does not for "
        "“At the close of trading” (+10.2%)."
    ) in said
    assert "Only the daily history can settle it" in said  # 700 million, the next eight
    assert "is called R3" in said
    assert "the declared links at hand are a sample" in said
    assert said.count("Opinion: cannot be measured") == 5


def test_filters_leave_what_they_say() -> None:
    app = opened({"show": "All claims", "verdict": "Holds"})
    verdicts = [block.value for block in app.markdown if "**Holds**" in block.value]
    assert len(verdicts) == 3
    assert "165.7 million" in words(app)
    nothing = opened({"show": "All claims", "verdict": "Holds", "about": "OLMo"})
    assert "No claim is left" in words(nothing)
    second = opened({"show": "All claims", "part": "7"})
    assert "could not be followed" not in words(second)


def test_one_claim_with_figures_method_and_a_line_to_quote() -> None:
    app = opened({"claim": "article-share-price", "claim_tab": "Table"})
    assert app.subheader[0].value == "Holds only on some bases"
    table = app.dataframe[0].value
    assert table["measured"].tolist() == ["+10.2%", "+9.8%"]
    assert table["holds"].tolist() == ["no", "yes"]
    said = words(app)
    assert "9 January 2026 to 12 January 2026" in said
    quote = str(app.code[0].value)
    assert "TS2" in quote
    assert "claim=article-share-price" in quote
    assert "claim=article-share-price" in copied_link(app)


def test_from_a_card_to_its_claim_and_back() -> None:
    app = opened()
    app.button(key="open_article-r3").click().run()
    assert app.subheader[0].value == "Not found in our sources"
    assert "claim=article-r3" in copied_link(app)
    next(button for button in app.button if button.label == "Next claim").click().run()
    assert app.subheader[0].value == "Opinion: cannot be measured"
    next(button for button in app.button if button.label == "Back to the claims").click().run()
    assert app.subheader[0].value.startswith("Of the article's 14 sentences")


def test_one_claim_that_cannot_be_told_says_what_would_settle_it() -> None:
    said = words(opened({"claim": "article-next-eight"}))
    assert "What would settle it" in said
    assert "the daily history of the official models" in said
    assert "30-day counters at hand are not used" in said


def test_unknown_claim_is_said_to_be_so() -> None:
    app = opened({"claim": "../../etc/passwd"})
    assert "There is no claim “../../etc/passwd”" in words(app)


def test_own_claim_is_checked_at_once_and_shared_by_link() -> None:
    address = OWN | {
        "own_counted": "Change of the company's share",
        "own_relation": "about",
        "own_when": "Other dates",
        "own_dates": "12 January 2026",
        "own_figure": "+10,2 %",
    }
    app = opened(address)
    assert app.subheader[0].value == "Your own claim: holds"
    assert "“The share BABA, change on 12 January 2026: about +10.2%.”" in words(app)
    for part in ("own_relation=about", "own_dates=12+January+2026", "own_figure=%2B10%2C2+%25"):
        assert part in copied_link(app)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"own_than": "Qwen"}, "Qwen is set against itself."),
        ({"own_number": "40"}, "no number of other families from 1 to 15 “40”"),
        ({"own_when": "Other dates", "own_dates": "July 2027"}, "have not come yet"),
        ({"own_when": "Other dates", "own_dates": "2026-07..2026-01"}, "ends before it begins"),
        ({"own_than": "A figure", "own_figure": "x" * 5_000}, "is not one figure"),
        ({"own_than": "A figure", "own_figure": "1.500 Mio"}, "1,500,000,000 or 1,500,000"),
        ({"own_than": "A figure", "own_figure": "9 %"}, "a percentage"),
        ({"own_than": "A figure"}, "No figure is given yet"),
        (
            {"own_about": "Kimi", "own_counted": "Change of the company's share"},
            "it has no share",
        ),
    ],
)
def test_choices_that_make_no_claim_are_answered_in_a_sentence(
    address: dict[str, str], said: str
) -> None:
    assert said in words(opened(OWN | address))


def test_pasted_text_fills_the_sentence_and_says_what_it_did_not_use() -> None:
    app = opened(OWN)
    for text, found in (
        (
            "截至2026年1月12日，通义千问累计下载量超过７亿",
            "as of 12 January 2026: more than 700.0 million",
        ),
        (
            "<img src=x onerror=alert(1)> Alibaba shares jumped nearly 9.8 % on January 12, 2026",
            "The share BABA, change on 12 January 2026: nearly +9.8%",
        ),
        ("中" * 100_000, "100,000 characters"),
        ("Qwen had 700 million downloads in December", "does not say of which year"),
    ):
        app.text_area[0].set_value(text).run()
        next(button for button in app.button if button.label == "Find the claim").click().run()
        assert not app.exception
        assert found in words(app)
    assert not any("<img" in block.value for block in app.markdown)
