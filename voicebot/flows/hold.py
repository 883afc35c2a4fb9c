"""While an agent is rung the callee is kept company, and can always leave."""

from __future__ import annotations

from voicebot.flows.actions import AnyLine, Hold, StartTransfer
from voicebot.flows.steps import Transfer
from voicebot.flows.turn import Turn

ROUND = 6
"""Seconds between two stretches of hold words."""


def begin(turn: Turn) -> AnyLine:
    """Ask for an agent and begin to keep the callee company."""
    transfer, number = transfer_of(turn), turn.state.transfer + 1
    values = turn.values()
    turn.effects.append(
        StartTransfer(
            transfer=number,
            queue=transfer.queue,
            number=transfer.number,
            whisper=turn.rendered(transfer.whisper),
            accept_key=transfer.accept_key,
            decline_key=transfer.decline_key,
            timeout=transfer.timeout,
            ring_seconds=transfer.ring_seconds,
            card={name: str(values.get(name) or "") for name in transfer.tell},
        )
    )
    turn.change(phase="holding", transfer=number, transfer_since=turn.at, hold_round=0)
    return keep_company(turn)


def keep_company(turn: Turn) -> AnyLine:
    """The next stretch of hold words; the last of them is repeated."""
    words = transfer_of(turn).hold
    turn.say(words[min(turn.state.hold_round, len(words) - 1)])
    turn.change(hold_round=turn.state.hold_round + 1)
    state = turn.state
    return Hold(prompts=tuple(turn.words), language=state.language, seconds=ROUND, hearing=state.hearing)


def transfer_of(turn: Turn) -> Transfer:
    """The transfer the call is at."""
    transfer = turn.step.transfer
    if transfer is None:
        raise turn.fault("the call is on hold, but this step transfers nobody.", "Please report this.")
    return transfer
