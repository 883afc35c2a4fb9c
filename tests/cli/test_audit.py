"""The verb audit: nothing happened that must not, or it is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from tests.cli.rig import Cli


def test_a_campaign_that_kept_the_rules(town: Cli) -> None:
    told = town.out("audit", "--replay").splitlines()
    assert len(told) >= 10
    assert all(line.split()[-2:] == ["0", "ok"] for line in told)
    assert json.loads(town.out("audit", "--json")) == []


def test_a_breach_is_told(cli: Cli) -> None:
    cli.out("calls")
    with closing(sqlite3.connect(cli.database)) as db, db:
        db.execute(
            "INSERT INTO journal (subject_kind, subject_id, kind, at, body, versions, previous, hash) "
            "VALUES ('centre', 'webhooks', 'refused_webhook', '2026-03-02T15:00:00.000Z', '{}', '{}', '', '')"
        )
    told = cli.out("audit", code=1)
    assert "refused webhook        1  BREACH" in told
    assert "  refused webhook: 1: 2026-03-02T15:00:00.000Z {}" in told
