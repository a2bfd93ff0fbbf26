"""Measure: pure functions, frames in, frames out."""
