"""Answers that are damaged, or no prices at all, never enter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FetchError, SourceRefused, SourceUnreachable, SourceUnreadable
from tests.core.fetch.quotes import Fetch, charts_of, kinds, missing
from tests.fakes.server import Fault
from tests.fakes.yahoo import CHART, YahooFake

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_page_instead_of_prices_then_prices(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("html", lambda r: r.path.startswith(CHART)))
    fetched = fetch(["BABA"])
    assert isinstance(fetched.error, SourceUnreadable)
    assert fetched.error.sentence == (
        "The answer of Yahoo about BABA cannot be understood: "
        "it is not in the form that prices have."
    )
    assert fetched.rows.empty
    yahoo.faults.clear()
    assert kinds(fetch(["BABA"])) == ["ok"]


@pytest.mark.parametrize(
    ("code", "body", "kind", "sentence"),
    [
        (500, "<html>", SourceUnreachable, "Yahoo has trouble of its own (status 500)."),
        (503, '{"chart": {"result": null, "error": {"description": "x"}}}', SourceUnreachable, ""),
        (401, '{"finance": {"error": {"description": "x"}}}', SourceRefused, "(status 401)"),
        (403, "<html>", SourceRefused, "Yahoo refused the request (status 403)."),
        (418, "<html>", SourceUnreadable, "its status is 418"),
        (200, "{}", SourceUnreadable, ""),
        (200, "[]", SourceUnreadable, ""),
        (200, "", SourceUnreadable, ""),
        (200, '{"chart": {"result": [], "error": null}}', SourceUnreadable, ""),
        (200, "Will be right back", SourceUnreadable, ""),
    ],
)
def test_answers_that_are_no_prices(  # noqa: PLR0913, PLR0917 - one case in full
    yahoo: YahooFake, fetch: Fetch, code: int, body: str, kind: type[FetchError], sentence: str
) -> None:
    yahoo.faults.append(Fault("status", charts_of("BABA"), code=code, body=body))
    fetched = fetch(["BABA"])
    assert type(fetched.error) is kind
    assert fetched.error.source == "Yahoo"
    assert sentence in fetched.error.sentence
    assert fetched.rows.empty


def edited(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The answer about BABA with something in its only result changed in place."""

    def edit(answer: dict[str, Any]) -> dict[str, Any]:
        change(answer["chart"]["result"][0])
        return answer

    return Fault("edit", charts_of("BABA"), edit=edit)


def quote(result: dict[str, Any]) -> dict[str, list[Any]]:
    return result["indicators"]["quote"][0]


DAMAGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "text": lambda r: quote(r)["close"].__setitem__(3, "a lot"),
    "list": lambda r: quote(r)["close"].__setitem__(3, [1]),
    "short": lambda r: quote(r)["close"].pop(),
    "absent": lambda r: quote(r).pop("close"),
    "adjusted text": lambda r: r["indicators"]["adjclose"][0].update(adjclose=["x"] * 18),
    "times as text": lambda r: r.update(timestamp=["soon"] * 18),
    "times beyond all": lambda r: r.update(timestamp=[10**30] * 18),
    "no currency": lambda r: r["meta"].pop("currency"),
    "currency a number": lambda r: r["meta"].update(currency=7),
    "currency a tag": lambda r: r["meta"].update(currency="<b>"),
    "another share": lambda r: r["meta"].update(symbol="META"),
    "no such zone": lambda r: r["meta"].update(exchangeTimezoneName="Nowhere/Town"),
    "no meta": lambda r: r.pop("meta"),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_answers_in_another_form_are_refused(
    yahoo: YahooFake, fetch: Fetch, change: Callable[[dict[str, Any]], object]
) -> None:
    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA", "META"])
    assert isinstance(fetched.error, SourceUnreadable)
    assert kinds(fetched) == ["failed", "ok"]
    assert set(fetched.rows["ticker"]) == {"META"}


@pytest.mark.parametrize("value", [None, 0, 0.0, -5, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("adjusted", [False, True])
def test_closes_that_are_none_never_enter(
    yahoo: YahooFake,
    fetch: Fetch,
    value: float | None,
    adjusted: bool,  # noqa: FBT001
) -> None:
    def change(result: dict[str, Any]) -> None:
        indicators = result["indicators"]
        column = indicators["adjclose"][0]["adjclose"] if adjusted else quote(result)["close"]
        column[3] = value

    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA"])
    assert kinds(fetched) == ["ok"]
    assert missing(fetched) == [("BABA", "2026-11-05")]
    closes = fetched.rows[["close", "adjusted_close"]]
    assert ((closes > 0) & (closes < math.inf)).all(axis=None)


@pytest.mark.parametrize("truths", [1, 18], ids=["one", "all"])
@pytest.mark.parametrize("adjusted", [False, True])
def test_true_is_no_price_of_one(
    yahoo: YahooFake,
    fetch: Fetch,
    truths: int,
    adjusted: bool,  # noqa: FBT001
) -> None:
    def change(result: dict[str, Any]) -> None:
        indicators = result["indicators"]
        column = indicators["adjclose"][0]["adjclose"] if adjusted else quote(result)["close"]
        column[:truths] = [True] * truths

    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA"])
    assert kinds(fetched) == ["failed"]
    assert isinstance(fetched.error, SourceUnreadable)
    assert fetched.rows.empty


def test_only_empty_closes_are_no_sessions(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(edited(lambda r: quote(r).update(close=[None] * 18)))
    fetched = fetch(["BABA", "META"])
    assert kinds(fetched) == ["no_sessions", "ok"]
    assert set(fetched.rows["ticker"]) == {"META"}
