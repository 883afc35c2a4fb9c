"""Migration 0002: where an intake stands, and when private values were erased."""

from __future__ import annotations

INTAKES_AND_ERASURE: tuple[str, ...] = (
    """
    CREATE TABLE intakes (
        key TEXT PRIMARY KEY,                -- digest of the file's content and of how it is read
        started_at TEXT NOT NULL,
        line INTEGER NOT NULL,               -- the last row that is dealt with
        rejects INTEGER NOT NULL,            -- bytes of the rejects' draft that belong to the rows up to there
        counts TEXT NOT NULL                 -- JSON: what came of these rows
    ) STRICT
    """,
    "ALTER TABLE people ADD COLUMN erased_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE leads ADD COLUMN erased_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE calls ADD COLUMN erased_at TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX calls_to_erase ON calls (ended_at) WHERE erased_at = ''",
)
