"""What the sweeper looks for: calls that should have ended, attempts and calls of which only one half was closed."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def overdue_calls(db: Database, now: str) -> list[Row]:
    """Calls, either way, whose deadline has passed and whose end nobody told us."""
    return db.rows(
        """
        SELECT id, sid FROM calls WHERE status IN ('queued', 'initiated', 'ringing', 'in_progress')
            AND deadline_at > '' AND deadline_at < :now AND sid IS NOT NULL
        ORDER BY deadline_at
        """,
        now=now,
    )


def open_calls(db: Database) -> list[Row]:
    """Calls, either way, that have not ended as far as we know, and that the provider knows."""
    return db.rows(
        """
        SELECT id, sid FROM calls WHERE status IN ('queued', 'initiated', 'ringing', 'in_progress')
            AND sid IS NOT NULL ORDER BY created_at
        """
    )


def open_legs(db: Database) -> list[Row]:
    """The same for agents' legs."""
    return db.rows("SELECT id, sid FROM legs WHERE status <> 'ended' AND sid IS NOT NULL ORDER BY created_at")


def next_deadline(db: Database) -> str:
    """When the next open call is overdue, or an empty text."""
    found = db.value(
        """
        SELECT min(deadline_at) FROM calls WHERE status IN ('queued', 'initiated', 'ringing', 'in_progress')
            AND deadline_at > '' AND sid IS NOT NULL
        """
    )
    return found or ""


def set_deadline(db: Database, call_id: str, deadline_at: str) -> None:
    """When a call is to be looked at again."""
    db.execute("UPDATE calls SET deadline_at = :at WHERE id = :id", id=call_id, at=deadline_at)


def calls_of_refused(db: Database) -> list[Row]:
    """Calls that wait although the provider refused to place them, with the end they are to be told."""
    return db.rows(
        """
        SELECT c.id, CASE a.outcome WHEN '' THEN 'failed' ELSE a.outcome END AS "end"
        FROM calls c JOIN attempts a ON a.id = c.attempt_id
        WHERE c.status IN ('queued', 'initiated', 'ringing', 'in_progress') AND a.status = 'refused'
        """
    )


def attempts_of_ended(db: Database) -> list[Row]:
    """Attempts that are open although their call has ended, with its outcome."""
    return db.rows(
        """
        SELECT a.id, c.outcome, c.ended_at FROM attempts a JOIN calls c ON c.id = a.call_id
        WHERE a.status IN ('posted', 'unknown', 'ringing', 'answered') AND a.ended_at = ''
            AND c.status IN ('completed', 'busy', 'no_answer', 'canceled', 'failed')
        """
    )
