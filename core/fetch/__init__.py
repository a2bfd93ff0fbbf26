"""Fetch: the only room that touches the network."""

import os

# The Hub's client reads these when it is imported, which is after this line.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"  # noqa: S105 - a switch: only HF_TOKEN counts
os.environ["HF_HUB_DISABLE_XET"] = "1"  # our files are small, and plain uploads keep the deadline
