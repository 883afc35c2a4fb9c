"""Legs: one row for each agent who is rung for a transfer."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def insert(db: Database, *, leg_id: str, transfer_id: int, call_id: str, agent: str, token: str, at: str) -> None:
    """A leg that is about to be rung. `agent` is a name of the roster, or a number that the flow names itself."""
    db.execute(
        """
        INSERT INTO legs (id, transfer_id, call_id, agent, token, status, created_at)
        VALUES (:id, :transfer_id, :call_id, :agent, :token, 'reserved', :at)
        """,
        id=leg_id,
        transfer_id=transfer_id,
        call_id=call_id,
        agent=agent,
        token=token,
        at=at,
    )


def load(db: Database, leg_id: str) -> Row | None:
    """The leg with our own id."""
    return db.one("SELECT * FROM legs WHERE id = :id", id=leg_id)


def set_status(db: Database, leg_id: str, status: str, at: str) -> None:
    """Move a leg on; its end is kept."""
    db.execute(
        "UPDATE legs SET status = :status, ended_at = CASE WHEN :status = 'ended' THEN :at ELSE '' END WHERE id = :id",
        id=leg_id,
        status=status,
        at=at,
    )


def set_sid(db: Database, leg_id: str, sid: str) -> None:
    """Remember the provider's id, once, unless another leg has it."""
    db.execute(
        """UPDATE legs SET sid = :sid WHERE id = :id AND sid IS NULL
            AND NOT EXISTS (SELECT 1 FROM legs AS other WHERE other.sid = :sid)""",
        id=leg_id,
        sid=sid,
    )


def set_document(db: Database, leg_id: str, document: int) -> None:
    """The number of the leg's present document."""
    db.execute("UPDATE legs SET document = :document WHERE id = :id", id=leg_id, document=document)


def of_transfer(db: Database, transfer_id: int) -> list[Row]:
    """All legs of a transfer, the oldest first."""
    return db.rows("SELECT * FROM legs WHERE transfer_id = :id ORDER BY created_at, id", id=transfer_id)


def busy_agents(db: Database) -> set[str]:
    """Who is on a leg that has not ended."""
    return {row["agent"] for row in db.rows("SELECT DISTINCT agent FROM legs WHERE status <> 'ended'")}


def last_rung(db: Database) -> dict[str, str]:
    """When each agent was rung last."""
    return {row["agent"]: row["at"] for row in db.rows("SELECT agent, max(created_at) AS at FROM legs GROUP BY agent")}


def overdue(db: Database, before: str) -> list[Row]:
    """Legs begun before a moment that have not ended."""
    return db.rows(
        "SELECT * FROM legs WHERE status <> 'ended' AND created_at < :before ORDER BY created_at", before=before
    )
