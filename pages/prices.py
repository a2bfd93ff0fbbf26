"""The share price: listed companies beside downloads, on the dates a reader chooses."""

from contextlib import nullcontext

import streamlit as st

from core.draw import price_headlines as headlines
from core.draw import prices as draw
from core.draw import words
from core.errors import NothingToShow
from core.measure import overlay as measure
from core.measure.bases import OFFICIAL_LEVEL
from core.ui import prices as parts
from core.ui import prices_flows as flows
from core.ui import prices_lines, prices_ticker
from core.ui.below_prices import below
from core.ui.controls import pick_several, pick_view, read_address, show_notes, switch
from core.ui.levels import offer_level
from core.ui.link import say
from core.ui.page import PRICES, boundary, say_faults, show
from core.ui.prices_figure import lines_and_events
from core.ui.site import Site


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Share price", anchor=False)
    head = st.container()
    address, once = read_address(), site.once
    names = sorted((family.name for family in site.families), key=str.casefold)

    series, known = None, None
    with boundary():
        series = parts.series(site)
        known = once(measure.spans, series)

    # What the reader chooses
    chosen = tuple(
        pick_several(
            address,
            "shares",
            "Families",
            names,
            noun="family",
            empty="Choose families to see the shares behind them",
            default=("Qwen",),
        )
    )
    families = tuple(family for family in site.families if family.name in chosen)
    held = () if known is None else tuple(known.index)
    offered = once(parts.companies, site.families, held)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=460):
            wanted = pick_several(
                address,
                "companies",
                "Companies and funds",
                list(offered),
                noun="company",
                empty="Those behind the families; choose others here",
            )
        ticker = prices_ticker.pick_ticker(address)
    companies = tuple(offered[name] for name in wanted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A link that gives only a range means it.
        typed = parts.DATES if "range" in st.query_params else ""
        span = pick_view(
            address, "span", "Dates shown", parts.SPANS, noun="span", otherwise=typed, wrap=True
        )
        dates_place = st.container(width=240) if span == parts.DATES else nullcontext()
    view = pick_view(address, "scale", "How it is drawn", draw.VIEWS, noun="scale", wrap=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        benchmarks = switch(
            address,
            "benchmarks",
            "With a market fund and a sector fund",
            "If the whole market or the whole sector moved alike, the reason is hardly one model.",
            on=True,
        )
        downloads = switch(address, "downloads", "With downloads", headlines.SESSION_SUMS, on=True)
    shares = once(
        parts.shares,
        families,
        benchmarks=benchmarks,
        every=site.families,
        companies=companies,
        typed=ticker,
    )
    tickers = tuple(share.ticker for share in shares)
    with dates_place:
        asked = None if series is None else once(measure.reach, series, tickers)
        start, end = parts.pick_dates(address, asked, span)
    if ticker and known is not None:
        prices_ticker.explain(
            site, ticker, known=ticker in known.index, stale=parts.stale(known, ticker)
        )

    # Downloads by session
    found, sums = None, ()
    with boundary():
        found = flows.pick_history(address, site)
        if found is None and downloads:
            st.text(flows.NO_DOWNLOADS)
            offer_level(site, OFFICIAL_LEVEL)
        if found is not None and series is not None:
            sums = flows.sums_of(site, found, families, shares, series, start, end)

    # The shares
    drawn = None
    with boundary():
        if series is None:
            raise NothingToShow(headlines.NO_TABLE)
        if not chosen and not tickers:
            raise NothingToShow(headlines.NO_FAMILY, advice="Choose one in the box above.")
        if not tickers:
            raise NothingToShow(headlines.NO_SHARE)
        drawn = prices_lines.lines(
            site,
            series,
            shares,
            start,
            end,
            view=view,
            sums=sums if downloads else (),
            families=families,
        )
    with head:
        show_notes(address)
        if drawn is not None:
            say_faults(site.faults("prices"))
            st.subheader(drawn.headline, anchor=False)
            alone = headlines.NOTHING_BESIDE if downloads else headlines.SWITCHED_OFF
            told = [" ".join(drawn.told), "" if view == drawn.view else alone]
            st.markdown("\n\n".join(text for text in told if text))
        if private := headlines.private(families):
            st.text(private)
    say(
        {
            "shares": chosen,
            "companies": wanted,
            "ticker": ticker,
            "benchmarks": str(benchmarks).lower(),
            "downloads": "" if downloads else "false",
            "basis": str(st.session_state.get("basis") or "") if found is not None else "",
            **parts.pinned(span, start, end),
            "scale": view,
        }
    )
    lines_and_events(
        site,
        drawn,
        families,
        (start, end),
        "_".join(["prices", *tickers, words.iso(start), words.iso(end), view]),
        flows.counted(found),
    )
    below(site, chosen, shares, series, sums, found, (start, end))


show(PRICES, content)
