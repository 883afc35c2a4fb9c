"""Telephone numbers as lists write them, read into E.164; what must not be dialled is refused with its remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult, shortnumberinfo

NumberKind = Literal["mobile", "fixed", "either", "voip", "other"]
"""either: mobile or fixed, the number does not tell (all of North America); other: pagers, universal numbers."""

KINDS: dict[int, NumberKind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "either",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "other",
    PhoneNumberType.PAGER: "other",
    PhoneNumberType.UAN: "other",
}
"""What may be dialled. The types that are missing here are refused, in the words of REFUSED."""

REFUSED: dict[int, str] = {
    PhoneNumberType.PREMIUM_RATE: "is a premium-rate number",
    PhoneNumberType.SHARED_COST: "is a shared-cost number",
    PhoneNumberType.TOLL_FREE: "is a toll-free number, which no person answers",
    PhoneNumberType.VOICEMAIL: "is a voicemail access number",
}

LONGEST = 64
"""Characters of a number as written; what is longer is no number."""

_SCIENTIFIC = re.compile(r"([0-9](?:[.,][0-9]+)?)E\+?([0-9]{1,2})", re.IGNORECASE)
_WHOLE = re.compile(r"\+?[0-9]+[.,]0+")
_EXTENSION = re.compile(r"(?:;ext=|extn?\.?|ext(?:ension)?|x|#|分机|转)\s*:?\s*([0-9]{1,7})\s*$", re.IGNORECASE)
_ABROAD = re.compile(r"^00(?!11)")  # most of the world's way to write +; Australia's is 0011
_SPREADSHEET_ERROR = re.compile(r"#(?:REF|VALUE|NAME|DIV/0|NUM|NULL|N/A|GETTING_DATA|SPILL|CALC)[!?]?")
_SEVERAL = re.compile(r"\s*(?:[,;/|、，；\n]|\b(?:or|und|oder|ou|o)\b|或)\s*")
_ORDINARY = re.compile(r"\+?[0-9 ().-]+")
_PLAINLY = str.maketrans("", "", " ().-")
_PUNCTUATION = re.compile(r"[^0-9]+")
_STRANGE = re.compile(r"[^0-9\s()./\-\u2010-\u2015\u2212\u00b7+]|(?<=[0-9)])\s*\+")


class PhoneNumber(NamedTuple):
    """A number that may be dialled. `country` is its ISO 3166 code."""

    e164: str
    kind: NumberKind
    country: str


class NumberRefusedError(ValueError):
    """A number that is not to be dialled. `problem` ends a sentence that begins with the number."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class NumberRules:
    """What one centre may dial: where numbers without a country code belong, the countries allowed, its own numbers."""

    country: str
    allowed: Collection[str]
    own: Collection[str] = ()


def numbers_in(text: str) -> list[str]:
    """The numbers that one field holds: `138 1234 5678 / 139 8765 4321` is two. Anything else is left whole."""
    if len(text) < 15 or not _SEVERAL.search(text):
        return [text]
    parts = [part for part in _SEVERAL.split(text) if part]
    return parts if all(sum(map(str.isdigit, part)) >= 7 for part in parts) else [text]


def read_number(text: str, rules: NumberRules, country: str = "") -> PhoneNumber:
    """The number that a list means by `text`. Raises NumberRefusedError.

    `country` is where the row itself says that the number belongs, if it does; else it is the centre's own.
    """
    home = country or rules.country
    e164, kind, country = _usual(text, home) or _unusual(text, home)
    if kind not in KINDS:
        raise NumberRefusedError(REFUSED.get(kind, "is a special number"), "Give the person's own number.")
    if country not in rules.allowed:
        where = f"belongs to {country}, which" if country.isalpha() else "belongs to no country (a satellite), which"
        problem = f"{where} is not among the countries that may be rung ({', '.join(rules.allowed)})"
        raise NumberRefusedError(problem, "Allow that country, or correct the number.")
    if e164 in rules.own:
        raise NumberRefusedError("is one of our own caller ids", "Take it off the list.")
    return PhoneNumber(e164, KINDS[kind], country)


Found = tuple[str, int, str]
"""A number in use: its E.164 text, libphonenumber's type, and its country."""


def _unusual(text: str, home: str) -> Found:
    """Any number at all, by libphonenumber's own parsing."""
    parsed, kind = _in_use(_digits(_tidied(text)), home)
    e164 = f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"
    return e164, kind, _country(parsed, e164) or home


USUAL: dict[int, re.Pattern[str]] = {
    1: re.compile(r"(?:\+?1)?([2-9][0-9]{9})"),
    86: re.compile(r"(?:\+?86)?(1(?:[345689][0-9]|7[0-8])[0-9]{8})"),
}
"""By calling code: numbers whose last four digits decide nothing, so that one answer serves ten thousand of them. A
test compares it with libphonenumber's own parsing."""


_WRITTEN = {f"+{code}": code for code in USUAL}


def _usual(text: str, home: str) -> Found | None:
    """A number in one of the USUAL forms, if it is in use: the great mass of every list, without being parsed."""
    if "." in text:  # it may be a spreadsheet's 13812345678.0
        return None
    digits = text.translate(_PLAINLY)
    code = _calling_code(home) if digits[:1] != "+" else _WRITTEN.get(digits[:2]) or _WRITTEN.get(digits[:3], 0)
    found = USUAL[code].fullmatch(digits) if code in USUAL else None
    if found is None or not text.isascii():
        return None
    e164 = f"+{code}{found[1]}"
    kind, country = _of_block(e164[:-4])
    return (e164, kind, country) if kind != PhoneNumberType.UNKNOWN and country else None


@cache
def _calling_code(country: str) -> int:
    return phonenumbers.country_code_for_region(country)


@lru_cache(maxsize=1 << 16)
def _of_block(block: str) -> tuple[int, str]:
    """Type and country of the numbers that begin so; four digits are missing."""
    parsed = phonenumbers.parse(f"{block}5678")
    kind = phonenumbers.number_type(parsed)
    return kind, (_country(parsed, f"{block}5678") or "") if kind != PhoneNumberType.UNKNOWN else ""


def _in_use(digits: str, home: str) -> tuple[phonenumbers.PhoneNumber, int]:
    """The number and its type, if the numbering plan has it; `86138...` is read as `+86138...` where need be."""
    parsed = _parsed(digits, home)
    kind = phonenumbers.number_type(parsed)
    if kind != PhoneNumberType.UNKNOWN:
        return parsed, kind
    if not digits.startswith("+"):
        with suppress(NumberRefusedError):
            return _in_use(f"+{digits}", home)
    if _fictional(phonenumbers.format_number(parsed, PhoneNumberFormat.E164)):
        return parsed, PhoneNumberType.MOBILE
    raise _not_in_use(parsed, home)


def _country(parsed: phonenumbers.PhoneNumber, e164: str) -> str | None:
    """The country of a number in use. In North America the area code tells, so that it need be asked but once."""
    code = parsed.country_code or 0
    if code == 1:
        return _country_of_area(e164[: len("+1") + 3])
    regions = phonenumbers.region_codes_for_country_code(code)
    if len(regions) == 1:
        return regions[0]
    return phonenumbers.region_code_for_number(parsed) or _fictional(e164)


@cache
def _country_of_area(area: str) -> str | None:
    """Of all numbers that begin with this area code: the plan gives each code to one country."""
    return next(
        (
            country
            for country in phonenumbers.region_codes_for_country_code(1)
            for number in (phonenumbers.parse(f"{area}2345678"),)
            if phonenumbers.is_valid_number_for_region(number, country)
        ),
        None,
    )


FICTIONAL = {"+447700900": "GB"}
"""Mobile numbers kept for films and trials, which libphonenumber does not know as numbers. Source: Ofcom, telephone
numbers for use in TV and radio drama programmes."""


def _fictional(e164: str) -> str | None:
    """The country of a number that is kept for fiction."""
    return next((country for prefix, country in FICTIONAL.items() if e164.startswith(prefix)), None)


def _tidied(text: str) -> str:
    """One number in plain characters: full-width digits, spreadsheet forms and wrappings undone."""
    written = unicodedata.normalize("NFKC", text).strip().strip("'\"`=").strip()
    if not written:
        raise NumberRefusedError("is missing", "Fill in the number.")
    if _SPREADSHEET_ERROR.fullmatch(written):
        raise NumberRefusedError("is an error of the spreadsheet", "Mend the formula of this cell.")
    if len(written) > LONGEST:
        raise NumberRefusedError(f"has {len(written)} characters", "One number per field.")
    if scientific := _SCIENTIFIC.fullmatch(written.replace(" ", "")):
        return _from_scientific(scientific[1].replace(",", "."), int(scientific[2]))
    if _WHOLE.fullmatch(written):
        return re.split("[.,]", written)[0]
    return _ABROAD.sub("+", written)


def _from_scientific(mantissa: str, exponent: int) -> str:
    """Undo a spreadsheet's 1.38E+10, when it has kept every digit."""
    whole, _, fraction = mantissa.partition(".")
    if exponent > 15 or len(fraction) < exponent:
        raise NumberRefusedError(
            "was shortened by a spreadsheet, and its last digits are lost",
            "Format the column as text in the spreadsheet and export the list again.",
        )
    if set(fraction[exponent:]) - {"0"}:
        raise NumberRefusedError("is not a whole number", "Give the number's digits.")
    return whole + fraction[:exponent]


def _digits(written: str) -> str:
    """The digits of a number, with a leading + if it has one. What is neither digit nor punctuation is refused."""
    if _ORDINARY.fullmatch(written):
        return written.translate(_PLAINLY)
    if extension := _EXTENSION.search(written):
        problem = f"has the extension {extension[1]}, which cannot be dialled"
        raise NumberRefusedError(problem, "Give a number that rings the person directly.")
    strange = _STRANGE.search(written)
    if strange and strange[0].isalpha():
        raise NumberRefusedError("has letters in it", "Write the number in digits.")
    if strange:
        raise NumberRefusedError(f'has a "{strange[0]}" in it', "Write one number, in digits.")
    return ("+" if "+" in written else "") + _PUNCTUATION.sub("", written)


def _parsed(digits: str, country: str) -> phonenumbers.PhoneNumber:
    if not digits.startswith("+") and _is_short(digits, country):
        raise NumberRefusedError("is a short or emergency number", "Give the person's own number.")
    try:
        return phonenumbers.parse(digits, country)
    except NumberParseException as error:
        raise NumberRefusedError(*_PARSE_FAULTS.get(error.error_type, _UNREADABLE)) from None


_UNREADABLE = ("is not a telephone number", "Correct it.")
_PARSE_FAULTS: dict[int, tuple[str, str]] = {
    NumberParseException.INVALID_COUNTRY_CODE: (
        "has a country code that does not exist",
        "Write + and the country code, then the number.",
    ),
    NumberParseException.TOO_SHORT_AFTER_IDD: ("is too short", "Digits are missing."),
    NumberParseException.TOO_SHORT_NSN: ("is too short", "Digits are missing."),
    NumberParseException.TOO_LONG: ("is too long", "Correct it; one number per field."),
}


def _is_short(digits: str, country: str) -> bool:
    """Whether this is dialled as it stands and reaches a service: 911, 10086, 110."""
    if len(digits) > 6:
        return False
    if shortnumberinfo.connects_to_emergency_number(digits, country):
        return True
    try:
        return shortnumberinfo.is_possible_short_number_for_region(phonenumbers.parse(digits, country), country)
    except NumberParseException:
        return False


def _not_in_use(parsed: phonenumbers.PhoneNumber, country: str) -> NumberRefusedError:
    """Why a number that could be read is nobody's."""
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == ValidationResult.TOO_SHORT:
        return NumberRefusedError("is too short", "Digits are missing.")
    if reason == ValidationResult.TOO_LONG:
        return NumberRefusedError("is too long", "Correct it; one number per field.")
    home = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return NumberRefusedError("lacks its area code", "Write the area code, too.")
    return NumberRefusedError(
        f"is not in use in {home if home != 'ZZ' else country}", "Correct it, or write + and the country code."
    )
