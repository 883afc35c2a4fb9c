"""The one thin place that knows SQLite: connections, transactions, and what a failing disk means.

Rule: whatever writes does so inside `transaction()`, which is `BEGIN IMMEDIATE` and commits whole or not at all.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal
from weakref import WeakMethod

from voicebot.errors import OutsideError, VoicebotError
from voicebot.store.migrations import MIGRATIONS, is_foreign, migrate, unknown_migrations

Row = sqlite3.Row
CommitHook = Callable[[Literal["before", "after"]], None]

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables came with it (https://www.sqlite.org/stricttables.html); RETURNING is older."""

TROUBLES: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": ("is locked by another process.", "Wait until it has finished, or end it, and try again."),
    "SQLITE_LOCKED": ("is locked by another process.", "Wait until it has finished, or end it, and try again."),
    "SQLITE_FULL": ("cannot grow: the disk is full.", "Free some space and try again; nothing was half written."),
    "SQLITE_READONLY": ("is read-only.", "Make the file and its folder writable for this user."),
    "SQLITE_NOTADB": ("is not a database.", "Name another file with VOICEBOT_DATABASE, or move this one away."),
    "SQLITE_CORRUPT": ("is damaged.", "Restore it from a backup."),
    "SQLITE_CANTOPEN": ("cannot be opened.", "The folder must exist and be writable for this user."),
    "SQLITE_IOERR": ("cannot be read or written: the disk reports an error.", "Check the disk, then try again."),
    "SQLITE_PERM": ("may not be opened by this user.", "Change the owner or the permissions of the file."),
}
"""SQLite's primary error name -> what is wrong with the database, and the remedy."""


class SuppressedError(VoicebotError):
    """The database itself refused an attempt or a message, since the number is on the do-not-call record."""


class Database:
    """A store in one file, with one connection per thread; a missing file is created and migrated.

    `durable=False` leaves out the wait for the disk (for tests and rehearsals: a killed process loses nothing, a power
    cut may). `busy_seconds` is how long a writer waits for another. `on_commit` is called before and after each commit;
    what it raises before a commit rolls that transaction back.
    Raises OutsideError when the file cannot be used, VoicebotError when a newer voicebot made it, or another program.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        durable: bool = True,
        busy_seconds: float = 5.0,
        on_commit: CommitHook | None = None,
    ) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            oldest = ".".join(map(str, OLDEST_SQLITE))
            raise VoicebotError("SQLite", f"{sqlite3.sqlite_version} is too old.", f"Use {oldest} or newer.")
        if str(path) == ":memory:":
            raise ValueError("each thread has a connection of its own; use a file, with durable=False to be fast")
        self.path = Path(path)
        self.on_commit = on_commit
        self._busy_seconds = busy_seconds
        self._synchronous = "FULL" if durable else "OFF"
        self._inherited: list[object] = []
        self._begin_anew()
        forked = WeakMethod(self._begin_anew)
        os.register_at_fork(after_in_child=lambda: (method := forked()) and method())
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Refuse a newer database and one that is not ours, bring an older one up to date."""
        with self.translated():
            unknown, foreign = unknown_migrations(self._connection), is_foreign(self._connection)
        if unknown:
            remedy = f"Update voicebot; this one knows the database up to {MIGRATIONS[-1].name}."
            raise VoicebotError(str(self.path), f"a newer voicebot made this database ({unknown[0]}).", remedy)
        if foreign:
            remedy = "Name another file with VOICEBOT_DATABASE, or move this one away."
            raise VoicebotError(str(self.path), "this database belongs to another program.", remedy)
        with self.translated():
            migrate(self._connection)

    # --- connections ---

    def _begin_anew(self) -> None:
        """Start without connections. A forked process keeps its parent's aside: to use or close them would hurt it."""
        self._inherited.append(getattr(self, "_connections", None))
        self._local = threading.local()
        self._opening = threading.Lock()
        self._writing = threading.Lock()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def _open(self) -> sqlite3.Connection:
        with self.translated():
            connection = sqlite3.connect(
                self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
            with self._opening:
                self._forget_ended_threads()
                self._connections.append((threading.current_thread(), connection))
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA recursive_triggers=ON")
            connection.execute(f"PRAGMA synchronous={self._synchronous}")
            self._keep_a_log(connection)
            return connection

    def _keep_a_log(self, connection: sqlite3.Connection) -> None:
        """Write ahead (WAL). SQLite does not wait by itself while another makes that very change to a new file."""
        end = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def _forget_ended_threads(self) -> None:
        ended = [entry for entry in self._connections if not entry[0].is_alive()]
        self._connections = [entry for entry in self._connections if entry[0].is_alive()]
        for _, connection in ended:
            connection.close()

    def back_up(self, target: Path) -> None:
        """Copy the database whole into a new file while others write (SQLite's online backup). Raises OutsideError."""
        with self.translated(), closing(sqlite3.connect(target)) as copy:
            self._connection.backup(copy, pages=1000)

    def close(self) -> None:
        """Close the connections of all threads. The database can be used again; it then opens anew."""
        with self._opening:
            for _, connection in self._connections:
                connection.close()
            self._connections = []
            self._local = threading.local()

    # --- transactions ---

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside `transaction()`."""
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All writes within, or none. Raises RuntimeError when nested, OutsideError when the database fails."""
        connection = self._connection
        if connection.in_transaction:
            raise RuntimeError("a transaction inside a transaction")
        waiting: list[Callable[[], None]] = []
        self._local.waiting = waiting
        with self._turn_to_write():
            try:
                with self.translated():
                    connection.execute("BEGIN IMMEDIATE")
                yield self
                self._tell("before")
                with self.translated():
                    connection.execute("COMMIT")
            finally:
                _roll_back(connection)
            for action in waiting:
                action()
        self._tell("after")

    def when_committed(self, action: Callable[[], None]) -> None:
        """Do this once the present transaction is committed, before any other of this process begins; else never.

        `action` must neither raise nor wait.
        """
        self._demand_transaction(self._connection)
        self._local.waiting.append(action)

    def _tell(self, moment: Literal["before", "after"]) -> None:
        if self.on_commit:
            self.on_commit(moment)

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Threads of this process queue fairly here, rather than poll SQLite's lock."""
        if not self._writing.acquire(timeout=self._busy_seconds):
            raise OutsideError(str(self.path), "the database is busy: another thread keeps writing.", "Try again.")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def leaving_no_trace(self) -> Iterator[None]:
        """What is erased within is overwritten in the file, too, and so is the log that would bring it back."""
        with self.translated():
            self._connection.execute("PRAGMA secure_delete=ON")
            try:
                yield
            finally:
                self._connection.execute("PRAGMA secure_delete=OFF")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def rewrite(self) -> None:
        """Write the whole file anew, so that not even its free space holds anything old. Nobody else can write then."""
        with self._turn_to_write(), self.translated():
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # --- statements ---

    def execute(self, sql: str, /, **values: Any) -> int:
        """Run one writing statement, within a transaction; how many rows it touched."""
        return self._write(sql, values).rowcount

    def insert(self, sql: str, /, **values: Any) -> int:
        """Run one INSERT, within a transaction; the id of the new row."""
        return self._write(sql, values).lastrowid or 0

    def many(self, sql: str, values: Iterable[Mapping[str, Any]]) -> int:
        """Run one writing statement for each of `values`, within a transaction; how many rows it touched."""
        connection = self._connection
        self._demand_transaction(connection)
        with self.translated():
            return connection.executemany(sql, values).rowcount

    def one(self, sql: str, /, **values: Any) -> Row | None:
        """The first row, or None."""
        rows = self.rows(sql, **values)
        return rows[0] if rows else None

    def rows(self, sql: str, /, **values: Any) -> list[Row]:
        """All rows. Also for INSERT or UPDATE ... RETURNING, within a transaction."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def value(self, sql: str, /, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, **values)
        return row[0] if row else None

    def each(self, sql: str, /, **values: Any) -> Iterator[Row]:
        """The rows one by one, for results too large to hold."""
        with self.translated():
            yield from self._connection.execute(sql, values)

    def _write(self, sql: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
        connection = self._connection
        self._demand_transaction(connection)
        try:
            return connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    @staticmethod
    def _demand_transaction(connection: sqlite3.Connection) -> None:
        if not connection.in_transaction:
            raise RuntimeError("writing needs a transaction")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of SQLite that a user can mend, in a user's words."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def _in_words(self, error: sqlite3.Error) -> Exception:
        """What a user can mend as a VoicebotError; a fault of the program as it is."""
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_CONSTRAINT_TRIGGER" and str(error) == "suppressed":
            return SuppressedError("number", "this number is on the do-not-call record.")
        primary = "_".join(name.split("_")[:2])
        if primary not in TROUBLES:
            return error
        problem, remedy = TROUBLES[primary]
        return OutsideError(str(self.path), f"the database {problem}", remedy)


def _roll_back(connection: sqlite3.Connection) -> None:
    """Undo what is under way, if anything is. A failing disk may have undone it already."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
