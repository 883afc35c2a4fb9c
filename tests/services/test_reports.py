"""The audit finds each breach that is planted, and nothing in a campaign that kept the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialer.loop.rig import Rig, campaign, rig
from voicebot.errors import VoicebotError
from voicebot.services import reports
from voicebot.services.reports import RULES, Breach


@pytest.fixture
def made(tmp_path: Path) -> Rig:
    """Two leads were dialled: one call was talked through, one not answered."""
    made = campaign(rig(tmp_path), 2)
    loop = made.loop()
    loop.tick(made.now)
    made.answer("1-1")
    made.wait(20)
    made.end("1-1")
    loop.tick(made.now)
    made.wait(30)
    made.end("2-1", "no_answer")
    return made


def test_a_campaign_that_kept_the_rules(made: Rig) -> None:
    assert reports.invariants(made.db) == []


SUPPRESS = """INSERT INTO suppressions (number_hash, source, created_at)
    SELECT hash, 'key', '{}' FROM numbers WHERE id = 1"""
AGAIN = """INSERT INTO attempts (id, enrolment_id, number_hash, to_number, from_number, status, policy_version,
        created_at, posted_at, ended_at, outcome)
    SELECT '{}', enrolment_id, number_hash, to_number, from_number, 'ended', policy_version,
        created_at, '{}', '{}', 'busy' FROM attempts WHERE id = '1-1'"""

PLANTED: dict[str, tuple[str, list[str]]] = {
    "dialled_after_opt_out": ("1-1", [SUPPRESS.format("2026-06-01T16:00:00.000Z")]),
    "texted_after_opt_out": (
        "1-1-m1",
        ["""INSERT INTO messages
                (id, direction, number_hash, to_number, from_number, body, status, created_at, posted_at)
            SELECT '1-1-m1', 'outbound', hash, '', '', '', 'sent', '', '2026-06-01T19:00:00.000Z' FROM numbers
            WHERE id = 1""", SUPPRESS.format("2026-06-01T18:00:00.000Z")],
    ),
    "opt_out_not_recorded": ("1-1", ["UPDATE calls SET outcome = 'opted_out' WHERE id = '1-1'"]),
    "dialled_twice_at_once": ("1-2", [AGAIN.format("1-2", "2026-06-01T17:00:10.000Z", "2026-06-01T17:00:15.000Z")]),
    "call_without_outcome": ("2-1", ["UPDATE calls SET outcome = '' WHERE id = '2-1'"]),
    "attempt_without_end": ("2-1", ["UPDATE attempts SET ended_at = '', status = 'posted' WHERE id = '2-1'"]),
    "lead_left_lying": ("2", ["UPDATE enrolments SET status = 'leased' WHERE id = 2"]),
    "refused_webhook": (
        "1",
        ["""INSERT INTO journal (sequence, subject_kind, subject_id, kind, at, body, versions, previous, hash)
            VALUES (100000, 'centre', 'webhooks', 'refused_webhook', '', '{}', '{}', '', '')"""],
    ),
    "outside_hours": ("1-1", ["UPDATE attempts SET posted_at = '2026-06-01T12:59:00.000Z' WHERE id = '1-1'"]),
    "over_cap": (
        "1-4",
        [AGAIN.format(f"1-{n}", f"2026-06-01T18:0{n}:00.000Z", f"2026-06-01T18:0{n}:30.000Z") for n in (2, 3, 4)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_each_breach_is_found_and_nothing_else(made: Rig, rule: str) -> None:
    subject, statements = PLANTED[rule]
    with made.db.transaction():
        for statement in statements:
            made.db.execute(statement)
    found = reports.invariants(made.db)
    assert [breach.rule for breach in found] == [rule]
    assert found[0].subject == (subject if rule != "refused_webhook" else "100000")
    assert found[0].detail


def test_a_dial_without_a_zone_or_a_policy_is_a_breach(made: Rig) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE numbers SET zones = '[]' WHERE id = 1")
        made.db.execute("UPDATE attempts SET policy_version = 'gone' WHERE id = '2-1'")
    assert reports.invariants(made.db) == [
        Breach("outside_hours", "1-1", "it was dialled without a known time zone"),
        Breach("outside_hours", "2-1", "the policy it was dialled under is not kept"),
    ]


def test_the_funnel_counts_what_happened(made: Rig) -> None:
    funnel = reports.funnel(made.db, "first")
    expected = {"leads": 2, "dialled": 2, "attempts": 2, "answered": 1, "opt_outs": 0, "machines": 0, "waiting": 0}
    assert {name: funnel.counts[name] for name in expected} == expected
    assert sum(funnel.outcomes.values()) == 2
    assert funnel.outcomes["no_answer"] == 1
    assert funnel.counts["reached"] == sum(
        n for outcome, n in funnel.outcomes.items() if outcome in ("partial", "completed")
    )


def test_each_count_sees_its_own_calls(made: Rig) -> None:
    for outcome, name in (
        ("callback", "callbacks"),
        ("opted_out", "opt_outs"),
        ("wrong_number", "wrong_numbers"),
        ("voicemail", "machines"),
    ):
        with made.db.transaction():
            made.db.execute("UPDATE calls SET outcome = :outcome WHERE id = '2-1'", outcome=outcome)
        assert reports.funnel(made.db, "first").counts[name] == 1
    with made.db.transaction():
        made.db.execute("UPDATE calls SET outcome = 'transferred' WHERE id = '1-1'")
        made.db.execute("UPDATE enrolments SET grade = 'ready', outcome = 'refused', reason = 'price' WHERE id = 1")
        for n, agent in ((1, ""), (2, "Dana")):
            made.db.execute(
                """INSERT INTO transfers (call_id, number, status, agent, request, requested_at, deadline_at)
                VALUES ('1-1', :n, 'ended', :agent, '{}', '', '')""",
                n=n,
                agent=agent,
            )
    funnel = reports.funnel(made.db, "first")
    assert (funnel.counts["transfers_asked"], funnel.counts["transfers_met"]) == (2, 1)
    assert (funnel.grades, funnel.reasons) == ({"ready": 1}, {"price": 1})


def test_a_campaign_that_is_not_there(made: Rig) -> None:
    with pytest.raises(VoicebotError, match="there is no such campaign"):
        reports.funnel(made.db, "second")
