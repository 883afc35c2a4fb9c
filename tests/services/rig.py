"""A call centre for tests: one lead, a small flow, and a telephone provider that remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from voicebot.agents.roster import Agent, Roster
from voicebot.dialer.policy_file import load_policy
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.events import Answered, AnyEvent, Ended, EndStatus, Heard, Pressed, Reading, Silence
from voicebot.flows.state import State
from voicebot.leads.hashing import number_hash
from voicebot.phone.params import LineStatus, StatusNews
from voicebot.phone.provider import PhoneRefused, PhoneUnknown, RemoteCall
from voicebot.services import calls as call_service
from voicebot.services import legs
from voicebot.services.centre import Centre
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings
from voicebot.store import calls, documents, leads, pins, suppressions
from voicebot.store.database import Database, Row
from voicebot.timestamps import plus, to_text

FLOWS = Path(__file__).parent / "flows"
START = to_text(datetime(2026, 3, 2, 15, 0, tzinfo=UTC))
SETTINGS = Settings(
    base_url="https://bot.example",
    secret="0123456789abcdef0123456789abcdef",
    caller_ids=("+12025550100",),
    flows_dir=Path("flows"),
)
MEI = Agent("mei", "+12025550111", ("sales",))
BEN = Agent("ben", "+12025550112", ("sales", "service"))


@dataclass
class FakePhone:
    """A provider that says yes to everything, unless `trouble` is to be raised next."""

    asked: list[tuple[str, Any]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    answered: bool = False
    before: Callable[[], None] | None = None

    def place(self, **placement: Any) -> str:
        self.asked.append(("place", placement))
        if self.before:
            self.before()
        if self.trouble:
            raise self.trouble.pop(0)
        return f"CA-leg-{len(self.asked)}"

    def move(self, sid: str, url: str) -> bool:
        return self._did("move", (sid, url))

    def hang_up(self, sid: str) -> bool:
        return self._did("hang_up", sid)

    def cancel(self, sid: str) -> bool:
        return self._did("cancel", sid) and not self.answered

    def find(self, to: str, from_: str, after: str) -> list[RemoteCall]:
        return []

    def fetch(self, sid: str) -> RemoteCall | None:
        return None

    def send(self, **message: str) -> str:
        self._did("send", message)
        return f"SM-{len(self.asked)}"

    def _did(self, what: str, detail: Any) -> bool:
        self.asked.append((what, detail))
        if self.trouble:
            raise self.trouble.pop(0)
        return True

    def of(self, what: str) -> list[Any]:
        """What was asked of this kind."""
        return [detail for kind, detail in self.asked if kind == what]


@dataclass
class Rig:
    """The centre, and the hands of callee and agents. Each act takes one second."""

    board: Switchboard
    phone: FakePhone
    now: str = START

    @property
    def centre(self) -> Centre:
        return self.board.centre

    @property
    def db(self) -> Database:
        return self.board.centre.db

    def tick(self, seconds: float = 1) -> str:
        self.now = plus(self.now, seconds)
        return self.now

    # --- the callee ---

    def open(self, flow: str = "desk", e164: str = "+12025550150", name: str = "Ann", language: str = "") -> str:
        """A lead with a call that has been placed; its id. `flow` is one of these tests' own, or a path."""
        with self.db.transaction():
            return _opened(self, flow, e164, name, language)

    def answer(self, call_id: str) -> str:
        return self.send(call_id, 0, Answered(at=self.tick()))

    def press(self, call_id: str, digits: str, document: int | None = None) -> str:
        return self.send(call_id, document, Pressed(at=self.tick(), digits=digits))

    def say(self, call_id: str, words: str, document: int | None = None) -> str:
        return self.send(call_id, document, Heard(at=self.tick(), readings=(Reading(text=words, confidence=0.9),)))

    def silent(self, call_id: str, seconds: float = 6) -> str:
        return self.send(call_id, None, Silence(at=self.tick(seconds)))

    def send(self, call_id: str, document: int | None, event: AnyEvent) -> str:
        number = self.call(call_id)["document"] if document is None else document
        body = self.board.handle(call_id, number, event, f"CA-{call_id}")
        self.board.flush(self.now)
        return body

    def status(self, call_id: str, status: LineStatus, sequence: int = 3, sip: int | None = None) -> None:
        news = StatusNews(f"CA-{call_id}", status, sequence, sip, None)
        self.board.status(call_id, news, self.tick())
        self.board.flush(self.now)

    def ended(self, call_id: str, status: EndStatus = "completed") -> None:
        self.board.ended(call_id, Ended(at=self.tick(), status=status))

    # --- agents ---

    def leg_answers(self, leg_id: str) -> str:
        body = legs.answer(self.centre, leg_id, self.tick())
        self.board.flush(self.now)
        return body

    def leg_presses(self, leg_id: str, digits: str, document: int = 1) -> str:
        body = legs.press(self.centre, leg_id, document, digits, self.tick())
        self.board.flush(self.now)
        return body

    def leg_status(self, leg_id: str, status: LineStatus, sequence: int = 3) -> None:
        news = StatusNews(f"CA-{leg_id}", status, sequence, None, None)
        legs.status(self.centre, leg_id, news, self.tick())
        self.board.flush(self.now)

    # --- what is kept ---

    def call(self, call_id: str) -> Row:
        call = calls.load(self.db, call_id)
        assert call is not None
        return call

    def state(self, call_id: str) -> State:
        return State.model_validate_json(self.call(call_id)["state"])

    def body(self, call_id: str) -> str:
        """The call's present document."""
        row = documents.load(self.db, call_id, self.call(call_id)["document"])
        assert row is not None
        return str(row["body"])

    def suppressed(self, e164: str = "+12025550150") -> bool:
        return suppressions.is_suppressed(self.db, number_hash(e164, SETTINGS.secret))

    def everything(self) -> list[tuple[Any, ...]]:
        """Every row that a webhook could change, for comparing before with after."""
        tables = ("calls", "documents", "legs", "leg_documents", "transfers", "outbox", "suppressions", "enrolments")
        return [tuple(row) for table in tables for row in self.db.rows(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608


@cache
def _flow_text(flow: str) -> str:
    return bundle_from_files(FLOWS / f"{flow}.yaml").text


def _opened(rig: Rig, flow: str, e164: str, name: str, language: str) -> str:
    """A lead who is being dialled, written row by row, so that only the schema matters here."""
    db, at = rig.db, rig.now
    digest = number_hash(e164, SETTINGS.secret)
    number = db.one("SELECT id, person_id FROM numbers WHERE hash = :hash", hash=digest)
    if number is None:
        person = _row(db, "people", name=name, language=language, time_zone="America/New_York", region="",
                      created_at=at)  # fmt: skip
        zones = '["America/New_York"]'
        _row(db, "numbers", person_id=person, e164=e164, hash=digest, kind="mobile", country="US", zones=zones,
             created_at=at)  # fmt: skip
        number = db.one("SELECT id, person_id FROM numbers WHERE hash = :hash", hash=digest)
    assert number is not None
    made = db.value("SELECT count(*) FROM leads")
    consent = {"consent_kind": "written", "consent_at": "2026-01-01", "consent_source": "form"}
    list_id = _row(db, "lists", name=f"list {made}", source_file="list.csv", created_at=at, **consent)
    lead_id = _row(db, "leads", list_id=list_id, person_id=number["person_id"], number_id=number["id"], row=1,
                   fields="{}", created_at=at, **consent)  # fmt: skip
    pin = pins.pin(db, "flow", _flow_text(flow), at)
    campaign = _row(db, "campaigns", name=f"campaign {made}", flow=flow, flow_pin=pin, policy="{}",
                    caller_ids='["+12025550100"]', created_at=at)  # fmt: skip
    enrolment = _row(db, "enrolments", campaign_id=campaign, lead_id=lead_id, status="in_call", attempts=1,
                     updated_at=at)  # fmt: skip
    attempt_id = f"{enrolment}-1"
    db.execute(
        """INSERT INTO attempts (id, enrolment_id, number_hash, to_number, from_number, status, created_at, posted_at,
            purpose, call_id) VALUES (:id, :enrolment, :hash, :to, '+12025550100', 'posted', :at, :at, 'lead', :id)""",
        id=attempt_id, enrolment=enrolment, hash=digest, to=e164, at=at,
    )  # fmt: skip
    lead = leads.lead(db, lead_id)
    enrolled = db.one("SELECT * FROM enrolments WHERE id = :id", id=enrolment)
    assert lead is not None
    assert enrolled is not None
    call_service.open_outbound(rig.centre, attempt_id, enrolled, lead, pin, at)
    return attempt_id


def _row(db: Database, table: str, **columns: Any) -> int:
    names = ", ".join(columns)
    return db.insert(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(columns)})", **columns)  # noqa: S608


def new_rig(folder: Path, agents: tuple[Agent, ...] = (MEI, BEN), **options: Any) -> Rig:
    """A centre with a store in `folder`."""
    db = Database(folder / "voicebot.db", durable=False, **options)
    settings = replace(SETTINGS, database=str(db.path))
    phone = FakePhone()
    return Rig(Switchboard(Centre(db, settings, load_policy(), Roster(agents)), phone), phone)


def refused(code: int = 21211) -> PhoneRefused:
    return PhoneRefused(code, "no", permanent=True)


def unknown() -> PhoneUnknown:
    return PhoneUnknown("timeout")
