"""Erasure: what of a person is private, and how it goes. The skeleton of every call stays, and with it every proof.

Rule: one table says what is erased, and a test holds every text column of the schema against it. Kept are the hashes of
numbers, the do-not-call record, outcomes, moments, zones and consent; the journal's own chain never held more.
"""

from __future__ import annotations

from voicebot.store import journal
from voicebot.store.database import Database, Row

PRIVATE: dict[str, dict[str, str]] = {
    "calls": {"state": "''"},
    "documents": {"body": "''"},
    "leg_documents": {"body": "''"},
    "legs": {"state": "''"},
    "transfers": {"request": "'{}'"},
    "attempts": {"to_number": "''", "error": "''"},
    "cases": {"note": "''"},
    "messages": {"to_number": "''", "from_number": "''", "body": "''", "reply": "''", "error": "''"},
    "recordings": {"file": "''"},
    "leads": {"fields": "'{}'"},
    "people": {"name": "''"},
    "numbers": {"e164": "'erased-' || id"},
    "suppressions": {"evidence": "''"},
    "private_values": {"salt": "''", "body": "''"},
}
"""Table -> column -> what it holds after erasure, in SQL."""

OF_CALL: dict[str, str] = {
    "documents": "call_id = :id",
    "leg_documents": "leg_id IN (SELECT id FROM legs WHERE call_id = :id)",
    "legs": "call_id = :id",
    "transfers": "call_id = :id",
    "messages": "call_id = :id",
    "attempts": "call_id = :id AND purpose = 'lead'",
    "cases": "call_id = :id",
}
OF_LEAD: dict[str, str] = {"cases": "lead_id = :id"}
OF_PERSON: dict[str, str] = {
    "messages": "person_id = :id OR number_hash IN (SELECT hash FROM numbers WHERE person_id = :id)",
    "numbers": "person_id = :id",
    "suppressions": "person_id = :id OR number_hash IN (SELECT hash FROM numbers WHERE person_id = :id)",
}
"""Table -> its rows that belong to a call, lead or person, beside their own."""


def _blank(db: Database, rows: dict[str, str], row_id: str | int) -> None:
    for table, condition in rows.items():
        db.execute(f"UPDATE {table} SET {_values(table)} WHERE {condition}", id=row_id)  # noqa: S608  (the tables above)


def _values(table: str) -> str:
    return ", ".join(f"{column} = {value}" for column, value in PRIVATE[table].items())


def _mark(db: Database, table: str, row_id: str | int, at: str) -> None:
    db.execute(f"UPDATE {table} SET {_values(table)}, erased_at = :at WHERE id = :id", id=row_id, at=at)  # noqa: S608


def erase_call(db: Database, call_id: str, at: str) -> None:
    """What was said and collected on a call, all its documents, and its sound, whose files go after the commit."""
    _blank(db, OF_CALL, call_id)
    for recording in db.rows("SELECT id FROM recordings WHERE call_id = :id AND erased_at = ''", id=call_id):
        erase_recording(db, recording["id"], at)
    _mark(db, "calls", call_id, at)
    journal.erase_private(db, "call", call_id, at)
    for attempt in db.rows("SELECT id FROM attempts WHERE call_id = :id", id=call_id):
        journal.erase_private(db, "attempt", attempt["id"], at)


def erase_recording(db: Database, recording_id: int, at: str) -> None:
    """The name of a recording's file, so that the file belongs to nothing any more."""
    _mark(db, "recordings", recording_id, at)


def erase_lead(db: Database, lead_id: int, at: str) -> None:
    """What a list says of somebody."""
    _blank(db, OF_LEAD, lead_id)
    _mark(db, "leads", lead_id, at)
    journal.erase_private(db, "lead", lead_id, at)
    for enrolment in db.rows("SELECT id FROM enrolments WHERE lead_id = :id", id=lead_id):
        journal.erase_private(db, "enrolment", enrolment["id"], at)


def erase_person(db: Database, person_id: int, at: str) -> None:
    """A name and its numbers, of which the hashes stay."""
    _blank(db, OF_PERSON, person_id)
    _mark(db, "people", person_id, at)
    journal.erase_private(db, "person", person_id, at)


def erase_of_centre(db: Database, before: str, at: str) -> int:
    """What the centre's own journal holds of people and is older than a moment; how many entries."""
    return db.execute(
        """UPDATE private_values SET salt = '', body = '', erased_at = :at WHERE erased_at = '' AND sequence IN
        (SELECT sequence FROM journal WHERE subject_kind = 'centre' AND at < :before)""",
        before=before, at=at,
    )  # fmt: skip


# --- what is due ------------------------------------------------------------------------------------------------------

_CALL_DUE = "calls.erased_at = '' AND calls.ended_at <> '' AND calls.ended_at < :before"
_RECORDING_DUE = """recordings.erased_at = '' AND EXISTS (SELECT 1 FROM calls WHERE calls.id = recordings.call_id
    AND calls.ended_at <> '' AND calls.ended_at < :before)"""
_LEAD_DUE = """leads.erased_at = '' AND leads.created_at < :before
    AND NOT EXISTS (SELECT 1 FROM enrolments WHERE enrolments.lead_id = leads.id
        AND (enrolments.status <> 'done' OR enrolments.updated_at >= :before))
    AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.lead_id = leads.id
        AND (calls.ended_at = '' OR calls.ended_at >= :before))"""
_PERSON_DUE = f"""people.erased_at = '' AND people.created_at < :before
    AND NOT EXISTS (SELECT 1 FROM leads WHERE leads.person_id = people.id AND leads.erased_at = ''
        AND NOT ({_LEAD_DUE}))
    AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.person_id = people.id AND calls.erased_at = ''
        AND NOT (calls.ended_at <> '' AND calls.ended_at < :before))"""  # noqa: S608

DUE: dict[str, str] = {"recordings": _RECORDING_DUE, "calls": _CALL_DUE, "leads": _LEAD_DUE, "people": _PERSON_DUE}
"""What nobody needs any more, by table: over before a moment, with nothing planned or newer for the same lead."""


def due(db: Database, table: str, before: str, limit: int) -> list[Row]:
    """Ids of what is due, some at a time."""
    sql = f"SELECT id FROM {table} WHERE {DUE[table]} ORDER BY id LIMIT :limit"  # noqa: S608  (the tables above)
    return db.rows(sql, before=before, limit=limit)


def count_due(db: Database, table: str, before: str) -> int:
    """How much of a table is due."""
    return int(db.value(f"SELECT count(*) FROM {table} WHERE {DUE[table]}", before=before))  # noqa: S608


def count_kept(db: Database, table: str) -> int:
    """How much of a table still holds private values."""
    return int(db.value(f"SELECT count(*) FROM {table} WHERE erased_at = ''"))  # noqa: S608


# --- one person -------------------------------------------------------------------------------------------------------


def calls_of(db: Database, person_id: int) -> list[Row]:
    """All calls with a person, on any of their numbers."""
    return db.rows(
        """SELECT id, ended_at FROM calls WHERE person_id = :id
            OR number_hash IN (SELECT hash FROM numbers WHERE person_id = :id) ORDER BY created_at""",
        id=person_id,
    )


def leads_of(db: Database, person_id: int) -> list[Row]:
    """All leads of a person."""
    return db.rows("SELECT id FROM leads WHERE person_id = :id", id=person_id)


def open_attempts_of(db: Database, person_id: int) -> int:
    """How many attempts at a person may still be on a line."""
    return int(
        db.value(
            """SELECT count(*) FROM attempts JOIN numbers ON hash = number_hash
            WHERE person_id = :id AND purpose = 'lead' AND ended_at = ''""",
            id=person_id,
        )
    )
