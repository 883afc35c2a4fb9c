"""Campaigns: one flow for the leads that are enrolled in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from voicebot.store.database import Database, Row


def insert(
    db: Database, name: str, *, flow: str, flow_pin: str, policy: str, caller_ids: Sequence[str], at: str
) -> int:
    """A new campaign, as a draft; its id. Raises sqlite3.IntegrityError for a name that is taken."""
    return db.insert(
        """
        INSERT INTO campaigns (name, flow, flow_pin, policy, caller_ids, created_at)
        VALUES (:name, :flow, :flow_pin, :policy, :caller_ids, :at)
        """,
        name=name,
        flow=flow,
        flow_pin=flow_pin,
        policy=policy,
        caller_ids=json.dumps(list(caller_ids)),
        at=at,
    )


def load(db: Database, campaign_id: int) -> Row | None:
    """The campaign with this id."""
    return db.one("SELECT * FROM campaigns WHERE id = :id", id=campaign_id)


def by_name(db: Database, name: str) -> Row | None:
    """The campaign with this name."""
    return db.one("SELECT * FROM campaigns WHERE name = :name", name=name)


def names(db: Database) -> list[str]:
    """The names of all campaigns."""
    return [row["name"] for row in db.rows("SELECT name FROM campaigns ORDER BY id")]


def running(db: Database) -> list[Row]:
    """The campaigns that dial."""
    return db.rows("SELECT * FROM campaigns WHERE status = 'running' ORDER BY id")


def set_status(db: Database, campaign_id: int, status: str) -> None:
    """Move a campaign on."""
    db.execute("UPDATE campaigns SET status = :status WHERE id = :id", id=campaign_id, status=status)


def counts(db: Database, campaign_id: int) -> dict[str, int]:
    """How many enrolments stand in each status."""
    rows = db.rows(
        "SELECT status, count(*) AS n FROM enrolments WHERE campaign_id = :id GROUP BY status", id=campaign_id
    )
    return {row["status"]: row["n"] for row in rows}


def blocked(db: Database, campaign_id: int) -> dict[str, int]:
    """Why leads are not dialled, and how many for each reason."""
    rows = db.rows(
        """
        SELECT blocked_why AS why, count(*) AS n FROM enrolments
        WHERE campaign_id = :id AND blocked_why <> '' AND status IN ('due', 'paused')
        GROUP BY blocked_why ORDER BY n DESC, why
        """,
        id=campaign_id,
    )
    return {row["why"]: row["n"] for row in rows}
