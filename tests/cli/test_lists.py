"""The verbs of lists and people: import, leads, suppress."""

from __future__ import annotations

import json

import pytest

from tests.cli.rig import Cli

GOOD = "name,phone,state,consent,consent date\nAnn,202 555 0151,DC,web form,2026-02-10\n"
MIXED = GOOD + "Ben,1.38E+10,DC,web form,2026-02-10\nCid,202 555 0153,DC,,\nDee,(202) 555-0151,DC,web form,2026-02-10\n"


def test_good_list(cli: Cli) -> None:
    file = cli.list_file(GOOD)
    told = cli.out("import", file, "--list", "spring")
    assert f"{file}: 1 row, utf-8, separated by commas" in told
    assert "consent date → consent_at" in told
    assert '1 lead added to the list "spring"' in told
    assert "1 were in the list already" in cli.out("import", file, "--list", "spring")
    assert not file.with_name("leads.csv.rejects.csv").exists()


def test_refused_rows_are_told_by_line_and_kept(cli: Cli) -> None:
    file = cli.list_file(MIXED)
    told = cli.out("import", file, code=1)
    assert "3 refused (" in told
    assert f'{file}:3: the number "1.38E+10" was shortened by a spreadsheet' in told
    assert f"{file}:4: there is no consent." in told
    assert f"{file}:5: +12025550151 stands in line 2 already." in told
    assert file.with_name("leads.csv.rejects.csv").read_text(encoding="utf-8-sig").count("\n") == 4


def test_report_for_programs(cli: Cli) -> None:
    report = json.loads(cli.out("import", cli.list_file(MIXED), "--list", "spring", "--json", code=1))
    assert (report["list"], report["rows"], report["added"], report["dry_run"]) == ("spring", 4, 1, False)
    assert [one["line"] for one in report["refusals"]] == [3, 4, 5]
    assert all(one["remedy"] for one in report["refusals"])


def test_dry_run_writes_nothing(cli: Cli) -> None:
    file = cli.list_file(MIXED)
    assert "this was a dry run: nothing was written" in cli.out("import", file, "--dry-run", code=1)
    assert not file.with_name("leads.csv.rejects.csv").exists()
    assert cli.out("leads").startswith("No leads.")


def test_consent_declared_for_the_list(cli: Cli) -> None:
    file = cli.list_file("电话\n13800138000\n".encode("gb18030"))
    china = cli.with_settings(country="CN")
    assert "there is no consent." in china.out("import", file, code=1)
    declared = ("--consent-kind", "form", "--consent-date", "2026-02-10", "--consent-source", "fair")
    told = china.out("import", file, *declared)
    assert "gb18030" in told
    assert "1 lead added" in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "the list is empty. Its first line names the columns."),
        (b"a,b\n1,2\n", "none of the columns (a, b) is known to hold telephone numbers."),
        (b"PK\x03\x04\x00\x00", "this spreadsheet is damaged (File is not a zip file). Open it in a spreadsheet"),
    ],
)
def test_file_that_is_no_list(cli: Cli, text: bytes, problem: str) -> None:
    assert problem in cli.complaint("import", cli.list_file(text))


def test_file_that_is_not_there(cli: Cli) -> None:
    assert "nowhere.csv: the list cannot be read:" in cli.complaint("import", cli.folder / "nowhere.csv", code=3)


# --- leads ------------------------------------------------------------------------------------------------------------


def test_leads_stand_with_what_came_of_them(town: Cli) -> None:
    head, _, *rows = town.out("leads").splitlines()
    assert head.split() == ["name", "number", "priority", "grade", "stage", "last", "outcome", "dials", "next"]
    by_name = {row.split("  ")[0]: row for row in rows}
    assert len(by_name) == 6
    assert by_name["Ann Able"].split()[-2:] == ["done", "(opted_out)"]
    assert "ready" in by_name["Ben Best"]
    assert "UTC" in by_name["Cid Cole"]


def test_leads_can_be_narrowed_and_read_by_programs(town: Cli) -> None:
    rows = [json.loads(line) for line in town.out("leads", "--grade", "never", "--json").splitlines()]
    assert [(row["name"], row["reason"]) for row in rows] == [("Eve Eliot", "has_one")]
    assert len(town.out("leads", "--limit", "2").splitlines()) == 4
    assert town.out("leads", "--grade", "not_now") == "No such leads.\n"


def test_leads_of_a_list_in_no_campaign(cli: Cli) -> None:
    cli.out("import", cli.list_file(GOOD), "--list", "spring")
    assert cli.out("leads", "--list", "spring").splitlines()[-1].endswith("in no campaign")
    assert 'Did you mean "spring"?' in cli.complaint("leads", "--list", "sprin")


# --- suppress ---------------------------------------------------------------------------------------------------------


def test_suppressed_person_is_never_called_again(town: Cli) -> None:
    assert town.out("suppress", "202-555-0153", "--why", "by letter") == (
        "+12025550153 is never called again. 1 campaign ended for this person.\n"
    )
    assert "was on the do-not-call record already" in town.out("suppress", "+12025550153", "--why", "again")
    row = next(line for line in town.out("leads").splitlines() if "Cid" in line)
    assert "done" in row.split()
    assert "+12025550153 is on the do-not-call record." in town.out("import", cid(town), "--list", "summer", code=1)


def cid(town: Cli) -> str:
    return str(town.list_file(GOOD.replace("0151", "0153"), "again.csv"))


def test_unknown_person_can_be_suppressed(cli: Cli) -> None:
    assert cli.out("suppress", "+12025550143", "--why", "by letter") == "+12025550143 is never called again.\n"


@pytest.mark.parametrize(
    ("number", "problem"), [("12", '"12": this is too short. Digits are missing.'), ("hello", '"hello": this')]
)
def test_number_that_is_none(cli: Cli, number: str, problem: str) -> None:
    assert problem in cli.complaint("suppress", number, "--why", "by letter")


def test_evidence_is_asked_for(cli: Cli) -> None:
    assert "Missing option '--why'" in cli.run("suppress", "+12025550143").stderr


def test_suppressing_wants_evidence(cli: Cli) -> None:
    assert cli.complaint("suppress", "+12025550151", "--why", " ").startswith("voicebot: --why: this is empty.")
