"""Attempts: one row per dial, written before the provider is asked.

Rule: a status moves only as `dialer.attempt_moves` allows; each function says whether it did.
"""

from __future__ import annotations

from collections.abc import Iterable

from voicebot.dialer.attempt_moves import DIALLED, LIVE, AttemptStatus, from_statuses
from voicebot.leads.outcomes import REACHED
from voicebot.store.database import Database, Row


def _listed(words: Iterable[str]) -> str:
    """Words of our own closed lists as an SQL list."""
    return ", ".join(f"'{word}'" for word in words)


_LIVE, _DIALLED, _REACHED = _listed(LIVE), _listed(DIALLED), _listed(sorted(REACHED))


def next_id(db: Database, enrolment_id: int) -> str:
    """The id of an enrolment's next attempt, and of the call it places: `12-3` is the third of enrolment 12.

    Two dialers that chose the same lead would write the same id, and the second is refused.
    """
    made = db.value("SELECT count(*) FROM attempts WHERE enrolment_id = :id", id=enrolment_id)
    return f"{enrolment_id}-{made + 1}"


def reserve(
    db: Database,
    attempt_id: str,
    *,
    enrolment_id: int,
    number: Row,
    from_number: str,
    policy_version: str,
    at: str,
) -> None:
    """Write down an attempt to ring `number` (its `hash` and `e164`).

    Raises SuppressedError for a number on the do-not-call record.
    """
    db.execute(
        """
        INSERT INTO attempts (id, enrolment_id, number_hash, to_number, from_number, status, policy_version,
            created_at, purpose, call_id)
        VALUES (:id, :enrolment_id, :hash, :to_number, :from_number, 'reserved', :version, :at, 'lead', :id)
        """,
        id=attempt_id,
        enrolment_id=enrolment_id,
        hash=number["hash"],
        to_number=number["e164"],
        from_number=from_number,
        version=policy_version,
        at=at,
    )


def load(db: Database, attempt_id: str) -> Row | None:
    """The attempt with this id."""
    return db.one("SELECT * FROM attempts WHERE id = :id", id=attempt_id)


def post(db: Database, attempt_id: str, at: str) -> bool:
    """Note that the provider is about to be asked. Raises SuppressedError at this last moment."""
    return _move(db, attempt_id, "posted", "posted_at = :at", at=at)


def set_sid(db: Database, attempt_id: str, sid: str) -> None:
    """Keep the provider's id; the first one told stays."""
    db.execute("UPDATE attempts SET sid = :sid WHERE id = :id AND sid IS NULL", id=attempt_id, sid=sid)


def note(db: Database, attempt_id: str, status: AttemptStatus) -> bool:
    """Move an attempt on by what its line told; False for news that comes too late."""
    return _move(db, attempt_id, status, "error = ''")


def end(db: Database, attempt_id: str, outcome: str, at: str) -> bool:
    """The line is gone. `outcome` is how the call ended, or empty where nobody can say."""
    return _move(db, attempt_id, "ended", "ended_at = :at, outcome = :outcome", at=at, outcome=outcome)


def refuse(db: Database, attempt_id: str, error: str, at: str, end: str = "") -> bool:
    """It was certainly not dialled, and why. `end` is what its call is to be told, if the lead is to hear of it."""
    change = "ended_at = :at, error = :error, outcome = :end"
    return _move(db, attempt_id, "refused", change, at=at, error=error, end=end)


def lose(db: Database, attempt_id: str, error: str) -> bool:
    """The provider's answer was lost: nobody knows whether it was dialled."""
    return _move(db, attempt_id, "unknown", "error = :error", error=error)


def settle(db: Database, attempt_id: str, at: str) -> bool:
    """Give up asking about a lost attempt. It stays unknown, and counts."""
    return bool(
        db.execute(
            "UPDATE attempts SET ended_at = :at WHERE id = :id AND status = 'unknown' AND ended_at = ''",
            id=attempt_id,
            at=at,
        )
    )


def _move(db: Database, attempt_id: str, status: AttemptStatus, change: str, **values: str) -> bool:
    return bool(
        db.execute(
            f"""
            UPDATE attempts SET status = :status, {change}
            WHERE id = :id AND status IN ({_listed(from_statuses(status))})
            """,  # noqa: S608  (`change` is one of the constants above)
            id=attempt_id,
            status=status,
            **values,
        )
    )


# --- counts -----------------------------------------------------------------------------------------------------------


def under_way(db: Database) -> int:
    """How many calls to leads are open, or may be; a lost attempt counts until it is settled."""
    return int(
        db.value(
            f"""
            SELECT count(*) FROM attempts
            WHERE status IN ({_LIVE}) AND purpose = 'lead' AND ended_at = ''
            """,  # noqa: S608
        )
    )


def dialled_to_person(db: Database, person_id: int, since: str) -> list[str]:
    """The moments at which any number of a person was dialled, or may have been."""
    rows = db.rows(
        f"""
        SELECT a.created_at AS at FROM numbers n JOIN attempts a ON a.number_hash = n.hash
        WHERE n.person_id = :person_id AND a.created_at >= :since AND a.purpose = 'lead'
            AND a.status IN ({_DIALLED})
        """,  # noqa: S608
        person_id=person_id,
        since=since,
    )
    return [row["at"] for row in rows]


def talked_with_person(db: Database, person_id: int, since: str) -> list[str]:
    """The moments at which conversations with a person ended, in any campaign, whoever rang whom."""
    rows = db.rows(
        f"""
        SELECT ended_at AS at FROM calls
        WHERE person_id = :person_id AND ended_at >= :since AND outcome IN ({_REACHED})
        """,  # noqa: S608
        person_id=person_id,
        since=since,
    )
    return [row["at"] for row in rows]


def person_is_on_a_line(db: Database, person_id: int) -> bool:
    """Whether a call with this person is open, or may be, on any of their numbers and either way."""
    return bool(
        db.value(
            f"""
            SELECT EXISTS (
                SELECT 1 FROM numbers n JOIN attempts a ON a.number_hash = n.hash
                WHERE n.person_id = :person_id AND a.ended_at = '' AND a.purpose = 'lead'
                    AND a.status IN ({_LIVE})
            ) OR EXISTS (
                SELECT 1 FROM calls WHERE person_id = :person_id AND direction = 'inbound'
                    AND status IN ('queued', 'initiated', 'ringing', 'in_progress')
            )
            """,  # noqa: S608
            person_id=person_id,
        )
    )


def legs_since(db: Database, since: str) -> list[str]:
    """When legs were placed of late, to leads and to agents alike."""
    rows = db.rows(
        """
        SELECT posted_at AS at FROM attempts
        WHERE status IN ('posted', 'ringing', 'answered', 'ended', 'unknown') AND created_at >= :since
            AND posted_at >= :since AND purpose = 'lead'
        UNION ALL
        SELECT created_at AS at FROM legs WHERE created_at >= :since
        """,
        since=since,
    )
    return [row["at"] for row in rows]


# --- what was left lying by a kill or a lost answer -------------------------------------------------------------------


def never_posted(db: Database, before: str) -> list[Row]:
    """Attempts reserved before a moment and not posted since: their dialer is gone."""
    return db.rows(
        """
        SELECT * FROM attempts WHERE status = 'reserved' AND created_at < :before AND purpose = 'lead'
        ORDER BY created_at
        """,
        before=before,
    )


def without_sid(db: Database, before: str) -> list[Row]:
    """Attempts posted before a moment of which the provider's id is not known."""
    return db.rows(
        """
        SELECT * FROM attempts WHERE status IN ('posted', 'unknown') AND sid IS NULL AND ended_at = ''
            AND posted_at < :before AND purpose = 'lead'
        ORDER BY posted_at
        """,
        before=before,
    )


def knows_sid(db: Database, sid: str) -> bool:
    """Whether a call of the provider is already one of ours."""
    return bool(
        db.value(
            """
            SELECT EXISTS (SELECT 1 FROM attempts WHERE sid = :sid) OR EXISTS (SELECT 1 FROM calls WHERE sid = :sid)
                OR EXISTS (SELECT 1 FROM legs WHERE sid = :sid)
            """,
            sid=sid,
        )
    )


def waits_for_news(db: Database) -> bool:
    """Whether an attempt is at a point at which the sweeper may soon be needed: not posted, or without the answer."""
    return bool(
        db.value(
            """
            SELECT EXISTS (SELECT 1 FROM attempts WHERE status = 'reserved' AND purpose = 'lead')
                OR EXISTS (SELECT 1 FROM attempts WHERE status IN ('posted', 'unknown') AND sid IS NULL
                    AND ended_at = '' AND purpose = 'lead')
            """
        )
    )
