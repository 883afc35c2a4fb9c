"""Who comes first when a request for a document is under way and REST moves the call, or its person hangs up.

What Twilio does when the action of a Gather is under way is not documented. In every order the update wins: whatever
the action answers is not carried out, or is cut at once. So an application must be right in all three.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from voicebot.simulator.call import SimCall


class RaceOrder(StrEnum):
    """`action_first`: the action is answered, and its document begins, before the update (or the call's end) shows.
    `update_first`: the action arrives at the application when the document of the update has been fetched (or the end
    of the call been told). `both_in_flight`: each takes its own time, as the network has it.
    """

    ACTION_FIRST = "action_first"
    UPDATE_FIRST = "update_first"
    BOTH_IN_FLIGHT = "both_in_flight"


def in_turn(call: SimCall, act: Callable[[], object]) -> None:
    """Do what an update does now or, where the action comes first, when that has been answered."""
    if call.flight and call.world.race is RaceOrder.ACTION_FIRST:
        call.flight.afterwards(act)
    else:
        act()


def held_up(call: SimCall) -> Callable[[], None]:
    """Where the update comes first, keep the action from arriving; the answer of this lets it go on."""
    if call.flight and call.world.race is RaceOrder.UPDATE_FIRST:
        return call.flight.hold_up()
    return nothing


def nothing() -> None:
    """Nothing was held up."""
