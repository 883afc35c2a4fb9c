"""Taking due work: in the right order, once, and at a cost that does not grow with the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicebot.store import claims
from voicebot.store.database import Database
from voicebot.timestamps import plus

NOW = "2026-06-01T17:00:00.000Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(tmp_path / "bot.db", durable=False)


def fill(db: Database, moments: list[tuple[str, str, str]], *, campaign: int = 1, status: str = "running") -> None:
    """Enrolments of one campaign, as (status, next_at, callback_at)."""
    with db.transaction():
        db.execute(
            "INSERT INTO campaigns (id, name, flow, status, created_at) VALUES (:id, :id, 'f', :status, :now)",
            id=campaign, status=status, now=NOW,
        )  # fmt: skip
        db.execute(
            """INSERT INTO people (id, created_at) VALUES (1, :now) ON CONFLICT DO NOTHING""",
            now=NOW,
        )
        db.execute("INSERT INTO lists (id, name, source_file, created_at) VALUES (:id, :id, '', '')", id=campaign)
        first = db.value("SELECT coalesce(max(id), 0) FROM numbers")
        rows = [
            {"id": first + n, "list": campaign, "campaign": campaign, "status": status, "next": next_at, "wish": wish}
            for n, (status, next_at, wish) in enumerate(moments, start=1)
        ]
        db.many(
            "INSERT INTO numbers (id, person_id, e164, hash, kind, country, zones, created_at) "
            "VALUES (:id, 1, :id, :id, 'fixed', 'US', '[]', '')",
            rows,
        )
        db.many(
            "INSERT INTO leads (id, list_id, person_id, number_id, row, created_at) VALUES (:id, :list, 1, :id, 1, '')",
            rows,
        )
        db.many(
            "INSERT INTO enrolments (id, campaign_id, lead_id, status, next_at, callback_at, updated_at) "
            "VALUES (:id, :campaign, :id, :status, :next, :wish, '')",
            rows,
        )


def ago(seconds: float) -> str:
    return plus(NOW, -seconds)


def test_the_longest_due_comes_first_and_a_promise_before_it(db: Database) -> None:
    fill(db, [("due", ago(10), ""), ("due", ago(30), ""), ("due", ago(5), ago(5)), ("due", plus(NOW, 1), ago(90))])
    order = []
    while row := claims.next_due(db, NOW):
        order.append(row["id"])
        with db.transaction():
            assert claims.lease(db, row["id"], "me", NOW, NOW)
    assert order == [3, 2, 1]
    assert claims.earliest(db) == plus(NOW, 1)


@pytest.mark.parametrize("status", ["draft", "paused", "finished"])
def test_only_running_campaigns_dial(db: Database, status: str) -> None:
    fill(db, [("due", ago(10), "")], status=status)
    fill(db, [("paused", ago(10), ""), ("review", ago(10), ""), ("done", "", ""), ("due", "", "")], campaign=2)
    assert claims.next_due(db, NOW) is None
    assert claims.earliest(db) == ""


def test_several_campaigns_share_the_line_by_who_waits_longest(db: Database) -> None:
    fill(db, [("due", ago(10), "")])
    fill(db, [("due", ago(20), "")], campaign=2)
    row = claims.next_due(db, NOW)
    assert row is not None
    assert row["campaign_id"] == 2


def test_a_lease_is_one_dialers(db: Database) -> None:
    fill(db, [("due", ago(10), "")])
    with db.transaction():
        assert claims.lease(db, 1, "me", plus(NOW, 60), NOW)
        assert not claims.lease(db, 1, "you", plus(NOW, 60), NOW)
        assert not claims.dial(db, 1, "you", NOW)
        assert claims.dial(db, 1, "me", NOW)
        assert not claims.dial(db, 1, "me", NOW)
        assert claims.give_back(db, 1, NOW, NOW)
        assert not claims.give_back(db, 1, NOW, NOW)
    row = claims.next_due(db, NOW)
    assert row is not None
    assert (row["attempts"], row["lease_by"]) == (0, "")


def test_what_is_frozen_stays_frozen(db: Database) -> None:
    fill(db, [("due", ago(10), ""), ("due", ago(10), "")])
    with db.transaction():
        assert claims.review(db, 1, "look", NOW)
        assert not claims.finish(db, 1, "over", NOW)
        assert claims.finish(db, 2, "over", NOW)
        claims.postpone(db, 2, NOW, "", "v", NOW)
        assert not claims.give_back(db, 1, NOW, NOW)
    assert [row["status"] for row in db.rows("SELECT status FROM enrolments ORDER BY id")] == ["review", "done"]
    assert claims.next_due(db, NOW) is None


@pytest.mark.parametrize("query", ["NEXT", "NEXT_PROMISED", "EARLIEST"])
def test_each_look_is_one_step_into_an_index(db: Database, query: str) -> None:
    fill(db, [("due", ago(10), "")] * 3)
    plan = " ".join(
        row["detail"] for row in db.rows(f"EXPLAIN QUERY PLAN {getattr(claims, query)}", campaign_id=1, now=NOW)
    )
    index = "enrolments_promised" if query == "NEXT_PROMISED" else "enrolments_due_by_campaign"
    assert f"USING INDEX {index}" in plan.replace("COVERING ", "")
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan, "it sorts"


def steps(db: Database) -> int:
    """How many instructions SQLite needs to find who is next."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    db._connection.set_progress_handler(count, 1)
    assert claims.next_due(db, NOW) is not None
    db._connection.set_progress_handler(None, 0)
    return counted


def test_the_cost_is_flat(tmp_path: Path) -> None:
    costs = []
    for size in (100, 10_000):
        db = Database(tmp_path / f"{size}.db", durable=False)
        fill(db, [("due", ago(n + 1), "") for n in range(size)])
        fill(db, [("due", ago(n + 1), "") for n in range(size)], campaign=2, status="paused")
        costs.append(steps(db))
        db.close()
    assert costs[0] == costs[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["due", "due", "paused", "done", "review"]),
            st.integers(-5, 5).map(lambda n: plus(NOW, n)) | st.just(""),
            st.sampled_from(["", NOW]),
        ),
        max_size=12,
    )
)
def test_everybody_due_is_claimed_exactly_once(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "claims.db"
    for file in tmp_path.glob("claims.db*"):
        file.unlink()
    db = Database(path, durable=False)
    fill(db, rows)
    claimed = []
    while row := claims.next_due(db, NOW):
        claimed.append(row["id"])
        with db.transaction():
            assert claims.lease(db, row["id"], "me", NOW, NOW)
    db.close()
    due = {n for n, (status, at, _) in enumerate(rows, start=1) if status == "due" and "" < at <= NOW}
    assert set(claimed) == due
    assert len(claimed) == len(due)
