"""One row of a list, judged on its own: read into a lead, or refused with line, problem and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from voicebot.leads.amounts import read_amount
from voicebot.leads.columns import COUNTRY_OF_LANGUAGE, Column, Role, country_code, language_tag
from voicebot.leads.consent import NO_CONSENT, Consent, consent_fault, consent_kind, says_no, says_yes
from voicebot.leads.dates import AmbiguousError, Order, orders_in, read_day
from voicebot.leads.names import join_name, split_name
from voicebot.leads.numbers import NumberRefusedError, NumberRules, PhoneNumber, numbers_in, read_number
from voicebot.leads.zones import is_zone

LONGEST_FIELD = 2000
"""Characters of one field; what is longer was hardly meant."""

RefusalKind = Literal["shape", "hidden", "number", "consent", "date", "amount", "time_zone", "duplicate", "suppressed",
                      "dead_number", "erased"]  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """Why a row was not taken. `line` is where the row begins in its file."""

    line: int
    kind: RefusalKind
    problem: str
    remedy: str


class ReadRow(NamedTuple):
    """A row that may become a lead, as far as it can be told without the database.

    `number` is dialled first, `further` are the person's others in order, `unusable` counts those that cannot be.
    """

    line: int
    number: PhoneNumber
    further: tuple[PhoneNumber, ...]
    unusable: int
    name: str
    language: str
    time_zone: str
    region: str
    consent: Consent
    fields: dict[str, str]


@dataclass(frozen=True)
class RowRules:
    """What rows are judged by. `consent` is declared for the whole list; `today` is `YYYY-MM-DD`; `file` its name.

    `orders` are the orders of day and month that the list's owner declared; by default the countries tell.
    """

    numbers: NumberRules
    consent: Consent
    today: str
    file: str
    orders: frozenset[Order] = frozenset()


ByRole = dict[Role | None, str]
"""What a row says in the columns that play a role."""


class RowReader:
    """Reads the rows of one list."""

    def __init__(self, columns: Sequence[Column], rules: RowRules) -> None:
        self._columns, self._rules = columns, rules
        self._width = len(columns)
        self._phones = [at for at, column in enumerate(columns) if column.role == "phone"]
        self._roles = [(at, column.role) for at, column in enumerate(columns) if column.role not in (None, "phone")]
        self._kept = [(at, column.field) for at, column in enumerate(columns) if column.role not in NOT_FIELDS]
        self._typed = [column for column in columns if column.kind != "text"]

    def read(self, line: int, cells: Sequence[str]) -> ReadRow | Refusal:
        """The row that begins in `line`, or why it is refused."""
        if fault := _shape_fault(self._columns, cells):
            return Refusal(line, "shape", *fault)
        texts = [cell.strip() for cell in cells]
        by_role: ByRole = {role: texts[at] for at, role in self._roles}
        fields = {field: texts[at] for at, field in self._kept if texts[at]}
        written = [number for at in self._phones if texts[at] for number in numbers_in(texts[at])]
        language = language_tag(by_role["language"]) if by_role.get("language") else ""
        try:
            number, further, unusable = _numbers(written, by_role, language, self._rules.numbers)
        except NumberRefusedError as refused:
            shown = written[0][:40] if written else ""
            problem = f'the number "{shown}" {refused.problem}.' if shown else f"the number {refused.problem}."
            return Refusal(line, "number", problem, refused.remedy)
        time_zone = by_role.get("time_zone", "")
        if time_zone and not is_zone(time_zone):
            remedy = "Write it as in Europe/London, or leave it empty."
            return Refusal(line, "time_zone", f'there is no time zone "{time_zone[:40]}".', remedy)
        orders = self._rules.orders or _orders(self._rules.numbers.country, number.country)
        consent, fault = _consent(by_role, self._rules, line, orders)
        if fault:
            return Refusal(line, "consent", *fault)
        if self._typed and (refusal := self._read_typed(line, fields, orders)):
            return refusal
        name = _name(by_role, fields)
        return ReadRow(
            line, number, further, unusable, name, language, time_zone, by_role.get("region", ""), consent, fields
        )

    def _read_typed(self, line: int, fields: dict[str, str], orders: frozenset[Order]) -> Refusal | None:
        """Dates and amounts in the form that flows read. What is neither stays as it stands."""
        for column in self._typed:
            text = fields.get(column.field, "")
            try:
                if column.kind == "date":
                    fields[column.field] = (text and read_day(text, orders)) or text
                else:
                    fields[column.field] = (text and read_amount(text, self._rules.numbers.country)) or text
            except AmbiguousError as fault:
                problem = f'"{text[:40]}" in the column "{column.heading}" {fault.problem}.'
                return Refusal(line, "date" if column.kind == "date" else "amount", problem, fault.remedy)
            if not text:
                del fields[column.field]
        return None


NOT_FIELDS: frozenset[Role | None] = frozenset({"phone", "consent", "consent_at", "consent_source", "rejected"})


@lru_cache(maxsize=512)
def _orders(home: str, country: str) -> frozenset[Order]:
    return orders_in((home, country))


def _name(by_role: ByRole, fields: dict[str, str]) -> str:
    """The whole name; its parts are added to the fields, where the list has not parted them itself."""
    first, last = by_role.get("first_name", ""), by_role.get("last_name", "")
    whole = by_role.get("name") or join_name(first, last)
    if not whole:
        return ""
    fields["name"] = whole
    if not (first and last):
        parts = split_name(whole)
        for field, part in (("title", parts.title), ("first_name", parts.first), ("last_name", parts.last)):
            if part:
                fields.setdefault(field, part)
    return whole


Numbers = tuple[PhoneNumber, tuple[PhoneNumber, ...], int]


def _numbers(written: Sequence[str], by_role: ByRole, language: str, rules: NumberRules) -> Numbers:
    """The first good number, the further good ones, and how many are none. Raises when there is no good one."""
    if len(written) == 1:
        return _number(written[0], by_role, language, rules), (), 0
    found: dict[str, PhoneNumber] = {}
    fault: NumberRefusedError | None = None
    faults = 0
    for text in written:
        try:
            number = _number(text, by_role, language, rules)
            found[number.e164] = number
        except NumberRefusedError as refused:
            fault, faults = fault or refused, faults + 1
    if not found:
        raise fault or NumberRefusedError("is missing", "Fill in the number.")
    first, *further = found.values()
    return first, tuple(further), faults


def _number(written: str, by_role: ByRole, language: str, rules: NumberRules) -> PhoneNumber:
    """One number, at home in the country that the row names, else in the centre's, else in its language's."""
    named = by_role.get("country", "")
    country = country_code(named) if named else ""
    if named and not country:
        problem = f'belongs to "{named[:40]}", which is no country code'
        raise NumberRefusedError(problem, "Write it as in US or CN.")
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


def _consent(
    by_role: ByRole, rules: RowRules, line: int, orders: frozenset[Order]
) -> tuple[Consent, tuple[str, str] | None]:
    """The consent that holds for a row, and what is wrong with it. The row's own word outweighs the declaration."""
    word = by_role.get("consent", "")
    if not word or (rules.consent.kind and says_yes(word)):
        consent = rules.consent
    elif says_no(word):
        return NO_CONSENT, (f'the row itself says "{word[:40]}" of consent.', CONSENT_REMEDY)
    else:
        source = by_role.get("consent_source") or f"{rules.file}:{line}"
        written = by_role.get("consent_at", "")
        try:
            day = read_day(written, orders) or written[:40]
        except AmbiguousError as fault:
            return NO_CONSENT, (f'the consent has the date "{written}", which {fault.problem}.', fault.remedy)
        consent = Consent(consent_kind(word) or word[:40], day, source)
    problem = _fault_of(consent.kind, consent.at, bool(consent.source), rules.today)
    return consent, (f"{problem}.", CONSENT_REMEDY) if problem else None


@lru_cache(maxsize=4096)
def _fault_of(kind: str, at: str, sourced: bool, today: str) -> str:
    """What is wrong with a consent. Where it is kept names each row's line, and matters only by being named at all."""
    return consent_fault(Consent(kind, at, "its row" if sourced else ""), today)


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
