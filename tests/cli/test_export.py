from __future__ import annotations

import csv
import io
import json

from tests.cli.rig import Cli


def test_leads_go_to_a_file_that_a_spreadsheet_reads(town: Cli) -> None:
    out = town.folder / "leads.csv"
    assert town.out("export", "leads", "--out", out, "--bom") == f"{_count(town)} leads written to {out}\n"
    assert out.read_bytes().startswith(b"\xef\xbb\xbflist,line,name,phone")
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert all(row["phone"].startswith("'+") for row in rows)


def _count(town: Cli) -> int:
    return len(json.loads(town.out("export", "leads", "--format", "json")))


def test_calls_and_suppressions_as_json(town: Cli) -> None:
    calls = json.loads(town.out("export", "calls", "--format", "json"))
    assert {"call", "phone", "outcome"} <= set(calls[0])
    assert isinstance(json.loads(town.out("export", "suppressions", "--format", "json")), list)


def test_mistakes(cli: Cli) -> None:
    cli.out("import", cli.list_file("Phone,Consent\n911,x\n"), "--list", "spring", code=1)
    assert "did you mean" in cli.complaint("export", "leads", "--list", "sprong").lower()
    assert "Leave the list out." in cli.complaint("export", "suppressions", "--list", "spring")
    assert "No such file" in cli.complaint("export", "leads", "--out", cli.folder / "no" / "x.csv", code=3)
