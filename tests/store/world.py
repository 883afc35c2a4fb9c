"""A small world for tests of the store: people on a list, enrolled in a campaign."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.leads.consent import NO_CONSENT
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import PhoneNumber
from voicebot.store import enrolments, leads, lists, people
from voicebot.store.database import Database

NOW = "2026-03-02T15:00:00.000Z"
LATER = "2026-03-02T16:00:00.000Z"
SECRET = "a secret of the installation, for tests"
ONE, TWO, THREE = "+12025550101", "+12025550102", "+12025550103"


@dataclass(frozen=True)
class Lead:
    """The ids of one enrolled lead."""

    person: int
    number: int
    lead: int
    enrolment: int
    hash: str


def hashed(e164: str) -> str:
    return number_hash(e164, SECRET)


def add_number(db: Database, person: int, e164: str) -> int:
    return people.add_number(db, person, PhoneNumber(e164, "either", "US"), hashed(e164), ("America/New_York",), NOW)


def enrolled(db: Database, e164: str, campaign: str = "first", person: int | None = None) -> Lead:
    """A lead for a number, on the list and in the campaign of this name; a new person unless one is given."""
    with db.transaction():
        person = person or people.add_person(db, NOW, name="Ann")
        known = people.number_by_e164(db, e164)
        number = known["id"] if known else add_number(db, person, e164)
        list_id = lists.add_list(db, campaign, "list.csv", NOW, NO_CONSENT)
        who = people.Identity(person, number)
        leads.add_lead(db, list_id, who, NOW, row=2, fields={"name": "Ann"}, consent=NO_CONSENT)
        lead = db.value("SELECT id FROM leads WHERE list_id = :l AND number_id = :n", l=list_id, n=number)
        campaign_id = _campaign(db, campaign)
        row = {"lead_id": lead, "next_at": NOW, "policy_version": "p", "blocked_why": ""}
        enrolments.enrol(db, campaign_id, [row], NOW)
        enrolment = db.value("SELECT id FROM enrolments WHERE campaign_id = :c AND lead_id = :l", c=campaign_id, l=lead)
    return Lead(person, number, lead, enrolment, hashed(e164))


def _campaign(db: Database, name: str) -> int:
    found = db.value("SELECT id FROM campaigns WHERE name = :name", name=name)
    sql = "INSERT INTO campaigns (name, flow, status, created_at) VALUES (:name, 'prescreen', 'running', :now)"
    return int(found or db.insert(sql, name=name, now=NOW))


def attempt(db: Database, lead: Lead, attempt_id: str, status: str = "reserved", sid: str | None = None) -> None:
    """Write an attempt at this lead, as a dialer would."""
    with db.transaction():
        db.execute(
            """INSERT INTO attempts (id, enrolment_id, number_hash, to_number, from_number, status, sid, created_at)
            VALUES (:id, :enrolment, :hash, :to, '+15005550006', :status, :sid, :now)""",
            id=attempt_id, enrolment=lead.enrolment, hash=lead.hash, to=ONE, status=status, sid=sid, now=NOW,
        )  # fmt: skip


class Killed(BaseException):
    """Stands for the death of the process."""


class Killer:
    """Dies at the n-th commit point (each commit has one before and one after it); counts them without a number."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.passed = at, 0

    def __call__(self, _moment: str) -> None:
        if self.passed == self.at:
            raise Killed
        self.passed += 1
