"""What people look at: calls with who they went to, leads with where they stand."""

from __future__ import annotations

import pytest

from tests.store.world import NOW, ONE, THREE, TWO, Lead, attempt, enrolled
from voicebot.store import overview
from voicebot.store.database import Database


def call(db: Database, lead: Lead, name: str, at: str = NOW, **columns: str) -> None:
    """A call to this lead, with the attempt behind it."""
    attempt(db, lead, f"attempt {name}")
    given = {"sid": f"CA{name}", "outcome": "", "status": "completed", **columns}
    with db.transaction():
        db.execute(
            f"""INSERT INTO calls (id, attempt_id, person_id, lead_id, number_hash, direction, started_at, created_at,
                {", ".join(given)})
            VALUES (:id, :attempt, :person, :lead, :hash, 'outbound', :at, :at, :{", :".join(given)})""",  # noqa: S608
            id=name, attempt=f"attempt {name}", person=lead.person, lead=lead.lead, hash=lead.hash, at=at, **given,
        )  # fmt: skip


def test_calls_come_latest_first_with_whom_they_went_to(db: Database) -> None:
    lead = enrolled(db, ONE)
    call(db, lead, "a", "2026-03-02T15:00:00.000Z")
    call(db, lead, "b", "2026-03-02T17:00:00.000Z")
    rows = overview.recent_calls(db)
    assert [row["id"] for row in rows] == ["b", "a"]
    assert (rows[0]["other_number"], rows[0]["name"], rows[0]["list_name"]) == (ONE, "Ann", "first")
    assert [row["id"] for row in overview.recent_calls(db, limit=1)] == ["b"]


def test_calls_are_narrowed_by_outcome_and_list(db: Database) -> None:
    call(db, enrolled(db, ONE), "a", outcome="refused")
    call(db, enrolled(db, TWO, "second"), "b", outcome="screened")
    assert [row["id"] for row in overview.recent_calls(db, outcome="refused")] == ["a"]
    assert [row["id"] for row in overview.recent_calls(db, list_name="second")] == ["b"]
    assert overview.recent_calls(db, outcome="refused", list_name="second") == []


def test_call_of_somebody_unknown_is_shown(db: Database) -> None:
    with db.transaction():
        db.execute(
            "INSERT INTO calls (id, direction, started_at, created_at) VALUES ('in-1', 'inbound', :at, :at)", at=NOW
        )
    (row,) = overview.recent_calls(db)
    assert (row["other_number"], row["name"]) == ("", None)
    found = overview.call_by_any_id(db, "in-1")
    assert found is not None
    assert found["clock"] == "UTC"


@pytest.mark.parametrize("name", ["a", "CAa"])
def test_call_is_found_by_either_id(db: Database, name: str) -> None:
    call(db, enrolled(db, ONE), "a")
    found = overview.call_by_any_id(db, name)
    assert found is not None
    assert found["clock"] == "America/New_York"
    assert overview.call_by_any_id(db, "CAz") is None


def test_persons_own_time_zone_is_their_clock(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        db.execute("UPDATE people SET time_zone = 'Asia/Shanghai' WHERE id = :id", id=lead.person)
    call(db, lead, "a")
    found = overview.call_by_any_id(db, "a")
    assert found is not None
    assert found["clock"] == "Asia/Shanghai"


def test_names_like(db: Database) -> None:
    lead = enrolled(db, ONE)
    for name in ("12a", "12b", "13a"):
        call(db, lead, name)
    assert overview.call_names_like(db, "CA12") == ["CA12a", "CA12b"]
    assert overview.call_names_like(db, "CB") == []
    assert len(overview.call_names_like(db, "CA")) == 3


def test_leads_come_by_priority(db: Database) -> None:
    grades = {ONE: ("", "interested"), TWO: ("B", "considering"), THREE: ("A", "ready")}
    for e164, (priority, grade) in grades.items():
        lead = enrolled(db, e164)
        with db.transaction():
            db.execute("UPDATE leads SET priority = :p, grade = :g WHERE id = :id", p=priority, g=grade, id=lead.lead)
    assert [row["e164"] for row in overview.leads_with_work(db)] == [THREE, TWO, ONE]
    assert [row["e164"] for row in overview.leads_with_work(db, grade="considering")] == [TWO]
    assert overview.leads_with_work(db, list_name="second") == []
    assert len(overview.leads_with_work(db, limit=2)) == 2


def test_lead_stands_with_each_of_its_campaigns(db: Database) -> None:
    one = enrolled(db, ONE)
    enrolled(db, ONE, "second", one.person)
    rows = overview.leads_with_work(db)
    assert {(row["list_name"], row["campaign"], row["status"]) for row in rows} == {
        ("first", "first", "due"),
        ("second", "second", "due"),
    }
