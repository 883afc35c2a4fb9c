"""Calls: one row per telephone call, with where its conversation stands."""

from __future__ import annotations

from typing import Any

from voicebot.store.database import Database, Row

LIVE = ("queued", "initiated", "ringing", "in_progress")


def insert(db: Database, **columns: Any) -> None:
    """A new call. Raises sqlite3.IntegrityError when its id or the provider's is already there."""
    names = ", ".join(columns)
    slots = ", ".join(f":{name}" for name in columns)
    db.execute(f"INSERT INTO calls ({names}) VALUES ({slots})", **columns)  # noqa: S608  (names come from our code)


def load(db: Database, call_id: str) -> Row | None:
    """The call with our own id."""
    return db.one("SELECT * FROM calls WHERE id = :call_id", call_id=call_id)


def by_sid(db: Database, sid: str) -> Row | None:
    """The call with the provider's id."""
    return db.one("SELECT * FROM calls WHERE sid = :sid", sid=sid)


def set_sid(db: Database, call_id: str, sid: str) -> bool:
    """Remember the provider's id, once; False when the call has one, or another call has this one."""
    return bool(
        db.execute(
            """UPDATE calls SET sid = :sid WHERE id = :call_id AND sid IS NULL
                AND NOT EXISTS (SELECT 1 FROM calls AS other WHERE other.sid = :sid)""",
            call_id=call_id,
            sid=sid,
        )
    )


def advance(db: Database, call_id: str, *, document: int, state: str, phase: str, language: str, outcome: str) -> None:
    """Where the conversation stands now."""
    db.execute(
        """
        UPDATE calls SET document = :document, state = :state, phase = :phase, language = :language, outcome = :outcome
        WHERE id = :call_id
        """,
        call_id=call_id,
        document=document,
        state=state,
        phase=phase,
        language=language,
        outcome=outcome,
    )


def set_status(db: Database, call_id: str, status: str, sequence: int, at: str) -> None:
    """The line's status; the moments of its start, answer and end are kept as they pass."""
    db.execute(
        """
        UPDATE calls SET status = :status, status_sequence = :sequence,
            started_at = CASE WHEN started_at = '' THEN :at ELSE started_at END,
            answered_at = CASE WHEN answered_at = '' AND :status = 'in_progress' THEN :at ELSE answered_at END,
            ended_at = CASE WHEN :status IN ('completed', 'busy', 'no_answer', 'canceled', 'failed')
                THEN :at ELSE ended_at END
        WHERE id = :call_id
        """,
        call_id=call_id,
        status=status,
        sequence=sequence,
        at=at,
    )


def set_answered_by(db: Database, call_id: str, answered_by: str) -> None:
    """The provider's verdict on who answered."""
    db.execute("UPDATE calls SET answered_by = :by WHERE id = :call_id", call_id=call_id, by=answered_by)


def set_deadline(db: Database, call_id: str, deadline_at: str) -> None:
    """The moment after which the sweeper closes the call."""
    db.execute("UPDATE calls SET deadline_at = :at WHERE id = :call_id", call_id=call_id, at=deadline_at)


def rings_us(db: Database, call_id: str) -> bool:
    """Whether the person that a call is to go to has rung us meanwhile, and is on the line."""
    return bool(
        db.value(
            """
            SELECT EXISTS (SELECT 1 FROM calls JOIN calls AS other ON other.person_id = calls.person_id
                WHERE calls.id = :id AND other.direction = 'inbound'
                    AND other.status IN ('queued', 'initiated', 'ringing', 'in_progress'))
            """,
            id=call_id,
        )
    )


def is_taken_over(db: Database, call: Row) -> bool:
    """Whether the person rang back while this call of ours was on its way: theirs carries the enrolment then."""
    return call["direction"] == "outbound" and bool(
        db.value(
            """
            SELECT EXISTS (SELECT 1 FROM calls WHERE direction = 'inbound' AND enrolment_id = :enrolment_id
                AND created_at >= :created_at)
            """,
            enrolment_id=call["enrolment_id"],
            created_at=call["created_at"],
        )
    )


def live_of_person(db: Database, person_id: int | None, number_hash: str) -> list[Row]:
    """Calls of a person or number that have not ended."""
    return db.rows(
        """
        SELECT * FROM calls WHERE (person_id = :person_id OR (:hash <> '' AND number_hash = :hash))
            AND status IN ('queued', 'initiated', 'ringing', 'in_progress') ORDER BY id
        """,
        person_id=person_id,
        hash=number_hash,
    )
