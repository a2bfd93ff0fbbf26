"""Groundswell: who downloads which open models, and what is built on them.

Data flows one way: fetch, store, measure, draw, page.
"""
