"""Load measurements of Groundswell's pages, as ratios against a plain Streamlit app."""
