"""Laws of the call engine, held by random callers, for every flow that ships and one that has everything."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.flows.actions import AnyAction, Close, Conclude, Line, OptOut
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.engine import advance, opts_out
from voicebot.flows.events import (
    Answered,
    AnyEvent,
    BargedIn,
    Deafened,
    Detected,
    Ended,
    Faulted,
    Heard,
    Pressed,
    Reading,
    Recorded,
    Silence,
    StillSpeaking,
    Transferred,
)
from voicebot.flows.rehearse import Rehearsal, example_fields
from voicebot.flows.state import Callee, State

FLOWS = ["tests/flows/engine_flow.yaml", *(str(file) for file in sorted(Path("flows").glob("*.yaml")))]
NOW = "2026-03-02T15:00:00.000Z"
WORDS = {
    "en-US": ["yes", "no", "maybe", "who is this", "how much is it", "not interested", "tomorrow at three", "wrong one",
              "i want to talk to a person", "say that again", "purple monkey dishwasher", "seven", "go back", "goodbye",
              "please leave a message after the beep", "hold on", "speak chinese please", "i already have one"],
    "zh-CN": ["是的", "不是", "可能吧", "你是谁", "多少钱", "不感兴趣", "明天下午三点", "打错了", "转人工", "再说一遍",
              "紫色的猴子洗碗机", "七分", "返回", "再见", "请在滴声后留言", "等一下", "说英语", "已经有了"],
}  # fmt: skip
LEAVING = {"en-US": "take me off your list", "zh-CN": "不要再给我打电话了"}


@cache
def bundle_of(flow: str) -> Bundle:
    return bundle_from_files(flow)


def call_of(flow: str, language: str, key: str = "*") -> Rehearsal:
    bundle = bundle_of(flow)
    fields = example_fields(bundle.flows[bundle.main])
    callee = Callee(fields=fields, language=language, opt_out_key=key, callback_number="+12025550100")
    return Rehearsal.of(bundle, callee, NOW)


RESULTS = ["accepted", "declined", "no_answer", "nobody", "failed", "busy", "ended"]

doings = st.one_of(
    st.tuples(st.just("press"), st.text("0123456789#", min_size=1, max_size=3)),
    st.tuples(st.just("press"), st.sampled_from("123459")),
    st.tuples(st.just("say"), st.integers(0, 17)),
    st.tuples(st.just("doubt"), st.integers(0, 17)),
    st.tuples(st.just("silence"), st.none()),
    st.tuples(st.sampled_from(["speaking", "barge", "deaf", "recorded"]), st.none()),
    st.tuples(
        st.just("agent"), st.sampled_from(["accepted", "declined", "no_answer", "nobody", "failed", "busy", "ended"])
    ),
    st.tuples(st.just("amd"), st.sampled_from(["human", "unknown", "machine_beep", "fax"])),
)
callers = st.lists(doings, max_size=40)
languages = st.sampled_from(["en-US", "zh-CN"])
flows = pytest.mark.parametrize("flow", FLOWS, ids=lambda path: Path(path).stem)


def event_of(call: Rehearsal, doing: tuple[str, object]) -> AnyEvent:
    kind, what = doing
    words = WORDS[call.state.language]
    match kind:
        case "press":
            return Pressed(at=call.now, digits=str(what))
        case "say":
            return Heard(at=call.now, readings=(Reading(text=words[int(str(what))], confidence=0.9),))
        case "doubt":
            return Heard(at=call.now, readings=(Reading(text=words[int(str(what))], confidence=0.1),))
        case "agent":
            return Transferred.model_validate({"at": call.now, "result": what})
        case "amd":
            return Detected.model_validate({"at": call.now, "answered_by": what})
        case "speaking":
            return StillSpeaking(at=call.now)
        case "barge":
            return BargedIn(at=call.now)
        case "deaf":
            return Deafened(at=call.now, why="lost")
        case "recorded":
            return Recorded(at=call.now, url="https://provider.example/RE1", seconds=3)
        case _:
            return Silence(at=call.now)


NEEDS_LINE = (Answered, Pressed, Heard, Silence, Recorded, Faulted)


def check_form(event: AnyEvent, before: State, actions: tuple[AnyAction, ...]) -> None:
    lines = [action for action in actions if isinstance(action, Line)]
    assert len(lines) <= 1
    assert not lines or actions[-1] is lines[0]
    if isinstance(event, NEEDS_LINE) and before.phase != "ended":
        assert lines, f"{event} was left without an answer"


@flows
@settings(max_examples=60, deadline=None)
@given(caller=callers, language=languages)
def test_every_call_ends_within_its_limits(flow: str, caller: list[tuple[str, object]], language: str) -> None:
    call = call_of(flow, language)
    limits = call.bundle.flows[call.bundle.main].limits
    call.answer()
    asked = 0
    for doing in [*caller, *[("silence", None)] * (limits.max_turns + 60)]:
        if call.state.phase == "closing":
            break
        before, event = call.state, event_of(call, doing)
        check_form(event, before, call.feed(event))
        asked += before.phase == "asking"
        if call.state.phase == "bridged":
            call.feed(Transferred(at=call.now, result="ended"))
    assert call.state.phase == "closing"
    assert call.state.turn <= limits.max_turns + 1
    call.hang_up()
    assert sum(isinstance(action, Conclude) for _, actions in call.log for action in actions) == 1


@flows
@settings(max_examples=60, deadline=None)
@given(caller=callers, language=languages, by_key=st.booleans(), key=st.sampled_from(["*", "8"]))
def test_opting_out_works_at_every_turn(
    flow: str, caller: list[tuple[str, object]], language: str, by_key: bool, key: str
) -> None:
    call = call_of(flow, language, key)
    call.answer()
    for doing in caller:
        if call.state.phase in ("closing", "ended"):
            break
        if doing[0] == "press" and key in str(doing[1]):
            break
        call.feed(event_of(call, doing))
    if call.state.opted_out:
        return
    leaving: AnyEvent = Pressed(at=call.now, digits=f"1{key}2")
    if not by_key:
        leaving = Heard(at=call.now, readings=(Reading(text=LEAVING[call.state.language]),))
    before = call.state
    assert opts_out(call.bundle, before, leaving)
    actions = call.feed(leaving)
    assert isinstance(actions[0], OptOut)
    if before.phase != "ended":
        assert isinstance(actions[-1], Close)
        assert actions[-1].prompts
    call.hang_up()
    assert call.conclusion is not None
    assert call.conclusion.outcome == "opted_out"


@flows
@settings(max_examples=30, deadline=None)
@given(caller=callers, language=languages)
def test_the_same_events_give_the_same_call(flow: str, caller: list[tuple[str, object]], language: str) -> None:
    call = call_of(flow, language)
    call.answer()
    for doing in caller:
        before, event = call.state, event_of(call, doing)
        if call.state.phase == "ended":
            break
        actions = call.feed(event)
        if not isinstance(call.log[-1][0], Faulted):
            assert advance(call.bundle, before, event) == (call.state, actions)


@flows
def test_a_fault_ends_the_call_with_words(flow: str) -> None:
    for language in ("en-US", "zh-CN"):
        call = call_of(flow, language)
        call.answer()
        actions = call.feed(Faulted(at=call.now, problem="something broke"))
        assert isinstance(actions[-1], Close)
        assert actions[-1].prompts


@flows
def test_the_end_concludes_once(flow: str) -> None:
    call = call_of(flow, "en-US")
    call.answer()
    assert isinstance(call.hang_up()[-1], Conclude)
    assert call.feed(Ended(at=call.now, status="failed")) == ()


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(("spoken", "heard"), [("zh-CN", "en-US"), ("en-US", "zh-CN")])
def test_who_is_addressed_in_the_wrong_language_can_leave(flow: str, spoken: str, heard: str) -> None:
    call = call_of(flow, spoken)
    bundle = bundle_of(flow)
    state, _ = advance(bundle, call.state, Answered(at=NOW))
    event = Heard(at=NOW, readings=(Reading(text=LEAVING[heard]),))
    assert opts_out(bundle, state, event) == (heard in bundle.flows[bundle.main].languages)
