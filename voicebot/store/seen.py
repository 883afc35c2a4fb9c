"""News already taken note of: a provider may tell the same thing twice."""

from __future__ import annotations

from voicebot.store.database import Database


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
