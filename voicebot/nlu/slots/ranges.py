"""Ranges of days and hours: two values with a word between them that makes them a beginning and an end."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from voicebot.nlu.slots.calendar import day
from voicebot.nlu.slots.clock import Clock
from voicebot.nlu.slots.heard import Found, preceding

T = TypeVar("T")


@dataclass(frozen=True)
class Bounds:
    """How a language says a range, as patterns over `Heard.text`."""

    to: re.Pattern[str]
    """All that stands between the beginning and the end of a range: "monday to wednesday"."""
    between: re.Pattern[str]
    """Ends where a range begins whose two ends "and" joins."""
    both: re.Pattern[str]
    """Begins where such a range ends: 之间."""
    joint: re.Pattern[str]
    """All that stands between the two then: "and"."""
    moved: re.Pattern[str]
    """Ends where no range begins, but what another value takes the place of: "move it from monday to friday"."""
    up_to: re.Pattern[str]
    """Ends where a value begins that is an end without a beginning: "before noon"."""
    and_before: re.Pattern[str]
    """Begins where such a value ends: 五点之前."""


def joined(
    found: Sequence[Found[T]], text: str, bounds: Bounds, order: Callable[[T, T], tuple[T, T] | None]
) -> list[Found[T]]:
    """The values, the two of a range in one. `order` says what the two mean beside each other."""
    values: list[Found[T]] = []
    for each in found:
        last = values[-1] if values else None
        both = order(last.value, each.value) if last and _is_range(last, each, text, bounds) else None
        if last and both:
            values[-1] = Found(both[0], last.start, each.end, max(last.rank, each.rank), until=both[1])
        elif preceding(bounds.up_to, text, each.start) or bounds.and_before.match(text, each.end):
            values.append(replace(each, until=each.value))
        else:
            values.append(each)
    return values


def _is_range(one: Found[T], other: Found[T], text: str, bounds: Bounds) -> bool:
    between = text[one.end : other.start]
    if one.until is not None or preceding(bounds.moved, text, one.start):
        return False
    if bounds.to.fullmatch(between):
        return True
    joint = bounds.joint.fullmatch(between)
    return bool(joint and (preceding(bounds.between, text, one.start) or bounds.both.match(text, other.end)))


def last_day(first: date, last: date) -> tuple[date, date] | None:
    """Both days: the last is the one that follows the first, not the one that follows today."""
    week_on = last + timedelta(days=7)  # said on a Tuesday, "monday to wednesday" ends next week
    same_month = day(first.year, first.month, last.day)  # "december the third to the fifth"
    return next(((first, end) for end in (last, week_on, same_month) if end and end > first), None)


def last_hour(first: Clock, last: Clock) -> tuple[Clock, Clock] | None:
    """Both hours: what is said of the last ("two to four p m") is meant of the first where it then comes before it."""
    if first.part is None and last.part is not None:
        shared, own = replace(first, part=last.part), replace(first, part="business")
        first = shared if shared.since_midnight(None) < last.since_midnight(None) else own
    elif last.part is None and first.part is not None:
        last = replace(last, part=first.part)
    if last.since_midnight(None) <= first.since_midnight(None):
        last = replace(last, part="afternoon")
    return (first, last) if last.since_midnight(None) > first.since_midnight(None) else None
