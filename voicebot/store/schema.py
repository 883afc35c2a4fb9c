"""The first version of the schema, statement by statement.

Rule: moments are fixed-width UTC text, '' where there is none; JSON is text; an absent row is NULL, an absent word ''.
"""

from __future__ import annotations

from voicebot.store.schema_calls import CALLS

PEOPLE = (
    """
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',   -- BCP-47 tag, '' = unknown
        time_zone TEXT NOT NULL DEFAULT '',  -- IANA name by the person's own word, '' = unknown
        region TEXT NOT NULL DEFAULT '',     -- state or province, as the list gives it, '' = unknown
        created_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE numbers (
        id INTEGER PRIMARY KEY,
        person_id INTEGER NOT NULL REFERENCES people(id),
        e164 TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL UNIQUE,           -- keyed hash of e164, as in suppressions
        kind TEXT NOT NULL,                  -- mobile | fixed | either | voip | other
        country TEXT NOT NULL,               -- ISO 3166 code
        zones TEXT NOT NULL,                 -- JSON list of the IANA zones it may ring in; [] = unknown
        status TEXT NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'wrong', 'invalid')),
        created_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX numbers_by_person ON numbers (person_id)",
    """
    CREATE TABLE lists (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        source_file TEXT NOT NULL,
        consent_kind TEXT NOT NULL DEFAULT '',   -- the declaration for the whole list, if there is one
        consent_at TEXT NOT NULL DEFAULT '',
        consent_source TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE leads (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL REFERENCES lists(id),
        person_id INTEGER NOT NULL REFERENCES people(id),
        number_id INTEGER NOT NULL REFERENCES numbers(id),
        row INTEGER NOT NULL,                -- line in the source file
        fields TEXT NOT NULL DEFAULT '{}',   -- JSON object
        consent_kind TEXT NOT NULL DEFAULT '',
        consent_at TEXT NOT NULL DEFAULT '',
        consent_source TEXT NOT NULL DEFAULT '',
        grade TEXT NOT NULL DEFAULT '',
        stage TEXT NOT NULL DEFAULT 'screening',
        reason TEXT NOT NULL DEFAULT '',     -- why never, or why closed
        priority TEXT NOT NULL DEFAULT '',   -- A to E
        created_at TEXT NOT NULL,
        UNIQUE (list_id, number_id)
    ) STRICT
    """,
    "CREATE INDEX leads_by_person ON leads (person_id)",
    "CREATE INDEX leads_by_number ON leads (number_id)",
)

WORK = (
    """
    CREATE TABLE campaigns (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        flow TEXT NOT NULL,
        flow_pin TEXT NOT NULL DEFAULT '',   -- pins.hash
        status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'running', 'paused', 'finished')),
        created_at TEXT NOT NULL,
        policy TEXT NOT NULL DEFAULT '{}',
        caller_ids TEXT NOT NULL DEFAULT '[]'
    ) STRICT
    """,
    """
    CREATE TABLE enrolments (
        id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL REFERENCES campaigns(id),
        lead_id INTEGER NOT NULL REFERENCES leads(id),
        status TEXT NOT NULL DEFAULT 'due'
            CHECK (status IN ('due', 'leased', 'in_call', 'paused', 'review', 'done')),
        stage TEXT NOT NULL DEFAULT 'screening',
        grade TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        outcome TEXT NOT NULL DEFAULT '',    -- of the last call
        next_at TEXT NOT NULL DEFAULT '' CHECK (length(next_at) IN (0, 24)),
        policy_version TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0,     -- dials so far
        contacts INTEGER NOT NULL DEFAULT 0,     -- calls on which the person was reached
        failures INTEGER NOT NULL DEFAULT 0,     -- dials in a row that did not reach the person
        callback_at TEXT NOT NULL DEFAULT '' CHECK (length(callback_at) IN (0, 24)),
        lease_until TEXT NOT NULL DEFAULT '',
        lease_by TEXT NOT NULL DEFAULT '',
        message_left INTEGER NOT NULL DEFAULT 0,
        blocked_why TEXT NOT NULL DEFAULT '',
        updated_at TEXT NOT NULL,
        UNIQUE (campaign_id, lead_id)
    ) STRICT
    """,
    "CREATE INDEX enrolments_due ON enrolments (status, next_at)",
    "CREATE INDEX enrolments_due_by_campaign ON enrolments (campaign_id, status, next_at)",
    # Who was promised a call at a time comes before whoever merely is due.
    """
    CREATE INDEX enrolments_promised ON enrolments (campaign_id, status, next_at) WHERE callback_at <> ''
    """,
    "CREATE INDEX enrolments_by_lead ON enrolments (lead_id)",
    """
    CREATE TABLE cases (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('review', 'complaint')),
        lead_id INTEGER REFERENCES leads(id),
        call_id TEXT,
        owner TEXT NOT NULL DEFAULT '',
        due_at TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
        note TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX cases_open ON cases (status, due_at)",
    "CREATE INDEX cases_by_lead ON cases (lead_id)",
)

SUPPRESSIONS = (
    """
    CREATE TABLE suppressions (
        id INTEGER PRIMARY KEY,
        number_hash TEXT NOT NULL,
        person_id INTEGER REFERENCES people(id),
        scope TEXT NOT NULL DEFAULT 'all',
        source TEXT NOT NULL
            CHECK (source IN ('key', 'words', 'flow', 'agent', 'manual', 'import', 'inbound')),
        evidence TEXT NOT NULL DEFAULT '',
        call_id TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (number_hash, scope)
    ) STRICT
    """,
    "CREATE INDEX suppressions_by_person ON suppressions (person_id)",
    # Whoever opted out has done so with every number of theirs, also with one that is learned later.
    """
    CREATE TRIGGER numbers_of_suppressed AFTER INSERT ON numbers
    WHEN EXISTS (SELECT 1 FROM suppressions WHERE person_id = NEW.person_id)
    BEGIN
        INSERT INTO suppressions (number_hash, person_id, scope, source, evidence, call_id, created_at)
        SELECT NEW.hash, person_id, scope, source, evidence, call_id, NEW.created_at FROM suppressions
        WHERE person_id = NEW.person_id GROUP BY scope ON CONFLICT (number_hash, scope) DO NOTHING;
    END
    """,
)

JOURNAL = (
    """
    CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        subject_kind TEXT NOT NULL CHECK (subject_kind IN
            ('call', 'attempt', 'lead', 'enrolment', 'person', 'agent', 'campaign', 'centre')),
        subject_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        body TEXT NOT NULL,                  -- JSON; `private` holds the salted hash of the private values
        versions TEXT NOT NULL,              -- JSON
        previous TEXT NOT NULL,              -- hash of the subject's entry before, '' for its first
        hash TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX journal_by_subject ON journal (subject_kind, subject_id, sequence)",
    "CREATE INDEX journal_by_kind ON journal (kind, sequence)",
    """
    CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
    BEGIN
        SELECT RAISE(ABORT, 'the journal is append-only');
    END
    """,
    """
    CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
    BEGIN
        SELECT RAISE(ABORT, 'the journal is append-only');
    END
    """,
    """
    CREATE TABLE private_values (
        sequence INTEGER PRIMARY KEY REFERENCES journal(sequence),
        salt TEXT NOT NULL,
        body TEXT NOT NULL,                  -- JSON; '' once erased
        erased_at TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE TABLE pins (
        hash TEXT PRIMARY KEY,               -- SHA-256 of body
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT
    """,
)

FIRST: tuple[str, ...] = PEOPLE + WORK + SUPPRESSIONS + CALLS + JOURNAL
"""Migration 0001."""
