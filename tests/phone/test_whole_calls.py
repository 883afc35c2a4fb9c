"""Whole calls between the provider (the simulator, on virtual time, by its SDK) and the real application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from tests.services.rig import BEN, MEI, SETTINGS, Rig, new_rig
from voicebot.phone.client import PhoneClient
from voicebot.phone.urls import CallUrls
from voicebot.services.replay import replay
from voicebot.services.switchboard import Switchboard
from voicebot.simulator import EventQueue, InProcessTwilioHttp, World, WsgiTransport, load_callees
from voicebot.simulator.call import TERMINAL
from voicebot.timestamps import to_text

ANN, OURS = "+12025550150", "+12025550100"

CALLEES = f"""
numbers:
  "{ANN}": {{ann}}
  "{MEI.number}": {{mei}}
  "{BEN.number}": {{ben}}
inbound:
  - at: 1
    from: "+12025550177"
    to: "{OURS}"
    callee: {{{{reactions: [{{{{hears: Springwood, press: "*"}}}}]}}}}
"""
NOBODY = "{line: no_answer}"
TAKES = "{rings: 3, reactions: [{hears: Press 1, press: '1'}], talks_for: 15}"
DECLINES = "{rings: 3, reactions: [{hears: Press 1, press: '2'}]}"
MAILBOX = "{rings: 3, kind: machine, greeting: Leave a message after the tone.}"
WANTS_AGENT = "{rings: 3, reactions: [{hears: for an agent, press: '1'}], patience: 60, talks_for: 60}"


class Stage:
    """The application and the world around it, on one clock."""

    def __init__(self, rig: Rig, ann: str, mei: str = NOBODY, ben: str = NOBODY) -> None:
        self.rig = rig
        self.queue = EventQueue()
        apps = WsgiTransport({SETTINGS.base_url: self._answered})
        callees = load_callees(CALLEES.format(ann=ann, mei=mei, ben=ben))
        self.world = World(
            self.queue, apps, callees, account_sid=SETTINGS.account_sid, auth_token=SETTINGS.auth_token, seed=1
        )
        phone = PhoneClient(SETTINGS, InProcessTwilioHttp(self.world))
        self.world.own(OURS, voice_url=f"{SETTINGS.base_url}/voice/inbound")
        agents = rig.db.path.with_name("agents.yaml")
        listed = (f"{{name: {agent.name}, number: '{agent.number}', queues: [sales]}}" for agent in (MEI, BEN))
        agents.write_text(f"agents: [{', '.join(listed)}]", encoding="utf-8")
        settings = rig.centre.settings.__class__(**{**vars(rig.centre.settings), "agents_file": agents})
        self.app = create_app(settings, clock=self.queue.now, phone=phone, db=rig.db)
        self.board: Switchboard = self.app.extensions["voicebot"]

    def _answered(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.app(environ, start_response)

    def ring(self, *, amd: bool = False) -> str:
        """Place the call to Ann and let everything happen; the call's id."""
        self.rig.now = to_text(self.queue.now())
        call_id = self.rig.open(e164=ANN)
        call = self.rig.call(call_id)
        urls = CallUrls(call["base_url"], call_id, call["token"])
        self.board.phone.place(
            to=ANN, from_=OURS, url=urls.answer(), status_url=urls.status(), fallback_url=urls.fallback(),
            amd="beep" if amd else "none", amd_url=urls.amd(),
        )  # fmt: skip
        self.queue.run_for(600)
        return call_id

    def said_to(self, number: str) -> str:
        """All that was said to whoever has this number."""
        calls = [call for call in self.world.calls.values() if call.to == number]
        return " | ".join(entry.text for call in calls for entry in call.log if entry.what == "said")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = new_rig(tmp_path)
    yield made
    made.db.close()


CALLS = [
    ("ends it by key", "{reactions: [{hears: to end, press: '3'}]}", (), "completed"),
    ("opts out by key in the middle of the prompt", "{reactions: [{hears: Hello, press: '*', interrupt: 1}]}", (),
     "opted_out"),
    ("opts out by words", "{reactions: [{hears: Hello, say: stop calling me}]}", (), "opted_out"),
    ("hangs up", "{reactions: [{hears: Hello, hang_up: true}]}", (), "hung_up"),
    ("is busy", "{line: busy}", (), "busy"),
    ("does not answer", "{line: no_answer}", (), "no_answer"),
    ("does not exist", "{line: does_not_exist}", (), "invalid_number"),
    ("leaves a word", "{script: [{press: '2'}, {say: I will be back}], patience: 60}", (), "completed"),
    ("talks with an agent", WANTS_AGENT, (TAKES,), "transferred"),
    ("talks with the second agent", WANTS_AGENT, (DECLINES, TAKES), "transferred"),
    ("reaches voicemails only", WANTS_AGENT, (MAILBOX, MAILBOX), "transfer_failed"),
    ("reaches nobody", WANTS_AGENT, (NOBODY, NOBODY), "transfer_failed"),
    ("opts out on hold", "{script: [{press: '1'}, {press: '*'}], patience: 60}", (NOBODY, TAKES), "opted_out"),
    ("is gone when the agent answers", "{script: [{press: '1'}, hang_up]}", (TAKES, TAKES), None),
]  # fmt: skip


@pytest.mark.parametrize(("ann", "agents", "outcome"), [row[1:] for row in CALLS], ids=[row[0] for row in CALLS])
def test_a_callee_who(rig: Rig, ann: str, agents: tuple[str, ...], outcome: str | None) -> None:
    stage = Stage(rig, ann, *agents)
    call_id = stage.ring()
    assert [str(note.problem) for note in stage.world.notifications] == []
    assert outcome in (rig.call(call_id)["outcome"], None)
    assert rig.suppressed(ANN) == (outcome == "opted_out")
    assert rig.suppressed("+12025550177")
    assert replay(rig.db, call_id).difference == ""
    assert rig.db.value("SELECT count(*) FROM legs WHERE status <> 'ended'") == 0
    assert rig.db.value("SELECT count(*) FROM outbox WHERE done_at = ''") == 0
    assert rig.db.value("SELECT count(*) FROM attempts WHERE status <> 'ended'") == 0
    assert all(call.status in TERMINAL for call in stage.world.calls.values())
    assert rig.db.value("SELECT count(*) FROM journal WHERE kind IN ('refused_webhook', 'fault', 'fallback')") == 0


def test_both_hear_each_other_out(rig: Rig) -> None:
    stage = Stage(rig, WANTS_AGENT, TAKES)
    stage.ring()
    assert "Thank you for talking with us." in stage.said_to(ANN)
    assert "Ann is on the line." in stage.said_to(MEI.number)


def test_a_machine_gets_the_message_after_its_beep(rig: Rig) -> None:
    stage = Stage(rig, "{kind: machine, greeting: Nobody is home. Please leave a message.}")
    call_id = stage.ring(amd=True)
    assert rig.call(call_id)["outcome"] == "voicemail"
    assert "Please ring us back." in stage.said_to(ANN)
    assert rig.db.value("SELECT message_left FROM enrolments") == 1
