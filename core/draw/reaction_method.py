"""What the figures of the reaction page are and how they are worked out, in plain words."""

from __future__ import annotations

from typing import Final

ORDINARY_DAYS: Final = (
    "Each bar counts ordinary days before the news, or stretches of as many sessions, by how far "
    "the share was from what was to be expected. In blue: those at least as far off as this one."
)
ALL_EVENTS: Final = (
    "Choose a row to see what the share did then. Events of which only the month is known are "
    "left out."
)
DOTS: Final = (
    "A dot is an event; the grey bar is where about 95 of 100 ordinary days lie; the dashed line "
    "is the mean. A hollow dot is not counted in it."
)
HOW: Final = (
    "Shares rise and fall every day, mostly with their whole market. So we first look at about a "
    "year of days before the news and measure how the share usually follows a fund that holds "
    "the whole market, or its sector: that gives what was to be expected on the day. The rest is "
    "the share's own part. Then we count on how many of those ordinary days the share was at "
    "least as far, up or down, from what was to be expected.\n\n"
    "The year ends ten sessions before the window, so that rumours just before the news do not "
    "count as ordinary. News belongs to the first session whose closing price can answer it: "
    "after 16:00 at the exchange, or on a day without trading, to the next one. Days on which an "
    "exchange closes early are not known here. Where only the date is known, the day and the day "
    "with the next are both shown. All changes are from closing price to closing price."
)
FORMULA: Final = (
    "With $R_t$ the logarithm of a share's closing price (adjusted for dividends and splits) over "
    "that of the session before, and $R_{mt}$ the same for the fund, ordinary least squares on "
    "$L_1 = 250$ sessions gives $R_t = \\alpha + \\beta R_{mt} + \\varepsilon_t$. Over a window of "
    "$L_2$ sessions the own part is $\\sum_\\tau (R_\\tau - \\alpha - \\beta R_{m\\tau})$, with "
    "the variance $\\sigma^2 \\left( L_2 + L_2^2 / L_1 + \\left( \\sum_\\tau (R_{m\\tau} - "
    "\\bar R_m) \\right)^2 / \\sum_t (R_{mt} - \\bar R_m)^2 \\right)$ and $\\sigma^2 = \\sum_t "
    "\\hat\\varepsilon_t^2 / (L_1 - 2)$. Their ratio is $t$. Percentages shown are $e^x - 1$. "
    "With 60 to 249 sessions $\\alpha = 0$ and $\\beta = 1$ are taken instead; with fewer nothing "
    "is shown."
)
SOURCES: Final = (
    "After A. C. MacKinlay, “Event Studies in Economics and Finance”, Journal of Economic "
    "Literature 35 (1997), pages 13 to 39. Of several events: the mean of their own parts, its t, "
    "and the sign test (how often a fair coin would be as one-sided)."
)
CANNOT_TELL: Final = (
    "Why a share moved. On one day there are many pieces of news, and prices also move without "
    "any. Large changes are more frequent than textbooks assume, so t alone sounds too sure: that "
    "is why ordinary days are counted. A change of one day may be gone a week later."
)
