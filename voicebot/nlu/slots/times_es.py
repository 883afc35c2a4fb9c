"""Dates, times of day and waits in Spanish utterances, as tables of what can be said, longest first."""

from __future__ import annotations

import re
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal
from voicebot.nlu.slots.clock import Clock, Part, before, clock
from voicebot.nlu.slots.heard import Found, Rule, rule, scan
from voicebot.nlu.slots.ranges import Bounds
from voicebot.nlu.slots.words_es import MONTHS, WEEKDAYS, without_accents

_WEEKDAYS = [without_accents(day) for day in WEEKDAYS]
_DAY = "|".join(_WEEKDAYS)
_MONTH = "|".join(MONTHS)
_PARTS: dict[str, Part] = {
    "manana": "morning", "madrugada": "morning", "mediodia": "noon", "tarde": "afternoon", "noche": "night",
}  # fmt: skip
_PART = re.compile(rf"\b(?:(?:de|por|en|a|esta) la|del|al|esta|{_DAY}|manana) (?P<part>{'|'.join(_PARTS)})\b")
_HALF_DAY = r"(?:(?: en punto)? (?:de la|del|por la|en la) (?P<half>manana|madrugada|mediodia|tarde|noche))?"
_COUNT = r"(?P<count>\d+|una?|media|par de)"
SAME_TIME = re.compile(r"\b(?:a )?(?:la|esta) misma hora\b|\ba esta hora\b")


def part(text: str) -> Part | None:
    """The part of the day that an utterance names, if it names one."""
    named = list(_PART.finditer(text))
    return _PARTS[named[-1]["part"]] if named else None


def dates(text: str, today: date) -> list[Found[date]]:
    """Every day."""
    return scan(_DATES, text, today)


def times(text: str) -> list[Found[Clock]]:
    """Every time of day."""
    return scan(_TIMES, text, None)


def waits(text: str) -> list[Found[timedelta]]:
    """Every wait of hours or minutes."""
    return scan(_WAITS, text, None)


def _of_month(said: re.Match[str], today: date) -> date | None:
    month, number = MONTHS.index(said["month"]) + 1, 1 if said["number"] == "primero" else int(said["number"])
    return cal.day(int(said["year"]), month, number) if said["year"] else cal.next_month_day(today, month, number)


def _weekday(said: re.Match[str], today: date) -> date:
    return cal.next_weekday(today, _WEEKDAYS.index(said["day"]))


def _days(said: re.Match[str], today: date) -> date:
    count = {"un": 1, "una": 1, "par de": 2, "media": 0}.get(said["count"]) or int(
        said["count"] if said["count"].isdigit() else 0
    )
    if said["unit"].startswith("mes"):
        return cal.add_months(today, min(count, 120))
    return today + timedelta(days=min(count, 3650) * (7 if said["unit"].startswith("semana") else 1))


_DATES: list[Rule[date, date]] = [
    rule(rf"(?:\b(?:{_DAY}) )?(?:\bdia )?\b(?P<number>\d{{1,2}}|primero) de (?P<month>{_MONTH})"
         r"(?: (?:de|del) (?P<year>\d{4}))?\b", _of_month),
    rule(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<number>\d\d)\b",
         lambda said, _today: cal.day(int(said["year"]), int(said["month"]), int(said["number"]))),
    rule(rf"\b(?:dentro de|en) (?:un )?{_COUNT} (?P<unit>dias?|semanas?|mes|meses)\b", _days),
    rule(r"\bpasado manana\b", lambda _said, today: today + timedelta(days=2)),
    rule(r"(?<!la )(?<!esta )\bmanana\b", lambda _said, today: today + timedelta(days=1)),
    rule(r"\b(?:hoy|esta (?:manana|tarde|noche)|ahora mismo)\b", lambda _said, today: today),
    rule(rf"\b(?P<day>{_DAY})\b", _weekday),
    rule(r"\b(?:el|del|dia) (?:dia )?(?P<number>\d{1,2})\b(?! (?:de|por|anos|horas))",
         lambda said, today: cal.next_day_of_month(today, int(said["number"]))),
]  # fmt: skip


def _time(said: re.Match[str], _none: None) -> Clock | None:
    words = said.groupdict()
    hour, minutes = 1 if said["hour"] == "una" else int(said["hour"]), words.get("minutes") or "0"
    number = {"media": 30, "cuarto": 15}.get(minutes) or int(minutes if minutes.isdigit() else 0)
    full = clock(hour, 0 if words.get("sign") == "menos" else number, _PARTS.get(words.get("half") or ""))
    return before(full, number) if full and words.get("sign") == "menos" and 0 < number < 60 else full


_HOUR = r"(?P<hour>una|[01]?\d|2[0-4])"
_MINUTES = r"(?: (?P<sign>y|con|menos)? ?(?P<minutes>media|cuarto|[0-5]?\d)(?: minutos)?\b)?"
_TIMES: list[Rule[None, Clock]] = [
    rule(rf"\b(?P<hour>[01]?\d|2[0-4]):(?P<minutes>[0-5]\d)(?: horas)?{_HALF_DAY}(?!\d)", _time),
    rule(rf"\blas? {_HOUR}(?: horas)?{_MINUTES}{_HALF_DAY}(?![\d:])", _time),
    rule(rf"^(?:como |sobre )?{_HOUR}{_MINUTES}{_HALF_DAY}$", _time),
    rule(rf"\b{_HOUR}{_MINUTES} (?:de la|del) (?P<half>manana|madrugada|mediodia|tarde|noche)\b", _time),
    rule(r"\b(?:al?|el) (?:mediodia|medio dia)\b", lambda _said, _none: Clock(12, 0, "noon")),
    rule(r"\b(?:a|la) (?:medianoche|media noche)\b", lambda _said, _none: Clock(12, 0, "night")),
]


def _wait(said: re.Match[str], _none: None) -> timedelta:
    count = {"un": 1.0, "una": 1.0, "media": 0.5, "par de": 2.0}.get(said["count"]) or min(float(said["count"]), 10000)
    count += 0.5 * bool(said.groupdict().get("half"))
    return timedelta(minutes=round(count * (60 if said["unit"].startswith("hora") else 1)))


_WAITS: list[Rule[None, timedelta]] = [
    rule(rf"\b(?:dentro de|en|de aqui a) (?:un )?{_COUNT.replace('par de', 'par de(?= (?:horas|minutos))')} "
         r"(?P<unit>horas?|minutos?)(?P<half> y media)?\b", _wait),
]  # fmt: skip


BOUNDS = Bounds(
    to=re.compile(r" (?:a|al|hasta|hasta el)(?: las?)? "),
    between=re.compile(r"\bentre (?:el |las? )?$"),
    both=re.compile(r"(?!)"),
    joint=re.compile(r" y(?: el| las?)? "),
    moved=re.compile(r"\b(?:cambi|mov|pas)[a-z]{1,5}(?: [a-z]+){0,3} del? $"),
    up_to=re.compile(r"\b(?:antes de|antes del|hasta)(?: el| las?)? $"),
    and_before=re.compile(r"(?!)"),
)
"""How Spanish says a range."""
