from __future__ import annotations

from dataclasses import replace

import pytest

from voicebot.leads.columns import guess_columns
from voicebot.leads.consent import NO_CONSENT, Consent
from voicebot.leads.numbers import NumberRules
from voicebot.leads.rows import LONGEST_FIELD, ReadRow, Refusal, RowReader, RowRules

HEADINGS = [
    "Phone",
    "First name",
    "Last name",
    "Language",
    "State",
    "Time zone",
    "Country",
    "Consent",
    "Consent date",
    "Note",
]
GOOD = ["2025550123", "Ann", "Lee", "en", "NY", "", "", "web form", "2026-01-02", "likes tea"]
DECLARED = Consent("customer", "2025-12-01", "CRM export")
RULES = RowRules(NumberRules("US", ("US", "CN", "GB")), NO_CONSENT, "2026-03-02", "a.csv")


def read(changes: dict[str, str], declared: Consent = NO_CONSENT) -> ReadRow | Refusal:
    cells = [changes.get(heading, cell) for heading, cell in zip(HEADINGS, GOOD, strict=True)]
    return RowReader(guess_columns(HEADINGS), _rules(declared)).read(7, cells)


def _rules(declared: Consent) -> RowRules:
    return RowRules(RULES.numbers, declared, RULES.today, RULES.file)


def test_a_good_row() -> None:
    row = read({})
    assert isinstance(row, ReadRow)
    assert (row.number.e164, row.name, row.language, row.region) == ("+12025550123", "Ann Lee", "en-US", "NY")
    assert row.consent == Consent("form", "2026-01-02", "a.csv:7")
    assert row.fields == {"first_name": "Ann", "last_name": "Lee", "language": "en", "region": "NY",
                          "note": "likes tea", "name": "Ann Lee"}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "kind", "problem"),
    [
        ({"Phone": ""}, "number", "the number is missing."),
        ({"Phone": "911"}, "number", 'the number "911" is a short or emergency number.'),
        ({"Country": "Freedonia"}, "number", '"Freedonia", which is no country code.'),
        ({"Phone": "#REF!"}, "number", 'the number "#REF!" is an error of the spreadsheet.'),
        ({"Time zone": "Eastern"}, "time_zone", 'there is no time zone "Eastern".'),
        ({"Consent": ""}, "consent", "there is no consent."),
        ({"Consent": "none"}, "consent", 'the row itself says "none" of consent.'),
        ({"Consent": "yes"}, "consent", 'the consent "yes" is none of written, oral, form, customer or request.'),
        ({"Consent date": ""}, "consent", "the consent has no date."),
        ({"Consent date": "in spring"}, "consent", 'the consent has the date "in spring".'),
        ({"Consent date": "2027-01-01"}, "consent", "which is yet to come."),
        ({"Note": "a\0b"}, "shape", 'the column "Note" contains a NUL character.'),
        ({"Note": "x" * (LONGEST_FIELD + 1)}, "shape", 'the column "Note" has 2001 characters; 2000 are allowed.'),
    ],
)
def test_refused_rows(changes: dict[str, str], kind: str, problem: str) -> None:
    refusal = read(changes)
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.kind) == (7, kind)
    assert refusal.problem.endswith(problem)
    assert refusal.remedy


@pytest.mark.parametrize("date", ["2026/1/2", "2026.01.02", "2026年1月2日", "20260102", "2026-01-02 10:30:00"])
def test_dates_whose_year_comes_first(date: str) -> None:
    row = read({"Consent date": date})
    assert isinstance(row, ReadRow)
    assert row.consent.at == "2026-01-02"


@pytest.mark.parametrize(("word", "expected"), [("", DECLARED), ("yes", DECLARED), ("oral", None)])
def test_a_declaration_stands_in_for_rows_that_say_nothing_else(word: str, expected: Consent | None) -> None:
    row = read({"Consent": word}, DECLARED)
    assert isinstance(row, ReadRow)
    assert row.consent == (expected or Consent("oral", "2026-01-02", "a.csv:7"))


def test_a_row_that_says_no_outweighs_the_declaration() -> None:
    assert isinstance(read({"Consent": "否"}, DECLARED), Refusal)


@pytest.mark.parametrize(
    ("changes", "e164"),
    [
        ({"Phone": "138 1234 5678", "Language": "中文"}, "+8613812345678"),
        ({"Phone": "138 1234 5678", "Country": "cn"}, "+8613812345678"),
        ({"Phone": "020 7946 0123", "Country": "GB"}, "+442079460123"),
        ({"Phone": "138 1234 5678"}, None),
        ({"Phone": "202-555-0123", "Language": "zh"}, "+12025550123"),
    ],
)
def test_where_a_national_number_belongs(changes: dict[str, str], e164: str | None) -> None:
    row = read(changes)
    assert (row.number.e164 if isinstance(row, ReadRow) else None) == e164


@pytest.mark.parametrize(("cells", "problem"), [(GOOD[:9], "has 9 fields"), ([*GOOD, "more"], "has 11 fields")])
def test_ragged_rows(cells: list[str], problem: str) -> None:
    refusal = RowReader(guess_columns(HEADINGS), RULES).read(3, cells)
    assert isinstance(refusal, Refusal)
    assert problem in refusal.problem
    assert isinstance(RowReader(guess_columns(HEADINGS), RULES).read(3, [*GOOD, "", " "]), ReadRow)


def read_list(headings: list[str], cells: list[str], country: str = "US") -> ReadRow | Refusal:
    numbers = NumberRules(country, ("US", "CN", "GB", "DE", "CA"))
    return RowReader(guess_columns(headings), RowRules(numbers, DECLARED, "2026-03-02", "a.csv")).read(2, cells)


def test_all_numbers_of_a_person_are_kept_in_order() -> None:
    row = read_list(["Mobile", "Work phone", "Phone 2"], ["911", "202-555-0101 / 202-555-0102", "202-555-0101"])
    assert isinstance(row, ReadRow)
    assert row.number.e164 == "+12025550101"
    assert [number.e164 for number in row.further] == ["+12025550102"]
    assert row.unusable == 1


def test_without_a_good_number_the_first_fault_is_told() -> None:
    refusal = read_list(["Mobile", "Home phone"], ["911", "1"])
    assert isinstance(refusal, Refusal)
    assert refusal.problem == 'the number "911" is a short or emergency number.'


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("Due date", "3/4/2026", "2026-03-04"),
        ("Due date", "31.3.2026", "2026-03-31"),
        ("Due date", "soon", "soon"),
        ("Amount", "$1,234.50", "1234.50"),
        ("Amount", "1.234,50 €", "1234.50 EUR"),
        ("Note", "3/4/2026", "3/4/2026"),
    ],
)
def test_dates_and_amounts_take_the_form_that_flows_read(heading: str, cell: str, field: str) -> None:
    row = read_list(["Phone", heading], ["2025550101", cell])
    assert isinstance(row, ReadRow)
    assert list(row.fields.values()) == [field]


@pytest.mark.parametrize(
    ("heading", "cell", "number", "kind", "problem"),
    [
        ("Due date", "3/4/2026", "+44 20 7946 0123", "date",
         '"3/4/2026" in the column "Due date" may mean 2026-03-04 or 2026-04-03.'),
        ("Amount", "1.234", "2025550101", "amount", '"1.234" in the column "Amount" may mean 1234 or 1.234.'),
    ],
)  # fmt: skip
def test_what_may_mean_two_things_is_refused(heading: str, cell: str, number: str, kind: str, problem: str) -> None:
    refusal = read_list(["Phone", heading], [number, cell])
    assert isinstance(refusal, Refusal)
    assert (refusal.kind, refusal.problem) == (kind, problem)
    assert refusal.remedy


def test_an_ambiguous_day_of_consent_is_refused() -> None:
    columns = guess_columns(["Phone", "Consent", "Consent date"])
    cells = ["+44 20 7946 0123", "web form", "3/4/2025"]
    refusal = RowReader(columns, RULES).read(2, cells)
    assert isinstance(refusal, Refusal)
    assert "may mean 2025-03-04 or 2025-04-03" in refusal.problem
    assert "--dates" in refusal.remedy
    row = RowReader(columns, replace(RULES, orders=frozenset({"dmy"}))).read(2, cells)
    assert isinstance(row, ReadRow)
    assert row.consent.at == "2025-04-03"


@pytest.mark.parametrize(
    ("headings", "cells", "fields"),
    [
        (["Name"], ["Dr. Ann van der Berg"], {"title": "Dr.", "first_name": "Ann", "last_name": "van der Berg"}),
        (["姓名"], ["王芳"], {"first_name": "芳", "last_name": "王"}),
        (["姓", "名"], ["王", "芳"], {"name": "王芳"}),
        (["Name"], ["Ann"], {"name": "Ann"}),
    ],
)
def test_names_are_parted_and_joined(headings: list[str], cells: list[str], fields: dict[str, str]) -> None:
    row = read_list([*headings, "Phone"], [*cells, "2025550101"])
    assert isinstance(row, ReadRow)
    assert fields.items() <= row.fields.items()
