from __future__ import annotations

from tests.store.world import LATER, NOW, ONE, TWO, add_number, enrolled, hashed
from voicebot.leads.consent import Consent
from voicebot.store import cases, enrolments, leads, lists, people, pins
from voicebot.store.database import Database

CONSENT = Consent("form", "2026-01-02", "web")


def test_a_person_is_completed_but_not_rewritten(db: Database) -> None:
    with db.transaction():
        person = people.add_person(db, NOW, name="Ann")
        assert people.complete_person(db, person, name="Bea", region="NY") == 1
        assert people.complete_person(db, person, name="Bea", region="TX") == 0
    row = people.person(db, person)
    assert row
    assert (row["name"], row["region"]) == ("Ann", "NY")


def test_one_person_has_several_numbers(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        add_number(db, lead.person, TWO)
        people.set_number_status(db, hashed(TWO), "wrong")
        people.set_number_zones(db, lead.number, ())
    assert [row["status"] for row in people.numbers_of(db, lead.person)] == ["ok", "wrong"]
    assert people.look_up(db, [hashed(TWO)], None)[hashed(TWO)]["person_id"] == lead.person
    assert people.look_up(db, ["none"], None) == {}


def test_a_lead_is_on_a_list_once_and_a_declaration_is_not_overwritten(db: Database) -> None:
    lead = enrolled(db, ONE)
    who = people.Identity(lead.person, lead.number)
    with db.transaction():
        first = lists.add_list(db, "spring", "a.csv", NOW, CONSENT)
        again = lists.add_list(db, "spring", "b.csv", NOW, Consent("oral", "2026-01-03", "else"))
        added = [leads.add_lead(db, first, who, NOW, row=2, fields={}, consent=CONSENT) for _ in range(2)]
    assert first == again
    assert added == [True, False]
    spring = lists.by_name(db, "spring")
    assert spring
    assert spring["consent_kind"] == "form"
    assert [(row["name"], row["leads"]) for row in lists.all_lists(db)] == [("first", 1), ("spring", 1)]


def test_leads_are_shown_with_person_number_and_list(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        leads.update_lead(db, lead.lead, grade="ready", stage="closing", reason="", priority="A")
    row = leads.lead(db, lead.lead)
    assert row
    assert (row["name"], row["e164"], row["list"], row["suppressed"]) == ("Ann", ONE, "first", 0)
    assert [found["id"] for found in leads.search(db, grade="ready", list_name="first")] == [lead.lead]
    assert not leads.search(db, stage="screening")
    assert [found["id"] for found in leads.leads_of_list(db, row["list_id"])] == [lead.lead]


def test_enrolling_twice_enrols_once_and_takes_over_where_the_lead_stands(db: Database) -> None:
    lead = enrolled(db, ONE)
    again = enrolled(db, ONE, person=lead.person)
    assert again.enrolment == lead.enrolment
    with db.transaction():
        leads.update_lead(db, lead.lead, grade="interested", stage="follow_up", reason="", priority="B")
        other = db.insert("INSERT INTO campaigns (name, flow, created_at) VALUES ('second', 'f', :now)", now=NOW)
        row = {"lead_id": lead.lead, "next_at": "", "policy_version": "", "blocked_why": "no zone"}
        assert enrolments.enrol(db, other, [row], NOW) == 1
    second = enrolments.of_person(db, lead.person)[1]
    assert (second["stage"], second["grade"], second["blocked_why"]) == ("follow_up", "interested", "no zone")


def test_ending_and_freezing_touch_one_person_only(db: Database) -> None:
    mine, theirs = enrolled(db, ONE), enrolled(db, TWO)
    with db.transaction():
        assert enrolments.freeze(db, mine.person, LATER) == 1
        assert enrolments.end(db, "wrong_number", "wrong_number", LATER, number_id=mine.number) == [mine.enrolment]
        assert enrolments.end(db, "again", "", LATER, person_id=mine.person) == []
        enrolments.mark_message_left(db, theirs.enrolment)
    ended, untouched = (enrolments.enrolment(db, lead.enrolment) for lead in (mine, theirs))
    assert ended
    assert untouched
    assert (ended["status"], ended["next_at"], ended["reason"]) == ("done", "", "wrong_number")
    assert (untouched["status"], untouched["message_left"]) == ("due", 1)


def test_cases_and_pins(db: Database) -> None:
    with db.transaction():
        case = cases.open_case(db, "review", NOW, due_at=LATER, note="look")
        digest = pins.pin(db, "bundle", "text", NOW)
        assert pins.pin(db, "bundle", "text", LATER) == digest
    assert [row["id"] for row in cases.open_cases(db)] == [case]
    with db.transaction():
        assert cases.close_case(db, case)
        assert not cases.close_case(db, case)
    assert pins.pinned(db, digest) == "text"
    assert pins.pinned(db, "none") is None
