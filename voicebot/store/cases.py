"""Cases: what a human has to look at, with an owner and a due time."""

from __future__ import annotations

from typing import Literal

from voicebot.store.database import Database, Row


def open_case(  # noqa: PLR0913  (a case is that many facts)
    db: Database, kind: Literal["review", "complaint"], now: str, *, due_at: str, note: str,
    owner: str = "", lead_id: int | None = None, call_id: str | None = None,
) -> int:  # fmt: skip
    """A new case; the id."""
    return db.insert(
        """INSERT INTO cases (kind, owner, lead_id, call_id, due_at, note, created_at)
        VALUES (:kind, :owner, :lead_id, :call_id, :due_at, :note, :now)""",
        kind=kind, owner=owner, lead_id=lead_id, call_id=call_id, due_at=due_at, note=note, now=now,
    )  # fmt: skip


def open_cases(db: Database) -> list[Row]:
    """The open cases, soonest due first."""
    return db.rows("SELECT * FROM cases WHERE status = 'open' ORDER BY due_at, id")


def listed(db: Database, owner: str = "") -> list[Row]:
    """The open cases, soonest due first, with the person they are about; of one owner, if named."""
    return db.rows(
        """SELECT cases.id, cases.kind, cases.owner, cases.due_at, cases.note, COALESCE(cases.call_id, '') AS call_id,
            COALESCE(people.name, '') AS name, COALESCE(numbers.e164, '') AS number
        FROM cases LEFT JOIN leads ON leads.id = cases.lead_id
            LEFT JOIN people ON people.id = leads.person_id LEFT JOIN numbers ON numbers.id = leads.number_id
        WHERE cases.status = 'open' AND (:owner = '' OR cases.owner = :owner)
        ORDER BY cases.due_at, cases.id""",
        owner=owner,
    )


def close_case(db: Database, case_id: int) -> bool:
    """Close a case; False when it was closed already or does not exist."""
    return bool(db.execute("UPDATE cases SET status = 'closed' WHERE id = :id AND status = 'open'", id=case_id))
