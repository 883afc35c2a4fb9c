"""Whole calls on media streams: callees with voices, the mock of the recognizer, and everything between, in one process
on virtual time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from tests.services.rig import SETTINGS, Rig, new_rig
from voicebot.phone.client import PhoneClient
from voicebot.phone.stream import accepting
from voicebot.phone.urls import CallUrls
from voicebot.services.ears import StreamEars, inline
from voicebot.services.replay import replay
from voicebot.simulator import EventQueue, InProcessTwilioHttp, World, WsgiTransport, load_callees
from voicebot.simulator.call import TERMINAL
from voicebot.simulator.faults import Faults
from voicebot.simulator.races import RaceOrder
from voicebot.simulator.sockets import DirectSockets
from voicebot.speech.audio.g711 import encode_ulaw
from voicebot.speech.carrier import carry
from voicebot.speech.engines import EngineSettings, engine
from voicebot.store import journal
from voicebot.timestamps import seconds_between, to_text

ANN, OURS = "+12025550150", "+12025550100"


class Voice:
    """People whose sound carries their words."""

    def sound(self, words: str, language: str, seed: int) -> bytes:
        return encode_ulaw(carry(words.split()))


class Stage:
    """The application with its ears, and the world around it, on one clock."""

    def __init__(self, rig: Rig, ann: str, *, refused: bool = False, **world: Any) -> None:
        self.rig = rig
        self.queue = EventQueue()
        settings = replace(rig.centre.settings, hearing="stream")
        self.ears = StreamEars({"en-US": engine(EngineSettings())}, self.queue.now, capacity=5, pools=inline())
        sockets = {} if refused else {SETTINGS.base_url.replace("http", "ws"): accepting(self.ears)}
        self.world = World(
            self.queue,
            WsgiTransport({SETTINGS.base_url: self._answered}),
            load_callees(f'numbers: {{"{ANN}": {{{ann}}}}}'),
            account_sid=SETTINGS.account_sid,
            auth_token=SETTINGS.auth_token,
            seed=1,
            sockets=DirectSockets(self.queue, sockets),
            voice=Voice(),
            **world,
        )
        self.world.own(OURS)
        phone = PhoneClient(settings, InProcessTwilioHttp(self.world))
        self.app = create_app(settings, clock=self.queue.now, phone=phone, db=rig.db, ears=self.ears)

    def _answered(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.app(environ, start_response)

    def ring(self, flow: str = "complaint") -> str:
        """Place the call to Ann and let everything happen; the call's id."""
        self.rig.now = to_text(self.queue.now())
        call_id = self.rig.open(flow, ANN)
        call = self.rig.call(call_id)
        urls = CallUrls(call["base_url"], call_id, call["token"])
        self.app.extensions["voicebot"].phone.place(
            to=ANN, from_=OURS, url=urls.answer(), status_url=urls.status(), fallback_url=urls.fallback(),
            amd="none", amd_url=urls.amd(),
        )  # fmt: skip
        self.queue.run_for(300)
        return call_id

    def events(self, call_id: str) -> list[dict[str, Any]]:
        entries = journal.read(self.rig.db, "call", call_id)
        return [entry.private["event"] for entry in entries if entry.kind == "event" and entry.private]

    def kinds(self, call_id: str) -> list[str]:
        return [event["kind"] for event in self.events(call_id)]

    def is_whole(self, call_id: str) -> bool:
        """The line is down, the conversation has its end, the journal leads there again, and nobody listens now."""
        (call,) = self.world.calls.values()
        ended = call.status in TERMINAL and self.rig.call(call_id)["phase"] == "ended"
        return ended and replay(self.rig.db, call_id).difference == "" and self.ears.listening == 0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = new_rig(tmp_path)
    yield made
    made.db.close()


AFTER = "reactions: [{{hears: Press 1, say: {0}, delay: 1}}], patience: 60"
BARGING = "reactions: [{{hears: Press 1, say: {0}, interrupt: 3}}], patience: 60"


@pytest.mark.parametrize(
    ("ann", "kinds", "outcome"),
    [
        (AFTER.format("'yes'"), ["answered", "heard", "ended"], "completed"),
        (AFTER.format("yes I am well"), ["answered", "heard", "ended"], "completed"),
        (AFTER.format("please stop calling me"), ["answered", "heard", "ended"], "opted_out"),
        (BARGING.format("yes yes I am well"), ["answered", "barged_in", "heard", "ended"], "completed"),
        (BARGING.format("please stop calling me"), ["answered", "barged_in", "heard", "ended"], "opted_out"),
        ("reactions: [{hears: Press 1, press: '1'}]", ["answered", "pressed", "ended"], "completed"),
        ("reactions: [{hears: Press 1, hang_up: true, delay: 1}]", ["answered", "ended"], "hung_up"),
    ],
)
def test_a_call_on_its_stream(rig: Rig, ann: str, kinds: list[str], outcome: str) -> None:
    stage = Stage(rig, ann)
    call_id = stage.ring()
    assert stage.kinds(call_id) == kinds
    assert rig.call(call_id)["outcome"] == outcome
    assert stage.is_whole(call_id)


def test_a_backchannel_leaves_the_prompt_alone(rig: Rig) -> None:
    stage = Stage(rig, BARGING.format("mhm"))
    call_id = stage.ring()
    assert "barged_in" not in stage.kinds(call_id)
    assert "heard" not in stage.kinds(call_id)[:2]
    assert stage.is_whole(call_id)


def test_silence_is_heard_as_silence(rig: Rig) -> None:
    stage = Stage(rig, "patience: 200")
    call_id = stage.ring()
    silences = [event for event in stage.events(call_id) if event["kind"] == "silence"]
    assert silences
    assert all(event["sure"] for event in silences)
    assert stage.is_whole(call_id)


def test_the_answer_follows_soon_after_the_last_word(rig: Rig) -> None:
    """From the end of the last word: the pause that ends a yes or no, and what the frames need to travel and gather."""
    stage = Stage(rig, AFTER.format("'yes'"))
    call_id = stage.ring()
    (call,) = stage.world.calls.values()
    spoke = next(entry for entry in call.log if entry.text == "yes")
    sound = len(Voice().sound("yes", "", 0)) / 8000
    heard = next(event for event in stage.events(call_id) if event["kind"] == "heard")
    waited = seconds_between(to_text(spoke.at), heard["at"]) - sound
    assert 0.5 <= waited <= 0.5 + 0.3


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"refused": True}, "not_opened"),
        ({"faults": Faults(stream_refused=1)}, "not_opened"),
        ({"faults": Faults(stream_broken=1)}, "lost"),
    ],
)
def test_a_stream_that_fails_loses_no_call(rig: Rig, options: dict[str, Any], why: str) -> None:
    stage = Stage(rig, "reactions: [{hears: Are you there, say: 'yes', delay: 8, times: 9}], patience: 90", **options)
    call_id = stage.ring()
    told = [event["why"] for event in stage.events(call_id) if event["kind"] == "deafened"]
    assert told == [why]
    assert rig.call(call_id)["outcome"] == "completed"
    assert stage.is_whole(call_id)


@pytest.mark.parametrize("race", RaceOrder)
@pytest.mark.parametrize("delay", [0.5, 0.9, 1.1, 1.3])
def test_a_word_against_a_key_counts_once(rig: Rig, race: RaceOrder, delay: float) -> None:
    ann = f"reactions: [{{hears: Press 1, say: 'no', delay: 0.2}}, {{hears: Press 1, press: '2', delay: {delay}}}]"
    stage = Stage(rig, f"{ann}, patience: 30", race=race)
    call_id = stage.ring()
    numbers = [row["number"] for row in rig.db.rows("SELECT number FROM documents ORDER BY number")]
    assert numbers == list(range(1, rig.call(call_id)["document"] + 1))
    assert stage.is_whole(call_id)


@pytest.mark.parametrize("fault", [Faults(frames_lost=1), Faults(gaps=1), Faults(jitter=1), Faults(noise=1)], ids=repr)
def test_a_bad_line_ends_politely(rig: Rig, fault: Faults) -> None:
    stage = Stage(rig, AFTER.format("yes I am well"), faults=fault)
    call_id = stage.ring()
    assert stage.is_whole(call_id)
