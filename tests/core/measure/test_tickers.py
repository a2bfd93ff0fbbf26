"""What readers type for a ticker, good and bad."""

from __future__ import annotations

import pytest

from core.errors import NothingToShow
from core.measure.tickers import ticker, tickers


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("  ", ""),
        ("amzn", "AMZN"),
        (" 9988.hk ", "9988.HK"),
        ("0700.HK", "0700.HK"),
        ("BRK-B", "BRK-B"),
        ("^GSPC", "^GSPC"),
    ],
)
def test_ticker_is_written_as_the_exchange_does(typed: str, meant: str) -> None:
    assert ticker(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("'; DROP TABLE prices; --", "not a ticker"),
        ("<script>alert(1)</script>", "not a ticker"),
        ("../../etc/passwd", "not a ticker"),
        ("--families=Qwen", "not a ticker"),
        ("-rf", "not a ticker"),
        ("A,B", "not a ticker"),
        ("A B", "not a ticker"),
        ("A\nB", "not a ticker"),
        ("BABA\x00", "not a ticker"),
        ("ＢＡＢＡ", "not a ticker"),
        ("\u202eABAB", "not a ticker"),
        ("ß", "not a ticker"),
        ("X" * 10_000, "not a ticker"),
        ("$(id)", "not a ticker"),
        ("BABA&range=1d", "not a ticker"),
        ("700.HK", "four or five digits"),
        ("ALIBABA.HK", "four or five digits"),
        ("VOD.L", "whose calendar is not known here"),
        ("7203.T", "whose calendar is not known here"),
    ],
)
def test_what_is_none_is_refused_in_words_that_do_not_repeat_it(typed: str, sentence: str) -> None:
    with pytest.raises(NothingToShow) as caught:
        ticker(typed)
    assert sentence in caught.value.sentence
    assert caught.value.advice
    if sentence == "not a ticker":
        assert typed not in caught.value.sentence + caught.value.advice


def test_list_of_tickers_names_each_once() -> None:
    assert tickers("amzn, 9988.HK,,AMZN") == ("AMZN", "9988.HK")
    assert tickers("") == ()
