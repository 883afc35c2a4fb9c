"""Counts for reports, each by a query of its own over the rows themselves."""

from __future__ import annotations

from voicebot.leads.outcomes import REACHED
from voicebot.store.database import Database

_REACHED = ", ".join(f"'{outcome}'" for outcome in sorted(REACHED))

COUNTS: dict[str, str] = {
    "leads": "SELECT count(*) FROM enrolments WHERE campaign_id = :campaign_id",
    "dialled": """
        SELECT count(DISTINCT a.enrolment_id) FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id
        WHERE e.campaign_id = :campaign_id AND a.posted_at > '' AND a.status <> 'refused'
    """,
    "attempts": """
        SELECT count(*) FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id
        WHERE e.campaign_id = :campaign_id AND a.posted_at > '' AND a.status <> 'refused'
    """,
    "answered": """
        SELECT count(DISTINCT c.enrolment_id) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.answered_at > ''
    """,
    "reached": f"""
        SELECT count(DISTINCT c.enrolment_id) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome IN ({_REACHED})
    """,  # noqa: S608
    "callbacks": """
        SELECT count(*) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome = 'callback'
    """,
    "transfers_asked": """
        SELECT count(*) FROM transfers t JOIN calls c ON c.id = t.call_id JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id
    """,
    "transfers_met": """
        SELECT count(*) FROM transfers t JOIN calls c ON c.id = t.call_id JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome = 'transferred' AND t.agent <> ''
    """,
    "opt_outs": """
        SELECT count(*) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome = 'opted_out'
    """,
    "wrong_numbers": """
        SELECT count(*) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome = 'wrong_number'
    """,
    "machines": """
        SELECT count(*) FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :campaign_id AND c.outcome = 'voicemail'
    """,
    "waiting": """
        SELECT count(*) FROM enrolments WHERE campaign_id = :campaign_id AND status IN ('due', 'leased', 'in_call')
    """,
    "review": "SELECT count(*) FROM enrolments WHERE campaign_id = :campaign_id AND status = 'review'",
}
"""What a manager reads of a campaign, in order: leads; but `attempts`, and `callbacks` to `machines`, are calls."""


def funnel(db: Database, campaign_id: int) -> dict[str, int]:
    """How many of a campaign's leads and calls came how far."""
    return {name: int(db.value(query, campaign_id=campaign_id)) for name, query in COUNTS.items()}


def grades(db: Database, campaign_id: int) -> dict[str, int]:
    """How many leads stand in each grade; those without one are left out."""
    rows = db.rows(
        "SELECT grade, count(*) AS n FROM enrolments WHERE campaign_id = :id AND grade <> '' GROUP BY grade",
        id=campaign_id,
    )
    return {row["grade"]: row["n"] for row in rows}


def outcomes(db: Database, campaign_id: int) -> dict[str, int]:
    """How many calls ended in which outcome."""
    rows = db.rows(
        """
        SELECT c.outcome, count(*) AS n FROM calls c JOIN enrolments e ON e.id = c.enrolment_id
        WHERE e.campaign_id = :id AND c.outcome <> '' GROUP BY c.outcome
        """,
        id=campaign_id,
    )
    return {row["outcome"]: row["n"] for row in rows}


def reasons(db: Database, campaign_id: int) -> dict[str, int]:
    """Why people refused, and how many for each reason."""
    rows = db.rows(
        """
        SELECT reason, count(*) AS n FROM enrolments
        WHERE campaign_id = :id AND reason <> '' AND outcome IN ('refused', 'screened', 'completed') GROUP BY reason
        """,
        id=campaign_id,
    )
    return {row["reason"]: row["n"] for row in rows}
