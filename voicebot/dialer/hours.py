"""When a telephone may ring: the hours that all time zones a callee may be in have in common.

Rule: fail closed. No zone, an unknown one, or zones whose hours never meet: nobody is dialled, and it is said why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from voicebot.dialer.policy import Rules, Spans

HORIZON = timedelta(days=35)
"""How far ahead an allowed hour is looked for; longer than any row of holidays."""

RINGING = 1
"""Minutes before the end of a window at which the last call is placed, so that no telephone rings after it."""


@dataclass(frozen=True)
class Allowed:
    """A call may be placed at `at` (UTC)."""

    at: datetime


@dataclass(frozen=True)
class Blocked:
    """No call may be placed, for the reason in `why`."""

    why: str


def next_allowed(now: datetime, zones: Sequence[str], rules: Rules) -> Allowed | Blocked:
    """The first moment from `now` on at which all of `zones` (IANA names) are within their hours.

    The cost is bounded by HORIZON, however far apart the zones are. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    if not zones:
        return Blocked("the time zone is unknown")
    try:
        places = [ZoneInfo(zone) for zone in dict.fromkeys(zones)]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Blocked(f"one of the time zones is unknown: {', '.join(zones)}")
    moment: datetime | None = now.astimezone(UTC)
    limit = now + HORIZON
    while moment is not None and moment <= limit:
        latest = _latest(moment, places, rules)
        if latest == moment:
            return Allowed(moment)
        moment = latest
    return Blocked(f"no allowed hour within {HORIZON.days} days is common to {', '.join(zones)}")


def is_open(moment: datetime, zone: ZoneInfo, rules: Rules) -> bool:
    """Whether `moment` lies within the hours of this zone, by its wall clock."""
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return any(span.start <= minute < span.end - RINGING for span in _spans(local.date(), rules))


def _latest(moment: datetime, places: Sequence[ZoneInfo], rules: Rules) -> datetime | None:
    """The latest of the moments, one per zone, at which that zone is next open: none is allowed before it."""
    latest = moment
    for place in places:
        following = _next_open(latest, place, rules)
        if following is None:
            return None
        latest = following
    return latest


def _next_open(moment: datetime, zone: ZoneInfo, rules: Rules) -> datetime | None:
    if is_open(moment, zone, rules):
        return moment
    first = moment.astimezone(zone).date()
    for offset in range(HORIZON.days + 2):
        day = first + timedelta(days=offset)
        for opening in _openings(day, zone, rules):
            if opening >= moment and is_open(opening, zone, rules):
                return opening
    return None


def _openings(day: date, zone: ZoneInfo, rules: Rules) -> Iterator[datetime]:
    """When the windows of a day open, in UTC, in order.

    Where the clock is put back an opening may come twice (both are tried); where it is put forward over an opening,
    the moment lies behind the gap by as much as the wall clock would have.
    """
    for span in _spans(day, rules):
        wall = datetime.combine(day, time(span.start // 60, span.start % 60))
        moments = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        yield from sorted(moments)


def _spans(day: date, rules: Rules) -> Spans:
    return () if day in rules.holidays else rules.week[day.weekday()]
