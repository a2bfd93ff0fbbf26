"""Draw: frames and figures in, chart specifications and words out."""
