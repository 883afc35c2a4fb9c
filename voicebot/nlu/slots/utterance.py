"""One utterance and what its language finds in it: each thing is looked for once, whatever kinds are asked of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from voicebot.nlu.slots import ranges
from voicebot.nlu.slots.choice import choose
from voicebot.nlu.slots.clock import Clock, Part
from voicebot.nlu.slots.grammar import Grammar
from voicebot.nlu.slots.heard import Found, Heard, mask

T = TypeVar("T")


class Utterance:
    """What was heard, and when; `now` is the callee's local time."""

    def __init__(self, heard: Heard, grammar: Grammar, now: datetime) -> None:
        self.heard, self.grammar, self.now = heard, grammar, now

    def chosen(self, found: list[Found[T]]) -> Found[T] | None:
        """The one of several that the caller stands by."""
        return choose(found, self.heard, self.grammar.manners)

    @cached_property
    def days(self) -> list[Found[date]]:
        """Every day, and every range of days."""
        found = self.grammar.dates(self.heard.text, self.now.date())
        return ranges.joined(found, self.heard.text, self.grammar.bounds, ranges.last_day)

    @cached_property
    def clocks(self) -> list[Found[Clock]]:
        """Every time of day, and every range of times; the figures of dates are not read again as hours."""
        text, now = self.heard.text, self.now
        same = self.grammar.same_time.search(text)
        if same:
            return [Found(Clock(now.hour, now.minute, "morning" if now.hour < 12 else "afternoon"), *same.span())]
        figures = ((at, at + 1) for day in self.days for at in range(day.start, day.end) if text[at].isdigit())
        found = self.grammar.times(mask(text, figures))
        return ranges.joined(found, text, self.grammar.bounds, ranges.last_hour)

    @cached_property
    def wait(self) -> Found[timedelta] | None:
        """The wait from now."""
        return self.chosen(self.grammar.waits(self.heard.text))

    @cached_property
    def part(self) -> Part | None:
        """The part of the day that is named."""
        return self.grammar.part(self.heard.text)
