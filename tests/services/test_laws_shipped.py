"""The laws of the line, held by the flow that ships: doubling, disorder, replay, opting out committed first."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.test_engine_laws import LEAVING, WORDS
from tests.services.rig import Rig, new_rig
from voicebot.flows.events import Answered, AnyEvent, Detected, Heard, Pressed, Reading, Silence, Transferred
from voicebot.phone.params import LineStatus, RoomNews, StatusNews
from voicebot.services import legs
from voicebot.services.replay import replay
from voicebot.services.reports import invariants

PRESCREEN = str(Path("flows/prescreen").resolve())
LANGUAGES = ("en-US", "zh-CN")
Request = Callable[[], object]


@dataclass
class Call:
    """A call through the flow that ships, with every request that was made about it."""

    rig: Rig
    language: str
    id: str = ""
    made: list[tuple[Request, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.rig.open(PRESCREEN, language=self.language)

    def ask(self, request: Request) -> object:
        answer = request()
        self.made.append((request, answer))
        self.rig.board.flush(self.rig.tick())
        return answer

    def line(self, event: AnyEvent) -> object:
        number = self.rig.call(self.id)["document"]
        return self.ask(lambda: self.rig.board.handle(self.id, number, event, "CAline"))

    def heard(self, words: str) -> AnyEvent:
        return Heard(at=self.rig.tick(), readings=(Reading(text=words, confidence=0.9),))

    def news(self, status: LineStatus, sequence: int) -> None:
        told = StatusNews("CAline", status, sequence, None, None)
        self.ask(lambda: self.rig.board.status(self.id, told, self.rig.now))

    def verdict(self) -> None:
        human = Detected(at=self.rig.now, answered_by="human")
        self.ask(lambda: self.rig.board.detected(self.id, human, "CAline"))

    def agent(self, act: str) -> None:
        leg = self.rig.db.one("SELECT * FROM legs WHERE status <> 'ended' ORDER BY id DESC")
        if leg is None:
            return
        leg_id, document, at = leg["id"], leg["document"], self.rig.tick()
        if act == "answers":
            self.ask(lambda: legs.answer(self.rig.centre, leg_id, at))
        elif act == "leaves":
            told = StatusNews(f"CA-{leg_id}", "completed", 9, None, None)
            self.ask(lambda: legs.status(self.rig.centre, leg_id, told, at))
        elif act == "joins":
            transfer = self.rig.state(self.id).transfer
            for who in (f"CA-{leg_id}", "CAline"):
                news = RoomNews("participant-join", who, f"room:CF{transfer}:{who}", f"CF{transfer}")
                self.ask(partial(legs.room, self.rig.centre, self.id, transfer, news, at))
        else:
            self.ask(lambda: legs.press(self.rig.centre, leg_id, document, act, at))

    def do(self, act: str) -> None:
        kind, _, what = act.partition(" ")
        match kind:
            case "press":
                self.line(Pressed(at=self.rig.tick(), digits=what))
            case "say":
                self.line(self.heard(WORDS[self.language][int(what)]))
            case "silence":
                self.line(Silence(at=self.rig.tick(6)))
            case "agent":
                self.agent(what)
            case "out" if self.rig.state(self.id).phase == "bridged":
                self.line(Transferred(at=self.rig.tick(60), result="ended"))

    def all_rows(self) -> list[tuple[object, ...]]:
        """What a webhook may change, and how long the journal is."""
        length = self.rig.db.value("SELECT count(*) FROM journal")
        return [*self.rig.everything(), *map(tuple, self.rig.db.rows("SELECT * FROM leads")), (length,)]


@contextmanager
def call(language: str) -> Iterator[Call]:
    with tempfile.TemporaryDirectory() as folder:
        rig = new_rig(Path(folder))
        try:
            yield Call(rig, language)
        finally:
            rig.db.close()


ACTS = st.one_of(
    st.sampled_from("1123459780").map("press {}".format),
    st.integers(0, 17).map("say {}".format),
    st.just("silence"),
    st.sampled_from(["agent answers", "agent 1", "agent 2", "agent leaves", "agent joins", "out"]),
)
WARM = ["press 1", "press 1", "press 1"]
"""The way to an agent."""
PATHS = st.one_of(st.lists(ACTS, max_size=9), st.lists(ACTS, max_size=4).map(lambda acts: [*WARM, *acts]))
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FAST
@given(st.sampled_from(LANGUAGES), PATHS, st.data())
def test_whatever_comes_again_changes_nothing(language: str, acts: list[str], data: st.DataObject) -> None:
    with call(language) as made:
        made.line(Answered(at=made.rig.tick()))
        for act in [*acts, "end"]:
            made.do(act)
            if act == "end":
                made.news("completed", 3)
            before = made.all_rows()
            latest, answer = made.made[-1]
            assert latest() == answer
            for request, _ in data.draw(st.lists(st.sampled_from(made.made), max_size=4)):
                request()
            made.rig.board.flush(made.rig.now)
            assert made.all_rows() == before
        assert replay(made.rig.db, made.id).same
        assert [breach for breach in invariants(made.rig.db) if breach.rule != "outside_hours"] == []


NEWS: tuple[tuple[LineStatus, int], ...] = (("initiated", 0), ("ringing", 1), ("in_progress", 2))


@FAST
@given(
    st.sampled_from(LANGUAGES),
    st.lists(ACTS.filter(lambda act: "agent" not in act and act != "out"), max_size=7),
    st.data(),
)
def test_news_in_any_order_leads_to_the_same_end(language: str, acts: list[str], data: st.DataObject) -> None:
    ends = []
    for disordered in (False, True):
        with call(language) as made:
            for status, sequence in NEWS if not disordered else ():
                made.news(status, sequence)
            late: list[Callable[[], None]] = [*(partial(made.news, *told) for told in NEWS * 2), made.verdict]
            late = data.draw(st.permutations(late)) if disordered else late[-1:]
            made.line(Answered(at="2026-03-02T15:10:00.000Z"))
            made.rig.now = "2026-03-02T15:10:00.000Z"
            for number, act in enumerate(acts):
                moment = f"2026-03-02T15:10:{number * 7:02d}.000Z"
                made.rig.now = moment
                if late and disordered and data.draw(st.booleans()):
                    late.pop()()
                made.rig.now = moment
                made.do(act)
            made.rig.now = "2026-03-02T15:20:00.000Z"
            made.news("completed", 3)
            while late:
                late.pop()()
            row = made.rig.call(made.id)
            lead = made.rig.db.one("SELECT grade, stage, reason, priority FROM leads")
            enrolment = made.rig.db.one("SELECT status, outcome, grade, next_at, contacts, failures FROM enrolments")
            assert lead is not None
            assert enrolment is not None
            bodies = [body["body"] for body in made.rig.db.rows("SELECT body FROM documents ORDER BY number")]
            ends.append((row["outcome"], row["status"], row["state"], bodies, tuple(lead), tuple(enrolment)))
    assert ends[0] == ends[1]


class KilledError(BaseException):
    """The process was killed here."""


@FAST
@given(
    st.sampled_from(LANGUAGES),
    PATHS,
    st.sampled_from(["key", "words", "late key"]),
    st.sampled_from(["before", "after"]),
)
def test_opting_out_is_committed_with_its_answer_wherever_the_call_stands(
    language: str, acts: list[str], how: str, killed: Literal["before", "after"]
) -> None:
    with call(language) as made:
        made.line(Answered(at=made.rig.tick()))
        for act in acts:
            made.do(act)
        event = made.heard(LEAVING[language]) if how == "words" else Pressed(at=made.rig.tick(), digits="1*")
        number = 0 if how == "late key" else made.rig.call(made.id)["document"]

        def kill(moment: str) -> None:
            if moment == killed:
                raise KilledError

        made.rig.db.on_commit = kill
        with pytest.raises(KilledError):
            made.rig.board.handle(made.id, number, event, "CAline")
        made.rig.db.on_commit = None
        assert made.rig.suppressed() == (killed == "after")
        answer = made.rig.board.handle(made.id, number, event, "CAline")
        assert _seen_from_outside(made.rig.db.path) == 1
        assert "<Hangup" in answer
        assert "<Gather" not in answer
        made.rig.board.flush(made.rig.tick())
        made.news("completed", 3)
        assert made.rig.call(made.id)["outcome"] == "opted_out"
        assert made.rig.db.value("SELECT status FROM enrolments") == "done"
        assert made.rig.db.value("SELECT count(*) FROM transfers WHERE status IN ('ringing', 'accepted')") == 0
        assert replay(made.rig.db, made.id).same


def _seen_from_outside(path: Path) -> int:
    """How many numbers another process finds on the do-not-call record."""
    with sqlite3.connect(path) as other:
        return int(other.execute("SELECT count(*) FROM suppressions").fetchone()[0])
