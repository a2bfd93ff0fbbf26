"""Refreshing: what is fetched from each source, as rows of the store's tables."""
