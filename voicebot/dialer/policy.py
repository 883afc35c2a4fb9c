"""The rules of calling, per country, region and purpose. Rule: rules only ever add up; the most restrictive wins."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voicebot.dialer.recording import Recording, stricter

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Purpose = Literal["marketing", "service", "survey", "debt", "notice"]

MIDNIGHT = 24 * 60
"""The end of a day, in minutes from its beginning."""


class Frozen(BaseModel):
    """The base of the values below."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Frozen):
    """A stretch of a day by the wall clock, in minutes from midnight; `end` is the first minute outside it."""

    start: int = Field(ge=0, lt=MIDNIGHT)
    end: int = Field(gt=0, le=MIDNIGHT)

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Spans = tuple[Span, ...]
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
"""The spans of Monday to Sunday; a day without spans is closed."""


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spans(text: str) -> Spans:
    """The spans that `"09:00-12:00, 14:00-20:00"` or `"closed"` names. Raises ValueError for anything else."""
    if text == "closed":
        return ()
    found = [_span(part.strip()) for part in text.split(",")]
    if any(later.start < earlier.end for earlier, later in pairwise(found)):
        raise ValueError(f'"{text}" overlaps itself or is out of order')
    return tuple(found)


def _span(text: str) -> Span:
    hours = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text)
    if hours:
        h, m, to_h, to_m = (int(part) for part in hours.groups())
        start, end = h * 60 + m, to_h * 60 + to_m
        if m < 60 and to_m < 60 and start < end <= MIDNIGHT:
            return Span(start=start, end=end)
    raise ValueError(f'"{text}" names no hours; write them like "09:00-20:00", or "closed"')


def _week(days: dict[str, str]) -> Week:
    week: dict[str, Spans] = {}
    for key, text in days.items():
        first, _, last = key.partition("-")
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            raise ValueError(f'"{key}" is no day; write "monday", or "monday-friday"')
        chosen = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
        for day in chosen:
            if day in week:
                raise ValueError(f"{day} stands twice")
            week[day] = spans(text)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (week.get(day, ()) for day in WEEKDAYS)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


class Windows(Frozen):
    """The hours, by the callee's own clock, at which a telephone may ring. A day that is not named is closed."""

    week: Week
    source: str = Field(min_length=1, description="where the figures come from")

    @model_validator(mode="before")
    @classmethod
    def _days_by_name(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "week" in value:
            return value
        days = {key: text for key, text in value.items() if key != "source"}
        if not all(isinstance(text, str) for text in days.values()):
            raise ValueError('each day takes hours like "09:00-20:00", or "closed"')
        return {"week": _week(days), "source": value.get("source", "")}


class Cap(Frozen):
    """At most `calls` attempts to one person within any `hours` hours, all campaigns and numbers together."""

    calls: int = Field(ge=1)
    hours: float = Field(gt=0, le=24 * 366)
    source: str = Field(min_length=1)


class Cooldown(Frozen):
    """No call within `hours` hours of a conversation, unless the person asked to be called then."""

    hours: float = Field(ge=0, le=24 * 366)
    source: str = Field(min_length=1)


class Ring(Frozen):
    """A telephone is left to ring for at least `seconds`."""

    seconds: int = Field(ge=1, le=600)
    source: str = Field(min_length=1)


class RecordingRule(Frozen):
    """When the sound of a call may be kept."""

    rule: Recording
    source: str = Field(min_length=1)


class Layer(Frozen):
    """Rules that add to others. What is left out restricts nothing."""

    windows: Windows | None = None
    holidays: tuple[date, ...] = ()
    caps: tuple[Cap, ...] = ()
    cooldown: Cooldown | None = None
    ring: Ring | None = None
    recording: RecordingRule | None = None


UNSTATED: Recording = "announced"
"""What holds for recordings in a country whose row says nothing of them."""


class Country(Layer):
    """The rules of a country, and what its regions and some purposes add to them."""

    windows: Windows
    reviewed_on: date = Field(description="when somebody last held these figures against their sources")
    regions: dict[str, Layer] = {}
    purposes: dict[Purpose, Layer] = {}


ALWAYS: Week = ((Span(start=0, end=MIDNIGHT),),) * 7


class Rules(Frozen):
    """What holds for one call, all layers taken together."""

    week: Week = ALWAYS
    holidays: frozenset[date] = frozenset()
    caps: tuple[Cap, ...] = ()
    cooldown_hours: float = 0
    ring_seconds: int = 0
    recording: Recording = "allowed"

    def under(self, layer: Layer) -> Rules:
        """These rules and those of `layer`."""
        return Rules(
            week=_both(self.week, layer.windows.week) if layer.windows else self.week,
            holidays=self.holidays.union(layer.holidays),
            caps=self.caps + layer.caps,
            cooldown_hours=max(self.cooldown_hours, layer.cooldown.hours if layer.cooldown else 0),
            ring_seconds=max(self.ring_seconds, layer.ring.seconds if layer.ring else 0),
            recording=stricter(self.recording, layer.recording.rule) if layer.recording else self.recording,
        )


def _both(one: Week, other: Week) -> Week:
    days = (_common(mine, yours) for mine, yours in zip(one, other, strict=True))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _common(one: Spans, other: Spans) -> Spans:
    pairs = ((max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)
    return tuple(Span(start=start, end=end) for start, end in pairs if start < end)


class Policy(Frozen):
    """The whole table. `version` is the hash of its text, which is pinned: what was in force can always be read."""

    version: str
    text: str = Field(repr=False)
    default: Country
    countries: dict[str, Country]

    def country(self, code: str) -> Country:
        """The rules of a country (ISO 3166 code); those of `default` where the table does not list it."""
        return self.countries.get(code, self.default)

    def rules(self, code: str, region: str = "", purpose: str = "", extra: Layer | None = None) -> Rules:
        """What holds for a call to this country and region with this purpose; `extra` is a campaign's own layer."""
        country = self.country(code)
        layers = (country, country.regions.get(region.upper()), _of_purpose(country, purpose), extra)
        rules = Rules(recording="allowed" if country.recording else UNSTATED)
        for layer in layers:
            if layer is not None:
                rules = rules.under(layer)
        return rules


def _of_purpose(country: Country, purpose: str) -> Layer | None:
    return next((layer for name, layer in country.purposes.items() if name == purpose), None)
