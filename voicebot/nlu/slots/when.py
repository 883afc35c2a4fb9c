"""Dates, times and moments out of what a language finds in an utterance."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from .choice import choose
from .clock import USUAL_HOUR, Clock
from .grammar import Grammar
from .heard import Found, Heard, mask


def find_date(heard: Heard, grammar: Grammar, now: datetime) -> Found[date] | None:
    """The day that was said."""
    return choose(grammar.dates(heard.text, now.date()), heard, grammar.manners)


def find_time(heard: Heard, grammar: Grammar, now: datetime) -> Found[time] | None:
    """The time of day that was said, or the one after the wait that was said."""
    wait = _find_wait(heard, grammar)
    if wait:
        return Found(_after(now, wait.value).time(), wait.start, wait.end)
    said = _find_clock(heard, grammar, now)
    if said is None:
        return None
    return Found(said.value.time(grammar.part(heard.text)), said.start, said.end)


def find_moment(heard: Heard, grammar: Grammar, now: datetime) -> Found[datetime] | None:
    """The day and time that were said, local and without a zone.

    A time without a day is its next occurrence; a part of the day without an hour is its usual hour; a day
    without either names no moment.
    """
    day = find_date(heard, grammar, now)
    wait = _find_wait(heard, grammar)
    if wait and not day:
        return Found(_after(now, wait.value), wait.start, wait.end)
    said = _find_clock(heard, grammar, now)
    part = grammar.part(heard.text)
    start = min(each.start for each in (day, said) if each) if day or said else 0
    end = max(each.end for each in (day, said) if each) if day or said else 0
    if said is None:
        hour = USUAL_HOUR.get(part) if part else None
        if hour is None or day is None:
            return None
        clock = Clock(hour)
    else:
        clock = said.value
    since = clock.since_midnight(part)
    moment = datetime.combine(day.value if day else now.date(), time()) + since
    return Found(_ahead(moment, clock, now, named=bool(day)), start, end)


def _ahead(moment: datetime, clock: Clock, now: datetime, named: bool) -> datetime:
    """A moment that has passed today was meant for this evening where the hour leaves that open, or tomorrow."""
    if moment >= now.replace(tzinfo=None) or moment.date() != now.date():
        return moment
    if not named:
        return moment + timedelta(days=1)
    bare = clock.part is None and 1 <= clock.hour <= 11
    return moment + timedelta(hours=12) if bare and moment.hour < 12 else moment


def _find_wait(heard: Heard, grammar: Grammar) -> Found[timedelta] | None:
    return choose(grammar.waits(heard.text), heard, grammar.manners)


def _find_clock(heard: Heard, grammar: Grammar, now: datetime) -> Found[Clock] | None:
    """The time of day; the figures of dates are not read again as hours."""
    days = grammar.dates(heard.text, now.date())
    figures = ((at, at + 1) for day in days for at in range(day.start, day.end) if heard.text[at].isdigit())
    same = grammar.same_time.search(heard.text)
    if same:
        return Found(Clock(now.hour, now.minute, "morning" if now.hour < 12 else "afternoon"), *same.span())
    return choose(grammar.times(mask(heard.text, figures)), heard, grammar.manners)


def _after(now: datetime, wait: timedelta) -> datetime:
    """The local time after a true lapse of time (clocks may change in between), without its zone."""
    if now.tzinfo is None:
        return now + wait
    return (now.astimezone(UTC) + wait).astimezone(now.tzinfo).replace(tzinfo=None)
