"""What must never have happened, looked for in the rows themselves; each query stands alone.

An empty result is the good one. `dials` hands out what is judged outside SQL: hours and caps.
"""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.store.database import Database, Row

AUDITS: dict[str, str] = {
    "dialled_after_opt_out": """
        SELECT a.id AS subject, 'suppressed at ' || s.created_at || ', dialled at ' || a.posted_at AS detail
        FROM attempts a JOIN suppressions s ON s.number_hash = a.number_hash
        WHERE a.purpose = 'lead' AND a.posted_at > s.created_at AND a.status <> 'refused'
    """,
    "texted_after_opt_out": """
        SELECT m.id AS subject, 'suppressed at ' || s.created_at || ', texted at ' || m.posted_at AS detail
        FROM messages m JOIN suppressions s ON s.number_hash = m.number_hash
        WHERE m.direction = 'outbound' AND m.posted_at > s.created_at AND m.status <> 'refused'
    """,
    "opt_out_not_recorded": """
        SELECT c.id AS subject, 'the caller opted out and is not on the do-not-call record' AS detail
        FROM calls c
        WHERE c.outcome = 'opted_out' AND c.number_hash <> ''
            AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.number_hash = c.number_hash)
            AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.kind = 'suppression_lifted' AND j.at >= c.started_at)
    """,
    "dialled_twice_at_once": """
        SELECT id AS subject, 'while ' || earlier || ' was open' AS detail FROM (
            SELECT a.id, a.posted_at,
                lag(a.id) OVER person AS earlier,
                max(CASE a.ended_at WHEN '' THEN '9' ELSE a.ended_at END)
                    OVER (PARTITION BY n.person_id ORDER BY a.posted_at, a.id
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS open_until
            FROM attempts a JOIN numbers n ON n.hash = a.number_hash
            WHERE a.purpose = 'lead' AND a.posted_at > '' AND a.status <> 'refused'
            WINDOW person AS (PARTITION BY n.person_id ORDER BY a.posted_at, a.id)
        ) WHERE posted_at < open_until
    """,
    "call_without_outcome": """
        SELECT c.id AS subject, 'it ended as ' || c.status || ' and says nothing of the lead' AS detail
        FROM calls c LEFT JOIN attempts a ON a.id = c.attempt_id
        WHERE c.status IN ('completed', 'busy', 'no_answer', 'canceled', 'failed') AND c.outcome = ''
            AND coalesce(a.status, 'ended') = 'ended'
    """,
    "attempt_without_end": """
        SELECT a.id AS subject, 'it is ' || a.status || ' although its call ended as ' || c.status AS detail
        FROM attempts a JOIN calls c ON c.id = a.call_id
        WHERE a.ended_at = '' AND c.status IN ('completed', 'busy', 'no_answer', 'canceled', 'failed')
    """,
    "lead_left_lying": """
        SELECT CAST(e.id AS TEXT) AS subject, 'it is ' || e.status || ' and no attempt is open' AS detail
        FROM enrolments e
        WHERE e.status IN ('leased', 'in_call')
            AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.enrolment_id = e.id AND a.ended_at = '')
            AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.enrolment_id = e.id AND c.ended_at = '')
    """,
    "refused_webhook": """
        SELECT CAST(sequence AS TEXT) AS subject, at || ' ' || body AS detail
        FROM journal WHERE kind = 'refused_webhook'
    """,
}
"""By name: a query for what must not be, as (subject, detail)."""


def audit(db: Database, name: str) -> list[Row]:
    """What one of AUDITS finds."""
    return db.rows(AUDITS[name])


def dials(db: Database) -> Iterator[Row]:
    """Every dial with what its hours and caps depended on, person by person, oldest first."""
    return db.each(
        """
        SELECT a.id, a.posted_at, a.policy_version, n.person_id, n.zones, n.country, p.region, c.flow_pin, c.policy
        FROM attempts a JOIN numbers n ON n.hash = a.number_hash JOIN people p ON p.id = n.person_id
            JOIN enrolments e ON e.id = a.enrolment_id JOIN campaigns c ON c.id = e.campaign_id
        WHERE a.purpose = 'lead' AND a.posted_at > '' AND a.status <> 'refused'
        ORDER BY n.person_id, a.posted_at, a.id
        """
    )
