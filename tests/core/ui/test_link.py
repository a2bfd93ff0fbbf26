from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.link import link

PAGE = "https://example.org/site/leaderboard"


@pytest.mark.parametrize(
    ("state", "query"),
    [
        ({}, ""),
        ({"day": "2026-05-10"}, "?day=2026-05-10"),
        ({"view": "Log scale"}, "?view=Log+scale"),
        ({"families": ["Qwen", "gpt-oss"]}, "?families=Qwen&families=gpt-oss"),
        ({"families": []}, ""),
        ({"tab": ""}, ""),
        ({"without_biggest": True}, "?without_biggest=true"),
        ({"without_biggest": False}, ""),
        ({"b": "1", "a": "2"}, "?b=1&a=2"),
        ({"node": "a/b&c=d#e"}, "?node=a%2Fb%26c%3Dd%23e"),
    ],
)
def test_link_holds_what_is_chosen(state: dict[str, str | list[str] | bool], query: str) -> None:
    assert link(PAGE, state) == PAGE + query


def test_link_replaces_the_choices_of_the_address_it_stands_on() -> None:
    assert link(f"{PAGE}?day=2020-01-01&x=y#part", {"day": "2026-05-10"}) == (
        f"{PAGE}?day=2026-05-10"
    )


def test_link_keeps_host_and_port() -> None:
    assert link("http://localhost:8501/", {"a": "b"}) == "http://localhost:8501/?a=b"


def test_link_without_an_address_is_still_a_query() -> None:
    assert link("", {"a": "b"}) == "?a=b"


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1)))
def test_link_gives_back_every_choice(state: dict[str, list[str]]) -> None:
    found = parse_qs(urlsplit(link(PAGE, state)).query, keep_blank_values=True)
    assert found == state
