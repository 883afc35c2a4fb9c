"""A database of an older version is brought up to date, and loses nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from voicebot.store import migrations
from voicebot.store.database import Database, SuppressedError
from voicebot.store.migrations import MIGRATIONS, migrate

NOW = "2026-03-02T15:00:00.000Z"


def of_version(path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as the first `count` migrations leave it, with somebody who has opted out."""
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", MIGRATIONS[:count])
        connection = sqlite3.connect(path, isolation_level=None)
        migrate(connection)
    connection.execute("INSERT INTO people (id, name, created_at) VALUES (1, 'Ann', ?)", (NOW,))
    connection.execute(
        """INSERT INTO suppressions (id, number_hash, person_id, source, evidence, call_id, created_at)
        VALUES (7, 'h1', 1, 'key', '*', '1-1', ?)""",
        (NOW,),
    )
    connection.close()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_do_not_call_record_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    path = tmp_path / "old.db"
    of_version(path, count, monkeypatch)
    db = Database(path, durable=False)
    row = db.one("SELECT * FROM suppressions")
    assert row is not None
    assert (row["id"], row["number_hash"], row["evidence"], row["call_id"]) == (7, "h1", "*", "1-1")
    with db.transaction():
        db.execute("INSERT INTO suppressions (number_hash, source, created_at) VALUES ('h2', 'message', :at)", at=NOW)
    with pytest.raises(sqlite3.IntegrityError), db.transaction():
        db.execute("INSERT INTO suppressions (number_hash, source, created_at) VALUES ('h3', 'rumour', :at)", at=NOW)
    db.close()


def test_the_triggers_still_stand_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.db"
    of_version(path, 2, monkeypatch)
    db = Database(path, durable=False)
    with pytest.raises(SuppressedError), db.transaction():
        db.execute(
            """INSERT INTO attempts (id, number_hash, to_number, from_number, status, created_at)
            VALUES ('a', 'h1', '+1', '+2', 'reserved', :at)""",
            at=NOW,
        )
    with db.transaction():  # another number of the same person is suppressed at once
        db.execute(
            """INSERT INTO numbers (person_id, e164, hash, kind, country, zones, created_at)
            VALUES (1, '+3', 'h9', 'mobile', 'US', '[]', :at)""",
            at=NOW,
        )
    assert db.value("SELECT count(*) FROM suppressions WHERE number_hash = 'h9'") == 1
    db.close()
