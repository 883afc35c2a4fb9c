"""Intakes under way: how far each file has got, written in the same transaction as its rows."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def load(db: Database, key: str) -> Row | None:
    """Where the intake of this file stands, or None when none is under way."""
    return db.one("SELECT * FROM intakes WHERE key = :key", key=key)


def save(db: Database, key: str, started_at: str, line: int, rejects: int, counts: str) -> None:
    """Up to `line` everything is dealt with."""
    db.execute(
        """INSERT INTO intakes (key, started_at, line, rejects, counts)
        VALUES (:key, :started_at, :line, :rejects, :counts)
        ON CONFLICT (key) DO UPDATE SET line = excluded.line, rejects = excluded.rejects, counts = excluded.counts""",
        key=key, started_at=started_at, line=line, rejects=rejects, counts=counts,
    )  # fmt: skip


def forget(db: Database, key: str) -> None:
    """The intake is over."""
    db.execute("DELETE FROM intakes WHERE key = :key", key=key)
