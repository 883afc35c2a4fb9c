"""A call centre for tests: a database, leads in New York, a provider that remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voicebot.dialer.loop import Loop
from voicebot.dialer.policy_file import policy_from_text
from voicebot.flows.events import Answered, Ended, EndStatus
from voicebot.leads.hashing import number_hash
from voicebot.phone.provider import Detection, PhoneRefused, PhoneUnknown, RemoteCall
from voicebot.services import campaigns
from voicebot.services.centre import Centre
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings
from voicebot.store.database import CommitHook, Database, Row
from voicebot.timestamps import to_text

FLOW = Path(__file__).with_name("short.yaml")
MONDAY = datetime(2026, 6, 1, 17, tzinfo=UTC)
"""13:00 in New York, 10:00 in California."""

POLICY = """default:
  reviewed_on: 2026-01-01
  windows: {monday-sunday: 09:00-20:00, source: test}
  caps:
    - {calls: 3, hours: 24, source: test}
  cooldown: {hours: 20, source: test}
"""

EASTERN, PACIFIC = ("America/New_York",), ("America/Los_Angeles",)


@dataclass
class FakePhone:
    """A provider that keeps every call it was asked for. `answers` are what the next requests get, in order:

    an exception instead of an id, or `lost`: the call is made and the answer is not told.
    """

    clock: Callable[[], datetime] = lambda: MONDAY
    answers: list[Exception | str] = field(default_factory=list)
    calls: list[RemoteCall] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    amd: list[Detection] = field(default_factory=list)

    def place(
        self,
        *,
        to: str,
        from_: str,
        url: str,
        status_url: str,
        fallback_url: str,
        amd: Detection = "none",
        amd_url: str = "",
        timeout: int = 25,
        time_limit: int = 4 * 3600,
    ) -> str:
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, Exception):
            raise answer
        sid = f"CA{len(self.calls) + 1:032d}"
        self.calls.append(RemoteCall(sid, to, from_, "queued", to_text(self.clock())))
        self.urls[sid] = url
        self.amd.append(amd)
        if answer == "lost":
            raise PhoneUnknown("connection reset")
        return sid

    def move(self, sid: str, url: str) -> bool:
        self.asked.append(("move", sid))
        return True

    def hang_up(self, sid: str) -> bool:
        self.asked.append(("hang_up", sid))
        return True

    def cancel(self, sid: str) -> bool:
        self.asked.append(("cancel", sid))
        return True

    def find(self, to: str, from_: str, after: str) -> list[RemoteCall]:
        self.asked.append(("find", to))
        return [call for call in self.calls if (call.to, call.from_) == (to, from_) and call.created_at >= after]

    def fetch(self, sid: str) -> RemoteCall | None:
        self.asked.append(("fetch", sid))
        return next((call for call in self.calls if call.sid == sid), None)

    def send(self, *, to: str, from_: str, body: str, status_url: str) -> str:
        self.asked.append(("send", to))
        return f"SM{len(self.asked):032d}"

    def set_status(self, sid: str, status: str) -> None:
        self.calls = [replace(call, status=status) if call.sid == sid else call for call in self.calls]


@dataclass
class Rig:
    """A centre with one campaign, and a clock that the test moves."""

    db: Database
    phone: FakePhone
    centre: Centre
    now: datetime = MONDAY

    @property
    def board(self) -> Switchboard:
        return Switchboard(self.centre, self.phone)

    def loop(self, name: str = "dialer") -> Loop:
        return Loop(self.board, name)

    def wait(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    @property
    def at(self) -> str:
        return to_text(self.now)

    def enrolments(self) -> list[Row]:
        return self.db.rows("SELECT * FROM enrolments ORDER BY id")

    def attempts(self) -> list[Row]:
        return self.db.rows("SELECT * FROM attempts ORDER BY id")

    def answer(self, attempt_id: str) -> None:
        self.board.handle(attempt_id, 0, Answered(at=self.at))

    def end(self, attempt_id: str, status: EndStatus = "completed") -> None:
        self.board.ended(attempt_id, Ended(at=self.at, status=status))


def rig(folder: Path, *, on_commit: CommitHook | None = None, name: str = "bot.db", policy: str = POLICY) -> Rig:
    """A centre on a fresh database, or on the one that is there already."""
    settings = Settings(
        database=str(folder / name), secret="s" * 32, caller_ids=("+12025550100",), calls_per_second=1, max_calls=5
    )
    db = Database(settings.database, durable=False, on_commit=on_commit)
    made = Rig(db, FakePhone(), Centre(db, settings, policy_from_text(policy, "test policy")))
    made.phone.clock = lambda: made.now
    return made


def add_lead(
    made: Rig,
    e164: str,
    *,
    zones: tuple[str, ...] = EASTERN,
    consent: str = "written",
    name: str = "Alex",
    list_name: str = "fresh",
    person_id: int | None = None,
    fields: dict[str, str] | None = None,
) -> int:
    """A lead on a list, with its person; the lead's id."""
    digest = number_hash(e164, made.centre.settings.secret)
    with made.db.transaction():
        made.db.execute(
            "INSERT INTO lists (name, source_file, created_at) VALUES (:name, 'fresh.csv', :at) ON CONFLICT DO NOTHING",
            name=list_name,
            at=made.at,
        )
        person = person_id or made.db.insert(
            "INSERT INTO people (name, created_at) VALUES (:name, :at)", name=name, at=made.at
        )
        number_id = made.db.insert(
            """INSERT INTO numbers (person_id, e164, hash, kind, country, zones, created_at)
            VALUES (:person, :e164, :hash, 'either', 'US', :zones, :at)""",
            person=person,
            e164=e164,
            hash=digest,
            zones=json.dumps(zones),
            at=made.at,
        )
        return made.db.insert(
            """INSERT INTO leads (list_id, person_id, number_id, row, consent_kind, fields, created_at)
            SELECT id, :person, :number, 2, :consent, :fields, :at FROM lists WHERE name = :list""",
            person=person,
            number=number_id,
            consent=consent,
            fields=json.dumps(fields or {}),
            at=made.at,
            list=list_name,
        )


def number(index: int) -> str:
    """A number of New York that may be dialled in tests."""
    return f"+1212555{100 + index:04d}"


def campaign(made: Rig, leads_count: int = 1, *, name: str = "first") -> Rig:
    """A running campaign of leads in New York."""
    for index in range(leads_count):
        add_lead(made, number(index))
    campaigns.create(made.centre, name, FLOW, made.at)
    campaigns.enrol(made.centre, name, "fresh", made.at)
    campaigns.move(made.db, name, "running", made.at)
    return made


def refusal(code: int, *, permanent: bool) -> PhoneRefused:
    return PhoneRefused(code, "no", permanent=permanent)
