"""Finding the next due lead among a thousand, a hundred thousand and a million: the time must stay flat."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_most, percentile
from voicebot.store import claims
from voicebot.store.database import Database
from voicebot.timestamps import plus

NOW = "2026-03-02T15:00:00.000Z"
SIZES = (1_000, 100_000, 1_000_000)
FLAT = 3.0
"""How many times as long the largest may take as the smallest before it is no longer called flat."""


def measure(folder: Path) -> Iterator[Figure]:
    """The median of claiming one lead (found and leased, committed without waiting for the disk), by size."""
    medians = []
    for size in SIZES:
        db = Database(folder / f"claims{size}.db", durable=False)
        _fill(db, size)
        medians.append(_median_claim(db))
        db.close()
        yield Figure(f"claim among {size:,}", medians[-1] * 1e6, "microseconds")
    yield at_most("claim, largest against smallest", medians[-1] / medians[0], "times as long", FLAT)


def _fill(db: Database, size: int) -> None:
    """A running campaign of `size` leads, a tenth of them due. Written as rows: the leads themselves do not matter."""
    with db.transaction():
        db.execute("PRAGMA defer_foreign_keys=ON")
        db.execute("INSERT INTO lists (id, name, source_file, created_at) VALUES (1, 'bench', 'x', :now)", now=NOW)
        db.execute("INSERT INTO people (id, created_at) VALUES (1, :now)", now=NOW)
        db.execute(
            "INSERT INTO campaigns (id, name, flow, status, created_at) VALUES (1, 'bench', 'x', 'running', :now)",
            now=NOW,
        )
        db.many(
            """INSERT INTO numbers (id, person_id, e164, hash, kind, country, zones, created_at)
            VALUES (:n, 1, :e164, :e164, 'fixed', 'US', '[]', :now)""",
            ({"n": n, "e164": f"+1{n:010d}", "now": NOW} for n in range(1, size + 1)),
        )
        db.many(
            "INSERT INTO leads (id, list_id, person_id, number_id, row, created_at) VALUES (:n, 1, 1, :n, :n, :now)",
            ({"n": n, "now": NOW} for n in range(1, size + 1)),
        )
        early, late = plus(NOW, -3600), plus(NOW, 86400)
        db.many(
            """INSERT INTO enrolments (id, campaign_id, lead_id, next_at, updated_at) VALUES (:n, 1, :n, :at, :now)""",
            ({"n": n, "at": late if n % 10 else early, "now": NOW} for n in range(1, size + 1)),
        )


def _median_claim(db: Database, count: int = 90) -> float:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        with db.transaction():
            due = claims.next_due(db, NOW)
            assert due is not None  # noqa: S101  (a tenth of them is due)
            claims.lease(db, due["id"], "bench", plus(NOW, 60), NOW)
        times.append(time.perf_counter() - began)
    return percentile(times, 0.5)
