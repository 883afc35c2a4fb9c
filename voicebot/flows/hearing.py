"""Whose ears a call relies on: its media stream, recordings of its answers, and the provider's when ours fail."""

from __future__ import annotations

from typing import Any

from voicebot.flows import asking, transfers
from voicebot.flows.actions import AnyLine, Ask, Await, Bridge, Close, Transcribe
from voicebot.flows.events import Recorded
from voicebot.flows.turn import Turn

LISTENED_ON = 3
"""How often in a row an answer may be waited for beyond its time."""

ANSWERED: dict[str, Any] = {"listened_on": 0, "awaiting": False}
"""What an answer, or a silence that counts, changes in the state."""


def with_stream(turn: Turn, line: AnyLine) -> AnyLine:
    """The line, with the call's stream opened or stopped where that is due: opened once, at the first chance."""
    state = turn.state
    wanted = state.hearing == "stream" and not isinstance(line, Bridge)
    if wanted and state.stream == "none" and not isinstance(line, Close):
        turn.change(stream="open")
        return line.model_copy(update={"stream": "open"})
    if state.stream == "open" and not wanted:
        # What agent and callee say to each other is not ours to listen to.
        turn.change(stream="stopped", hearing="provider")
        return line.model_copy(update={"stream": "stop"})
    return line


def may_listen_on(turn: Turn) -> bool:
    """Whether another while may be given to a callee who is speaking, or whose words are not there yet."""
    return turn.state.listened_on < LISTENED_ON


def listen_on(turn: Turn) -> Ask:
    """Give the callee another while, without a word."""
    turn.change(listened_on=turn.state.listened_on + 1)
    return asking.listen(turn)


def transcribe(turn: Turn, recorded: Recorded) -> AnyLine | None:
    """Have the answer transcribed, and wait for it; None where nothing was recorded."""
    if not recorded.seconds:
        return None
    turn.effects.append(Transcribe(url=recorded.url, seconds=recorded.seconds))
    turn.change(awaiting=True, listened_on=0)
    turn.say_phrase(turn.phrases.moment)
    return Await(prompts=tuple(turn.words), language=turn.state.language)


def wait_on(turn: Turn) -> AnyLine | None:
    """What was recorded is not transcribed yet: wait, but not for ever."""
    if not may_listen_on(turn) or turn.out_of_time:
        return fall_back(turn)
    turn.change(listened_on=turn.state.listened_on + 1)
    return Await(language=turn.state.language)


def fall_back(turn: Turn) -> AnyLine | None:
    """We do not hear the callee any more: ask again, with the provider's ears. None where nothing was being asked."""
    turn.change(hearing="provider", **ANSWERED)
    match turn.state.phase:
        case "asking":
            return asking.ask_on(turn)
        case "holding":
            return transfers.go_on_holding(turn)
        case _:
            return None
