"""Whether a lead may be dialled now. Rule: fail closed: what is not known to be allowed is not done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.dialer.caps import History, may_call
from voicebot.dialer.hours import Blocked
from voicebot.dialer.policy import Rules

RECHECK = timedelta(days=1)
"""When a lead that something stands against is looked at again: its record may have been completed."""

ENGAGED = timedelta(minutes=10)
"""When a person who is on another call of ours is looked at again."""


@dataclass(frozen=True)
class Candidate:
    """What is known of a lead that is due. `missing` are fields its flow needs and the lead lacks; `untimely` says why
    its first call, which hangs on a date of its own, comes too late."""

    consent: str
    suppressed: bool
    number_status: str
    country: str
    zones: Sequence[str]
    missing: Sequence[str] = ()
    untimely: str = ""
    allowed_countries: Sequence[str] = ()
    engaged: bool = False
    wished: bool = False


@dataclass(frozen=True)
class Go:
    """Dial."""


@dataclass(frozen=True)
class Later:
    """Look again at `at`. `why` names what stands against the lead; empty where it is only the hour."""

    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Never:
    """Do not dial this lead in this campaign any more."""

    why: str


Verdict = Go | Later | Never


def judge(lead: Candidate, history: History, rules: Rules, now: datetime) -> Verdict:
    """Whether to dial the lead at `now`, or when to look again."""
    ended = _ended(lead)
    if ended:
        return Never(ended)
    against = objection(lead)
    if against:
        return Later(now + RECHECK, against)
    if lead.engaged:
        return Later(now + ENGAGED)
    moment = may_call(now, lead.zones, rules, history, wished=lead.wished)
    if isinstance(moment, Blocked):
        return Later(now + RECHECK, moment.why)
    return Go() if moment.at <= now else Later(moment.at)


def _ended(lead: Candidate) -> str:
    if lead.suppressed:
        return "the number is on the do-not-call record"
    return "" if lead.number_status == "ok" else f"the number is {lead.number_status}"


def objection(lead: Candidate) -> str:
    """What stands against dialling the lead at any hour, until its record is completed; empty for nothing."""
    if not lead.consent:
        return "no consent is recorded"
    if lead.allowed_countries and lead.country not in lead.allowed_countries:
        return f"calls to {lead.country or 'an unknown country'} are not allowed"
    if lead.missing:
        return f"the flow needs {', '.join(lead.missing)}"
    if lead.untimely:
        return lead.untimely
    return "" if lead.zones else "the time zone is unknown"
