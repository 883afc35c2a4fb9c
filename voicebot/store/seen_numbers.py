"""Which numbers a file has shown so far: a set that may outgrow memory, in a database that vanishes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager


class SeenNumbers:
    """Numbers with the line on which each was first seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE seen (number INTEGER PRIMARY KEY, line INTEGER NOT NULL)")

    def first_lines(self, numbers: Sequence[tuple[str, int]]) -> list[int]:
        """For each (E.164 text, line), in the order of the file: the line on which the number was seen first."""
        keys = [int(e164) for e164, _ in numbers]
        first: dict[int, int] = {}
        for (_, line), key in zip(numbers, keys, strict=True):
            first.setdefault(key, line)
        slots = ", ".join("?" * len(first))
        earlier = self._connection.execute(f"SELECT number, line FROM seen WHERE number IN ({slots})", [*first])  # noqa: S608
        known = dict(earlier.fetchall())
        self._connection.executemany(
            "INSERT INTO seen VALUES (?, ?)", [entry for entry in first.items() if entry[0] not in known]
        )
        first |= known
        return [first[key] for key in keys]


@contextmanager
def seen_numbers() -> Iterator[SeenNumbers]:
    """An empty set. What does not fit into SQLite's cache goes to a temporary file of its own."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        yield SeenNumbers(connection)
