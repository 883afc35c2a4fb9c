"""How a call ends: opting out, last words, machines, and the one conclusion that changes the lead."""

from __future__ import annotations

from typing import Literal

from voicebot.flows.actions import AnyLine, CancelTransfer, Close, Conclude, LeftMessage, OptOut, Speech
from voicebot.flows.events import Detected, Ended, EndStatus
from voicebot.flows.prompts import FlowFault
from voicebot.flows.turn import Turn
from voicebot.leads.outcomes import Outcome, stronger

UNANSWERED: dict[EndStatus, Outcome] = {
    "busy": "busy",
    "no_answer": "no_answer",
    "invalid_number": "invalid_number",
    "failed": "failed",
    "canceled": "failed",
    "completed": "hung_up",
}
"""The outcome of a line that ended before a single document was asked for."""


def close(turn: Turn, *, listen: bool = True) -> AnyLine:
    """End the call with the words gathered so far; the opt-out key works to the last of them."""
    turn.change(phase="closing", doubt=None)
    return Close(prompts=tuple(turn.words), language=turn.state.language, listen=listen and bool(turn.words))


def farewell(turn: Turn) -> AnyLine:
    """End the call politely, in the flow's words or our own."""
    if turn.main.farewell is None:
        turn.say_phrase(turn.phrases.farewell)
    else:
        turn.took("farewell", main=True)
        turn.say(turn.main.farewell, turn.main)
    return close(turn)


def hang_up(turn: Turn) -> AnyLine:
    """The `hangup` step. An outcome of `opted_out` opts out, whichever way the flow came to it."""
    hangup = turn.step.hangup
    assert hangup is not None  # noqa: S101
    outcome = stronger(hangup.outcome, turn.step.outcome)
    turn.change(outcome=stronger(turn.state.outcome, outcome))
    if outcome == "opted_out" and not turn.state.opted_out:
        turn.effects.insert(0, OptOut(by="flow", evidence=f"{turn.state.flow}.{turn.state.step}"))
        turn.change(opted_out=True)
    turn.say(hangup.say)
    return close(turn, listen=not turn.state.opted_out)


def opt_out(turn: Turn, by: Literal["key", "words"], evidence: str) -> AnyLine | None:
    """Write down that this person is never to be called again, then say goodbye. No confirmation is asked."""
    if not turn.state.opted_out:
        turn.effects.insert(0, OptOut(by=by, evidence=evidence))
    ended = turn.state.phase == "ended"
    cancel_transfer(turn, "opted_out")
    turn.change(opted_out=True, outcome="opted_out", opt_out_doubt="settled")
    if ended:
        turn.effects.append(conclusion(turn))
        return None
    turn.words = [_opted_out_words(turn)]
    return close(turn, listen=False)


def _opted_out_words(turn: Turn) -> Speech:
    handler = turn.flow.anytime.get("opt_out")
    if handler and handler.say:
        turn.took("anytime", "opt_out")
        try:
            return turn.rendered(handler.say[0])
        except FlowFault:
            pass  # a faulty goodbye must not keep anybody from leaving
    return Speech(text=turn.phrases.opted_out, language=turn.state.language)


def cancel_transfer(turn: Turn, why: Literal["caller_gone", "opted_out", "timeout"]) -> None:
    """Stop ringing agents, if any are being rung or have taken the call."""
    if turn.state.phase in ("holding", "bridged"):
        turn.effects.append(CancelTransfer(transfer=turn.state.transfer, why=why))


def apologise(turn: Turn) -> AnyLine | None:
    """Something of ours broke: say so in the callee's language and end the call."""
    if turn.state.phase == "ended":
        return None
    cancel_transfer(turn, "caller_gone")
    turn.words = [Speech(text=turn.phrases.apology, language=turn.state.language)]
    turn.change(outcome=stronger(turn.state.outcome, "failed"))
    return close(turn)


def machine(turn: Turn, event: Detected) -> AnyLine | None:
    """A verdict on who answered. It is not believed once somebody has given an understood answer."""
    state = turn.state
    if event.answered_by in ("human", "unknown") or state.answered_once or state.phase not in ("new", "asking"):
        return None
    return meet_machine(turn, fax=event.answered_by == "fax")


def meet_machine(turn: Turn, *, fax: bool = False) -> AnyLine | None:
    """What the flow does with a machine: a message once per lead, or nothing and away."""
    rule = turn.main.machine
    if rule.action == "carry_on" and not fax:
        return None
    turn.words = []
    turn.change(outcome=stronger(turn.state.outcome, "voicemail"))
    left = turn.state.callee.message_left or turn.state.message_left
    if rule.action == "leave_message" and rule.message and not left and not fax:
        turn.took("machine", "message", main=True)
        turn.say(rule.message, turn.main)
        turn.effects.append(LeftMessage())
        turn.change(message_left=True)
    return close(turn)


def end(turn: Turn, event: Ended) -> None:
    """The line is gone: conclude, once."""
    if turn.state.phase == "ended":
        return
    cancel_transfer(turn, "caller_gone")
    if turn.state.phase == "new":
        outcome: Outcome | None = UNANSWERED[event.status]
    else:
        outcome = turn.state.outcome or _unsaid(turn)
    turn.change(outcome=outcome, phase="ended")
    turn.effects.append(conclusion(turn))


def _unsaid(turn: Turn) -> Outcome:
    """The outcome of a call in which no step named one."""
    state = turn.state
    if state.answered_once or state.spoke:
        return "partial"
    return "silent" if state.turn or state.phase == "closing" else "hung_up"


def conclusion(turn: Turn) -> Conclude:
    """What the call comes to, for the lead."""
    state = turn.state
    return Conclude(
        outcome=state.outcome or "failed",
        grade=state.grade,
        reason=state.reason,
        callback_at="" if state.opted_out else state.callback_at,
        values=state.variables,
        review=state.opt_out_doubt == "open" and not state.opted_out,
    )
