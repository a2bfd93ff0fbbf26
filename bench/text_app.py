"""The yardstick of a click in a browser: a select box and one line of text, nothing drawn."""

from __future__ import annotations

import streamlit as st

COLOURS = ("Amber", "Basalt", "Cedar", "Delta")

st.title("One line")
st.text(f"You chose {st.selectbox('Colour', COLOURS, key='colour')}.")
