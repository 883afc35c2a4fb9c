"""How often one person may be called: rolling caps, and the pause after a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.dialer.hours import Allowed, Blocked, next_allowed
from voicebot.dialer.policy import Cap, Rules


@dataclass(frozen=True)
class History:
    """What one person has had of us, over all their numbers and all campaigns; moments in any order."""

    dialled: tuple[datetime, ...] = ()
    talked: tuple[datetime, ...] = ()


def may_call(
    now: datetime, zones: Sequence[str], rules: Rules, history: History, *, wished: bool = False
) -> Allowed | Blocked:
    """The first moment from `now` on at which a call keeps to hours, caps and pause.

    `wished`: the person asked to be called at about this time, which outweighs the pause, but neither caps nor hours.
    """
    moment = max([now, *(_room(history.dialled, cap) for cap in rules.caps if len(history.dialled) >= cap.calls)])
    if history.talked and not wished:
        moment = max(moment, max(history.talked) + timedelta(hours=rules.cooldown_hours))
    return next_allowed(moment, zones, rules)


def longest(rules: Rules) -> timedelta:
    """How far back a history must reach for these rules."""
    return timedelta(hours=max([rules.cooldown_hours, *(cap.hours for cap in rules.caps)]))


def _room(dialled: Sequence[datetime], cap: Cap) -> datetime:
    """From when on one more attempt keeps to the cap: `hours` after the last but `calls - 1`."""
    return sorted(dialled)[-cap.calls] + timedelta(hours=cap.hours)
