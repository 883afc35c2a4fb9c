"""Leads: people on lists, with what the list says of them and how far they have come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voicebot.leads.consent import Consent
from voicebot.store.database import Database, Row
from voicebot.store.people import Identity

_json = json.JSONEncoder(ensure_ascii=False).encode


def add_leads(db: Database, list_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """New leads of one list, as `add_lead` writes one; who is on the list already stays as they are."""
    db.many(
        """INSERT INTO leads
            (list_id, person_id, number_id, row, fields, consent_kind, consent_at, consent_source, created_at)
        VALUES (:list_id, :person_id, :number_id, :row, :fields, :kind, :at, :source, :now)
        ON CONFLICT (list_id, number_id) DO NOTHING""",
        ({**row, "list_id": list_id, "fields": _json(row["fields"])} for row in rows),
    )


def add_lead(
    db: Database, list_id: int, who: Identity, now: str, *, row: int, fields: Mapping[str, str], consent: Consent
) -> bool:
    """A new lead; False when the number is on this list already, whose lead then stays as it is."""
    added = db.execute(
        """INSERT INTO leads
            (list_id, person_id, number_id, row, fields, consent_kind, consent_at, consent_source, created_at)
        VALUES (:list_id, :person_id, :number_id, :row, :fields, :kind, :at, :source, :now)
        ON CONFLICT (list_id, number_id) DO NOTHING""",
        list_id=list_id, person_id=who.person_id, number_id=who.number_id, row=row, fields=_json(fields),
        kind=consent.kind, at=consent.at, source=consent.source, now=now,
    )  # fmt: skip
    return added > 0


_WITH_PERSON = """SELECT leads.*, people.name AS name, language, time_zone, region, e164, hash, country, zones,
        numbers.kind AS number_kind, numbers.status AS number_status, lists.name AS list,
        CASE leads.consent_kind WHEN '' THEN lists.consent_kind ELSE leads.consent_kind END AS consent,
        EXISTS (SELECT 1 FROM suppressions WHERE number_hash = hash) AS suppressed
    FROM leads JOIN people ON people.id = leads.person_id JOIN numbers ON numbers.id = number_id
        JOIN lists ON lists.id = list_id"""


def lead(db: Database, lead_id: int) -> Row | None:
    """One lead with its person, number and list; `consent` is the lead's own kind, else the list's."""
    return db.one(f"{_WITH_PERSON} WHERE leads.id = :id", id=lead_id)


def leads_of_list(db: Database, list_id: int) -> Iterator[Row]:
    """The leads of a list in the order of its rows, as `lead` shows them, but for those that were erased."""
    return db.each(
        f"{_WITH_PERSON} WHERE list_id = :id AND leads.erased_at = '' ORDER BY leads.row, leads.id", id=list_id
    )


def search(
    db: Database, *, list_name: str = "", grade: str = "", stage: str = "", priority: str = "", limit: int = 100
) -> list[Row]:
    """Leads, best priority first; an empty word does not narrow."""
    return db.rows(
        f"""{_WITH_PERSON} WHERE (:list = '' OR lists.name = :list) AND (:grade = '' OR leads.grade = :grade)
            AND (:stage = '' OR leads.stage = :stage) AND (:priority = '' OR leads.priority = :priority)
        ORDER BY leads.priority = '', leads.priority, leads.id LIMIT :limit""",
        list=list_name, grade=grade, stage=stage, priority=priority, limit=limit,
    )  # fmt: skip


def update_lead(db: Database, lead_id: int, *, grade: str, stage: str, reason: str, priority: str) -> None:
    """Where a lead stands after a contact."""
    db.execute(
        "UPDATE leads SET grade = :grade, stage = :stage, reason = :reason, priority = :priority WHERE id = :id",
        grade=grade, stage=stage, reason=reason, priority=priority, id=lead_id,
    )  # fmt: skip


def close_leads(db: Database, reason: str, *, person_id: int | None = None, number_id: int | None = None) -> int:
    """Close all leads of a person, or of one number, keeping their grades; how many were open."""
    return db.execute(
        """UPDATE leads SET stage = 'closed', reason = :reason
        WHERE stage <> 'closed' AND (person_id = :person_id OR number_id = :number_id)""",
        person_id=person_id, number_id=number_id, reason=reason,
    )  # fmt: skip


def open_on_number(db: Database, number_id: int) -> list[int]:
    """The leads that are rung on this number and not closed."""
    rows = db.rows("SELECT id FROM leads WHERE number_id = :id AND stage <> 'closed' ORDER BY id", id=number_id)
    return [row["id"] for row in rows]


def has_consent(db: Database, person_id: int) -> bool:
    """Whether any lead of a person has consented, or any list they are on."""
    return db.one(f"{_WITH_PERSON} WHERE leads.person_id = :id AND consent <> '' LIMIT 1", id=person_id) is not None


def latest_of_person(db: Database, person_id: int) -> int | None:
    """The person's lead that was added last."""
    found: int | None = db.value("SELECT max(id) FROM leads WHERE person_id = :id", id=person_id)
    return found


def dial_instead(db: Database, lead_id: int, number_id: int) -> None:
    """Try a lead on another number of theirs from now on."""
    db.execute("UPDATE leads SET number_id = :number_id WHERE id = :id", id=lead_id, number_id=number_id)
