"""The work of finding values grows with the length of what was said and no faster; it is counted, not timed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import voicebot.nlu.slots as package
from tests.nlu.pattern_steps import steps
from voicebot.nlu.slots import LONGEST, SlotKind, parse_slot, parse_slots

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=ZoneInfo("America/New_York"))
KINDS: tuple[SlotKind, ...] = ("digits", "number", "rating", "date", "time", "datetime", "money", "phone", "name")
UNITS = {
    "en": [
        *("1", "1 ", "12 ", "12 30 ", "1,", "1.", "1/", "1:", "1-", "$5 ", "1th ", "a ", "a b c ", "oh ", " ", "\0"),
        *("and ", "to ", "not the ", "because 5 ", "half ", "next ", "monday ", "in 1 ", "at 5 ", "another ", "no "),
        *("no 5 ", "from 3 to 4 ", "week after ", "five hundred ", "million ", "double ", "minutes ", "um ", "one "),
    ],
    "zh": [
        *(
            "1",
            "1,",
            "1.",
            "1-",
            "一",
            "三",
            "十",
            "万",
            "亿",
            "1亿",
            "三个亿",
            "半",
            "点",
            "3点",
            "3号",
            "月",
            "1月1",
            "个",
        ),
        *(
            "3个",
            "到",
            "差1",
            "下",
            "下周一",
            "天",
            "年",
            "因为",
            "因为三",
            "不是",
            "给",
            "分",
            "呃",
            "那个",
            "初",
            "初3",
        ),
        *("再过", "三天后", "三 ", "分之", "是", "上午", "三块"),
    ],
    "es": ["1 ", "un ", "mil ", "y ", "las ", "de ", "lunes ", "no ", "porque ", "doble ", "en ", "1,", "cien ", "a "],
}
SHORT, LONG = 60, 120


@pytest.fixture(autouse=True)
def _room_to_recurse() -> Iterator[None]:
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(usual)


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of the package, by where it stands; each once."""
    found: dict[str, re.Pattern[str]] = {}
    for module in iter_modules(package.__path__):
        named = vars(import_module(f"{package.__name__}.{module.name}")).items()
        for name, value in named:
            if not name.startswith("__"):
                found.update((f"{module.name}.{name}{path}", one) for path, one in _within(value))
    once = {pattern.pattern: (where, pattern) for where, pattern in found.items()}
    return dict(once.values())


def _within(value: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, dict):
        yield from (item for each in value.values() for item in _within(each))
    elif isinstance(value, (list, tuple)):
        yield from ((f"[{at}]{path}", one) for at, each in enumerate(value) for path, one in _within(each))
    elif is_dataclass(value) and not isinstance(value, type):
        parts = ((field.name, getattr(value, field.name)) for field in fields(value))
        yield from ((f".{name}{path}", one) for name, each in parts for path, one in _within(each))


PATTERNS = _patterns()


def _language(where: str) -> str:
    return next((language for language in ("zh", "es") if f"_{language}." in where), "en")


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 200


@pytest.mark.parametrize("where", PATTERNS)
def test_no_pattern_takes_steps_by_the_square(where: str) -> None:
    """A pattern that looks back from a value reads a stretch of one length, whatever the utterance's."""
    pattern = PATTERNS[where]
    if pattern.pattern.endswith("$") and not pattern.pattern.startswith("^"):
        pytest.skip("it is only searched for in the LOOK_BACK characters before a value")
    for unit in UNITS[_language(where)]:
        short, long = (steps(pattern, (unit * LONG)[:length]) for length in (SHORT, LONG))
        assert long < 2.5 * short, f"{unit!r}: {short} steps in {SHORT} characters, {long} in {LONG}"


def test_steps_tell_the_square() -> None:
    slow, fast = re.compile(r"\d+x"), re.compile(r"(?<!\d)\d{1,3}x")
    assert steps(slow, "1" * LONG) > 3.5 * steps(slow, "1" * SHORT)
    assert steps(fast, "1" * LONG) < 2.5 * steps(fast, "1" * SHORT)
    assert re.search(r"(a|b)+?c{2,3}\1(?=d)(?!e)\b", "xabccbd") is None
    assert steps(re.compile(r"(a|b)+?c{2,3}\1(?=d)(?!e)\b"), "xabccbd") > 0


def _calls(run: Callable[..., object], *arguments: object) -> int:
    """How many functions were called, ours and Python's own, once patterns are compiled."""
    run(*arguments)
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        run(*arguments)
    finally:
        sys.setprofile(None)
    return count


CALLS_PER_CHARACTER = 60
"""Bound on functions called for each character, over all kinds; ordinary speech needs about a tenth."""


@settings(max_examples=150, deadline=None)
@given(data=st.data(), language=st.sampled_from(sorted(UNITS)), repeated=st.booleans())
def test_calls_are_bounded_by_the_length(data: st.DataObject, language: str, repeated: bool) -> None:
    units = data.draw(st.lists(st.sampled_from(UNITS[language]) | st.text(max_size=4), min_size=1, max_size=6))
    text = ("".join(units) * (LONGEST if repeated else 1))[:LONGEST] or "x"
    for kind in KINDS:
        assert _calls(parse_slot, kind, text, language, NOW) < 1000 + CALLS_PER_CHARACTER * len(text)


@pytest.mark.parametrize("language", sorted(UNITS))
@pytest.mark.parametrize("kind", KINDS)
def test_a_speech_costs_next_to_nothing(kind: SlotKind, language: str) -> None:
    assert _calls(parse_slot, kind, "三1 " * 5000, language, NOW) < 40


def test_kinds_share_one_reading() -> None:
    said = "三号三点" * 40
    kinds: tuple[SlotKind, ...] = ("datetime", "date", "time")
    apart = sum(_calls(parse_slot, kind, said, "zh", NOW) for kind in kinds)
    assert _calls(lambda: list(parse_slots(kinds, said, "zh", NOW))) < 0.6 * apart


def test_what_people_read_out_is_never_too_long() -> None:
    said = "seventy seven " * 20
    assert len(said) < LONGEST
    found = parse_slot("digits", said, "en", NOW)
    assert found
    assert found.value == "77" * 20
