"""A campaign on the simulator, whose process is killed around one of its commits and started again a little later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from voicebot.dialer.loop import Loop
from voicebot.leads.numbers import NumberRules
from voicebot.phone.client import PhoneClient
from voicebot.services import campaigns, intake, reports
from voicebot.services.intake import IntakeOptions
from voicebot.services.replay import replay
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings
from voicebot.simulator import EventQueue, InProcessTwilioHttp, World, WsgiTransport, load_callees
from voicebot.simulator.call import TERMINAL
from voicebot.simulator.transport import Response, Timeouts, TransportError
from voicebot.store.database import Database
from voicebot.timestamps import to_text

BASE = "https://bot.example"
OURS = "+12025550100"
START = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
DOWN = 40
"""Seconds until a killed process is started again."""

PEOPLE = {
    "+12025550141": "{reactions: [{hears: 'Press 1', times: 9, press: '1'}], patience: 60, talks_for: 30}",
    "+12025550142": "{reactions: [{hears: 'Press 1', press: '*', interrupt: 2}]}",
    "+12025550143": "{reactions: [{hears: 'Press 1', say: stop calling me}]}",
    "+12025550144": "{line: no_answer}",
    "+12025550145": "{line: does_not_exist}",
    "+12025550146": "{reactions: [{hears: 'Press 1', times: 2, press: '1'}, {hears: colleague, press: '*'}]}",
    "+12025550147": "{kind: machine, greeting: Nobody is home. Please leave a message.}",
}  # fmt: skip
AGENT = "+12025550171"
TAKES = "{rings: 4, reactions: [{hears: Press 1 to take, press: '1'}], talks_for: 30}"


class KilledError(BaseException):
    """The process was killed here."""


class Site:
    """The provider's world, and one process after the other on the same database."""

    def __init__(self, folder: Path, moment: int) -> None:
        self.folder, self.fatal, self.passed, self.died = folder, moment, 0, False
        self.queue = EventQueue(START)
        (folder / "agents.yaml").write_text(f"agents: [{{name: mei, number: '{AGENT}', queues: [sales]}}]", "utf-8")
        self.settings = Settings(
            database=str(folder / "bot.db"), base_url=BASE, secret="k" * 32, caller_ids=(OURS,), calls_per_second=1.0,
            agents_file=folder / "agents.yaml",
        )  # fmt: skip
        self.apps: dict[str, Any] = {}
        self.inner = WsgiTransport(self.apps)
        lines = [f'  "{number}": {person}' for number, person in {**PEOPLE, AGENT: TAKES}.items()]
        self.world = World(
            self.queue, self, load_callees("\n".join(["numbers:", *lines])), account_sid=self.settings.account_sid,
            auth_token=self.settings.auth_token, seed=3, calls_per_second=100,
        )  # fmt: skip
        self.world.own(OURS, voice_url=f"{BASE}/voice/inbound")
        self.board: Switchboard | None = None
        board = self.begin()
        self._fill(board)
        board.centre.db.on_commit = self._commit
        self.queue.after(0, self.tick)

    def _fill(self, board: Switchboard) -> None:
        file = self.folder / "list.csv"
        rows = "\n".join(f"Person {number[-2:]},{number},NY,web form,2026-01-05" for number in PEOPLE)
        file.write_text(f"Name,Phone,State,Consent,Consent date\n{rows}\n", encoding="utf-8")
        at = to_text(START)
        options = IntakeOptions(NumberRules("US", ("US",), (OURS,)), self.settings.secret, list_name="few")
        assert intake.run(board.centre.db, file, options, at).added == len(PEOPLE)
        campaigns.create(board.centre, "screen", Path("flows/prescreen.yaml"), at)
        campaigns.enrol(board.centre, "screen", "few", at)
        campaigns.move(board.centre.db, "screen", "running", at)

    # --- the process ---

    def begin(self) -> Switchboard:
        db = Database(self.settings.database, durable=False)
        phone = PhoneClient(self.settings, InProcessTwilioHttp(self.world))
        app = create_app(self.settings, clock=self.queue.now, phone=phone, db=db)
        self.apps[BASE] = app.wsgi_app
        board: Switchboard = app.extensions["voicebot"]
        self.board, self.loop = board, Loop(board)
        return board

    def _commit(self, _: str) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            raise KilledError

    def die(self) -> None:
        assert self.board is not None
        self.board.centre.db.close()
        self.board, self.died = None, True
        self.queue.after(DOWN, self.begin)
        self.queue.after(DOWN, self.tick)

    def tick(self) -> None:
        try:
            self.loop.tick(self.queue.now())
        except KilledError:
            self.die()
        else:
            if self.board is not None:
                self.queue.at(self.loop.next_due(self.queue.now()), self.tick)

    # --- the network between the provider and the process ---

    in_background = False

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Response:
        if self.board is None:
            raise TransportError("connect", "nobody listens")
        try:
            return self.inner.send(method, url, form, headers, timeouts)
        except KilledError:
            self.die()
            raise TransportError("broken", "the process was killed") from None


def check(site: Site) -> None:
    """Nobody twice, nobody lost, nobody after they left, nothing left open."""
    db = Database(site.settings.database, durable=False)
    where = f"killed at {site.fatal}"
    assert [breach for breach in reports.invariants(db) if breach.rule != "refused_webhook"] == [], where
    dials = [call for call in site.world.calls.values() if call.to in PEOPLE]
    known = {row["sid"] for row in db.rows("SELECT sid FROM attempts")}
    assert {call.sid for call in dials} <= known, where
    for row in db.rows("SELECT * FROM enrolments"):
        assert row["status"] in ("done", "review") or (row["status"] == "due" and row["next_at"]), (where, tuple(row))
    assert db.value("SELECT count(*) FROM enrolments WHERE attempts = 0") == 0, where
    assert db.value("SELECT count(*) FROM outbox WHERE done_at = ''") == 0, where
    assert db.value("SELECT count(*) FROM legs WHERE status <> 'ended'") == 0, where
    assert all(call.status in TERMINAL for call in site.world.calls.values()), where
    for row in db.rows("SELECT id FROM calls"):
        assert replay(db, row["id"]).same, (where, row["id"])
    if not site.died:
        assert db.value("SELECT count(*) FROM suppressions") == 3
        assert db.value("SELECT count(*) FROM calls WHERE outcome = 'transferred'") == 1
    db.close()


def live(folder: Path, moment: int) -> Site:
    folder.mkdir()
    site = Site(folder, moment)
    site.queue.run_for(2400)
    if site.board is not None:
        site.board.centre.db.close()
    check(site)
    return site


MOMENTS = range(2, 340, 13)
"""Some of the moments around commits until the last call has ended; in turn before and after one."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_anywhere_nobody_is_dialled_twice_or_lost(tmp_path: Path, moment: int) -> None:
    assert live(tmp_path / "site", moment).died


def test_a_process_that_lives_on(tmp_path: Path) -> None:
    assert not live(tmp_path / "site", 0).died
