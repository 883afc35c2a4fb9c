"""What holds on every call, whatever caller, agents, provider and network do."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.rig import Rig, new_rig
from voicebot.flows.events import Answered, AnyEvent, Detected, Heard, Pressed, Reading, Silence
from voicebot.phone.params import StatusNews
from voicebot.services import legs
from voicebot.services.replay import replay
from voicebot.simulator.twiml import parse

Request = Callable[[], str | None]
ACTS = ("1", "2", "3", "4", "5", "7", "*", "silence", "what", "stop calling me", "late *", "verdict", "older request",
        "agent answers", "agent 1", "agent 2", "agent silent", "agent busy", "agent gone", "ended")  # fmt: skip
LEAVING = {"*", "late *", "stop calling me"}


@dataclass
class Chaos:
    """A call in which every request comes twice, and older ones come again."""

    rig: Rig
    call_id: str
    older: list[tuple[Request, str | None]] = field(default_factory=list)

    def twice(self, request: Request) -> None:
        first = request()
        self.rig.board.flush(self.rig.tick())
        before = self.rig.everything()
        assert request() == first
        self.rig.board.flush(self.rig.tick())
        assert self.rig.everything() == before
        if first is not None:
            _, problems = parse(first)
            assert problems == []
            assert any(end in first for end in ("<Hangup", "<Redirect", "<Record", "<Dial"))
            self.older.append((request, first))

    def line(self, event: AnyEvent, document: int | None = None) -> None:
        number = self.rig.call(self.call_id)["document"] if document is None else document
        self.twice(lambda: self.rig.board.handle(self.call_id, number, event, "CAline"))

    def status(self, sequence: int) -> None:
        news = StatusNews("CAline", "completed", sequence, None, None)
        self.twice(lambda: self.rig.board.status(self.call_id, news, self.rig.now))

    def verdict(self) -> None:
        verdict = Detected(at=self.rig.now, answered_by="machine_beep")
        self.twice(lambda: self.rig.board.detected(self.call_id, verdict))

    def agent(self, act: str) -> None:
        leg = self.rig.db.one("SELECT * FROM legs WHERE status <> 'ended' ORDER BY id DESC")
        if leg is None:
            return
        leg_id, document, at = leg["id"], leg["document"], self.rig.tick()
        if act == "answers":
            self.twice(lambda: legs.answer(self.rig.centre, leg_id, at))
        elif act in ("busy", "gone"):
            news = StatusNews("", "busy" if act == "busy" else "completed", 9, None, None)
            self.twice(lambda: legs.status(self.rig.centre, leg_id, news, at))
        else:
            key = "" if act == "silent" else act
            self.twice(lambda: legs.press(self.rig.centre, leg_id, document, key, at))

    def act(self, act: str) -> None:
        at = self.rig.tick()
        match act.split():
            case ["silence"]:
                self.line(Silence(at=at))
            case ["late", _]:
                self.line(Pressed(at=at, digits="*"), 0)
            case ["verdict"]:
                self.verdict()
            case ["older", _]:
                for request, answer in self.older[:3]:
                    before = self.rig.everything()
                    assert request() is not None
                    assert self.rig.everything() == before, answer
            case ["agent", what]:
                self.agent(what)
            case ["ended"]:
                self.status(3)
            case [key] if key[0] in "0123456789*":
                self.line(Pressed(at=at, digits=key))
            case _:
                self.line(Heard(at=at, readings=(Reading(text=act, confidence=0.9),)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ACTS), max_size=10))
def test_doubling_and_replaying_changes_nothing_and_opting_out_always_counts(acts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rig = new_rig(Path(folder))
        try:
            _lead_through(rig, acts)
        finally:
            rig.db.close()


def _lead_through(rig: Rig, acts: list[str]) -> None:
    chaos = Chaos(rig, rig.open())
    chaos.line(Answered(at=rig.tick()))
    for act in acts:
        chaos.act(act)
        if act in LEAVING:
            assert rig.suppressed()
    chaos.status(4)
    assert rig.suppressed() == bool(LEAVING & set(acts))
    assert rig.call(chaos.call_id)["outcome"]
    assert (rig.call(chaos.call_id)["outcome"] == "opted_out") == rig.suppressed()
    assert replay(rig.db, chaos.call_id).difference == ""
    assert rig.db.value("SELECT count(*) FROM transfers WHERE status IN ('ringing', 'accepted', 'bridged')") == 0


SIDEWAYS = [
    ["1"],
    ["1", "agent answers"],
    ["1", "agent answers", "agent 1"],
    ["1", "agent busy", "agent answers", "agent 2"],
    ["2"],
    ["2", "silence"],
    ["verdict"],
    ["4"],
    ["3", "ended"],
    [],
]


@pytest.mark.parametrize("leaving", sorted(LEAVING))
@pytest.mark.parametrize("before", SIDEWAYS, ids=" ".join)
def test_opting_out_works_wherever_the_call_stands(rig: Rig, before: list[str], leaving: str) -> None:
    _lead_through(rig, [*before, leaving])
