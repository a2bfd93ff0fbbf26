"""Parts of a page that are drawn again alone when something in them is chosen."""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

import streamlit as st

from core.ui import refresh
from core.ui.boundary import boundary

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ui.site import Site

P = ParamSpec("P")

INSIDE: Final[ContextVar[bool]] = ContextVar("inside", default=False)
"""Whether something larger is being drawn, which has said already what is new."""


def section(draw: Callable[Concatenate[Site, P], None]) -> Callable[Concatenate[Site, P], None]:
    """Make ``draw`` a part of its own: a choice in it leaves the rest of the page as it stands.

    So nothing outside may depend on what is chosen inside, but the link, which
    is told by ``link.say``. What is given to it is kept for when it is drawn
    again. Drawn alone it says first what is new. Errors inside become sentences.
    """

    @wraps(draw)
    def bounded(site: Site, /, *args: P.args, **kwargs: P.kwargs) -> None:
        alone = not INSIDE.get()
        token = INSIDE.set(True)
        try:
            if alone:
                with boundary():
                    refresh.notice(site, draw.__name__)
            with boundary():
                draw(site, *args, **kwargs)
        finally:
            INSIDE.reset(token)

    part: Callable[Concatenate[Site, P], None] = st.fragment(bounded)
    return part
