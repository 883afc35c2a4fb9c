"""The demo's world: the whole stack and the simulator in one process, on one queue that owns virtual time.

Rule: the queue delivers one webhook at a time, in order of (time, sequence), and gives everybody the clock; so the same
seed always gives the same days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from app import create_app
from voicebot.dialer.loop import Loop
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRules
from voicebot.phone.client import PhoneClient
from voicebot.services import campaigns, intake
from voicebot.services.campaigns import Enrolled
from voicebot.services.do_not_call import suppress_by_hand
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.services.suppression import OptingOut
from voicebot.settings import Settings, secret_file
from voicebot.simulator.callees.load import load_callees
from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.faults import Faults
from voicebot.simulator.inprocess import InProcessTwilioHttp
from voicebot.simulator.transport import WsgiTransport
from voicebot.simulator.world import World
from voicebot.store.database import Database
from voicebot.timestamps import to_text

HERE = Path(__file__).parent
CALLEES = HERE / "callees.yaml"
AGENTS = HERE / "agents.yaml"

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday; seven in the morning in New York, eight in the evening in Shanghai."""

DAYS = 5
BASE_URL = "https://voicebot.example"

LEFT_IN_JANUARY = ("+14155550104", "+12065550105", "+8619900000002")
"""People who opted out before these lists came: on the do-not-call record, and on a list all the same."""


@dataclass(frozen=True)
class Round:
    """One list and the flow that its people are rung with."""

    flow: str
    list_name: str
    file: Path

    @property
    def campaign(self) -> str:
        """The campaign's name."""
        return f"{self.flow}-{self.list_name}"


SCREENING = Round("prescreen", "spring", HERE / "leads.csv")
"""The messy list of 300 fresh leads."""

ROUNDS = (
    SCREENING,
    Round("survey", "visits", HERE / "visits.csv"),
    Round("payment_reminder", "bills", HERE / "bills.csv"),
    Round("callback_confirmation", "appointments", HERE / "appointments.csv"),
)
"""Whom the demo rings, and with what: fresh leads, and those whom a visit, a bill or an appointment concerns."""


NO_FAULTS = Faults()


@dataclass(frozen=True)
class Plan:
    """What the demo does. The same plan always gives the same days. `flows` is the folder of the flows."""

    folder: Path
    flows: Path
    seed: int = 7
    days: int = DAYS
    rounds: tuple[Round, ...] = ROUNDS
    callees: Path = CALLEES
    faults: Faults = NO_FAULTS


def _secret(plan: Plan) -> str:
    """A secret that is none, the same for the same seed, kept where the other verbs will look for it."""
    secret = sha256(f"voicebot demo {plan.seed}".encode()).hexdigest()
    file = secret_file(plan.folder / "voicebot.db")
    file.write_text(secret + "\n", encoding="ascii")
    file.chmod(0o600)
    return secret


class Town:
    """Everybody and everything, at one moment of virtual time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.queue = EventQueue(START)
        self.settings = Settings(
            database=str(plan.folder / "voicebot.db"),
            base_url=BASE_URL,
            allowed_countries=("US", "GB", "CN"),
            calls_per_second=2.0,
            max_calls=12,
            flows_dir=plan.flows,
            agents_file=AGENTS,
            secret=_secret(plan),
        )
        apps: dict[str, Any] = {}
        self.world = World(
            self.queue,
            WsgiTransport(apps),
            load_callees(plan.callees),
            account_sid=self.settings.account_sid,
            auth_token=self.settings.auth_token,
            seed=plan.seed,
            calls_per_second=100.0,
            faults=plan.faults,
        )
        self.db = Database(self.settings.database, durable=False)
        phone = PhoneClient(self.settings, InProcessTwilioHttp(self.world))
        app = create_app(self.settings, clock=self.queue.now, phone=phone, db=self.db)
        apps[BASE_URL] = app.wsgi_app
        for number in self.settings.caller_ids:
            self.world.own(number, f"{BASE_URL}/voice/inbound", f"{BASE_URL}/voice/message")
        self.board = app.extensions["voicebot"]
        self.loop = Loop(self.board)

    def now(self) -> str:
        """The present moment, as the database writes it."""
        return to_text(self.queue.now())

    def remember_january(self) -> None:
        """Put those who opted out before on the record."""
        for number in LEFT_IN_JANUARY:
            wish = OptingOut(number_hash(number, self.settings.secret), "manual", self.now(), "a letter in January")
            suppress_by_hand(self.board, wish)

    def load(self, one: Round, progress: intake.Progress = lambda *_: None) -> IntakeReport:
        """Take in a list. The copy in the demo's folder gets the rejects file beside it."""
        file = self.plan.folder / one.file.name
        file.write_bytes(one.file.read_bytes())
        rules = NumberRules(self.settings.country, self.settings.countries, self.settings.caller_ids)
        options = IntakeOptions(rules, self.settings.secret, list_name=one.list_name)
        return intake.run(self.db, file, options, self.now(), progress)

    def enrol(self, one: Round) -> Enrolled:
        """Make the campaign of a round, and fill it."""
        centre, name = self.board.centre, one.campaign
        campaigns.create(centre, name, self.plan.flows / f"{one.flow}.yaml", self.now())
        return campaigns.enrol(centre, name, one.list_name, self.now())

    def start(self) -> None:
        """Let all campaigns run."""
        for one in self.plan.rounds:
            campaigns.move(self.db, one.campaign, "running", self.now())
        self.queue.after(0, self._tick)

    def _tick(self) -> None:
        self.loop.tick(self.queue.now())
        self.queue.at(self.loop.next_due(self.queue.now()), self._tick)

    def live(self, tell: Callable[[datetime], object]) -> None:
        """Let the days pass; `tell` hears of every quarter of an hour. The last calls are let end."""
        end = START + timedelta(days=self.plan.days)
        while self.queue.now() < end:
            self.queue.run_for(900)
            tell(self.queue.now())
        for one in self.plan.rounds:
            campaigns.move(self.db, one.campaign, "paused", self.now())
        self.queue.run_for(3600)

    def close(self) -> None:
        """Close the database."""
        self.db.close()
