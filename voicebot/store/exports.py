"""What is handed out: leads, calls and suppressions, one row at a time, with names for columns that people know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from voicebot.store.database import Database

COLUMNS: dict[str, tuple[str, ...]] = {
    "leads": ("list", "line", "name", "phone", "country", "language", "region", "grade", "stage", "priority", "reason",
              "campaign", "status", "outcome", "attempts", "next_call", "consent", "consent_date", "consent_source",
              "suppressed", "fields"),
    "calls": ("call", "campaign", "list", "name", "phone", "direction", "flow", "language", "began", "answered",
              "ended", "status", "outcome", "answered_by"),
    "suppressions": ("phone", "hash", "since", "source", "evidence", "call"),
}  # fmt: skip
"""The columns of each export, in order. Moments are UTC; a number that was erased is empty."""

_PHONE = "CASE WHEN e164 LIKE 'erased-%' THEN '' ELSE coalesce(e164, '') END AS phone"


def leads(db: Database, list_name: str) -> Iterator[dict[str, Any]]:
    """Every lead, with its enrolments: one row for each campaign it is in, one for a lead in none."""
    rows = db.each(
        f"""SELECT lists.name AS list, leads.row AS line, people.name, {_PHONE}, country, people.language, region,
            leads.grade, leads.stage, leads.priority, leads.reason, coalesce(campaigns.name, '') AS campaign,
            coalesce(enrolments.status, '') AS status, coalesce(outcome, '') AS outcome,
            coalesce(attempts, 0) AS attempts, coalesce(next_at, '') AS next_call, leads.consent_kind AS consent,
            leads.consent_at AS consent_date, leads.consent_source,
            EXISTS (SELECT 1 FROM suppressions WHERE number_hash = hash) AS suppressed, fields
        FROM leads JOIN people ON people.id = leads.person_id JOIN numbers ON numbers.id = number_id
            JOIN lists ON lists.id = list_id LEFT JOIN enrolments ON enrolments.lead_id = leads.id
            LEFT JOIN campaigns ON campaigns.id = campaign_id
        WHERE :list = '' OR lists.name = :list ORDER BY leads.id, enrolments.id""",  # noqa: S608
        list=list_name,
    )
    for row in rows:
        yield {**dict(row), "suppressed": bool(row["suppressed"]), "fields": json.loads(row["fields"])}


def calls(db: Database, list_name: str) -> Iterator[dict[str, Any]]:
    """Every call, oldest first."""
    rows = db.each(
        f"""SELECT coalesce(calls.sid, calls.id) AS call, coalesce(campaigns.name, '') AS campaign,
            coalesce(lists.name, '') AS list, coalesce(people.name, '') AS name, {_PHONE}, direction, calls.flow,
            calls.language, calls.created_at AS began, answered_at AS answered, ended_at AS ended, calls.status,
            calls.outcome, answered_by
        FROM calls LEFT JOIN numbers ON numbers.hash = calls.number_hash LEFT JOIN people ON people.id = calls.person_id
            LEFT JOIN leads ON leads.id = calls.lead_id LEFT JOIN lists ON lists.id = leads.list_id
            LEFT JOIN enrolments ON enrolments.id = calls.enrolment_id LEFT JOIN campaigns ON campaigns.id = campaign_id
        WHERE :list = '' OR lists.name = :list ORDER BY calls.created_at, calls.id""",  # noqa: S608
        list=list_name,
    )
    return map(dict, rows)


def suppressions(db: Database) -> Iterator[dict[str, Any]]:
    """The do-not-call record. A number that is not known any more stands there by its hash."""
    rows = db.each(
        f"""SELECT {_PHONE}, number_hash AS hash, suppressions.created_at AS since, source, evidence,
            coalesce(call_id, '') AS call
        FROM suppressions LEFT JOIN numbers ON hash = number_hash ORDER BY suppressions.id"""  # noqa: S608
    )
    return map(dict, rows)
