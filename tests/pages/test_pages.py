"""Every page, from the entry point, with good and bad addresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.independent import DAYS, headline, official

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES = {
    "overview": None,
    "leaderboard": "pages/leaderboard.py",
    "tree": "pages/tree.py",
    "prices": "pages/prices.py",
    "reaction": "pages/reaction.py",
    "claims": "pages/claims.py",
    "milestones": "pages/milestones.py",
    "data": "pages/data.py",
}


def opened(page: str, address: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """The page as a reader with this address gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if PAGES[page]:
        app.run()
        app.switch_page(PAGES[page])
    for key, value in (address or {}).items():
        app.query_params[key] = value
    return app.run()


def words(app: AppTest) -> str:
    """All the text of a page."""
    blocks = [*app.title, *app.subheader, *app.markdown, *app.text, *app.caption]
    return "\n".join(block.value for block in blocks)


def healthy(app: AppTest) -> AppTest:
    """The page ran to its end and shows no error of any kind."""
    assert not app.exception
    assert "cannot be shown" not in words(app)
    assert app.title
    assert app.subheader
    return app


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_itself_without_any_address(page: str) -> None:
    app = healthy(opened(page))
    assert "could not be followed" not in words(app)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("without", [False, True])
def test_headline_says_what_the_figures_say(day: str, *, without: bool) -> None:
    app = healthy(opened("leaderboard", {"day": day, "without_biggest": str(without).lower()}))
    expected = headline(day, without_biggest=without)
    said = app.subheader[0].value
    assert f"{expected.leader} leads with {expected.downloads / 1e6:.1f} million" in said
    assert f"{100 * expected.share:.1f}% of the {expected.total / 1e6:.1f} million" in said
    assert f"{expected.models} official models of {expected.families} families" in said
    assert said.startswith("Counting each family without its most downloaded") == without


def test_one_model_is_called_out_by_name_and_share() -> None:
    said = words(opened("leaderboard", {"day": "2026-05-10"}))
    assert "One model is 44.6% of Qwen's 419.4 million downloads." in said
    assert "It is Qwen/Qwen3-VL-2B-Instruct." in said
    assert "2026-04-15 to 2026-05-26" in said


def test_no_call_out_where_no_model_is_a_quarter() -> None:
    assert headline("2026-03-21").biggest_share < 0.25
    assert "One model is" not in words(opened("leaderboard", {"day": "2026-03-21"}))


def test_families_with_too_few_models_are_listed_but_not_ranked() -> None:
    app = opened("leaderboard", {"tab": "Table"})
    few = {name for name, models in official("2026-05-10").items() if len(models) < 5}
    assert few == {"gpt-oss", "Hunyuan"}
    table = app.dataframe[0].value
    assert set(table.loc[table["rank"].isna(), "family"]) == few
    assert "Not ranked" in words(app)


@pytest.mark.parametrize("view", ["Downloads", "Share", "Log scale", "Index"])
def test_chart_of_each_view_carries_the_headline_as_text_and_arrow_data(view: str) -> None:
    app = healthy(opened("leaderboard", {"view": view}))
    chart = app.get("vega_lite_chart")[0].proto
    assert chart.alt in words(app)
    assert {dataset.name for dataset in chart.datasets} >= {"rows"}
    assert "values" not in json.dumps(json.loads(chart.spec).get("data", {}))


def test_families_of_the_address_are_the_ones_shown() -> None:
    app = healthy(opened("leaderboard", {"families": ["Llama", "Gemma"], "tab": "Table"}))
    assert app.dataframe[0].value["family"].tolist() == ["Gemma", "Llama"]
    assert "Ranks and shares are among all families" in words(app)


def test_only_the_open_tab_is_drawn() -> None:
    closed = {"models_tab": "Table", "published_tab": "Table"}
    assert not opened("leaderboard", {"tab": "About this data", **closed}).get("vega_lite_chart")


@pytest.mark.parametrize("section", ["Tables", "Sources", "Known problems", "Take it with you"])
def test_each_section_of_the_data_page(section: str) -> None:
    healthy(opened("data", {"section": section}))


def test_tables_are_listed_with_rows_span_source_and_licence() -> None:
    app = opened("data", {"section": "Tables", "tables_tab": "Table"})
    table = app.dataframe[0].value.set_index("table")
    assert table.loc["readings", "rows"] == 9996
    assert str(table.loc["readings", "last"])[:10] == "2026-05-10"
    assert "llmfit" in table.loc["readings", "origin"]
    assert "none stated" in table.loc["links", "licence"]
    assert table.loc["prices", "licence"] == "none granted"
    assert table.loc["daily", "rows"] == 0


BAD = [
    ({"day": "2026-05-08"}, "There is no reading of 8 May 2026: 6 May 2026 is shown"),
    ({"day": "1999-01-01"}, "There is no reading of 1 January 1999: 21 March 2026 is shown"),
    ({"day": "2030-01-01"}, "There is no reading of 1 January 2030: 10 May 2026 is shown"),
    ({"day": "2026-05"}, "“2026-05” is not a date"),
    ({"day": "yesterday"}, "“yesterday” is not a date"),
    ({"day": "9" * 10_000}, "is not a date"),
    ({"day": "2026-03-21", "since": "2026-05-10"}, "the wrong way round"),
    ({"since": "2026-02-30"}, "“2026-02-30” is not a date"),
    ({"view": "Pie"}, "There is no view “Pie”"),
    ({"view": ["Share", "Index"]}, "more than once"),
    ({"families": ["Qwen", "Nope"]}, "There is no family “Nope”"),
    ({"families": ["Llama", "gemma"]}, "There is no family “gemma”: it is left out"),
    ({"families": "x" * 10_000}, "There is no family “xxx"),
    ({"family": "<b>Qwen</b>"}, "There is no family “<b>Qwen</b>”"),
    ({"without_biggest": "maybe"}, "is true or false, not “maybe”"),
    ({"published": "[a](https://example.org)"}, "There is no kind of figure “[a]("),
]


@pytest.mark.parametrize(("address", "note"), BAD)
def test_bad_address_gives_a_useful_page_and_says_so(
    address: Mapping[str, str | list[str]], note: str
) -> None:
    app = healthy(opened("leaderboard", address))
    assert "could not be followed in everything" in words(app)
    assert note in words(app)
    assert app.get("vega_lite_chart")


def test_reversed_dates_are_swapped() -> None:
    app = opened("leaderboard", {"day": "2026-04-01", "since": "2026-05-06"})
    assert "in the 30 days to 6 May 2026" in app.subheader[0].value
    assert "Since 1 April 2026" in words(app)


def test_first_day_has_nothing_to_be_compared_with() -> None:
    app = healthy(opened("leaderboard", {"day": "2026-03-21"}))
    assert "Since" not in app.markdown[-1].value
    assert "Change" not in words(app)


def test_index_of_one_day_is_refused_in_words() -> None:
    app = opened("leaderboard", {"day": "2026-03-21", "view": "Index"})
    assert not app.exception
    assert "Nothing to show here" in words(app)
    assert "from 2026-03-21 to 2026-03-21" in words(app)


def test_family_that_is_not_listed_on_the_day_says_so() -> None:
    app = opened("leaderboard", {"day": "2026-03-21", "family": "Hunyuan"})
    assert not app.exception
    assert "No official model of Hunyuan is listed on 2026-03-21." in words(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "address",
    [
        {"nothing": "of ours"},
        {"day": "", "view": "", "families": "", "section": "", "tab": ""},
        {"day": ["", "x", "2026-05-10"], "section": "\u202eevil", "overview_tab": "Nope"},
        {"tab": "a" * 10_000, "models_tab": "b", "tables_tab": "c", "table": "../../etc/passwd"},
        {"embed": "true", "section": "take it with you", "table": "readings"},
    ],
)
def test_no_address_breaks_a_page(page: str, address: Mapping[str, str | list[str]]) -> None:
    healthy(opened(page, address))


def test_chosen_family_that_is_not_ranked_is_said_to_be_so() -> None:
    app = healthy(opened("leaderboard", {"families": "gpt-oss"}))
    assert "Not ranked" in words(app)
    assert "gpt-oss (4 models, 11.7 million downloads)" in words(app)


def test_index_of_families_with_too_few_steady_models_is_refused_in_words() -> None:
    app = opened("leaderboard", {"families": ["ERNIE", "MiniMax"], "view": "Index"})
    assert not app.exception
    assert "Not drawn: ERNIE and MiniMax." in words(app)
