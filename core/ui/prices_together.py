"""Below the shares: whether downloads and a share move together, and revenue by quarter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import price_headlines as headlines
from core.draw import prices_revenue as draw_revenue
from core.draw import together as draw
from core.draw import words
from core.errors import NothingToShow
from core.measure import revenue as measure_revenue
from core.measure.by_ticker import by_ticker
from core.measure.reaction import series_of
from core.measure.together import together
from core.schemas import MILESTONES, REVENUE
from core.ui.answered import answered
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick
from core.ui.export import Facts
from core.ui.figure import figure
from core.ui.leaderboard import source_licences, source_names
from core.ui.prices_flows import NO_DOWNLOADS, counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from core.draw.prices import Share
    from core.measure.history import History
    from core.measure.session_sums import SessionSums
    from core.measure.together import Together
    from core.ui.address import Address
    from core.ui.site import Site

TOGETHER, REVENUE_VIEW = "Do they move together?", "Revenue by quarter"

_THIRTEEN_WEEKS: Final = (
    "Quarters are taken to be the three months that end with the day the source names; some "
    "companies count thirteen weeks instead."
)
_STAYS_HERE: Final = (
    "Revenue is read from Yahoo for personal use: it is shown here, and the file holds only the "
    "quarters and the downloads."
)
_NO_CLOUD: Final = (
    "Total revenue, of which a cloud business is only a part: no published figure of a cloud "
    "business is in the data for these families and dates."
)
_ROLES: Final = frozenset({headlines.COMPANY, headlines.ALSO, headlines.TYPED})


def together_below(  # noqa: PLR0913, PLR0917 - whose, beside what, on which basis
    site: Site,
    address: Address,
    series: pd.DataFrame,
    shares: tuple[Share, ...],
    sums: tuple[SessionSums, ...],
    found: History | None,
) -> str:
    """Correlation of a family's downloads and a share; the pair chosen, for the link.

    Raises ``NothingToShow`` where there is too little.
    """
    companies = [share for share in shares if share.role in _ROLES]
    if not sums:
        raise NothingToShow(NO_DOWNLOADS if found is None else headlines.NO_FAMILY)
    if not companies:
        raise NothingToShow(headlines.NO_SHARE)
    pairs = {
        f"{one.family} and {share.ticker}": (one, share) for one in sums for share in companies
    }
    chosen = pick(address, "pair", "Downloads and share", list(pairs), noun="pair in this view")
    one, share = pairs[chosen]
    once = site.once
    result = answered(once, together, one, once(series_of, series, share.ticker))
    says = once(draw.headline, result, share.name)
    sentences = once(draw.lag_sentence, result), once(draw.basis_sentence, result)
    st.markdown("\n\n".join([f"**{says}**", *sentences, draw.NOT_CAUSE]))
    figure(
        "below_tab",
        chart=lambda: show_chart(
            draw.lag_bars(),
            once(arrow, **once(draw.lag_data, result)),
            description=says,
            key=f"below_together_{chosen}_{words.iso(result.first)}_{words.iso(result.last)}",
        ),
        table=lambda: result.lags.round({"correlation": 4}),
        columns={
            "lag": st.column_config.NumberColumn("Sessions by which downloads come first"),
            "correlation": st.column_config.NumberColumn("Rank correlation", format="%.2f"),
        },
        description=says,
        facts=partial(_together_facts, site, result, series, one, found),
        file_name=f"groundswell-together-{words.iso(result.first)}-{words.iso(result.last)}.csv",
    )
    return chosen


def _together_facts(
    site: Site, result: Together, series: pd.DataFrame, one: SessionSums, found: History | None
) -> Facts:
    line = by_ticker(series).lines[result.ticker]
    sources = [*line.source[line.inside(result.first, result.last)], *one.rows["source"]]
    used = pd.Series(list(dict.fromkeys(sources)), dtype="str")
    return Facts(
        source=source_names(site, used),
        as_of=f"{words.iso(result.first)} to {words.iso(result.last)}",
        basis=(
            f"Spearman's rank correlation of log changes from session to session. Downloads: "
            f"{counted(found)}; share: closing price adjusted for dividends"
        ),
        licence=source_licences(site, used),
        cautions=[
            draw.basis_sentence(result),
            draw.lag_sentence(result),
            draw.NOT_CAUSE,
            headlines.SESSION_SUMS,
            headlines.NOT_THE_SAME_MOMENT,
        ],
    )


def revenue_below(  # noqa: PLR0913, PLR0917 - whose, beside what, from when to when
    site: Site,
    address: Address,
    families: tuple[str, ...],
    shares: tuple[Share, ...],
    found: History | None,
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> str:
    """Revenue and downloads by quarter; the company chosen, for the link.

    Raises ``NothingToShow`` where no revenue is known.
    """
    companies = {share.name: share for share in shares if share.role in _ROLES}
    if not companies:
        raise NothingToShow(headlines.NO_SHARE)
    chosen = pick(address, "company", "Company", list(companies), noun="company in this view")
    share, once = companies[chosen], site.once
    table = site.frame(REVENUE.name)
    quarters = answered(once, measure_revenue.quarters, table, share.ticker, start, end)
    flows = once(measure_revenue.with_downloads, quarters, found, families)
    says = once(draw_revenue.headline, quarters, flows, share.name)
    lacking = once(draw_revenue.incomplete, flows)
    cloud = once(measure_revenue.cloud_figures, site.frame(MILESTONES.name), families, start, end)
    told = [f"**{says}**", lacking, _NO_CLOUD if cloud.empty else ""]
    st.markdown("\n\n".join(text for text in told if text))
    for _, row in cloud.iterrows():
        figures = (str(row[name]) for name in ("as_of", "subject", "value_text", "unit"))
        st.text(words.quoted(" · ".join([*figures, f"Source: {row['source_name']}"]), 300))
    currency = str(quarters["currency"].iloc[-1])
    figure(
        "below_tab",
        chart=lambda: show_chart(
            draw_revenue.revenue_bars(currency),
            once(arrow, **once(draw_revenue.revenue_data, quarters, flows, site.palette)),
            description=says,
            key=f"below_revenue_{share.ticker}_{'_'.join(families)}_{words.iso(start)}"
            f"_{words.iso(end)}",
        ),
        table=partial(_revenue_table, quarters, flows),
        columns=_revenue_columns(),
        description=says,
        facts=partial(_revenue_facts, site, quarters, found, says, lacking),
        file_name=f"groundswell-revenue-{words.iso(start)}-{words.iso(end)}.csv",
    )
    return chosen


def _revenue_table(quarters: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    told = pd.DataFrame(
        {
            "first_day": quarters["first_day"],
            "quarter_end": quarters["quarter_end"],
            # In words, as on the page: Yahoo's figures are not given away as a table.
            "revenue": [
                f"{words.count(revenue)} {currency}"
                for revenue, currency in zip(quarters["revenue"], quarters["currency"], strict=True)
            ],
        }
    )
    if flows.empty:
        return told
    return told.merge(flows.drop(columns="first_day"), on="quarter_end", how="left")


def _revenue_columns() -> Mapping[str, Any]:
    day, number = st.column_config.DateColumn, st.column_config.NumberColumn
    text = st.column_config.TextColumn
    return {
        "first_day": day("From", format="YYYY-MM-DD"),
        "quarter_end": day("To", format="YYYY-MM-DD"),
        "revenue": text("Revenue"),
        "family": text("Family"),
        "downloads": number("Downloads in the quarter", format="localized"),
        "days_known": number("Days known"),
        "days": number("Days"),
    }


def _revenue_facts(
    site: Site, quarters: pd.DataFrame, found: History | None, says: str, lacking: str
) -> Facts:
    basis = "Total revenue by quarter as the company reported it, in its own currency"
    if found is not None:
        basis += f". Downloads: {counted(found)}"
    return Facts(
        source=source_names(site, quarters["source"]),
        as_of=f"read {quarters['read_at'].max():%Y-%m-%d}",
        basis=basis,
        licence=source_licences(site, quarters["source"]),
        cautions=[
            text
            for text in (
                says,
                lacking,
                _THIRTEEN_WEEKS,
                _STAYS_HERE,
                headlines.PROVES_NOTHING,
            )
            if text
        ],
        withheld=("revenue",),
    )
