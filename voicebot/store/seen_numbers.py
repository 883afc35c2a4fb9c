"""Which numbers a file has shown so far: a set that may outgrow memory, in a database that vanishes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager


class SeenNumbers:
    """Numbers with the line on which each was first seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE seen (number INTEGER PRIMARY KEY, line INTEGER NOT NULL)")

    def first_line(self, e164: str, line: int) -> int:
        """The line on which this number was seen first; `line` itself when it is new."""
        number = int(e164)
        if self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (number, line)).rowcount:
            return line
        return int(self._connection.execute("SELECT line FROM seen WHERE number = ?", (number,)).fetchone()[0])


@contextmanager
def seen_numbers() -> Iterator[SeenNumbers]:
    """An empty set. What does not fit into SQLite's cache goes to a temporary file of its own."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        yield SeenNumbers(connection)
