"""Dates, times and moments out of what a language finds in an utterance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from voicebot.nlu.slots.clock import USUAL_HOUR, Clock
from voicebot.nlu.slots.heard import Found
from voicebot.nlu.slots.utterance import Utterance


def find_date(said: Utterance) -> Found[date] | None:
    """The day that was said."""
    return said.chosen(said.days)


def find_time(said: Utterance) -> Found[time] | None:
    """The time of day that was said, or the one after the wait that was said."""
    if said.wait and said.wait.value < timedelta(days=1):
        return Found(_after(said.now, said.wait.value).time(), said.wait.start, said.wait.end)
    clock = said.chosen(said.clocks)
    if clock is None:
        return None
    until = clock.until.time(said.part) if clock.until else None
    return Found(clock.value.time(said.part), clock.start, clock.end, until=until)


def find_moment(said: Utterance) -> Found[datetime] | None:
    """The day and time that were said, local and without a zone.

    A time without a day is its next occurrence; a day with a part of it but no hour is at that part's usual
    hour; a day without either names no moment, nor do two days or two hours side by side.
    """
    day, clock = said.chosen(said.days), said.chosen(said.clocks)
    if (said.days and not day) or (said.clocks and not clock):
        return None
    if said.wait and (not day or day.value == said.now.date()):
        return Found(_after(said.now, said.wait.value), said.wait.start, said.wait.end)
    if clock:
        hour = replace(clock.value, part=clock.value.part or said.part)
    elif day and said.part:
        hour = Clock(USUAL_HOUR[said.part], 0, said.part)
    else:
        return None
    midnight = datetime.combine(day.value if day else said.now.date(), time())
    moment = _ahead(midnight + hour.since_midnight(None), hour, said.now, named=bool(day))
    length = clock.until.since_midnight(said.part) - hour.since_midnight(None) if clock and clock.until else None
    spans = [each for each in (day, clock) if each]
    return Found(
        moment,
        min(each.start for each in spans),
        max(each.end for each in spans),
        until=moment + length if length is not None else None,
    )


def _ahead(moment: datetime, clock: Clock, now: datetime, named: bool) -> datetime:
    """A moment that has passed today was meant for this evening where the hour leaves that open, or tomorrow."""
    if moment >= now.replace(tzinfo=None) or moment.date() != now.date():
        return moment
    if not named:
        return moment + timedelta(days=1)
    bare = clock.part is None and 1 <= clock.hour <= 11
    return moment + timedelta(hours=12) if bare and moment.hour < 12 else moment


def _after(now: datetime, wait: timedelta) -> datetime:
    """The local time after a true lapse of time (clocks may change in between), without its zone."""
    if now.tzinfo is None:
        return now + wait
    return (now.astimezone(UTC) + wait).astimezone(now.tzinfo).replace(tzinfo=None)
