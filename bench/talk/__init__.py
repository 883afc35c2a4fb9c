"""Callees who talk for a minute, each on a stream of their own, with every process that a real centre has."""
