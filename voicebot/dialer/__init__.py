"""When and how fast: the rules of each country, calling hours, pacing (pure), and the loop that dials."""
