"""The demo's world: the whole stack and the simulator in one process, on one queue that owns virtual time.

Rule: the queue delivers one webhook at a time, in order of (time, sequence), and gives everybody the clock; so the same
seed always gives the same days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from app import create_app
from voicebot.demo.voice import CarriedVoice
from voicebot.dialer.loop import Loop
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRules
from voicebot.nlu.languages import LANGUAGES
from voicebot.phone.client import PhoneClient
from voicebot.phone.stream import accepting
from voicebot.services import campaigns, intake
from voicebot.services.campaigns import Enrolled
from voicebot.services.do_not_call import suppress_by_hand
from voicebot.services.ears import StreamEars, inline
from voicebot.services.engines import open_engines
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.services.suppression import OptingOut
from voicebot.settings import Settings, secret_file
from voicebot.simulator.callees.load import load_callees
from voicebot.simulator.callees.model import Callees
from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.faults import Faults
from voicebot.simulator.inprocess import InProcessTwilioHttp
from voicebot.simulator.sockets import DirectSockets
from voicebot.simulator.transport import WsgiTransport
from voicebot.simulator.world import World
from voicebot.speech.engines import EngineSettings
from voicebot.store.database import Database
from voicebot.timestamps import to_text

HERE = Path(__file__).parent
CALLEES = HERE / "callees.yaml"
AGENTS = HERE / "agents.yaml"

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday; seven in the morning in New York, eight in the evening in Shanghai."""

DAYS = 5
MANY = 1000
BASE_URL, STREAMS_URL = "https://voicebot.example", "wss://voicebot.example"

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

Speech = Literal["text", "vosk"]
"""How the demo's callees are heard: the simulator hands their words over, or they are sounds on media streams that the
mock of vosk listens to."""


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
    speech: Speech = "text"
    mishears: float | None = None
    """How often a recognizer mishears a word, 0..1; by default what `callees` says of the simulator's."""


def _callees(plan: Plan) -> Callees:
    """Whom the demo rings. What they say aloud is recognized by us, with our own errors; it is not to err twice."""
    callees = load_callees(plan.callees)
    mishears = 0.0 if plan.speech == "vosk" else plan.mishears
    return (
        callees if mishears is None else replace(callees, recognition=replace(callees.recognition, mishears=mishears))
    )


def _ears(plan: Plan, queue: EventQueue) -> StreamEars | None:
    """Ears for every stream of the demo, on virtual time."""
    if plan.speech == "text":
        return None
    settings = EngineSettings("mock", errors=plan.mishears or 0.0, seed=plan.seed)
    engines = open_engines(dict.fromkeys(LANGUAGES, settings))
    return StreamEars(engines, queue.now, capacity=MANY, pools=inline())


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
            hearing="stream" if plan.speech == "vosk" else "provider",
        )
        ears = _ears(plan, self.queue)
        apps: dict[str, Any] = {}
        self.world = World(
            self.queue,
            WsgiTransport(apps),
            _callees(plan),
            account_sid=self.settings.account_sid,
            auth_token=self.settings.auth_token,
            seed=plan.seed,
            calls_per_second=100.0,
            faults=plan.faults,
            sockets=DirectSockets(self.queue, {STREAMS_URL: accepting(ears)} if ears else {}),
            voice=CarriedVoice() if ears else None,
        )
        self.db = Database(self.settings.database, durable=False)
        phone = PhoneClient(self.settings, InProcessTwilioHttp(self.world))
        app = create_app(self.settings, clock=self.queue.now, phone=phone, db=self.db, ears=ears)
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
