"""What is said: the flow language, its loader and lint, and the call engine. Pure."""
