"""The demo: the same seed gives the same days, and whatever the seed, nothing happens that must not."""

from __future__ import annotations

import json
import re
import stat
import sys
from typing import Any

from tests.demo.conftest import MakeTown
from voicebot.demo.town import LEFT_IN_JANUARY, SCREENING, Town
from voicebot.leads.hashing import number_hash
from voicebot.services.replay import replay
from voicebot.services.reports import funnel, invariants
from voicebot.settings import secret_file
from voicebot.store import overview, suppressions


def history(town: Town) -> list[tuple[Any, ...]]:
    """The whole journal with its private values; the salts, and the hashes that hang on them, are drawn anew."""
    rows = town.db.rows(
        """SELECT journal.*, private_values.body AS hidden
        FROM journal LEFT JOIN private_values ON private_values.sequence = journal.sequence
        ORDER BY journal.sequence"""
    )
    told = ("subject_kind", "subject_id", "kind", "at", "hidden")
    return [(*(row[name] for name in told), {**json.loads(row["body"]), "private": None}) for row in rows]


def documents(town: Town) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in town.db.rows("SELECT call_id, number, body FROM documents ORDER BY call_id, number")]


def test_same_seed_same_days(town: Town, make_town: MakeTown) -> None:
    other = make_town(7)
    assert funnel(town.db, SCREENING.campaign) == funnel(other.db, SCREENING.campaign)
    assert documents(town) == documents(other)
    assert history(town) == history(other)


def test_other_seed_other_days(town: Town, make_town: MakeTown) -> None:
    other = make_town(8)
    assert funnel(town.db, SCREENING.campaign).outcomes != funnel(other.db, SCREENING.campaign).outcomes
    assert invariants(other.db) == []


def test_town_lives_by_the_rules(town: Town) -> None:
    assert invariants(town.db) == []
    calls = overview.recent_calls(town.db, limit=sys.maxsize)
    assert [report for report in (replay(town.db, call["id"]) for call in calls) if not report.same] == []
    assert {call["language"] for call in calls} == {"en-US", "zh-CN"}
    reached = funnel(town.db, SCREENING.campaign)
    assert reached.counts["reached"] > 0
    assert sum(reached.outcomes.values()) == sum(call["direction"] == "outbound" for call in calls)


def test_who_left_in_january_is_not_rung(town: Town) -> None:
    rung = {call.to for call in town.world.calls.values()}
    for number in LEFT_IN_JANUARY:
        assert suppressions.is_suppressed(town.db, number_hash(number, town.settings.secret))
        assert number not in rung


FICTION = {"US": r"\+1\d{3}55501\d\d", "GB": r"\+44(20794\d{5}|7700900\d{3})"}
"""Numbers that nobody has: North America's 555-0100 to 0199, and those that Ofcom keeps for drama. China has none."""


def test_numbers_that_are_rung_are_nobodys(town: Town) -> None:
    for row in town.db.rows("SELECT e164, country FROM numbers"):
        assert re.fullmatch(FICTION.get(row["country"], r"\+86199\d{8}"), row["e164"]), row["e164"]


def test_other_verbs_find_the_secret(town: Town) -> None:
    kept = secret_file(town.db.path)
    assert kept.read_text(encoding="ascii").strip() == town.settings.secret
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
