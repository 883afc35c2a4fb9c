from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.numbers import NumberRefusedError, NumberRules, PhoneNumber, read_number

US = NumberRules("US", ("US", "GB", "CN", "AU"), own=("+12025550100",))
CN = NumberRules("CN", ("CN",))


@pytest.mark.parametrize(
    ("text", "rules", "e164", "kind", "country"),
    [
        ("(202) 555-0123", US, "+12025550123", "either", "US"),
        ("202.555.0123", US, "+12025550123", "either", "US"),
        ("1 202 555 0123", US, "+12025550123", "either", "US"),
        ("tel:+1-202-555-0123"[4:], US, "+12025550123", "either", "US"),
        ("1.2025550123E+10", US, "+12025550123", "either", "US"),
        ("1,2025550123e+10", US, "+12025550123", "either", "US"),
        ("2025550123.0", US, "+12025550123", "either", "US"),
        ('="2025550123"', US, "+12025550123", "either", "US"),
        ("'2025550123", US, "+12025550123", "either", "US"),
        ("２０２ ５５５ ０１２３", US, "+12025550123", "either", "US"),
        ("202–555–0123", US, "+12025550123", "either", "US"),
        ("+44 (0)20 7946 0123", US, "+442079460123", "fixed", "GB"),
        ("0044 20 7946 0123", US, "+442079460123", "fixed", "GB"),
        ("011 44 20 7946 0123", US, "+442079460123", "fixed", "GB"),
        ("44 20 7946 0123", US, "+442079460123", "fixed", "GB"),
        ("86-13812345678", US, "+8613812345678", "mobile", "CN"),
        ("+447700900123", US, "+447700900123", "mobile", "GB"),
        ("+61 491 570 006", US, "+61491570006", "mobile", "AU"),
        ("138 1234 5678", CN, "+8613812345678", "mobile", "CN"),
        ("010-12345678", CN, "+861012345678", "fixed", "CN"),
    ],
)
def test_numbers_as_lists_write_them(text: str, rules: NumberRules, e164: str, kind: str, country: str) -> None:
    assert read_number(text, rules) == PhoneNumber(e164, kind, country)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rules", "problem"),
    [
        ("", US, "is missing"),
        ("  ", US, "is missing"),
        ("1.38E+10", US, "was shortened by a spreadsheet, and its last digits are lost"),
        ("1,38E+10", CN, "was shortened by a spreadsheet, and its last digits are lost"),
        ("2E+99", US, "was shortened by a spreadsheet, and its last digits are lost"),
        ("1.23456789015E+5", US, "is not a whole number"),
        ("911", US, "is a short or emergency number"),
        ("112", US, "is a short or emergency number"),
        ("10086", CN, "is a short or emergency number"),
        ("900-555-1234", US, "is a premium-rate number"),
        ("+1 900 555 0123", US, "is a premium-rate number"),
        ("1-800-555-0199", US, "is a toll-free number, which no person answers"),
        ("400 812 3123", CN, "is a shared-cost number"),
        ("202-555-0123 ext. 12", US, "has the extension 12, which cannot be dialled"),
        ("010-12345678转8001", CN, "has the extension 8001, which cannot be dialled"),
        ("1-800-FLOWERS", US, "has letters in it"),
        ("n/a", US, "has letters in it"),
        ("202555O123", US, "has letters in it"),
        ("2025550123;2025550124", US, 'has a ";" in it'),
        ("2025550123 +12025550124", US, 'has a " +" in it'),
        ("5550123", US, "lacks its area code"),
        ("212555012", US, "is too short"),
        ("2025550123/2025550124", US, "is too long"),
        ("+999 123456", US, "has a country code that does not exist"),
        ("(202) 155-0123", US, "is not in use in US"),
        ("12345678", CN, "is not in use in CN"),
        ("+", US, "is not a telephone number"),
        ("202-555-0100", US, "is one of our own caller ids"),
        ("+49 30 901820", US, "belongs to DE, which is not among the countries that may be rung (US, GB, CN, AU)"),
        ("+1 902 555 0123", US, "belongs to CA, which is not among the countries that may be rung (US, GB, CN, AU)"),
        ("+881 6 3112 3456", US, "belongs to no country (a satellite), which is not among"),
        ("1" * 65, US, "has 65 characters"),
    ],
)
def test_numbers_that_are_not_dialled(text: str, rules: NumberRules, problem: str) -> None:
    with pytest.raises(NumberRefusedError) as caught:
        read_number(text, rules)
    assert caught.value.problem.startswith(problem)
    assert caught.value.remedy.endswith(".")


def test_the_rows_own_country_outweighs_the_centres() -> None:
    assert read_number("020 7946 0123", US, "GB").e164 == "+442079460123"


@given(st.text(max_size=30) | st.text("0123456789+-() .Ee/x", max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(NumberRefusedError):
        number = read_number(text, US)
        assert number.e164[1:].isdigit()
        assert number.country in US.allowed
        assert read_number(number.e164, US) == number
