"""Lists of other formats than CSV, and what the verb offers for them."""

from __future__ import annotations

import json

import pytest

from tests.cli.rig import Cli
from tests.services.workbook import SheetOf, write_workbook

CONSENT = ("--consent-kind", "customer", "--consent-date", "2026-01-02", "--consent-source", "CRM")


def test_each_sheet_becomes_a_list(cli: Cli) -> None:
    north = SheetOf(
        [["Leads of March"], ["Name", "Phone", "Due date"], ["Ann", 2025550101.0, '<c s="1"><v>46112</v></c>']]
    )
    south = SheetOf([["Nombre", "Teléfono"], ["Bea", "202-555-0102"], ["Cid", "202-555-0103"]], frozenset({3}))
    file = write_workbook(cli.folder / "leads.xlsx", {"North": north, "South": south})
    text = cli.out("import", file, "--list", "spring", *CONSENT, code=1)
    assert "sheet North" in text
    assert 'row 1 ("Leads of March") was taken for a title' in text
    assert "Due date → field due_date (date)" in text
    assert 'added to the list "spring South"' in text
    assert "leads.xlsx:3: the row is hidden in the spreadsheet." in text
    assert (cli.folder / "leads.xlsx.South.rejects.csv").exists()
    rows = json.loads(cli.out("export", "leads", "--format", "json"))
    assert [(row["list"], row["name"], row["phone"]) for row in rows] == [
        ("spring North", "Ann", "+12025550101"), ("spring South", "Bea", "+12025550102"),
    ]  # fmt: skip
    assert rows[0]["fields"]["due_date"] == "2026-03-31"
    one = json.loads(
        cli.out("import", file, "--sheet", "South", "--hidden", "--list", "spring South", "--json", *CONSENT)
    )
    assert (one["added"], one["already"], one["sheet"], one["format"]) == (1, 1, "South", "xlsx")


def test_json_and_chosen_columns(cli: Cli) -> None:
    file = cli.list_file('[{"who": "Ann", "line": "2025550101", "region": "x", "consent": {"a": 1}}]', "leads.json")
    report = json.loads(
        cli.out(
            "import",
            file,
            "--column",
            "phone=line",
            "--column",
            "name=who",
            "--column",
            "field=region",
            "--json",
            *CONSENT,
        )
    )
    assert report["columns"] == {"who": "name", "line": "phone", "region": "region", "consent.a": "consent_a"}
    assert json.loads(cli.out("export", "leads", "--format", "json"))[0]["name"] == "Ann"


def test_declared_order_of_days(cli: Cli) -> None:
    file = cli.list_file("Phone,Due date\n+442079460123,3/4/2026\n")
    uk = cli.with_settings(allowed_countries="GB,US")
    assert "may mean 2026-03-04 or 2026-04-03" in uk.out("import", file, *CONSENT, code=1)
    assert "1 lead added" in uk.out("import", file, "--dates", "dmy", *CONSENT)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--column", "phone"), '"phone" names no heading. Write it as role=heading'),
        (("--column", "fone=Phone"), 'there is no role "fone". Did you mean "phone"'),
        (("--column", "phone=Fone"), 'no column is headed "Fone"'),
        (("--sheet", "x"), "this file has no sheets"),
    ],
)
def test_mistakes(cli: Cli, words: tuple[str, ...], problem: str) -> None:
    assert problem in cli.complaint("import", cli.list_file("Phone\n2025550101\n"), *words)
