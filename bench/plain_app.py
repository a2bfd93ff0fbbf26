"""The yardstick: the plainest Streamlit page with one control and one chart.

Every speed the benchmark prints is divided by the speed of this page in the same run.
So it stays as a newcomer would write it: no cache, no prepared chart, no tuning.
"""

from __future__ import annotations

import random

import altair as alt
import pandas as pd
import streamlit as st

SERIES = ("Amber", "Basalt", "Cedar", "Delta")
POINTS = 500


def random_walk(name: str) -> pd.DataFrame:
    """Return the same seeded walk of `POINTS` steps each time the name is asked for."""
    steps = random.Random(name)
    level = 0.0
    levels = []
    for _ in range(POINTS):
        level += steps.gauss(0, 1)
        levels.append(level)
    return pd.DataFrame({"step": range(POINTS), "level": levels})


st.title("One chart")
series = st.selectbox("Series", SERIES, key="series")
st.altair_chart(alt.Chart(random_walk(series)).mark_line().encode(x="step:Q", y="level:Q"))
