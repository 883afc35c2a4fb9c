"""The verb cases: what waits for a human is listed, and closed when it has been seen to."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.rig import Cli
from voicebot.store import cases
from voicebot.store.database import Database

AT = "2026-03-02T15:00:00.000Z"


def opened(database: Path) -> list[int]:
    """Two cases: one is due later than the other."""
    db = Database(database)
    try:
        with db.transaction():
            return [
                cases.open_case(db, "complaint", AT, due_at="2026-03-04T15:00:00.000Z", note="late", owner="service"),
                cases.open_case(db, "review", AT, due_at="2026-03-03T15:00:00.000Z", note="unsure"),
            ]
    finally:
        db.close()


def test_nothing_waits(cli: Cli) -> None:
    assert cli.out("cases") == "No open cases.\n"


def test_the_soonest_due_stands_first(cli: Cli) -> None:
    cli.out("cases")
    later, sooner = opened(cli.database)
    told = cli.out("cases")
    assert told.index("unsure") < told.index("late")
    assert told.endswith("2 open cases\n")
    assert [case["id"] for case in json.loads(cli.out("cases", "--json"))] == [sooner, later]
    assert [case["id"] for case in json.loads(cli.out("cases", "--owner", "service", "--json"))] == [later]


def test_a_closed_case_waits_no_more(cli: Cli) -> None:
    cli.out("cases")
    later, sooner = opened(cli.database)
    assert cli.out("cases", "--close", str(sooner)) == f"Case {sooner} is closed.\n"
    assert [case["id"] for case in json.loads(cli.out("cases", "--json"))] == [later]
    assert "there is no open case" in cli.complaint("cases", "--close", str(sooner))
