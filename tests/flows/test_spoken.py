"""Spoken forms: the tables of what is said, and what cannot be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from voicebot.flows.spoken import filters, spoken

_TABLE = yaml.safe_load(Path(__file__).with_name("spoken.yaml").read_text(encoding="utf-8"))
_LINES = [
    (language, kind, value, said)
    for language, kinds in _TABLE.items()
    for kind, lines in kinds.items()
    for value, said in lines.items()
]


@pytest.mark.parametrize(("language", "kind", "value", "said"), _LINES)
def test_is_said_so(language: str, kind: str, value: str, said: str) -> None:
    assert spoken(kind, value, language) == said


@pytest.mark.parametrize(
    ("language", "kind", "value", "options", "said"),
    [
        ("en", "date", "2026-03-03", {"year": True}, "Tuesday, March third, twenty twenty-six"),
        ("en", "date", "2005-01-01", {"year": True}, "Saturday, January first, two thousand five"),
        ("en", "date", "1900-12-31", {"year": True}, "Monday, December thirty-first, nineteen hundred"),
        (
            "en",
            "datetime",
            "2026-03-03T15:30",
            {"year": True},
            "Tuesday, March third, twenty twenty-six, at three thirty p m",
        ),
        ("en", "money", "49.50", {"currency": "GBP"}, "forty-nine pounds and fifty pence"),
        ("en", "money", "49.50 USD", {"currency": "eur"}, "forty-nine euros and fifty cents"),
        ("en", "digits", "471900", {"group": 2}, "four seven, one nine, zero zero"),
        ("zh", "date", "2026-03-03", {"year": True}, "二零二六年三月三号星期二"),
        ("zh", "money", "49.50", {"currency": "USD"}, "四十九点五美元"),
        ("zh", "digits", "471900", {"group": 3}, "四七幺，九零零"),
    ],
)
def test_options(language: str, kind: str, value: str, options: dict[str, Any], said: str) -> None:
    assert spoken(kind, value, language, **options) == said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("kind", "value", "part"),
    [
        ("number", "many", "as a number; it should look like 49"),
        ("number", "1e12", "too large"),
        ("number", "nan", "too large"),
        ("money", "much", "as money; it should look like 49.50"),
        ("money", "1.999", "more than two decimal places"),
        ("money", "5 dollars", "no currency code"),
        ("date", "03/03/2026", "as a date; it should look like 2026-03-03"),
        ("time", "half past", "as a time; it should look like 15:30"),
        ("datetime", "2026-03-03", "as a date and time"),
        ("datetime", "2026-03-03Tnoon", "as a date and time"),
        ("digits", "12a4", "digits only"),
        ("phone", "", "digits only"),
        ("ordinal", "1.5", "whole number"),
        ("ordinal", "-1", "whole number"),
        ("key", "**", "no key '\\*\\*' on a telephone"),
        ("key", "", "no key ''"),
        ("colour", "red", "no spoken form for 'colour'"),
    ],
)
def test_what_cannot_be_said_is_told(language: str, kind: str, value: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        spoken(kind, value, language)


def test_every_language_says_the_same_kinds() -> None:
    assert {tuple(filters(name)) for name in ("en", "zh", "es", "fr", "zh-CN")} == {tuple(filters("en"))}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("number", "105.50", "105.5"),
        ("ordinal", "22", "22"),
        ("money", "49.5", "49.50 USD"),
        ("date", "2026-03-03", "2026-03-03"),
        ("datetime", "2026-03-03T15:30", "2026-03-03, 15:30"),
        ("digits", "4719", "4 7 1, 9"),
        ("phone", "+3361234", "+3 3 6, 1 2 3, 4"),
        ("key", "*", "*"),
    ],
)
def test_language_without_forms_of_its_own_says_values_as_they_are_written(kind: str, value: str, said: str) -> None:
    assert spoken(kind, value, "fr") == said


def test_text_is_said_as_it_is() -> None:
    assert spoken("name", "Wang Fang", "en") == "Wang Fang"
