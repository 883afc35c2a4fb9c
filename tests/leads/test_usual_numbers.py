"""The short way for the usual numbers says what libphonenumber's whole parsing says."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voicebot.leads.numbers import USUAL, NumberRefusedError, NumberRules, _unusual, _usual, numbers_in, read_number

NANP = phonenumbers.region_codes_for_country_code(1)


def whole_way(text: str, home: str) -> tuple[str, int, str] | None:
    try:
        return _unusual(text, home)
    except NumberRefusedError:
        return None


@settings(max_examples=400, deadline=None)
@given(st.from_regex(r"(\\+?1)?[2-9][0-9]{9}", fullmatch=True), st.sampled_from(NANP))
@example("8005550123", "US")
@example("2682345678", "AG")
@example("5056446789", "US")
def test_north_america(text: str, home: str) -> None:
    usual = _usual(text, home)
    assert usual is None or usual == whole_way(text, home)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"(\\+?86)?1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["CN", "US"]))
def test_china(text: str, home: str) -> None:
    usual = _usual(text, home)
    assert usual is None or usual == whole_way(text, home)


@pytest.mark.parametrize("code", USUAL)
def test_the_last_four_digits_decide_nothing(code: int) -> None:
    for block in ("202555", "416234", "800555", "505644", "345925") if code == 1 else ("1381234", "1740512", "1701234"):
        kinds = {
            phonenumbers.number_type(phonenumbers.parse(f"+{code}{block}{last:04}")) for last in range(0, 9999, 37)
        }
        assert len(kinds) == 1


def test_a_spreadsheet_number_is_not_taken_for_a_usual_one() -> None:
    rules = NumberRules("CN", ("CN", "US"))
    assert read_number("13812345678.0", rules).e164 == "+8613812345678"
    with pytest.raises(NumberRefusedError):
        read_number("202555010.0", NumberRules("US", ("US",)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("138 1234 5678 / 139 8765 4321", ["138 1234 5678", "139 8765 4321"]),
        ("2025550101;2025550102", ["2025550101", "2025550102"]),
        ("2025550101 or 2025550102", ["2025550101", "2025550102"]),
        ("13812345678、13987654321", ["13812345678", "13987654321"]),
        ("030/1234567890", ["030/1234567890"]),
        ("2025550101 ext. 5", ["2025550101 ext. 5"]),
    ],
)
def test_several_numbers_in_one_field(text: str, parts: list[str]) -> None:
    assert numbers_in(text) == parts
