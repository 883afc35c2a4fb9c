"""The policy table: how its layers add up, and what a faulty one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.policy import MIDNIGHT, Layer, Rules, Span, Windows, spans
from voicebot.dialer.policy_file import PolicyError, load_policy, policy_from_text
from voicebot.errors import OutsideError

DEFAULT = """default:
  reviewed_on: 2026-01-01
  windows: {monday-friday: 09:00-19:00, source: ours}
"""


def hours(text: str) -> Layer:
    return Layer(windows=Windows.model_validate({"monday-sunday": text, "source": "test"}))


def test_the_shipped_table_is_sound() -> None:
    policy = load_policy()
    assert {"US", "GB", "CN"} <= set(policy.countries)
    for country in (policy.default, *policy.countries.values()):
        assert country.caps, "a country without caps"
        assert country.cooldown, "a country without a pause"
        assert country.ring, "a country without a ring"
        assert country.ring.seconds >= 15
        assert country.recording, "a country that does not say whether sound may be kept"
        for day in country.windows.week:
            assert all(span.start >= 8 * 60 and span.end <= 21 * 60 for span in day)


def test_a_country_that_is_not_listed_gets_the_default() -> None:
    policy = load_policy()
    assert policy.rules("FR") == policy.rules("XX")
    assert policy.country("FR") is policy.default


def test_a_region_and_a_purpose_add_to_the_country() -> None:
    policy = load_policy()
    plain, maine, debt = policy.rules("US"), policy.rules("US", "me"), policy.rules("US", purpose="debt")
    assert maine.week[0] == spans("09:00-17:00")
    assert maine.week[5] == ()
    assert set(plain.caps) < set(maine.caps)
    assert debt.cooldown_hours == 168 > plain.cooldown_hours
    assert policy.rules("US", "zz", "welcome") == plain


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("09:00-20:00", "10:00-21:00", "10:00-20:00"),
        ("09:00-12:00, 14:00-20:00", "11:00-15:00", "11:00-12:00, 14:00-15:00"),
        ("09:00-12:00", "12:00-15:00", "closed"),
        ("09:00-12:00", "closed", "closed"),
        ("00:00-24:00", "08:30-09:45", "08:30-09:45"),
    ],
)
def test_hours_are_what_both_allow(one: str, other: str, both: str) -> None:
    assert Rules().under(hours(one)).under(hours(other)).week[0] == spans(both)


span_lists = st.lists(st.integers(0, MIDNIGHT), unique=True, max_size=8).map(
    lambda ends: tuple(Span(start=a, end=b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
layers = st.builds(
    lambda day: Layer(windows=Windows(week=(day,) * 7, source="test")),
    span_lists,
)


@given(layers, layers)
def test_adding_a_layer_never_opens_a_minute(one: Layer, other: Layer) -> None:
    rules = Rules().under(one).under(other)
    assert rules == Rules().under(other).under(one)
    assert one.windows
    assert other.windows
    for minute in range(0, MIDNIGHT, 7):
        inside = [any(s.start <= minute < s.end for s in week[0]) for week in (one.windows.week, other.windows.week)]
        assert any(s.start <= minute < s.end for s in rules.week[0]) == all(inside)


@pytest.mark.parametrize("text", ["09:00", "9:00-20:00", "20:00-09:00", "09:00-24:01", "09:70-10:00", "", "open"])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="names no hours"):
        spans(text)


@pytest.mark.parametrize("text", ["09:00-12:00, 11:00-14:00", "14:00-20:00, 09:00-12:00"])
def test_hours_that_overlap(text: str) -> None:
    with pytest.raises(ValueError, match="overlaps itself"):
        spans(text)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("US:\n  windows: {}\n", 0, 'there is no "default"'),
        ("", 0, 'there is no "default"'),
        ("default: [1", 1, "this is not YAML"),
        ("a: 1\na: 2\n", 2, "stands twice"),
        (DEFAULT + "  rings: 3\n", 4, "default.rings: Extra inputs"),
        (DEFAULT + "FR:\n  reviewed_on: 2026-01-01\n  windows: {mon: 09:00-10:00, source: x}\n", 6, '"mon" is no day'),
        (DEFAULT + "FR:\n  reviewed_on: soon\n  windows: {monday: closed, source: x}\n", 5, "FR.reviewed_on"),
        (
            DEFAULT + "  caps:\n    - {calls: 2, hours: 24, source: x}\n    - {calls: 0, hours: 1, source: x}\n",
            6,
            "calls",
        ),
        (DEFAULT + "  cooldown: {hours: 24}\n", 4, "default.cooldown.source: Field required"),
        (DEFAULT + "  windows: {monday: [1], source: x}\n", 4, "stands twice"),
        (DEFAULT.replace("09:00-19:00", "9-19"), 3, "names no hours"),
        (DEFAULT.replace("monday-friday: 09:00-19:00", "monday: [9, 10]"), 3, "each day takes hours"),
        (DEFAULT.replace("19:00,", "19:00, friday: closed,"), 3, "friday stands twice"),
    ],
)
def test_a_faulty_table_is_told_by_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(PolicyError) as fault:
        policy_from_text(text, "rules.yaml")
    assert problem in str(fault.value)
    assert str(fault.value.where) == (f"rules.yaml:{line}" if line else "rules.yaml")


def test_the_version_is_the_content(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(DEFAULT)
    first = load_policy(file)
    file.write_text(DEFAULT + "  holidays: [2026-12-25]\n")
    second = load_policy(file)
    assert first.version != second.version
    assert second.rules("US").holidays == {date(2026, 12, 25)}
    assert policy_from_text(second.text).version == second.version


def test_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="cannot be read"):
        load_policy(tmp_path / "absent.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff")
    with pytest.raises(PolicyError, match="not UTF-8"):
        load_policy(tmp_path / "binary.yaml")
