from __future__ import annotations

import json

from tests.cli.rig import Cli
from voicebot.leads.retention import RETENTION


def test_the_table_with_its_counts(town: Cli) -> None:
    text = town.out("retention")
    assert all(rule.what in text for rule in RETENTION)
    rows = json.loads(town.out("retention", "--json"))
    assert [row["days"] for row in rows] == [90, 180, 365, 365, None, None]
    assert all(row["kept"] for row in rows[1:4])
