"""The do-not-call record, keyed by the hash of a number so that it outlives the number's erasure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from voicebot.store.database import Database, Row
from voicebot.store.many_values import in_parts

Source = Literal["key", "words", "flow", "agent", "manual", "import", "inbound", "message"]
"""How an opting out reached us: key, words and flow on a call of ours, inbound on one of theirs, message in writing."""


def insert(
    db: Database, number_hash: str, now: str, *, source: Source, person_id: int | None = None, evidence: str = "",
    call_id: str | None = None,
) -> bool:  # fmt: skip
    """Put a number on the record; False when it was there already (the first entry stays as it was written)."""
    added = db.execute(
        """INSERT INTO suppressions (number_hash, person_id, source, evidence, call_id, created_at)
        VALUES (:hash, :person_id, :source, :evidence, :call_id, :now)
        ON CONFLICT (number_hash, scope) DO NOTHING""",
        hash=number_hash, person_id=person_id, source=source, evidence=evidence, call_id=call_id, now=now,
    )  # fmt: skip
    return added > 0


def is_suppressed(db: Database, number_hash: str) -> bool:
    """Whether a number may not be called."""
    return db.one("SELECT 1 FROM suppressions WHERE number_hash = :hash", hash=number_hash) is not None


def among(db: Database, hashes: Sequence[str]) -> set[str]:
    """Which of these numbers are on the record."""
    found: set[str] = set()
    for names, values in in_parts(hashes):
        sql = f"SELECT number_hash FROM suppressions WHERE number_hash IN ({names})"  # noqa: S608
        found |= {row["number_hash"] for row in db.rows(sql, **values)}
    return found


def of_number(db: Database, number_hash: str) -> Row | None:
    """The record of one number, or None."""
    return db.one("SELECT * FROM suppressions WHERE number_hash = :hash", hash=number_hash)


def of_person(db: Database, person_id: int) -> list[Row]:
    """The records of all numbers of a person."""
    return db.rows("SELECT * FROM suppressions WHERE person_id = :id ORDER BY id", id=person_id)


def remove(db: Database, hashes: Iterable[str]) -> int:
    """Take numbers off the record; how many rows went. Only `services.suppression.lift` may call it."""
    return db.many("DELETE FROM suppressions WHERE number_hash = :hash", [{"hash": number} for number in hashes])


def live_attempts(db: Database, hashes: Iterable[str], except_call: str | None = None) -> list[Row]:
    """Attempts to these numbers that are or may be on the line, but for the call that is speaking with us."""
    found: list[Row] = []
    for number_hash in hashes:
        found += db.rows(
            """SELECT attempts.id, attempts.call_id, coalesce(attempts.sid, calls.sid) AS sid, attempts.status
            FROM attempts LEFT JOIN calls ON calls.attempt_id = attempts.id
            WHERE attempts.number_hash = :hash AND purpose = 'lead' AND attempts.status NOT IN ('ended', 'refused')
                AND (:call IS NULL OR coalesce(calls.id, attempts.call_id, '') <> :call)
            ORDER BY attempts.created_at, attempts.id""",
            hash=number_hash, call=except_call,
        )  # fmt: skip
    return found
