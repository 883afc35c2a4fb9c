"""The verb messages: text messages both ways, the latest first."""

from __future__ import annotations

import json

from tests.cli.rig import Cli
from voicebot.store import messages
from voicebot.store.database import Database


def test_no_messages(cli: Cli) -> None:
    assert cli.out("messages") == "No messages yet.\n"


def test_the_latest_stands_first(cli: Cli) -> None:
    cli.out("messages")
    db = Database(cli.database)
    with db.transaction():
        for minute, body in enumerate(("Where are you?", "")):
            messages.receive(
                db, f"in-SM{minute}", person_id=None, number_hash="h", to_number="+12025550100",
                from_number="+12025550150", body=body, sid=f"SM{minute}", created_at=f"2026-03-02T15:0{minute}:00.000Z",
            )  # fmt: skip
    db.close()
    told = cli.out("messages")
    assert "+12025550150" in told
    assert told.index("(erased)") < told.index("Where are you?")
    rows = [json.loads(line) for line in cli.out("messages", "--json").splitlines()]
    assert [(row["id"], row["status"]) for row in rows] == [("in-SM1", "received"), ("in-SM0", "received")]
    assert len(cli.out("messages", "--json", "--limit", "1").splitlines()) == 1
