"""What people look at: calls with who they went to, leads with where they stand. Reading only."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def recent_calls(db: Database, *, limit: int = 20, outcome: str = "", list_name: str = "") -> list[Row]:
    """The latest calls first, with the number and name they went to; an empty word does not narrow."""
    return db.rows(
        """SELECT calls.*, people.name, COALESCE(attempts.to_number, numbers.e164, '') AS other_number,
            lists.name AS list_name, people.time_zone
        FROM calls
        LEFT JOIN attempts ON attempts.id = calls.attempt_id
        LEFT JOIN people ON people.id = calls.person_id
        LEFT JOIN leads ON leads.id = calls.lead_id
        LEFT JOIN lists ON lists.id = leads.list_id
        LEFT JOIN numbers ON numbers.hash = calls.number_hash
        WHERE (:outcome = '' OR calls.outcome = :outcome) AND (:list = '' OR lists.name = :list)
        ORDER BY calls.created_at DESC, calls.id DESC LIMIT :limit""",
        limit=limit,
        outcome=outcome,
        list=list_name,
    )


def call_by_any_id(db: Database, name: str) -> Row | None:
    """A call by the provider's SID or by our own id, with what `recent_calls` shows of it."""
    return db.one(
        """SELECT calls.*, people.name, COALESCE(attempts.to_number, numbers.e164, '') AS other_number,
            COALESCE(NULLIF(people.time_zone, ''), json_extract(numbers.zones, '$[0]'), 'UTC') AS clock
        FROM calls
        LEFT JOIN attempts ON attempts.id = calls.attempt_id
        LEFT JOIN people ON people.id = calls.person_id
        LEFT JOIN numbers ON numbers.hash = calls.number_hash
        WHERE calls.sid = :name OR calls.id = :name""",
        name=name,
    )


def call_names_like(db: Database, beginning: str) -> list[str]:
    """SIDs that begin so, for "did you mean"."""
    rows = db.rows(
        "SELECT sid FROM calls WHERE sid >= :first AND sid < :last ORDER BY sid LIMIT 3",
        first=beginning,
        last=beginning + "\U0010ffff",
    )
    return [row["sid"] for row in rows]


def leads_with_work(db: Database, *, list_name: str = "", grade: str = "", limit: int = 50) -> list[Row]:
    """Leads of a list with the state of their enrolment, best priority first."""
    return db.rows(
        """SELECT leads.id, people.name, numbers.e164, lists.name AS list_name, leads.grade, leads.stage, leads.reason,
            leads.priority, campaigns.name AS campaign, enrolments.status, enrolments.outcome, enrolments.next_at,
            enrolments.attempts, enrolments.blocked_why
        FROM leads
        JOIN people ON people.id = leads.person_id
        JOIN numbers ON numbers.id = leads.number_id
        JOIN lists ON lists.id = leads.list_id
        LEFT JOIN enrolments ON enrolments.lead_id = leads.id
        LEFT JOIN campaigns ON campaigns.id = enrolments.campaign_id
        WHERE (:list = '' OR lists.name = :list) AND (:grade = '' OR leads.grade = :grade)
        ORDER BY leads.priority = '', leads.priority, leads.id LIMIT :limit""",
        list=list_name,
        grade=grade,
        limit=limit,
    )
