from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.amounts import read_amount
from voicebot.leads.dates import AmbiguousError


@pytest.mark.parametrize(
    ("text", "country", "amount"),
    [
        ("1,234", "US", "1234"),
        ("1.234", "DE", "1234"),
        ("1.234,50 €", "US", "1234.50 EUR"),
        ("1 234,50", "FR", "1234.50"),
        ("USD 1'234.50", "CH", "1234.50 USD"),
        ("$12", "US", "12"),
        ("1,23,456.00", "IN", "123456.00"),
        ("1.234.567", "US", "1234567"),
        ("0.125", "US", "0.125"),
        ("1.2万", "CN", "12000"),
        ("3万元", "CN", "30000 CNY"),
        ("１２３元", "CN", "123 CNY"),
        ("(12.00)", "US", "-12.00"),
        ("-5", "US", "-5"),
        ("", "US", ""),
        ("12 apples", "US", ""),
        ("1,2,3", "US", ""),
        ("12/5", "US", ""),
    ],
)
def test_amounts(text: str, country: str, amount: str) -> None:
    assert read_amount(text, country) == amount


@pytest.mark.parametrize(("text", "country"), [("1,234", "DE"), ("1.234", "US"), ("1,234", "CA"), ("1.234 €", "CH")])
def test_what_may_mean_two_amounts_is_refused(text: str, country: str) -> None:
    with pytest.raises(AmbiguousError, match=r"may mean 1234 or 1\.234"):
        read_amount(text, country)


@given(st.decimals(0, 10**9, places=2))
def test_thousands_and_decimals_lead_back(amount: Decimal) -> None:
    plain, english = f"{amount:.2f}", f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert {read_amount(text, country) for text in (plain, english, german) for country in ("US", "DE")} == {plain}
