"""The versions of the schema, in order; each is applied once, in one transaction with its record.

Rule: a migration that has shipped is never changed; a new one is added below it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database as SqliteUtils
from sqlite_utils.migrations import Migrations

from voicebot.store.schema import FIRST
from voicebot.store.schema_lists import INTAKES_AND_ERASURE
from voicebot.store.schema_messages import MESSAGES
from voicebot.store.schema_recordings import RECORDINGS


@dataclass(frozen=True)
class Migration:
    """One version of the schema: its name, and the statements that lead to it from the one before."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration("0001_first", FIRST),
    Migration("0002_intakes_and_erasure", INTAKES_AND_ERASURE),
    Migration("0003_messages", MESSAGES),
    Migration("0004_recordings", RECORDINGS),
)

SET = "voicebot"


def unknown_migrations(connection: sqlite3.Connection) -> list[str]:
    """Names of migrations that this database has and this program does not know: a newer program made it."""
    known = {migration.name for migration in MIGRATIONS}
    applied = [entry.name for entry in _migrations().applied(_utils(connection))]
    return [name for name in applied if name not in known]


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Whether the database holds tables, and none of our migrations was ever applied to it."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = [name for (name,) in connection.execute(named) if not name.startswith(("sqlite_", "_sqlite_"))]
    return bool(tables) and not _migrations().applied(_utils(connection))  # in this order: another process may migrate


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Apply what is missing, all or nothing, and say what it was. Two processes may try at once: the second waits."""
    migrations, database = _migrations(), _utils(connection)
    if not migrations.pending(database):
        return []
    connection.execute("BEGIN IMMEDIATE")
    try:
        pending = [migration.name for migration in migrations.pending(database)]
        migrations.apply(database)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return pending


def _utils(connection: sqlite3.Connection) -> SqliteUtils:
    return SqliteUtils(connection, execute_plugins=False)


def _migrations() -> Migrations:
    migrations = Migrations(SET)
    for migration in MIGRATIONS:
        migrations(name=migration.name)(_runner(migration.statements))
    return migrations


def _runner(statements: tuple[str, ...]) -> Callable[[SqliteUtils], None]:
    def run(database: SqliteUtils) -> None:
        for statement in statements:
            database.conn.execute(statement)

    return run
