"""Dates, times and moments out of what a language finds in an utterance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from voicebot.nlu.slots.choice import choose
from voicebot.nlu.slots.clock import USUAL_HOUR, Clock
from voicebot.nlu.slots.grammar import Grammar
from voicebot.nlu.slots.heard import Found, Heard, mask


def find_date(heard: Heard, grammar: Grammar, now: datetime) -> Found[date] | None:
    """The day that was said."""
    return choose(grammar.dates(heard.text, now.date()), heard, grammar.manners)


def find_time(heard: Heard, grammar: Grammar, now: datetime) -> Found[time] | None:
    """The time of day that was said, or the one after the wait that was said."""
    wait = _find_wait(heard, grammar)
    if wait:
        return Found(_after(now, wait.value).time(), wait.start, wait.end)
    said = choose(_clocks(heard, grammar, now, grammar.dates(heard.text, now.date())), heard, grammar.manners)
    return Found(said.value.time(grammar.part(heard.text)), said.start, said.end) if said else None


def find_moment(heard: Heard, grammar: Grammar, now: datetime) -> Found[datetime] | None:
    """The day and time that were said, local and without a zone.

    A time without a day is its next occurrence; a day with a part of it but no hour is at that part's usual
    hour; a day without either names no moment, nor do two days or two hours side by side.
    """
    days = grammar.dates(heard.text, now.date())
    clocks = _clocks(heard, grammar, now, days)
    day, said = choose(days, heard, grammar.manners), choose(clocks, heard, grammar.manners)
    if (days and not day) or (clocks and not said):
        return None
    wait = _find_wait(heard, grammar)
    if wait and (not day or day.value == now.date()):
        return Found(_after(now, wait.value), wait.start, wait.end)
    part = grammar.part(heard.text)
    if said:
        clock = replace(said.value, part=said.value.part or part)
    elif day and part:
        clock = Clock(USUAL_HOUR[part], 0, part)
    else:
        return None
    spans = [each for each in (day, said) if each]
    moment = datetime.combine(day.value if day else now.date(), time()) + clock.since_midnight(None)
    moment = _ahead(moment, clock, now, named=bool(day))
    return Found(moment, min(each.start for each in spans), max(each.end for each in spans))


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


def _clocks(heard: Heard, grammar: Grammar, now: datetime, days: list[Found[date]]) -> list[Found[Clock]]:
    """The times of day; the figures of dates are not read again as hours."""
    same = grammar.same_time.search(heard.text)
    if same:
        return [Found(Clock(now.hour, now.minute, "morning" if now.hour < 12 else "afternoon"), *same.span())]
    figures = ((at, at + 1) for day in days for at in range(day.start, day.end) if heard.text[at].isdigit())
    return grammar.times(mask(heard.text, figures))


def _after(now: datetime, wait: timedelta) -> datetime:
    """The local time after a true lapse of time (clocks may change in between), without its zone."""
    if now.tzinfo is None:
        return now + wait
    return (now.astimezone(UTC) + wait).astimezone(now.tzinfo).replace(tzinfo=None)
