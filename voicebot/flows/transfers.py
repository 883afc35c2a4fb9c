"""What becomes of a transfer: agent and callee meet, part, or never find each other; each end has its branch."""

from __future__ import annotations

from voicebot.flows import closing, hold, walk
from voicebot.flows.actions import AnyLine, Bridge, CancelTransfer
from voicebot.flows.events import Transferred, TransferResult
from voicebot.flows.hold import transfer_of
from voicebot.flows.steps import TransferBranch
from voicebot.flows.turn import Turn
from voicebot.leads.outcomes import stronger
from voicebot.timestamps import plus, seconds_between


def go_on_holding(turn: Turn) -> AnyLine:
    """A stretch of hold words is over: another one, unless the callee has waited long enough."""
    if seconds_between(turn.state.transfer_since, turn.at) >= transfer_of(turn).timeout:
        turn.effects.append(CancelTransfer(transfer=turn.state.transfer, why="timeout"))
        return _leave(turn, "no_answer")
    return hold.keep_company(turn)


def news(turn: Turn, event: Transferred) -> AnyLine | None:
    """What became of the transfer. News of a transfer that is over changes nothing."""
    phase = turn.state.phase
    if phase == "holding":
        return _join(turn) if event.result == "accepted" else _leave(turn, event.result)
    if phase == "bridged" and event.result != "accepted":
        return _part(turn)
    return None


def _join(turn: Turn) -> AnyLine:
    turn.change(phase="bridged", outcome=stronger(turn.state.outcome, "transferred"), transfer_since=turn.at)
    return Bridge(transfer=turn.state.transfer)


def _part(turn: Turn) -> AnyLine:
    """The two have finished. Their talk does not count towards the flow's longest duration."""
    talk = seconds_between(turn.state.transfer_since, turn.at)
    turn.change(started_at=plus(turn.state.started_at, talk))
    return _branch(turn, "answered")


def _leave(turn: Turn, result: TransferResult) -> AnyLine:
    turn.change(outcome=stronger(turn.state.outcome, "transfer_failed"))
    return _branch(turn, "failed" if result == "ended" or result == "accepted" else result)  # noqa: PLR1714


def _branch(turn: Turn, result: TransferBranch) -> AnyLine:
    branches = transfer_of(turn).branches
    target = branches.get(result) or branches.get("otherwise", "")
    turn.took_here("branches", result if result in branches else "otherwise")
    turn.change(phase="asking")
    if not target:
        return closing.farewell(turn)
    return walk.go(turn, target)
