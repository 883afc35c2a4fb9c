"""What was heard: the seam between recognizers and the engine."""
