"""`voicebot call SID --as-test`: what it prints passes as a test of the flow."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.rig import FLOW, Cli

OUTCOMES = ("transferred", "opted_out", "refused", "voicemail", "busy")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_printed_test_passes(town: Cli, outcome: str) -> None:
    listed = town.out("calls", "--outcome", outcome, "--json").splitlines()
    if not listed:
        pytest.skip(f"nobody in the town ends as {outcome}")
    call = json.loads(listed[0])
    told = town.out("call", call["sid"] or call["id"], "--as-test")
    assert not told.startswith("#"), told
    assert call["name"] not in told
    flow = Path(FLOW).read_text(encoding="utf-8").partition("\ntests:")[0]
    file = town.list_file(f"{flow}\ntests:\n{told}", "prescreen.yaml")
    (file.parent / "opt_out.yaml").write_bytes(Path("flows/opt_out.yaml").read_bytes())
    assert town.out("test", file) == "1 passed, 0 failed\n"


def test_the_town_has_calls_of_most_kinds(town: Cli) -> None:
    calls = [json.loads(line) for line in town.out("calls", "--limit", "500", "--json").splitlines()]
    assert len({call["outcome"] for call in calls} & set(OUTCOMES)) >= 4


def test_a_call_whose_private_values_are_erased_cannot_be_told(town: Cli) -> None:
    call = json.loads(town.out("calls", "--outcome", "opted_out", "--json").splitlines()[0])
    with sqlite3.connect(town.database) as db:
        db.execute("UPDATE private_values SET salt = '', body = '', erased_at = '2026-03-02T00:00:00.000Z'")
    assert "its private values were erased" in town.complaint("call", call["sid"], "--as-test")
