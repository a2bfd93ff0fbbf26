"""Where errors become sentences."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.errors import GroundswellError, NothingToShow

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SENTENCE: Final = 1_000
"""Characters of a sentence about an error that are shown; it may quote outside text."""

_log = logging.getLogger("groundswell")


@contextmanager
def boundary() -> Iterator[None]:
    """Turns any error inside into plain words; what is outside stays as it is."""
    try:
        yield
    except NothingToShow as answer:
        _explain(answer, ":material/info: **Nothing to show here**")
    except GroundswellError as error:
        _log.warning("%s: %s", type(error).__name__, error.sentence)
        _explain(error)
    except Exception:  # noqa: BLE001 - the one place where nothing may get past
        _log.exception("unexpected error")
        _explain(
            GroundswellError(
                "Something went wrong here that we had not thought of.",
                instead="The rest of the site works as usual.",
                advice="Reload the page; if it happens again, please tell us "
                "what you clicked before.",
            )
        )


def _explain(
    error: GroundswellError, title: str = ":material/error: **This part cannot be shown**"
) -> None:
    # Sentences may quote outside text, so they are shown as text.
    with st.container(border=True):
        st.markdown(title)
        for sentence in (error.sentence, error.instead, error.advice):
            if sentence:
                st.text(words.quoted(sentence, LONGEST_SENTENCE))
