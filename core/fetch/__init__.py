"""Fetch: the only room that touches the network."""
