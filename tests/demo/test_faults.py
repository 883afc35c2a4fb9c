"""A nasty network: a fifth of everything goes wrong, and still every call ends and nothing happens that must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.demo.town import SCREENING, Plan, Round, Town
from voicebot.services.reports import funnel, invariants
from voicebot.simulator.faults import Faults
from voicebot.store import overview


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A tenth of the messy list, three days, with every fault at one in five."""
    folder = tmp_path_factory.mktemp("battered")
    heading, *rows = SCREENING.file.read_text(encoding="utf-8-sig").splitlines()
    leads = folder / "few.csv"
    leads.write_text("\n".join([heading, *rows[::10]]), encoding="utf-8")
    few = Round(SCREENING.flow, SCREENING.list_name, leads)
    town = Town(Plan(folder, Path("flows"), days=3, rounds=(few,), faults=Faults.everywhere(0.2, seed=5)))
    town.load(few)
    town.enrol(few)
    town.start()
    town.live(lambda _: None)
    return town


def test_nothing_happens_that_must_not(battered: Town) -> None:
    assert invariants(battered.db) == []


def test_every_call_ends(battered: Town) -> None:
    open_calls = [row["id"] for row in overview.recent_calls(battered.db, limit=10_000) if not row["ended_at"]]
    placed = {row["id"] for row in battered.db.rows("SELECT id FROM attempts WHERE ended_at = '' AND posted_at > ''")}
    assert [one for one in open_calls if one in placed] == []


def test_the_totals_add_up(battered: Town) -> None:
    came = funnel(battered.db, SCREENING.campaign)
    statuses = battered.db.rows("SELECT status, count(*) AS n FROM enrolments GROUP BY status")
    assert sum(row["n"] for row in statuses) == came.counts["leads"]
    assert came.counts["reached"] <= came.counts["answered"] <= came.counts["dialled"] <= came.counts["leads"]
    ended = battered.db.value("SELECT count(*) FROM calls WHERE outcome <> '' AND direction = 'outbound'")
    assert sum(came.outcomes.values()) == ended
    assert came.counts["transfers_met"] <= came.counts["transfers_asked"]
    assert came.counts["opt_outs"] == battered.db.value(
        "SELECT count(*) FROM calls WHERE outcome = 'opted_out' AND direction = 'outbound'"
    )


def test_the_network_was_nasty(battered: Town) -> None:
    lost = battered.db.value("SELECT count(*) FROM attempts WHERE error <> ''")
    assert lost > 0
