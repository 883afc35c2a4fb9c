"""Times of day in English utterances, as a table of what can be said, longest first."""

from __future__ import annotations

import re

from voicebot.nlu.slots.clock import Clock, Part, before, clock
from voicebot.nlu.slots.heard import Found, Rule, preceding, rule, scan

_PARTS: list[tuple[Part, str]] = [
    ("night", r"tonight|(?<!good )night|bedtime"),
    ("evening", r"(?<!good )evening"),
    ("noon", r"lunch ?time|at lunch"),
    ("afternoon", r"(?<!good )afternoon"),
    ("morning", r"(?<!good )morning|first thing|1th thing"),
]
_PART = re.compile("|".join(rf"(?P<{name}>\b(?:{words}))" for name, words in _PARTS))
_NOT = re.compile(r"\bnot (?:in )?(?:the |this )?$")
SAME_TIME = re.compile(r"\b(?:the )?(?:same|this) time\b")

_HOUR = r"\b(?P<hour>\d{1,2})\b(?!th)"
_MINUTE = r"(?P<minute>[0-5]\d|oh \d|0 \d)\b(?!th)"
_OCLOCK = "(?:oclock|oh clock)"
_HALF = (
    r"(?: ?(?P<half>a ?m\b|p ?m\b|(?:in the |this |tomorrow |[a-z]+day )?(?:morning|afternoon|evening)|"
    r"(?:at|tomorrow|[a-z]+day) night|tonight))"
)
_COUNTED = (
    r"days? weeks? months? years? minutes? mins? hours? hrs? people kids times? dollars? pounds? percent of th"
).replace(" ", "|")
_NOT_COUNTED = rf"(?! (?:{_COUNTED})\b)(?![:./]\d)"
_SLIPS = {"won": 1, "to": 2, "too": 2, "tree": 3, "free": 3, "for": 4, "sex": 6, "ate": 8, "tin": 10}
"""What recognizers make of an hour; believed only before "o'clock"."""
_AT = (
    "at|by|around|about|approximately|after|before|from|until|till|say|make it|make that|like|maybe|between|is|its|"
    "for|past|tomorrow|today|tonight|morning|afternoon|evening|[a-z]+day|do|not|no|sorry|and|but|to|actually"
)
_BEFORE_HOUR = re.compile(rf"(?:^|\b(?:{_AT}|not \d+|(?<!hour )(?<!hours )(?<!minutes )or) )$")
_GOES = (
    "is|works|would|will|should|sounds|suits|please|thanks|then|if|i think|i guess|i suppose|ok|okay|fine|good|"
    "dear|sir|maam|or so|or (?:earlier|before|later|after)|on|no|sorry|tomorrow|today"
)
_AFTER_HOUR = re.compile(rf"$| (?:{_GOES}|(?:or|to|till|until) \d+)\b")


def part(text: str) -> Part | None:
    """The part of the day that an utterance names last, if it names one."""
    named = [match for match in _PART.finditer(text) if not preceding(_NOT, text, match.start())]
    last = named[-1].lastgroup if named else None
    return next((name for name, _ in _PARTS if name == last), None)


def times(text: str) -> list[Found[Clock]]:
    """Every time of day."""
    return scan(_TIMES, text, None)


def _half_day(said: re.Match[str]) -> Part | None:
    half = said.groupdict().get("half")
    if half and half.endswith("m"):
        return "morning" if half[0] == "a" else "afternoon"
    return part(half) if half else None


def _hour_minute(said: re.Match[str], _none: None) -> Clock | None:
    minute = said.groupdict().get("minute") or "0"
    return clock(int(said["hour"]), int(minute.replace("oh ", "").replace("0 ", "")), _half_day(said))


def _slip(said: re.Match[str], _none: None) -> Clock | None:
    return clock(_SLIPS[said["slip"]], 0, _half_day(said))


def _past(said: re.Match[str], _none: None) -> Clock | None:
    return clock(int(said["hour"]), _minutes(said["minutes"]), _half_day(said))


def _to(said: re.Match[str], _none: None) -> Clock | None:
    full = clock(int(said["hour"]), 0, _half_day(said))
    return before(full, _minutes(said["minutes"])) if full else None


def _minutes(word: str) -> int:
    return {"quarter": 15, "half": 30}.get(word) or int(word)


def _four_figures(said: re.Match[str], _none: None) -> Clock | None:
    """By the 24-hour clock: `0900`, `1630`."""
    figures = said["figures"].zfill(4)
    return clock(int(figures[:2]), int(figures[2:]), "morning" if figures < "1300" else None)


def _four_figures_alone(said: re.Match[str], _none: None) -> Clock | None:
    return _four_figures(said, None) if _stands_as_time(said) else None


def _bare_hour(said: re.Match[str], _none: None) -> Clock | None:
    return clock(int(said["hour"])) if _stands_as_time(said) else None


def _stands_as_time(said: re.Match[str]) -> bool:
    """Whether the words around a bare figure make it a time: it begins the answer and may end it, or follows "at"."""
    before_it = preceding(_BEFORE_HOUR, said.string, said.start())
    return bool(before_it and (before_it[0] or _AFTER_HOUR.match(said.string, said.end())))


def _other_minutes(said: re.Match[str], _none: None) -> Clock | None:
    """The hour stands, its minutes were taken back: "quarter to three no quarter past"."""
    return (_past if said["way"] == "past" else _to)(said, None)


_TIMES: list[Rule[None, Clock]] = [
    rule(
        rf"\b(?:quarter|half|\d{{1,2}})(?: minutes?)? (?:past|to) {_HOUR}(?: oclock)?"
        r"(?: (?:no|sorry|wait|i mean|make that|actually)){1,3} (?:its |a )?"
        rf"(?P<minutes>quarter|half|\d{{1,2}})(?: minutes?)? (?P<way>past|to)\b(?! (?:{_OCLOCK}|\d)){_HALF}?",
        _other_minutes,
    ),
    rule(r"\b(?:(?:oh|0) )?(?P<figures>\d{3,4}) hours\b", _four_figures),
    rule(r"\b(?:oh|0) (?P<figures>[1-9]00)\b", _four_figures),
    rule(rf"\b(?P<slip>{'|'.join(_SLIPS)}) {_OCLOCK}{_HALF}?", _slip),
    rule(rf"\b(?P<minutes>\d{{1,2}}|quarter|half)(?: minutes?)? (?:past|after|gone) {_HOUR}{_HALF}?", _past),
    rule(
        r"(?<!from )(?<!between )\b(?P<minutes>5|10|20|25|quarter|\d{1,2}(?= minutes?))(?: minutes?)? "
        r"(?:to|too|2|till|before|of) "
        rf"{_HOUR}{_HALF}?(?! \d)",
        _to,
    ),
    rule(rf"\b(?P<minutes>half) {_HOUR}(?! (?:hours?|an)){_HALF}?", _past),
    rule(rf"{_HOUR}[:.]{_MINUTE}{_HALF}?", _hour_minute),
    rule(rf"(?<!not ){_HOUR} {_MINUTE}{_HALF}?{_NOT_COUNTED}", _hour_minute),
    rule(rf"{_HOUR}(?: {_OCLOCK})?{_HALF}", _hour_minute),
    rule(rf"{_HOUR} ?(?:{_OCLOCK}|ish\b|sharp|on the dot)", _hour_minute),
    rule(r"\b(?:12 )?(?:noon|midday)\b", lambda _said, _none: Clock(12, 0, "noon")),
    rule(r"\b(?:12 )?midnight\b", lambda _said, _none: Clock(12, 0, "night")),
    rule(r"\b(?P<figures>(?:[01]\d|2[0-3])[0-5]\d)\b(?! \d)", _four_figures_alone),
    rule(rf"{_HOUR}{_NOT_COUNTED}", _bare_hour),
]
