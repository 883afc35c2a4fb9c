"""Slots: what callers say, by key or by word, and the value it gives; data in `slots_<language>.yaml`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.nlu.slots import LONGEST, SlotKind, parse_keys, parse_slot
from voicebot.nlu.slots.grammar import GRAMMARS

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=ZoneInfo("America/New_York"))
LANGUAGES = tuple(GRAMMARS)
KINDS: tuple[SlotKind, ...] = (
    "digits",
    "number",
    "rating",
    "date",
    "time",
    "datetime",
    "money",
    "phone",
    "text",
    "name",
)
_WORDS = [
    *("one", "oh", "half", "a", "of", "the", "may", "5", "99", "31st", "12:99", "$", "past", "to", "quarter", "monday"),
    *("next", "week", "in", "days", "point", "and", "hundred", "k", "double", "plus", "not", "no", "+", "0/0"),
    *"一十万两半点月号周下差刻块个后元零几不,。",
]


def _lines() -> list[tuple[str, SlotKind, str, str]]:
    lines: list[tuple[str, SlotKind, str, str]] = []
    for language in LANGUAGES:
        text = Path(__file__).with_name(f"slots_{language}.yaml").read_text(encoding="utf-8")
        for kind, heard in yaml.load(text, Loader=yaml.BaseLoader).items():  # noqa: S506  (every scalar a text)
            lines.extend((language, cast("SlotKind", kind), said, value) for said, value in heard.items())
    return lines


@pytest.mark.parametrize(("language", "kind", "said", "value"), _lines())
def test_what_is_said_gives_the_value(language: str, kind: SlotKind, said: str, value: str) -> None:
    found = parse_slot(kind, said, language, NOW)
    assert (found.value if found else "none") == value


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        ("digits", "0047", "0047"),
        ("phone", "4155550132", "4155550132"),
        ("number", "042", "42"),
        ("rating", "10", "10"),
        ("rating", "11", None),
        ("rating", "007", "7"),
        ("number", "0", "0"),
        ("number", "9" * 15, "9" * 15),
        ("number", "9" * 16, None),
        ("number", "9" * 5000, None),
        ("rating", "1" * 5000, None),
        ("money", "250", "250"),
        ("date", "1225", "2026-12-25"),
        ("date", "0101", "2027-01-01"),
        ("date", "2512", None),
        ("date", "0230", None),
        ("date", "20261224", "2026-12-24"),
        ("date", "25", "2026-11-25"),
        ("date", "5", "2026-12-05"),
        ("date", "123", None),
        ("time", "1530", "15:30"),
        ("time", "0930", "09:30"),
        ("time", "0000", "00:00"),
        ("time", "330", "15:30"),
        ("time", "3", "15:00"),
        ("time", "9", "09:00"),
        ("time", "2460", None),
        ("time", "99", None),
        ("time", "12345", None),
        ("datetime", "12251530", "2026-12-25T15:30"),
        ("datetime", "1225", None),
        ("datetime", "12259999", None),
        ("digits", "12*", None),
        ("digits", "", None),
        ("text", "123", None),
        ("name", "123", None),
    ],
)
def test_keys(kind: SlotKind, keys: str, value: str | None) -> None:
    found = parse_keys(kind, keys, NOW)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("kind", "said", "language", "span"),
    [
        ("number", "well, Twelve Years I've been here", "en", "Twelve"),
        ("date", "could you call on Friday the 20th, please", "en", "Friday the 20th"),
        ("datetime", "ring me tomorrow around half past three ok", "en", "tomorrow around half past three"),
        ("money", "我 最多 给 三百块 吧", "zh", "三百块"),
        ("phone", "号码是幺三八，零零零零，幺二三四哦", "zh", "幺三八，零零零零，幺二三四"),
    ],
)
def test_the_span_is_in_the_callers_own_words(kind: SlotKind, said: str, language: str, span: str) -> None:
    found = parse_slot(kind, said, language, NOW)
    assert found
    assert found.text == span


@pytest.mark.parametrize(
    ("kind", "said", "language", "value", "until"),
    [
        ("time", "between two and four", "en", "14:00", "16:00"),
        ("time", "from ten till two pm", "en", "10:00", "14:00"),
        ("time", "three thirty to four fifteen pm", "en", "15:30", "16:15"),
        ("time", "any time after five", "en", "17:00", ""),
        ("time", "not before five", "en", "17:00", ""),
        ("time", "before noon", "en", "12:00", "12:00"),
        ("time", "six or earlier", "en", "18:00", "18:00"),
        ("date", "monday to wednesday", "en", "2026-11-23", "2026-11-25"),
        ("date", "wednesday to monday", "en", "2026-11-25", "2026-11-30"),
        ("date", "december twentieth to the twenty fifth", "en", "2026-12-20", "2026-12-25"),
        ("date", "from the twentieth to the twenty fifth of january", "en", "2027-01-20", "2027-01-25"),
        ("date", "by friday", "en", "2026-11-20", "2026-11-20"),
        ("datetime", "tomorrow between two and four", "en", "2026-11-19T14:00", "2026-11-19T16:00"),
        ("datetime", "between nine and ten", "en", "2026-11-19T09:00", "2026-11-19T10:00"),
        ("datetime", "friday before noon", "en", "2026-11-20T12:00", "2026-11-20T12:00"),
        ("time", "两点到四点之间", "zh", "14:00", "16:00"),
        ("time", "两点和四点之间", "zh", "14:00", "16:00"),
        ("time", "十点到下午一点", "zh", "10:00", "13:00"),
        ("time", "下午三点以后", "zh", "15:00", ""),
        ("time", "五点之前", "zh", "17:00", "17:00"),
        ("date", "周一到周三", "zh", "2026-11-23", "2026-11-25"),
        ("date", "十二月一号到五号", "zh", "2026-12-01", "2026-12-05"),
        ("datetime", "明天下午两点到四点", "zh", "2026-11-19T14:00", "2026-11-19T16:00"),
        ("time", "entre las dos y las cuatro", "es", "14:00", "16:00"),
        ("date", "del lunes al miércoles", "es", "2026-11-23", "2026-11-25"),
        ("date", "antes del viernes", "es", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_range_has_its_end(kind: SlotKind, said: str, language: str, value: str, until: str) -> None:
    found = parse_slot(kind, said, language, NOW)
    assert found
    assert (found.value, found.until) == (value, until)


@pytest.mark.parametrize(
    "said", ["move it from monday to wednesday", "monday or wednesday", "monday and wednesday", "monday then wednesday"]
)
def test_two_days_that_are_no_range_have_no_end(said: str) -> None:
    found = parse_slot("date", said, "en", NOW)
    assert found is None or not found.until


@pytest.mark.parametrize("kind", ["number", "money"])
@pytest.mark.parametrize(("said", "language"), [("9" * 16, "en"), ("九" * 400, "zh"), ("两亿亿万", "zh")])
def test_no_number_is_past_counting(kind: SlotKind, said: str, language: str) -> None:
    found = parse_slot(kind, said, language, NOW)
    assert found is None or len(found.value) < 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_in_figures_and_one_in_words_break_nothing(kind: SlotKind) -> None:
    found = parse_slot(kind, "0.0点1", "zh", NOW)
    assert found is None or found.kind == kind


def test_a_long_answer_still_gives_its_one_value() -> None:
    said = "well let me think about that because my husband usually does these things and he is out " * 4
    found = parse_slot("date", f"{said} but i suppose next friday is fine", "en", NOW)
    assert found
    assert found.value == "2026-11-27"


def test_a_wait_is_a_true_lapse_of_time_when_the_clocks_change() -> None:
    before_change = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    found = parse_slot("datetime", "in two hours", "en", before_change)
    assert found
    assert found.value == "2026-11-01T02:30"


@pytest.mark.parametrize("kind", KINDS)
def test_a_language_without_a_grammar_hears_text_only(kind: SlotKind) -> None:
    found = parse_slot(kind, "sept heures", "fr", NOW)
    assert (found.value if found else None) == ("sept heures" if kind == "text" else None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_is_looked_for_in_a_speech(language: str) -> None:
    assert parse_slot("number", "1", language, NOW)
    assert parse_slot("number", "1 " * LONGEST, language, NOW) is None


@settings(deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(LANGUAGES),
    words=st.lists(
        st.sampled_from(_WORDS),
        max_size=12,
    ),
)
def test_no_words_break_it(kind: SlotKind, language: str, words: list[str]) -> None:
    found = parse_slot(kind, " ".join(words), language, NOW)
    assert found is None or (found.value and found.kind == kind)
    parse_slot(kind, "".join(words), language, NOW)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), language=st.sampled_from(LANGUAGES), text=st.text(max_size=40))
def test_no_text_breaks_it(kind: SlotKind, language: str, text: str) -> None:
    parse_slot(kind, text, language, NOW)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), keys=st.text("0123456789*#a", max_size=12))
def test_no_keys_break_it(kind: SlotKind, keys: str) -> None:
    parse_keys(kind, keys, NOW)
