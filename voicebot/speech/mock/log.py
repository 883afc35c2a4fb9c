"""The library's log: lines on standard error, in its form, down to a level."""

from __future__ import annotations

import sys

INFO, WARNING, ERROR = 0, -1, -2
NAMES = {INFO: "LOG", WARNING: "WARNING", ERROR: "ERROR"}


class _Level:
    value = INFO


def set_level(level: int) -> None:
    """Lines graver than this, or as grave, are written: 0 all, -1 warnings and errors, -2 errors, -3 none."""
    if not isinstance(level, int):
        raise TypeError("an integer is required")
    _Level.value = level


def write(severity: int, place: str, text: str) -> None:
    """One line of the log; `place` is the library's own name for where it comes from."""
    if severity <= _Level.value:
        print(f"{NAMES[severity]} (VoskAPI:{place} {text}", file=sys.stderr)  # noqa: T201  (the library does)
