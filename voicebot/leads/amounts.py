"""Amounts of money as people write them, read into what prompts can speak: `1234.50`, or `1234.50 EUR`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from voicebot.leads.dates import AmbiguousError

DECIMAL_COMMA = frozenset(
    {"AR", "AT", "BE", "BG", "BO", "BR", "BY", "CL", "CO", "CR", "CZ", "DE", "DK", "EC", "EE", "ES", "FI", "FR", "GR",
     "HR", "HU", "ID", "IS", "IT", "LT", "LU", "LV", "NL", "NO", "PL", "PT", "PY", "RO", "RS", "RU", "SE", "SI", "SK",
     "TR", "UA", "UY", "VE", "VN"}
)  # fmt: skip
"""Countries that write 1.234,50. Source: Unicode CLDR 45, number symbols."""

EITHER = frozenset({"CA", "CH", "ZA"})
"""Countries that write both, by language."""

CURRENCIES: dict[str, str] = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD",
    "AU$": "AUD", "RMB": "CNY", "CN¥": "CNY", "元": "CNY", "人民币": "CNY", "人民币元": "CNY",
    "FR.": "CHF", "SFR.": "CHF", "HK$": "HKD",
}  # fmt: skip
"""Marks that stand for one currency. A lone $ or ¥ does not; it is left to the prompt."""

SHARED = frozenset({"$", "¥"})
_PARTS = re.compile(
    r"(?P<before>[^\d+\-(]*?)\s*(?P<figures>[-+(]?\s*\d[\d.,'’\s]*\)?)\s*(?P<wan>[万萬]?)\s*(?P<after>\D*)"
)
_CODE = re.compile(r"[A-Z]{3}")


@lru_cache(maxsize=8192)
def read_amount(text: str, country: str) -> str:
    """The amount with a point for decimals, and its currency's code where the text names one; '' where it is none.

    `country` is where the list was written. Raises AmbiguousError for 1.234 where both readings are customary.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    found = _PARTS.fullmatch(written)
    if found is None:
        return ""
    currency = _currency(found["before"] or found["after"])
    if currency is None or (found["before"] and found["after"]):
        return ""
    figures = re.sub(r"[\s'’]", "", found["figures"])
    negative = figures.startswith("-") or (figures.startswith("(") and figures.endswith(")"))
    amount = _plain(figures.strip("-+()"), country)
    if not amount:
        return ""
    if found["wan"]:
        amount = _ten_thousands(amount)
    return ("-" if negative else "") + amount + (f" {currency}" if currency else "")


def _currency(mark: str) -> str | None:
    """The code for a mark, '' for none or a shared one, None for any other word."""
    word = mark.strip().upper()
    if not word or word in SHARED:
        return ""
    return CURRENCIES.get(word) or (word if _CODE.fullmatch(word) else None)


def _plain(figures: str, country: str) -> str:
    """Figures without marks of thousands, and a point before decimals; '' where the marks make no sense."""
    marks = [mark for mark in figures if mark in ".,"]
    if not marks:
        return figures
    whole, _, last = figures.rpartition(marks[-1])
    if len(set(marks)) == 2:
        return _joined(whole, last, {*marks} - {marks[-1]}) if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return _joined(figures, "", {marks[0]})
    if len(last) != 3 or not 1 <= len(whole) <= 3 or whole == "0":
        return f"{whole}.{last}" if whole and last else ""
    decimal = "," if country in DECIMAL_COMMA else "."
    if country in EITHER or marks[0] == decimal:
        meant = f"{whole}{last} or {whole}.{last}"
        raise AmbiguousError(f"may mean {meant}", f"Write it as {whole}{last}, or with two decimals.")
    return whole + last


def _joined(whole: str, decimals: str, marks: set[str]) -> str:
    """A number whose thousands are marked, if they are marked well."""
    mark = marks.pop()
    groups = whole.split(mark)
    if not 1 <= len(groups[0]) <= 3 or any(len(group) not in (2, 3) for group in groups[1:]) or len(groups[-1]) != 3:
        return ""  # groups of two are those of India: 1,23,456
    return "".join(groups) + (f".{decimals}" if decimals else "")


def _ten_thousands(amount: str) -> str:
    whole, _, decimals = amount.partition(".")
    digits = (whole + decimals.ljust(4, "0")[:4]).lstrip("0") or "0"
    return digits + (f".{decimals[4:]}" if decimals[4:] else "")
