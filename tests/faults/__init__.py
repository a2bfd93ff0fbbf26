"""Every fault of every source, and what a reader sees then."""
