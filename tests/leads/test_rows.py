from __future__ import annotations

import pytest

from voicebot.leads.columns import guess_columns
from voicebot.leads.consent import NO_CONSENT, Consent
from voicebot.leads.numbers import NumberRules
from voicebot.leads.rows import LONGEST_FIELD, ReadRow, Refusal, RowRules, read_row

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
    return read_row(7, guess_columns(HEADINGS), cells, _rules(declared))


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
        ({"Country": "Germany"}, "number", '"GERMANY", which is no country code.'),
        ({"Time zone": "Eastern"}, "time_zone", 'there is no time zone "Eastern".'),
        ({"Consent": ""}, "consent", "there is no consent."),
        ({"Consent": "none"}, "consent", 'the row itself says "none" of consent.'),
        ({"Consent": "yes"}, "consent", 'the consent "yes" is none of written, oral, form, customer or request.'),
        ({"Consent date": ""}, "consent", "the consent has no date."),
        ({"Consent date": "03/04/2026"}, "consent", 'the consent has the date "03/04/2026".'),
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
    refusal = read_row(3, guess_columns(HEADINGS), cells, RULES)
    assert isinstance(refusal, Refusal)
    assert problem in refusal.problem
    assert isinstance(read_row(3, guess_columns(HEADINGS), [*GOOD, "", " "], RULES), ReadRow)
