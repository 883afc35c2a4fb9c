"""Documents: every TwiML answer of a call, in order, kept byte for byte."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def insert(db: Database, call_id: str, number: int, event_key: str, body: str, at: str) -> None:
    """The next document of a call, and the key of the request it answers."""
    db.execute(
        """
        INSERT INTO documents (call_id, number, event_key, body, created_at)
        VALUES (:call_id, :number, :event_key, :body, :at)
        """,
        call_id=call_id,
        number=number,
        event_key=event_key,
        body=body,
        at=at,
    )


def load(db: Database, call_id: str, number: int) -> Row | None:
    """One document of a call."""
    return db.one(
        "SELECT * FROM documents WHERE call_id = :call_id AND number = :number", call_id=call_id, number=number
    )


def of_call(db: Database, call_id: str) -> list[Row]:
    """All documents of a call, in order."""
    return db.rows("SELECT * FROM documents WHERE call_id = :call_id ORDER BY number", call_id=call_id)


def insert_of_leg(db: Database, leg_id: str, number: int, event_key: str, body: str, at: str) -> None:
    """The next document of an agent's leg."""
    db.execute(
        """
        INSERT INTO leg_documents (leg_id, number, event_key, body, created_at)
        VALUES (:leg_id, :number, :event_key, :body, :at)
        """,
        leg_id=leg_id,
        number=number,
        event_key=event_key,
        body=body,
        at=at,
    )


def load_of_leg(db: Database, leg_id: str, number: int) -> Row | None:
    """One document of an agent's leg."""
    return db.one(
        "SELECT * FROM leg_documents WHERE leg_id = :leg_id AND number = :number", leg_id=leg_id, number=number
    )
