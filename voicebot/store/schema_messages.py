"""Migration 0003: text messages, and opting out by one."""

from __future__ import annotations

MESSAGES: tuple[str, ...] = (
    """
    CREATE TABLE messages (
        id TEXT PRIMARY KEY,                 -- of the n-th message of a call: <call>-m<n>; of one that came: in-<sid>
        direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
        person_id INTEGER REFERENCES people(id),
        call_id TEXT REFERENCES calls(id),
        number_hash TEXT NOT NULL,           -- of the other side; '' where it is no telephone number
        to_number TEXT NOT NULL,
        from_number TEXT NOT NULL,
        body TEXT NOT NULL,                  -- '' once erased
        reply TEXT NOT NULL DEFAULT '',      -- what an inbound one was answered with
        status TEXT NOT NULL CHECK (status IN ('reserved', 'posted', 'sent', 'delivered', 'undelivered', 'failed',
            'refused', 'unknown', 'received')),
        sid TEXT UNIQUE,
        tries INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '',
        case_id INTEGER REFERENCES cases(id),
        created_at TEXT NOT NULL,
        posted_at TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX messages_by_status ON messages (status, created_at)",
    "CREATE INDEX messages_by_call ON messages (call_id)",
    "CREATE INDEX messages_by_number ON messages (number_hash, created_at)",
    # As with attempts: whatever the code does, no suppressed number is written to.
    """
    CREATE TRIGGER messages_refuse_suppressed BEFORE INSERT ON messages
    WHEN NEW.direction = 'outbound' AND EXISTS (SELECT 1 FROM suppressions WHERE number_hash = NEW.number_hash)
    BEGIN
        SELECT RAISE(ABORT, 'suppressed');
    END
    """,
    """
    CREATE TRIGGER messages_refuse_suppressed_post BEFORE UPDATE ON messages
    WHEN NEW.direction = 'outbound' AND NEW.status = 'posted' AND OLD.status <> 'posted'
        AND EXISTS (SELECT 1 FROM suppressions WHERE number_hash = NEW.number_hash)
    BEGIN
        SELECT RAISE(ABORT, 'suppressed');
    END
    """,
    # A message is a source of its own; a CHECK cannot be altered, so the table is written anew. It is not renamed:
    # the triggers of other tables name it.
    "CREATE TEMPORARY TABLE suppressions_before AS SELECT * FROM suppressions",
    "DROP TABLE suppressions",
    """
    CREATE TABLE suppressions (
        id INTEGER PRIMARY KEY,
        number_hash TEXT NOT NULL,
        person_id INTEGER REFERENCES people(id),
        scope TEXT NOT NULL DEFAULT 'all',
        source TEXT NOT NULL
            CHECK (source IN ('key', 'words', 'flow', 'agent', 'manual', 'import', 'inbound', 'message')),
        evidence TEXT NOT NULL DEFAULT '',
        call_id TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (number_hash, scope)
    ) STRICT
    """,
    """
    INSERT INTO suppressions (id, number_hash, person_id, scope, source, evidence, call_id, created_at)
    SELECT id, number_hash, person_id, scope, source, evidence, call_id, created_at FROM suppressions_before
    """,
    "DROP TABLE suppressions_before",
    "CREATE INDEX suppressions_by_person ON suppressions (person_id)",
)
