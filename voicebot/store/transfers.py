"""Transfers: one row for each time a call asks for an agent."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def insert(db: Database, *, call_id: str, number: int, queue: str, request: str, at: str, deadline_at: str) -> int:
    """A transfer that rings from now on; its id."""
    return db.insert(
        """
        INSERT INTO transfers (call_id, number, queue, status, request, requested_at, deadline_at)
        VALUES (:call_id, :number, :queue, 'ringing', :request, :at, :deadline_at)
        """,
        call_id=call_id,
        number=number,
        queue=queue,
        request=request,
        at=at,
        deadline_at=deadline_at,
    )


def load(db: Database, transfer_id: int) -> Row | None:
    """The transfer with this id."""
    return db.one("SELECT * FROM transfers WHERE id = :id", id=transfer_id)


def of_call(db: Database, call_id: str, number: int) -> Row | None:
    """The transfer with this number in its call."""
    return db.one(
        "SELECT * FROM transfers WHERE call_id = :call_id AND number = :number", call_id=call_id, number=number
    )


def set_status(db: Database, transfer_id: int, status: str, *, agent: str | None = None) -> None:
    """Move a transfer on; `agent` is who has taken it."""
    db.execute(
        "UPDATE transfers SET status = :status, agent = coalesce(:agent, agent) WHERE id = :id",
        id=transfer_id,
        status=status,
        agent=agent,
    )


def end(db: Database, transfer_id: int, status: str, result: str, at: str) -> None:
    """End a transfer, with what came of it."""
    db.execute(
        "UPDATE transfers SET status = :status, result = :result, ended_at = :at WHERE id = :id",
        id=transfer_id,
        status=status,
        result=result,
        at=at,
    )
