"""The demo: a messy list, a town of virtual callees, and days of calling on virtual time."""
