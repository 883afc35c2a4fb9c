"""Migration 0004: the sound that is kept of calls."""

from __future__ import annotations

RECORDINGS: tuple[str, ...] = (
    """
    CREATE TABLE recordings (
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        person_id INTEGER REFERENCES people(id),
        kind TEXT NOT NULL CHECK (kind IN ('answer', 'stream')),
        document INTEGER NOT NULL,           -- in which the callee waited for an answer's words; 0 for a stream
        file TEXT NOT NULL,                  -- its name in the folder beside the database; '' once erased
        seconds REAL NOT NULL,
        bytes INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        erased_at TEXT NOT NULL DEFAULT '',
        UNIQUE (call_id, kind, document)
    ) STRICT
    """,
    "CREATE INDEX recordings_by_person ON recordings (person_id)",
    "CREATE UNIQUE INDEX recordings_by_file ON recordings (file) WHERE file <> ''",
)
