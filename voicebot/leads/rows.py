"""One row of a list, judged on its own: read into a lead, or refused with line, problem and remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import phonenumbers

from voicebot.leads.columns import COUNTRY_OF_LANGUAGE, Column, Role, language_tag
from voicebot.leads.consent import NO_CONSENT, Consent, consent_fault, consent_kind, is_day, says_no, says_yes
from voicebot.leads.numbers import NumberRefusedError, NumberRules, PhoneNumber, read_number
from voicebot.leads.zones import is_zone

LONGEST_FIELD = 2000
"""Characters of one field; what is longer was hardly meant."""

RefusalKind = Literal["shape", "number", "consent", "time_zone", "duplicate", "suppressed", "dead_number"]


@dataclass(frozen=True)
class Refusal:
    """Why a row was not taken. `line` is where the row begins in its file."""

    line: int
    kind: RefusalKind
    problem: str
    remedy: str


class ReadRow(NamedTuple):
    """A row that may become a lead, as far as it can be told without the database."""

    line: int
    number: PhoneNumber
    name: str
    language: str
    time_zone: str
    region: str
    consent: Consent
    fields: dict[str, str]


@dataclass(frozen=True)
class RowRules:
    """What rows are judged by. `consent` is declared for the whole list; `today` is `YYYY-MM-DD`; `file` its name."""

    numbers: NumberRules
    consent: Consent
    today: str
    file: str


def read_row(line: int, columns: Sequence[Column], cells: Sequence[str], rules: RowRules) -> ReadRow | Refusal:
    """The row that begins in `line`, or why it is refused."""
    if fault := _shape_fault(columns, cells):
        return Refusal(line, "shape", *fault)
    by_role: dict[Role, str] = {}
    fields: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        if column.role:
            by_role[column.role] = text
        if text and column.role not in NOT_FIELDS:
            fields[column.field] = text
    return _judge(line, by_role, fields, rules)


NOT_FIELDS: frozenset[Role | None] = frozenset({"phone", "consent", "consent_at", "consent_source", "rejected"})


def _judge(line: int, by_role: dict[Role, str], fields: dict[str, str], rules: RowRules) -> ReadRow | Refusal:
    language = language_tag(by_role.get("language", ""))
    try:
        number = _number(by_role, language, rules.numbers)
    except NumberRefusedError as refused:
        written = by_role.get("phone", "")[:40]
        problem = f'the number "{written}" {refused.problem}.' if written else f"the number {refused.problem}."
        return Refusal(line, "number", problem, refused.remedy)
    time_zone = by_role.get("time_zone", "")
    if time_zone and not is_zone(time_zone):
        remedy = "Write it as in Europe/London, or leave it empty."
        return Refusal(line, "time_zone", f'there is no time zone "{time_zone[:40]}".', remedy)
    consent, fault = _consent(by_role, rules, line)
    if fault:
        return Refusal(line, "consent", f"{fault}.", CONSENT_REMEDY)
    name = by_role.get("name") or " ".join(filter(None, (by_role.get("first_name"), by_role.get("last_name"))))
    if name:
        fields["name"] = name
    return ReadRow(line, number, name, language, time_zone, by_role.get("region", ""), consent, fields)


def _number(by_role: dict[Role, str], language: str, rules: NumberRules) -> PhoneNumber:
    """The row's number, at home in the country that the row names, else in the centre's, else in its language's."""
    written, country = by_role.get("phone", ""), by_role.get("country", "").upper()
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        raise NumberRefusedError(f'belongs to "{country[:40]}", which is no country code', "Write it as in US or CN.")
    try:
        return read_number(written, rules, country)
    except NumberRefusedError:
        pointed = COUNTRY_OF_LANGUAGE.get(language)
        if country or pointed in (None, rules.country):
            raise
        with suppress(NumberRefusedError):
            return read_number(written, rules, pointed or "")
        raise


CONSENT_REMEDY = "Fill in the columns consent and consent date (YYYY-MM-DD), or declare the consent for the whole list."


def _consent(by_role: dict[Role, str], rules: RowRules, line: int) -> tuple[Consent, str]:
    """The consent that holds for a row, and what is wrong with it. The row's own word outweighs the declaration."""
    word = by_role.get("consent", "")
    if says_no(word):
        return NO_CONSENT, f'the row itself says "{word}" of consent'
    if not word or (says_yes(word) and rules.consent.kind):
        consent = rules.consent
    else:
        source = by_role.get("consent_source") or f"{rules.file}:{line}"
        consent = Consent(consent_kind(word) or word[:40], _day(by_role.get("consent_at", "")), source)
    return consent, consent_fault(consent, rules.today)


_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    """A date whose year comes first, as `YYYY-MM-DD`; any other text as it stands, to be shown as a fault.

    03/04/2026 is not guessed at: it is another day in London than in New York.
    """
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text
    return day if is_day(day) else text[:40]


def _shape_fault(columns: Sequence[Column], cells: Sequence[str]) -> tuple[str, str] | None:
    whole = "".join(cells)
    if len(cells) == len(columns) and len(whole) <= LONGEST_FIELD and "\0" not in whole:
        return None
    surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
    if len(cells) < len(columns) or surplus:
        problem = f"the row has {len(cells)} fields, and the header has {len(columns)}."
        return problem, "Put quotes around a field that contains the separator, or add what is missing."
    for column, cell in zip(columns, cells, strict=False):
        if "\0" in cell:
            return f'the column "{column.heading}" contains a NUL character.', "Export the list again as text."
        if len(cell) > LONGEST_FIELD:
            problem = f'the column "{column.heading}" has {len(cell)} characters; {LONGEST_FIELD} are allowed.'
            return problem, "Shorten it; perhaps a quote was not closed."
    return None
