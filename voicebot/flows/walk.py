"""Walking from step to step until the line must be told something: one small function per step kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from voicebot.flows import asking, closing, hold
from voicebot.flows.actions import AnyLine, Record, SendMessage
from voicebot.flows.model import RETURN
from voicebot.flows.reading import complete
from voicebot.flows.state import Frame
from voicebot.flows.turn import Turn
from voicebot.timestamps import plus, seconds_of, to_text

MAX_WALK = 200
"""Steps walked within one turn. The lint refuses loops that ask nothing; this bounds those it never saw."""

OTHERWISE = "otherwise"
"""The way of a branch of which no arm holds."""


def go(turn: Turn, target: str) -> AnyLine:
    """Go to the step `target` of the present flow and walk on until a line is due."""
    for _ in range(MAX_WALK):
        if target in ("", RETURN):
            if not turn.state.frames:
                return closing.close(turn)
            target = _return(turn)
            continue
        turn.change(step=target)
        turn.steps.append(f"{turn.state.flow}.{target}")
        turn.took("steps", target)
        turn.apply(turn.step)
        reached: AnyLine | str = KINDS[turn.step.kind](turn)
        if not isinstance(reached, str):
            return reached
        target = reached
    raise turn.fault(f"walked {MAX_WALK} steps without asking anything.", "Put a question into the loop.")


def onward(turn: Turn, target: str) -> str:
    """`target`, or else where the present step leads by itself: its own `next`, or the step below."""
    return target or turn.step.next or turn.flow.below(turn.state.step)


def _return(turn: Turn) -> str:
    frame, frames = turn.state.frames[-1], turn.state.frames[:-1]
    turn.change(flow=frame.flow, step=frame.step, frames=frames)
    return onward(turn, "")


def _say(turn: Turn) -> str:
    turn.say(turn.step.say)
    return onward(turn, "")


def _question(turn: Turn) -> AnyLine:
    here = (turn.state.flow, turn.state.step)
    if turn.state.trail[-1:] != (here,):
        turn.change(trail=(*turn.state.trail, here))
    return asking.ask_afresh(turn)


def _record(turn: Turn) -> AnyLine:
    recording = turn.step.record
    assert recording is not None  # noqa: S101  (the kind says so)
    turn.say(recording.ask)
    return record(turn)


def record(turn: Turn) -> AnyLine:
    """Record at the present step, after the words gathered so far."""
    recording = turn.step.record
    assert recording is not None  # noqa: S101
    turn.change(phase="recording")
    return Record(
        prompts=tuple(turn.words),
        language=turn.state.language,
        max_seconds=recording.max_seconds,
        silence_seconds=recording.silence_seconds,
        finish_key=recording.finish_key,
    )


def _branch(turn: Turn) -> str:
    for index, case in enumerate(turn.step.branch or ()):
        if not case.when or turn.test(case.when):
            turn.took_here(index)
            return case.next
    turn.took_here(OTHERWISE)
    return onward(turn, "")


def _set(turn: Turn) -> str:
    return onward(turn, "")


def _transfer(turn: Turn) -> AnyLine:
    return closing.farewell(turn) if turn.out_of_time else hold.begin(turn)


def _callback(turn: Turn) -> str:
    callback = turn.step.callback
    assert callback is not None  # noqa: S101
    if callback.after:
        moment = plus(turn.at, seconds_of(callback.after))
    else:
        moment = wished_moment(str(turn.state.variables.get(callback.slot) or ""), turn.now)
    turn.change(callback_at=moment)
    return onward(turn, "")


def wished_moment(value: str, now: datetime) -> str:
    """The UTC moment of a collected date, time, or both on the callee's clock; empty when there is none."""
    if not value:
        return ""
    moment = datetime.fromisoformat(complete(value, now))
    return to_text(moment.replace(tzinfo=now.tzinfo))


def _call(turn: Turn) -> str:
    call = turn.step.call
    assert call is not None  # noqa: S101
    called = turn.bundle.flows[call.flow]
    frame = Frame(flow=turn.state.flow, step=turn.state.step)
    turn.change(
        frames=(*turn.state.frames, frame),
        flow=call.flow,
        step=called.first,
        variables={**turn.state.variables, **call.values},
    )
    return called.first


def _send(turn: Turn) -> str:
    assert turn.step.send is not None  # noqa: S101
    turn.effects.append(SendMessage(text=turn.rendered(turn.step.send.sms).text))
    return onward(turn, "")


def _goto(turn: Turn) -> str:
    return turn.step.goto or ""


def _hangup(turn: Turn) -> AnyLine:
    return closing.hang_up(turn)


KINDS: dict[str, Callable[[Turn], AnyLine | str]] = {
    "say": _say,
    "menu": _question,
    "collect": _question,
    "confirm": _question,
    "record": _record,
    "branch": _branch,
    "set": _set,
    "transfer": _transfer,
    "callback": _callback,
    "call": _call,
    "send": _send,
    "goto": _goto,
    "hangup": _hangup,
}
"""What each step kind does: a line to answer with, or the name of the step to go on with."""
