"""Rows against the base: several numbers, families, and people who opted out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.world import NOW, SECRET, hashed
from voicebot.leads.consent import Consent
from voicebot.leads.numbers import NumberRules
from voicebot.services import intake
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.store import people, suppressions
from voicebot.store.database import Database

OPTIONS = IntakeOptions(NumberRules("US", ("US",)), SECRET, consent=Consent("customer", "2026-01-02", "CRM"))
HEADER = "Name,Phone,Phone 2,Phone 3\n"
A, B, C, D = (f"+1202555010{last}" for last in range(1, 5))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False)
    yield database
    database.close()


def load(db: Database, rows: str, name: str = "spring", *, dry_run: bool = False) -> IntakeReport:
    file = db.path.with_name(f"{name}.csv")
    file.write_text(HEADER + rows)
    return intake.run(db, file, replace(OPTIONS, dry_run=dry_run), NOW)


def owners(db: Database) -> dict[str, list[str]]:
    """The numbers of each person by name, in order."""
    found: dict[str, list[str]] = {}
    for row in db.rows("SELECT name, e164 FROM people JOIN numbers ON person_id = people.id ORDER BY numbers.id"):
        found.setdefault(row["name"], []).append(row["e164"])
    return found


def dialled(db: Database) -> list[str]:
    return [
        row["e164"] for row in db.rows("SELECT e164 FROM leads JOIN numbers ON numbers.id = number_id ORDER BY row")
    ]


def test_all_numbers_are_kept_and_the_first_good_one_is_dialled(db: Database) -> None:
    report = load(db, f"Ann,911,{B},{A}\n")
    assert (report.added, report.further, report.unusable) == (1, 1, 1)
    assert owners(db) == {"Ann": [B, A]}
    assert dialled(db) == [B]


def test_a_known_number_leads_to_the_same_person(db: Database) -> None:
    load(db, f"Ann,{A},,\n")
    report = load(db, f"Ann,{B},{A},\n,{C},{A},\n", "summer")
    assert (report.added, report.known) == (2, 2)
    assert owners(db) == {"Ann": [A, B, C]}


def test_a_family_shares_a_telephone_and_each_stays_a_person(db: Database) -> None:
    report = load(db, f"Ann,{A},{C},\nBen,{B},{C},\n")
    assert (report.added, report.known) == (2, 0)
    assert owners(db) == {"Ann": [A, C], "Ben": [B]}
    assert dialled(db) == [A, B]


def test_a_number_found_wrong_is_passed_over(db: Database) -> None:
    load(db, f"Ann,{A},,\n", "before")
    with db.transaction():
        people.set_number_status(db, hashed(A), "wrong")
    assert load(db, f"Ann,{A},{B},\n").added == 1
    assert dialled(db) == [A, B]
    assert owners(db) == {"Ann": [A, B]}
    assert load(db, f"Ann,{A},,\n", "after").refused == {"dead_number": 1}


@pytest.mark.parametrize("dry_run", [False, True])
def test_one_suppressed_number_keeps_the_person_off_the_list(db: Database, dry_run: bool) -> None:
    with db.transaction():
        suppressions.insert(db, hashed(C), NOW, source="inbound")
    report = load(db, f"Ann,{A},{B},{C}\n", dry_run=dry_run)
    assert report.refused == {"suppressed": 1}
    assert report.refusals[0].problem == f"{C} is on the do-not-call record."
    assert owners(db) == {}


def test_a_dry_run_foretells_known_people(db: Database) -> None:
    load(db, f"Ann,{A},,\n")
    rows = f"Ann,{B},{A},\nDee,{D},,\n"
    dry, wet = load(db, rows, "summer", dry_run=True), load(db, rows, "summer")
    assert (dry.added, dry.known, dry.further) == (wet.added, wet.known, wet.further) == (2, 1, 1)
