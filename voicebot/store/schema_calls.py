"""The part of the first schema that a call passes through: attempts, calls, documents, transfers, legs, the outbox.

Rule: as in `schema.py`.
"""

from __future__ import annotations

CALLS = (
    """
    CREATE TABLE attempts (
        id TEXT PRIMARY KEY,
        enrolment_id INTEGER REFERENCES enrolments(id),  -- NULL for an agent's leg
        number_hash TEXT NOT NULL,
        to_number TEXT NOT NULL,
        from_number TEXT NOT NULL,
        status TEXT NOT NULL
            CHECK (status IN ('reserved', 'posted', 'ringing', 'answered', 'ended', 'refused', 'unknown')),
        sid TEXT UNIQUE,
        policy_version TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        posted_at TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT '',
        error TEXT NOT NULL DEFAULT '',
        outcome TEXT NOT NULL DEFAULT '',
        purpose TEXT NOT NULL DEFAULT 'lead' CHECK (purpose IN ('lead', 'agent')),
        call_id TEXT
    ) STRICT
    """,
    "CREATE INDEX attempts_by_number ON attempts (number_hash, created_at)",
    "CREATE INDEX attempts_by_enrolment ON attempts (enrolment_id, created_at)",
    "CREATE INDEX attempts_by_status ON attempts (status, created_at)",
    # The last word on opting out: whatever the code does, no suppressed number is dialled. `posted` is written just
    # before the provider is asked, so that the second trigger judges at the last moment; `sid` is written after it.
    """
    CREATE TRIGGER attempts_refuse_suppressed BEFORE INSERT ON attempts
    WHEN NEW.purpose = 'lead' AND EXISTS (SELECT 1 FROM suppressions WHERE number_hash = NEW.number_hash)
    BEGIN
        SELECT RAISE(ABORT, 'suppressed');
    END
    """,
    """
    CREATE TRIGGER attempts_refuse_suppressed_post BEFORE UPDATE ON attempts
    WHEN NEW.purpose = 'lead' AND NEW.status = 'posted' AND OLD.status <> 'posted'
        AND EXISTS (SELECT 1 FROM suppressions WHERE number_hash = NEW.number_hash)
    BEGIN
        SELECT RAISE(ABORT, 'suppressed');
    END
    """,
    """
    CREATE TABLE calls (
        id TEXT PRIMARY KEY,
        sid TEXT UNIQUE,
        attempt_id TEXT REFERENCES attempts(id),         -- NULL for an inbound call
        direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
        lead_id INTEGER REFERENCES leads(id),
        enrolment_id INTEGER REFERENCES enrolments(id),
        person_id INTEGER REFERENCES people(id),
        number_hash TEXT NOT NULL DEFAULT '',
        token TEXT NOT NULL DEFAULT '',
        pin TEXT NOT NULL DEFAULT '',
        flow TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',
        base_url TEXT NOT NULL DEFAULT '',
        document INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT '',
        phase TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN
            ('queued', 'initiated', 'ringing', 'in_progress', 'completed', 'busy', 'no_answer', 'canceled', 'failed')),
        status_sequence INTEGER NOT NULL DEFAULT -1,
        answered_by TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL DEFAULT '',
        started_at TEXT NOT NULL DEFAULT '',
        answered_at TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT '',
        deadline_at TEXT NOT NULL DEFAULT '',
        outcome TEXT NOT NULL DEFAULT '',
        software TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX calls_by_attempt ON calls (attempt_id)",
    "CREATE INDEX calls_by_enrolment ON calls (enrolment_id)",
    "CREATE INDEX calls_by_person ON calls (person_id)",
    "CREATE INDEX calls_by_number ON calls (number_hash)",
    "CREATE INDEX calls_by_status ON calls (status, deadline_at)",
    "CREATE INDEX calls_by_start ON calls (started_at)",
    """
    CREATE TABLE documents (
        call_id TEXT NOT NULL REFERENCES calls(id),
        number INTEGER NOT NULL,
        event_key TEXT NOT NULL,             -- of the request this answers, so that a repeat gets the same bytes
        body TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (call_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE seen (
        key TEXT PRIMARY KEY,
        call_id TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE transfers (
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        number INTEGER NOT NULL,
        queue TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL,
        agent TEXT NOT NULL DEFAULT '',
        request TEXT NOT NULL,               -- JSON: what the flow asked for, with whisper, keys, times and card
        requested_at TEXT NOT NULL,
        deadline_at TEXT NOT NULL,           -- no agent is rung after it
        ended_at TEXT NOT NULL DEFAULT '',
        result TEXT NOT NULL DEFAULT '',
        UNIQUE (call_id, number)
    ) STRICT
    """,
    "CREATE INDEX transfers_by_status ON transfers (status)",
    """
    CREATE TABLE legs (
        id TEXT PRIMARY KEY,
        transfer_id INTEGER NOT NULL REFERENCES transfers(id),
        call_id TEXT NOT NULL REFERENCES calls(id),
        agent TEXT NOT NULL,
        attempt_id TEXT REFERENCES attempts(id),
        sid TEXT UNIQUE,
        token TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL,
        document INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        ended_at TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX legs_by_transfer ON legs (transfer_id)",
    "CREATE INDEX legs_by_creation ON legs (created_at)",
    "CREATE INDEX legs_by_status ON legs (status, agent)",
    """
    CREATE TABLE leg_documents (
        leg_id TEXT NOT NULL REFERENCES legs(id),
        number INTEGER NOT NULL,
        event_key TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (leg_id, number)
    ) STRICT
    """,
    # What the provider is still to be asked for: written with what caused it, carried out after the commit.
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('ring', 'move', 'hang_up', 'cancel')),
        subject_kind TEXT NOT NULL CHECK (subject_kind IN ('call', 'leg')),
        subject_id TEXT NOT NULL,
        document INTEGER NOT NULL DEFAULT 0, -- a move is out of date once the subject is past this document
        created_at TEXT NOT NULL,
        started_at TEXT NOT NULL DEFAULT '', -- ringing is tried once: after this nobody knows whether it was done
        tries INTEGER NOT NULL DEFAULT 0,
        done_at TEXT NOT NULL DEFAULT '',
        result TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX outbox_open ON outbox (done_at, id)",
)
