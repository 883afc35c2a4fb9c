"""Attempts: they move as the table says, whatever order the news comes in, and count as they should."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialer.loop.rig import Rig, campaign, rig
from voicebot.dialer.attempt_moves import ATTEMPT_STATUSES, DIALLED, LIVE, MOVES, AttemptStatus, from_statuses
from voicebot.services.attempts import noticed
from voicebot.store import attempts

LATER = "2026-06-01T17:05:00.000Z"


@pytest.fixture
def made(tmp_path: Path) -> Rig:
    made = campaign(rig(tmp_path))
    made.loop().tick(made.now)
    return made


def put(made: Rig, status: AttemptStatus) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE attempts SET status = :status, ended_at = '', outcome = ''", status=status)


@pytest.mark.parametrize("before", ATTEMPT_STATUSES)
@pytest.mark.parametrize("after", ATTEMPT_STATUSES)
def test_a_status_moves_only_as_the_table_allows(made: Rig, before: AttemptStatus, after: AttemptStatus) -> None:
    put(made, before)
    with made.db.transaction():
        match after:
            case "ended":
                moved = attempts.end(made.db, "1-1", "busy", LATER)
            case "refused":
                moved = attempts.refuse(made.db, "1-1", "no", LATER)
            case "unknown":
                moved = attempts.lose(made.db, "1-1", "reset")
            case "posted":
                moved = attempts.post(made.db, "1-1", LATER)
            case _:
                moved = attempts.note(made.db, "1-1", after)
    assert moved == (after in MOVES[before])
    assert made.attempts()[0]["status"] == (after if moved else before)


def test_every_status_can_be_reached_and_left_but_the_last() -> None:
    assert all(from_statuses(status) for status in ATTEMPT_STATUSES if status != "reserved")
    assert {status for status in ATTEMPT_STATUSES if not MOVES[status]} == {"ended", "refused"}
    assert set(ATTEMPT_STATUSES) - set(LIVE) == {"ended", "refused"}
    assert set(ATTEMPT_STATUSES) - set(DIALLED) == {"refused"}


NEWS = ["queued", "initiated", "ringing", "in_progress", "completed", "busy"]


@given(st.lists(st.sampled_from(NEWS), max_size=8))
def test_news_in_any_order_ends_where_its_gravest_leads(news: list[str]) -> None:
    """The table alone: what the rows do is tested above."""
    status: AttemptStatus = "posted"
    ranks = {"queued": 0, "initiated": 0, "ringing": 1, "in_progress": 2, "completed": 3, "busy": 3}
    targets: dict[int, AttemptStatus] = {1: "ringing", 2: "answered", 3: "ended"}
    for one in news:
        target = targets.get(ranks[one])
        if target and target in MOVES[status]:
            status = target
    gravest = max((ranks[one] for one in news), default=0)
    assert status == targets.get(gravest, "posted")


def test_the_first_id_and_the_first_end_stay(made: Rig) -> None:
    sid = made.attempts()[0]["sid"]
    with made.db.transaction():
        noticed(made.db, "1-1", "queued", LATER, sid="CAother")
        noticed(made.db, "1-1", "completed", LATER, outcome="completed")
        noticed(made.db, "1-1", "ringing", LATER)
        noticed(made.db, "1-1", "busy", LATER, outcome="busy")
    (attempt,) = made.attempts()
    assert (attempt["sid"], attempt["status"], attempt["outcome"]) == (sid, "ended", "completed")
    assert attempts.under_way(made.db) == 0


def test_a_suppressed_number_can_still_be_told_how_its_call_went(made: Rig) -> None:
    with made.db.transaction():
        made.db.execute(
            "INSERT INTO suppressions (number_hash, source, created_at) SELECT hash, 'key', '' FROM numbers"
        )
    put(made, "unknown")
    with made.db.transaction():
        noticed(made.db, "1-1", "queued", LATER)
        noticed(made.db, "1-1", "ringing", LATER)
        noticed(made.db, "1-1", "completed", LATER)
    assert made.attempts()[0]["status"] == "ended"


@pytest.mark.parametrize(("status", "counts"), [("posted", 1), ("unknown", 1), ("ended", 1), ("refused", 0)])
def test_what_counts_towards_caps(made: Rig, status: AttemptStatus, counts: int) -> None:
    put(made, status)
    assert len(attempts.dialled_to_person(made.db, 1, "2026")) == counts


@pytest.mark.parametrize(("outcome", "talks"), [("completed", 1), ("opted_out", 1), ("no_answer", 0), ("voicemail", 0)])
def test_what_counts_as_a_conversation(made: Rig, outcome: str, talks: int) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE calls SET outcome = :outcome, ended_at = :at", outcome=outcome, at=LATER)
    assert len(attempts.talked_with_person(made.db, 1, "2026")) == talks
