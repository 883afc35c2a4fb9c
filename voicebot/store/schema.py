"""The first version of the schema, statement by statement.

Rule: moments are fixed-width UTC text, '' where there is none; JSON is text; an absent row is NULL, an absent word ''.
"""

from __future__ import annotations

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
