"""Enrolments: a lead in a campaign, its next moment and what became of it. Claiming stands in `claims.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voicebot.leads.outcomes import AWAITED, REACHED
from voicebot.store.database import Database, Row

_AWAITED, _REACHED = (", ".join(f"'{outcome}'" for outcome in sorted(words)) for words in (AWAITED, REACHED))


def enrol(db: Database, campaign_id: int, rows: Iterable[Mapping[str, Any]], now: str) -> int:
    """Enrol leads; how many were new. A row has `lead_id`, `next_at`, `policy_version` and `blocked_why`."""
    return db.many(
        """INSERT INTO enrolments (campaign_id, lead_id, next_at, policy_version, blocked_why, stage, grade, updated_at)
        SELECT :campaign_id, id, :next_at, :policy_version, :blocked_why, stage, grade, :now FROM leads
        WHERE id = :lead_id
        ON CONFLICT (campaign_id, lead_id) DO NOTHING""",
        ({**row, "campaign_id": campaign_id, "now": now} for row in rows),
    )


def enrolment(db: Database, enrolment_id: int) -> Row | None:
    """One enrolment with the ids of its lead's person and number."""
    return db.one(
        """SELECT enrolments.*, person_id, number_id FROM enrolments
        JOIN leads ON leads.id = lead_id WHERE enrolments.id = :id""",
        id=enrolment_id,
    )


def of_person(db: Database, person_id: int) -> list[Row]:
    """All enrolments of a person, over all lists and campaigns."""
    return db.rows(
        """SELECT enrolments.* FROM enrolments JOIN leads ON leads.id = lead_id WHERE person_id = :id
        ORDER BY enrolments.id""",
        id=person_id,
    )


def missed(db: Database, person_id: int, since: str) -> list[Row]:
    """Enrolments of a person, in running campaigns, that wait for a conversation; each with its campaign's `flow_pin`.

    A call was promised, or is on its way, or the last one since a moment did not reach them. Promises come first, then
    who was dialled last.
    """
    return db.rows(
        f"""SELECT enrolments.*, flow_pin,
            (SELECT max(posted_at) FROM attempts WHERE enrolment_id = enrolments.id) AS dialled_at
        FROM enrolments JOIN leads ON leads.id = lead_id JOIN campaigns ON campaigns.id = campaign_id
        WHERE person_id = :person_id AND campaigns.status = 'running'
            AND enrolments.status IN ('due', 'leased', 'in_call')
            AND (callback_at <> '' OR outcome IN ({_AWAITED}) OR (dialled_at >= :since
                AND (enrolments.status = 'in_call' OR outcome NOT IN ({_REACHED}))))
        ORDER BY callback_at = '', dialled_at DESC, enrolments.id DESC""",  # noqa: S608  (words of our own)
        person_id=person_id, since=since,
    )  # fmt: skip


def save_result(db: Database, enrolment_id: int, now: str, **values: Any) -> None:
    """What a call has made of an enrolment. It also gives the lease back."""
    db.execute(
        """UPDATE enrolments SET status = :status, stage = :stage, grade = :grade, reason = :reason,
            outcome = :outcome, next_at = :next_at, callback_at = :callback_at, contacts = :contacts,
            failures = :failures, blocked_why = :blocked_why, lease_until = '', lease_by = '', updated_at = :now
        WHERE id = :id""",
        id=enrolment_id, now=now, **values,
    )  # fmt: skip


def end(
    db: Database, reason: str, outcome: str, now: str, *, person_id: int | None = None, number_id: int | None = None
) -> list[int]:
    """End whatever a person, or one number, is still enrolled in; the ids of what was ended."""
    ended = db.rows(
        """UPDATE enrolments SET status = 'done', stage = 'closed', reason = :reason, outcome = :outcome,
            next_at = '', callback_at = '', lease_until = '', lease_by = '', blocked_why = '', updated_at = :now
        WHERE status <> 'done'
            AND lead_id IN (SELECT id FROM leads WHERE person_id = :person_id OR number_id = :number_id)
        RETURNING id""",
        person_id=person_id, number_id=number_id, reason=reason, outcome=outcome, now=now,
    )  # fmt: skip
    return sorted(row["id"] for row in ended)


def freeze(db: Database, person_id: int, now: str) -> int:
    """Hold whatever a person is enrolled in until a human has looked; how many enrolments that were."""
    return db.execute(
        """UPDATE enrolments SET status = 'review', lease_until = '', lease_by = '', updated_at = :now
        WHERE status NOT IN ('done', 'review') AND lead_id IN (SELECT id FROM leads WHERE person_id = :person_id)""",
        person_id=person_id, now=now,
    )  # fmt: skip


def mark_message_left(db: Database, enrolment_id: int) -> None:
    """A machine's message was left; it is left once."""
    db.execute("UPDATE enrolments SET message_left = 1 WHERE id = :id", id=enrolment_id)
