"""What several pages share: frame, menu, controls, figures, error boundary."""
