"""Counts for monitoring: small, indexed, and cheap enough to be asked every few seconds."""

from __future__ import annotations

from voicebot.store.database import Database

LIVE = "('queued', 'initiated', 'ringing', 'in_progress')"

COUNTS: dict[str, tuple[str, str, str]] = {
    "enrolments": ("status", "Leads in campaigns, by status.",
                   "SELECT status, count(*) AS n FROM enrolments GROUP BY status"),
    "calls_live": ("phase", "Calls under way, by what the line is doing.",
                   f"SELECT phase, count(*) AS n FROM calls WHERE status IN {LIVE} GROUP BY phase"),  # noqa: S608
    "calls": ("outcome", "Calls that have ended, by outcome.",
              "SELECT outcome, count(*) AS n FROM calls WHERE outcome <> '' GROUP BY outcome"),
    "transfers": ("status", "Transfers, by status.", "SELECT status, count(*) AS n FROM transfers GROUP BY status"),
    "suppressions": ("source", "Numbers on the do-not-call record, by how they came there.",
                     "SELECT source, count(*) AS n FROM suppressions GROUP BY source"),
    "cases_open": ("kind", "Cases that wait for a human.",
                   "SELECT kind, count(*) AS n FROM cases WHERE status = 'open' GROUP BY kind"),
    "outbox_waiting": ("kind", "Requests to the provider that are written down and not yet carried out.",
                       "SELECT kind, count(*) AS n FROM outbox WHERE done_at = '' GROUP BY kind"),
    "attempts_unknown": ("purpose", "Dials whose answer was lost and that are not yet settled.",
                         "SELECT purpose, count(*) AS n FROM attempts WHERE status = 'unknown' GROUP BY purpose"),
}  # fmt: skip
"""By name: the label, the help, and a query of (label, n)."""


def count(db: Database, name: str) -> dict[str, int]:
    """One of COUNTS, by its label."""
    label, _, query = COUNTS[name]
    return {row[label]: row["n"] for row in db.rows(query)}
