"""News already taken note of: a provider may tell the same thing twice."""

from __future__ import annotations

from voicebot.store.database import Database


def known(db: Database, key: str) -> bool:
    """Whether `key` was noted before."""
    return db.one("SELECT 1 FROM seen WHERE key = :key", key=key) is not None


def first_time(db: Database, key: str, call_id: str, at: str) -> bool:
    """Take note of `key`; False when that was done before."""
    return bool(
        db.execute(
            "INSERT INTO seen (key, call_id, at) VALUES (:key, :call_id, :at) ON CONFLICT (key) DO NOTHING",
            key=key,
            call_id=call_id,
            at=at,
        )
    )
