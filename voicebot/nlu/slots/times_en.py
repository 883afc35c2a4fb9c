"""Times of day and waits in English utterances, as tables of what can be said, longest first."""

from __future__ import annotations

import re
from datetime import timedelta

from .clock import Clock, Part, before, clock
from .heard import Found, Rule, rule, scan

_HOUR = r"(?P<hour>\d{1,2})\b(?!th)"
_PARTS: list[tuple[Part, str]] = [
    ("night", r"tonight|(?:at|in the|last|tomorrow|day|this|late|every) night|night time|bedtime"),
    ("evening", r"(?<!good )evening"),
    ("noon", r"lunch ?time|at lunch"),
    ("afternoon", r"(?<!good )afternoon|p ?m\b"),
    ("morning", r"(?<!good )morning|first thing|1th thing|a ?m\b"),
]
_HALF_DAY = r"(?: ?(?P<half>(?:in the |this |tomorrow )?(?:morning|afternoon|evening)|at night|tonight|a ?m\b|p ?m\b))"
_MINUTE = r"(?P<minute>[0-5]\d|oh \d|0 \d)\b(?!th)"
_AT = (
    r"\b(?:at|by|around|about|approximately|after|before|from|until|till|say|make it|like|maybe|between|is|its|for|past|"
    r"tomorrow|today|tonight|morning|afternoon|evening|mondays?|fridays?|lets do|do|tis|make that|not|no|or|sorry) "
)
_NO_COUNT = r"(?! (?:days?|weeks?|months?|years?|minutes?|mins?|hours?|hrs?|people|kids|times?|dollars?|pounds?|of|th|or|percent)\b)(?![:./]\d)"


def part(text: str) -> Part | None:
    """The part of the day that an utterance names, if it names one."""
    matches = [(match.start(), name) for name, pattern in _PARTS for match in re.finditer(rf"\b(?:{pattern})", text)]
    standing = [each for each in matches if not re.search(r"\bnot (?:in )?(?:the |this )?$", text[: each[0]])]
    return max(standing)[1] if standing else None


def times(text: str) -> list[Found[Clock]]:
    """Every time of day."""
    return scan(_TIMES, text, None)


def offsets(text: str) -> list[Found[timedelta]]:
    """Every wait from now."""
    return scan(_OFFSETS, text, None)


def _half_day(said: re.Match[str]) -> Part | None:
    return part(said["half"]) if said.groupdict().get("half") else None


def _hour_minute(said: re.Match[str], _none: None) -> Clock | None:
    minute = said.groupdict().get("minute") or "0"
    return clock(int(said["hour"]), int(minute.replace("oh ", "").replace("0 ", "")), _half_day(said))


def _past(said: re.Match[str], _none: None) -> Clock | None:
    return clock(int(said["hour"]), _minutes(said["minutes"]), _half_day(said))


def _to(said: re.Match[str], _none: None) -> Clock | None:
    full = clock(int(said["hour"]), 0, _half_day(said))
    return before(full, _minutes(said["minutes"])) if full else None


def _minutes(word: str) -> int:
    return {"quarter": 15, "half": 30}.get(word) or int(word)


def _military(said: re.Match[str], _none: None) -> Clock | None:
    figures = said[1].zfill(4)
    return clock(int(figures[:2]) or 24 * (figures == "0000"), int(figures[2:]))


def _named(hour: int) -> Clock:
    return Clock(hour)


_MINUTES = r"(?P<minutes>\d{1,2}|quarter|half)(?: minutes?)?"
_TIMES: list[Rule[None, Clock]] = [
    rule(rf"\b{_MINUTES} (?:past|after|gone) {_HOUR}{_HALF_DAY}?", _past),
    rule(
        rf"\b(?P<minutes>5|10|20|25|quarter|\d{{1,2}}(?= minutes?))(?: minutes?)? (?:to|too|2|till|before|of) {_HOUR}{_HALF_DAY}?(?! \d)",
        _to,
    ),
    rule(rf"\b(?P<minutes>half) {_HOUR}(?! (?:hours?|an)){_HALF_DAY}?", _past),
    rule(r"\b(?:oh )?(\d{3,4}) hours\b", _military),
    rule(rf"\b{_HOUR}[:.]{_MINUTE}{_HALF_DAY}?", _hour_minute),
    rule(rf"\b{_HOUR} {_MINUTE}{_HALF_DAY}?{_NO_COUNT}", _hour_minute),
    rule(rf"\b{_HOUR}(?: oclock)? ?{_HALF_DAY}", _hour_minute),
    rule(rf"\b{_HOUR} ?(?:oclock|ish\b|sharp|on the dot)", _hour_minute),
    rule(r"\b(?:12 )?(?:noon|midday)\b", lambda _said, _none: _named(12)),
    rule(r"\b(?:12 )?midnight\b", lambda _said, _none: _named(0)),
    rule(rf"{_AT}{_HOUR}{_NO_COUNT}", _hour_minute),
    rule(rf"^{_HOUR}$", _hour_minute),
]


def _wait(said: re.Match[str], _none: None) -> timedelta:
    words = said.groupdict()
    hours = _count(words.get("hours") or words.get("alone"))
    hours += 0.5 * bool(words.get("half")) + 0.25 * bool(words.get("quarter")) + 0.75 * bool(words.get("three"))
    return timedelta(minutes=round(60 * hours + _count(words.get("minutes"))))


def _count(word: str | None) -> float:
    if not word:
        return 0
    return {"half an": 0.5, "half": 0.5, "a quarter of an": 0.25, "quarter of an": 0.25, "an": 1, "a": 1}.get(
        word
    ) or float(word)


_HOURS = r"(?P<hours>half an|half|a quarter of an|quarter of an|an?|\d{1,2}(?:\.\d+)?) (?:hours?|hrs?)"
_AND = r"(?P<half> and a half)?(?P<quarter> and a quarter)?(?P<three> and 3 quarters)?(?: and)?(?: (?P<minutes>\d+) (?:minutes?|mins?))?"
_SHORT = r"(?P<minutes>an?|\d+(?:\.\d+)?) (?:minutes?|mins?)"
_BEFORE = r"\b(?:in|after|within|give me|another|for) (?:about |around |maybe |like |just |another |the next )*"
_BEHIND = r" (?:from now|times?|later|hence|or so)\b"
_OFFSETS: list[Rule[None, timedelta]] = [
    rule(rf"{_BEFORE}{_HOURS}\b{_AND}", _wait),
    rule(rf"{_BEFORE}{_SHORT}\b", _wait),
    rule(rf"\b{_HOURS}\b{_AND}{_BEHIND}", _wait),
    rule(rf"\b{_SHORT}{_BEHIND}", _wait),
    rule(rf"^(?:about |maybe |just |uh |um )*{_HOURS}\b{_AND}$", _wait),
    rule(rf"^(?:about |maybe |just |uh |um )*{_SHORT}$", _wait),
]
