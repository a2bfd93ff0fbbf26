"""Answers made up by chance, the same ones every time: what floods are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

NOW: Final = datetime(2026, 11, 25, 14, 5, 33, tzinfo=UTC)
FEW, MANY = 100, 10_000


def flood(answers: int) -> Callable[[Any], Any]:
    """So many answers, the same ones every time."""
    return settings(
        max_examples=answers,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


numbers = st.one_of(
    st.integers(-2, 10**7),
    st.integers(2**53 - 2, 2**53 + 2),
    st.integers(-(2**70), 2**70),
    st.floats(),
)
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "text-generation", "a" * 200, "a" * 201]),
    st.sampled_from(["\ud83d", "a\nb", "\u202e", "=1+1"]),
)
junk = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def or_junk(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly ``right``."""
    return st.integers(0, 9).flatmap(lambda lot: junk if lot == 0 else right)
