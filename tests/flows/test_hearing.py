"""Whose ears a call relies on, and what becomes of it when they fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voicebot.flows.actions import AnyAction, AnyLine, Ask, Await, Bridge, Close, Hold, Line, Transcribe
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.engine import advance, begin
from voicebot.flows.events import (
    Answered,
    AnyEvent,
    BargedIn,
    Deafened,
    Heard,
    Hearing,
    Pressed,
    Reading,
    Recorded,
    Silence,
    StillSpeaking,
    Transferred,
)
from voicebot.flows.hearing import LISTENED_ON
from voicebot.flows.rehearse import example_fields
from voicebot.flows.state import Callee, State

BUNDLE = bundle_from_files("tests/flows/engine_flow.yaml")
NOW = "2026-03-02T15:00:00.000Z"
YES = Heard(at=NOW, readings=(Reading(text="yes"),), source="vosk")
AGENT = Heard(at=NOW, readings=(Reading(text="i want to talk to a person"),), source="vosk")
NOTHING_THERE = Recorded(at=NOW, url="https://provider.example/RE1", seconds=0)
RECORDED = Recorded(at=NOW, url="https://provider.example/RE1", seconds=2.5)


class OnCall:
    """A call under test: it goes on from event to event."""

    def __init__(self, hearing: Hearing) -> None:
        callee = Callee(fields=example_fields(BUNDLE.flows[BUNDLE.main]), callback_number="+12025550100")
        self.state: State = begin(BUNDLE, callee)
        self.actions: tuple[AnyAction, ...] = ()
        self.first = self(Answered(at=NOW, hearing=hearing))

    def __call__(self, event: AnyEvent) -> AnyLine | None:
        self.state, self.actions = advance(BUNDLE, self.state, event)
        last = self.actions[-1] if self.actions else None
        return last if isinstance(last, Line) else None

    def ask(self, event: AnyEvent) -> Ask:
        line = self(event)
        assert isinstance(line, Ask)
        return line


# --- on the call's stream ---


def test_the_stream_is_opened_once_with_the_first_document() -> None:
    call = OnCall("stream")
    assert isinstance(call.first, Ask)
    assert (call.first.stream, call.first.hearing, call.first.expects) == ("open", "stream", "yes_no")
    assert call.ask(Silence(at=NOW)).stream == ""


def test_a_call_heard_by_the_provider_opens_no_stream() -> None:
    first = OnCall("provider").first
    assert isinstance(first, Ask)
    assert (first.stream, first.hearing) == ("", "provider")


def test_whoever_is_still_speaking_is_listened_to_without_a_word() -> None:
    call = OnCall("stream")
    again = call.ask(StillSpeaking(at=NOW))
    assert again.prompts == ()
    assert call.state.counters.noinput == 0


def test_whoever_never_stops_speaking_is_asked_again_in_the_end() -> None:
    call = OnCall("stream")
    for _ in range(LISTENED_ON):
        assert call.ask(StillSpeaking(at=NOW)).prompts == ()
    assert call.ask(StillSpeaking(at=NOW)).prompts
    assert call.state.counters.noinput == 1


def test_an_answer_gives_the_next_question_its_patience_back() -> None:
    call = OnCall("stream")
    call(StillSpeaking(at=NOW))
    call(YES)
    assert call.state.listened_on == 0


def test_barging_in_cuts_the_prompt_and_leaves_the_question() -> None:
    call = OnCall("stream")
    step = call.state.step
    assert call.ask(BargedIn(at=NOW)).prompts == ()
    assert call.state.step == step


def test_who_loses_the_stream_is_asked_again_by_the_provider() -> None:
    call = OnCall("stream")
    again = call.ask(Deafened(at=NOW, why="lost"))
    assert again.prompts
    assert (again.hearing, again.stream) == ("provider", "stop")
    assert call.ask(Silence(at=NOW)).stream == ""


def test_nobody_listens_to_agent_and_callee() -> None:
    call = OnCall("stream")
    call(YES)
    hold = call(AGENT)
    assert isinstance(hold, Hold)
    assert hold.hearing == "stream"
    bridge = call(Transferred(at=NOW, result="accepted", agent="mei"))
    assert isinstance(bridge, Bridge)
    assert bridge.stream == "stop"
    after = call(Transferred(at=NOW, result="ended"))
    assert after is None or (after.stream == "" and call.state.hearing == "provider")


def test_losing_the_stream_on_hold_keeps_the_callee_company() -> None:
    call = OnCall("stream")
    call(YES)
    call(AGENT)
    hold = call(Deafened(at=NOW, why="lost"))
    assert isinstance(hold, Hold)
    assert hold.hearing == "provider"


def test_a_stream_is_not_opened_for_a_goodbye() -> None:
    call = OnCall("stream")
    call.state = call.state.model_copy(update={"stream": "none"})
    goodbye = call(Pressed(at=NOW, digits="*"))
    assert isinstance(goodbye, Close)
    assert goodbye.stream == ""


# --- on recordings ---

AFTER_TONE = "Please answer after the tone."


def _words(line: AnyLine | None) -> list[str]:
    return [speech.text for speech in line.prompts] if isinstance(line, Ask) else []


@pytest.mark.parametrize(("hearing", "told"), [("recording", True), ("stream", False), ("provider", False)])
def test_whose_words_are_recorded_is_told_to_wait_for_the_tone(hearing: Hearing, told: bool) -> None:
    call = OnCall(hearing)
    asked_again = call(Silence(at=NOW, sure=True))
    for line in (call.first, asked_again):
        assert _words(line).count(AFTER_TONE) == int(told)
        assert not told or _words(line)[-1] == AFTER_TONE


def test_whoever_is_asked_by_the_provider_in_the_end_is_told_of_no_tone() -> None:
    call = OnCall("recording")
    assert AFTER_TONE not in _words(call(Deafened(at=NOW, why="transcription")))


def test_nobody_is_told_of_a_tone_without_a_question() -> None:
    call = OnCall("recording")
    wait = Heard(at=NOW, readings=(Reading(text="hold on a second"),), source="vosk")
    assert _words(call(wait)) == []


def test_where_only_keys_answer_there_is_no_tone() -> None:
    call = OnCall("recording")
    flow = BUNDLE.flows[BUNDLE.main]
    keys = flow.model_copy(update={"settings": flow.settings.model_copy(update={"input": "keys"})})
    bundle = replace(BUNDLE, flows={**BUNDLE.flows, BUNDLE.main: keys})
    _, actions = advance(bundle, call.state, Silence(at=NOW, sure=True))
    assert AFTER_TONE not in _words(actions[-1])  # type: ignore[arg-type]


def test_a_recorded_answer_is_transcribed_while_the_callee_waits() -> None:
    call = OnCall("recording")
    waiting = call(RECORDED)
    assert isinstance(waiting, Await)
    assert waiting.prompts[0].text == "One moment, please."
    assert Transcribe(url=RECORDED.url, seconds=2.5) in call.actions
    assert call(YES) is not None
    assert not call.state.awaiting
    assert call.state.answered_once


def test_waiting_goes_on_for_a_while_and_then_the_provider_listens() -> None:
    call = OnCall("recording")
    call(RECORDED)
    for _ in range(LISTENED_ON):
        assert isinstance(call(Silence(at=NOW)), Await)
    assert call.ask(Silence(at=NOW)).hearing == "provider"
    assert call.state.counters.noinput == 0


def test_a_recording_in_which_nothing_was_said_is_a_silence() -> None:
    call = OnCall("recording")
    call(RECORDED)
    assert call.ask(Silence(at=NOW, sure=True)).hearing == "recording"
    assert call.state.counters.noinput == 1


def test_a_recording_of_no_length_is_a_silence() -> None:
    call = OnCall("recording")
    assert call.ask(NOTHING_THERE).prompts
    assert call.state.counters.noinput == 1


def test_a_failed_transcription_asks_again_with_the_providers_ears() -> None:
    call = OnCall("recording")
    call(RECORDED)
    assert call.ask(Deafened(at=NOW, why="transcription")).hearing == "provider"


def test_a_key_that_ends_the_recording_is_the_answer() -> None:
    call, other = OnCall("recording"), OnCall("recording")
    assert call(RECORDED.model_copy(update={"key": "1"})) == other(Pressed(at=NOW, digits="1"))


def test_the_opt_out_key_ends_the_recording_and_all_calls() -> None:
    call = OnCall("recording")
    assert isinstance(call(RECORDED.model_copy(update={"key": "*"})), Close)
    assert call.state.opted_out


@pytest.mark.parametrize("hearing", ["provider", "stream", "recording"])
def test_the_state_survives_json(hearing: Hearing) -> None:
    call = OnCall(hearing)
    assert State.model_validate_json(call.state.model_dump_json()) == call.state
