"""The call engine: `advance(bundle, state, event) -> (state, actions)`. Pure; the same input gives the same output.

Rule 1: opting out is looked for before anything else, in every phase.
Rule 2: an event that needs an answer on the line gets exactly one Line, and it stands last.
Rule 3: nothing a callee does raises. A fault of the flow raises FlowFault; `Faulted` then ends the call and never does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voicebot.flows import answering, asking, closing, hearing, transfers, walk
from voicebot.flows.actions import AnyAction, AnyLine, Bridge
from voicebot.flows.bundle import Bundle
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
    Recorded,
    Silence,
    StillSpeaking,
    Transferred,
)
from voicebot.flows.reading import Reading, read_keys, read_words
from voicebot.flows.state import Callee, State
from voicebot.flows.turn import Turn, Way


def begin(bundle: Bundle, callee: Callee) -> State:
    """The state of a call that has not been answered yet."""
    flow = bundle.flows[bundle.main]
    language = callee.language if callee.language in flow.languages else flow.languages[0]
    return State(callee=callee, flow=bundle.main, step=flow.first, language=language)


def advance(bundle: Bundle, state: State, event: AnyEvent) -> tuple[State, tuple[AnyAction, ...]]:
    """The state after `event`, and what to do: effects in order, then at most one Line.

    Raises FlowFault when the flow itself is at fault (a prompt that cannot be rendered, a walk without end).
    """
    state, actions, _ = trace(bundle, state, event)
    return state, actions


def trace(bundle: Bundle, state: State, event: AnyEvent) -> tuple[State, tuple[AnyAction, ...], tuple[Way, ...]]:
    """As `advance`, with the ways that were taken: what coverage counts."""
    turn = Turn(bundle, state, event.at)
    line = HANDLERS[type(event)](turn, event)
    if line is not None:
        line = hearing.with_stream(turn, line)
    effects = turn.finish()
    return turn.state, (*effects, line) if line is not None else effects, tuple(turn.ways)


def opts_out(bundle: Bundle, state: State, event: AnyEvent) -> bool:
    """Whether `event` opts the callee out, in whatever phase: it counts even when it comes too late for an answer."""
    turn = Turn(bundle, state, event.at)
    if isinstance(event, Pressed):
        return read_keys(turn, event).opts_out
    return isinstance(event, Heard) and read_words(turn, event)[0].opts_out


def _answered(turn: Turn, event: Answered) -> AnyLine:
    if turn.state.phase != "new":
        return _carry_on(turn)
    turn.change(started_at=turn.at, hearing=event.hearing)
    return walk.go(turn, turn.flow.first)


def _pressed(turn: Turn, event: Pressed) -> AnyLine | None:
    reading = read_keys(turn, event)
    if reading.opts_out:
        return closing.opt_out(turn, "key", event.digits)
    turn.change(spoke=True, **hearing.ANSWERED)
    return _within_limits(turn, lambda: _taken(turn, reading))


def _heard(turn: Turn, event: Heard) -> AnyLine | None:
    reading, note = read_words(turn, event)
    turn.effects.append(note)
    if reading.opts_out:
        return closing.opt_out(turn, "words", reading.heard)
    if reading.maybe_opt_out:
        answering.note_possible_opt_out(turn)
    turn.change(spoke=True, **hearing.ANSWERED)
    return _within_limits(turn, lambda: _taken(turn, reading))


def _taken(turn: Turn, reading: Reading) -> AnyLine:
    """What is pressed before a recording begins only cuts the words before it."""
    if turn.state.phase == "recording":
        return walk.record(turn)
    answering.note_value(turn, reading)
    return answering.take(turn, reading)


def _silence(turn: Turn, event: Silence) -> AnyLine | None:
    if turn.state.phase == "recording":  # nothing was recorded
        return _within_limits(turn, lambda: _after_recording(turn))
    if turn.state.awaiting and not event.sure:
        return hearing.wait_on(turn)
    turn.change(**hearing.ANSWERED)
    return _within_limits(turn, lambda: answering.silence(turn))


def _still_speaking(turn: Turn, event: StillSpeaking) -> AnyLine | None:
    """What the callee is saying will be the answer, unless they never stop."""
    if turn.state.phase == "asking" and not turn.out_of_time and hearing.may_listen_on(turn):
        return hearing.listen_on(turn)
    return _silence(turn, Silence(at=event.at))


def _barged_in(turn: Turn, _event: BargedIn) -> AnyLine | None:
    return asking.listen(turn) if turn.state.phase == "asking" else None


def _deafened(turn: Turn, _event: Deafened) -> AnyLine | None:
    return hearing.fall_back(turn)


def _within_limits(turn: Turn, answer: Callable[[], AnyLine]) -> AnyLine | None:
    """Answer, unless the call has used up its turns or its time. On hold and beyond, other limits hold."""
    state, limits = turn.state, turn.main.limits
    if state.phase == "ended":
        return None
    if state.phase not in ("asking", "recording"):
        return _carry_on(turn)
    turn.change(turn=state.turn + 1)
    if state.turn >= limits.max_turns or turn.out_of_time:
        return closing.farewell(turn)
    return answer()


def _carry_on(turn: Turn) -> AnyLine:
    """Keep doing what the line does, for an event that changes nothing."""
    match turn.state.phase:
        case "holding":
            return transfers.go_on_holding(turn)
        case "bridged":
            return Bridge(transfer=turn.state.transfer)
        case "asking":
            return asking.ask(turn)
        case "recording":
            return walk.go(turn, turn.state.step)
        case _:
            return closing.close(turn)


def _recorded(turn: Turn, event: Recorded) -> AnyLine | None:
    state = turn.state
    if state.callee.opt_out_key == event.key:
        return closing.opt_out(turn, "key", event.key)
    if state.phase == "asking" and state.hearing == "recording":
        return _answer_recorded(turn, event)
    if state.phase != "recording" or turn.step.record is None:
        return None if state.phase == "ended" else _carry_on(turn)
    turn.change(
        spoke=True,
        answered_once=True,
        variables={**state.variables, turn.step.record.slot: event.url},
    )
    return _within_limits(turn, lambda: _after_recording(turn))


def _answer_recorded(turn: Turn, event: Recorded) -> AnyLine | None:
    """The answer to a question was recorded, for us to transcribe, or a key ended the recording."""
    if event.key:
        return _pressed(turn, Pressed(at=event.at, digits=event.key))
    return hearing.transcribe(turn, event) or _silence(turn, Silence(at=event.at, sure=True))


def _after_recording(turn: Turn) -> AnyLine:
    turn.change(phase="asking")
    return walk.go(turn, walk.onward(turn, ""))


def _detected(turn: Turn, event: Detected) -> AnyLine | None:
    return closing.machine(turn, event)


def _transferred(turn: Turn, event: Transferred) -> AnyLine | None:
    return transfers.news(turn, event)


def _ended(turn: Turn, event: Ended) -> None:
    closing.end(turn, event)


def _faulted(turn: Turn, _event: Faulted) -> AnyLine | None:
    return closing.apologise(turn)


HANDLERS: dict[type, Callable[[Turn, Any], AnyLine | None]] = {
    Answered: _answered,
    Pressed: _pressed,
    Heard: _heard,
    Silence: _silence,
    StillSpeaking: _still_speaking,
    BargedIn: _barged_in,
    Deafened: _deafened,
    Recorded: _recorded,
    Detected: _detected,
    Transferred: _transferred,
    Ended: _ended,
    Faulted: _faulted,
}
