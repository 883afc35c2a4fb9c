"""Looking up many values in one statement: `WHERE hash IN (...)`, some of them at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

AT_ONCE = 50
"""Values in one statement. SQLite looks each name up among all of them, so that a thousand take longer than 20 × 50."""


def in_parts(values: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What stands between the brackets, and the values by their names."""
    for begin in range(0, len(values), AT_ONCE):
        part = {f"v{at}": value for at, value in enumerate(values[begin : begin + AT_ONCE])}
        yield ", ".join(f":{name}" for name in part), part
