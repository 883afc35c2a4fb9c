"""Text messages: one row each, written before the provider is asked, or when it told of one.

Rule: a status moves only as `dialer.message_moves` allows; each function says whether it did.
"""

from __future__ import annotations

from typing import Any

from voicebot.dialer.message_moves import OVER, MessageStatus, from_statuses
from voicebot.store.database import Database, Row


def reserve(
    db: Database, message_id: str, *, call_id: str, number: Row, from_number: str, body: str, at: str
) -> None:  # fmt: skip
    """Write down a message to `number` (a row of `people`). Raises SuppressedError."""
    db.execute(
        """INSERT INTO messages (id, direction, person_id, call_id, number_hash, to_number, from_number, body, status,
            created_at)
        VALUES (:id, 'outbound', :person_id, :call_id, :hash, :to_number, :from_number, :body, 'reserved', :at)""",
        id=message_id, person_id=number["person_id"], call_id=call_id, hash=number["hash"], to_number=number["e164"],
        from_number=from_number, body=body, at=at,
    )  # fmt: skip


def receive(db: Database, message_id: str, **columns: Any) -> None:
    """Keep a message that came in, with its `person_id`, `number_hash`, numbers, `body`, `sid` and `created_at`."""
    names = ", ".join(columns)
    db.execute(
        f"""INSERT INTO messages (id, direction, status, {names})
        VALUES (:message_id, 'inbound', 'received', :{", :".join(columns)})""",  # noqa: S608  (names come from our code)
        message_id=message_id, **columns,
    )  # fmt: skip


def load(db: Database, message_id: str) -> Row | None:
    """The message with our own id."""
    return db.one("SELECT * FROM messages WHERE id = :id", id=message_id)


def of_call(db: Database, call_id: str) -> list[Row]:
    """The messages that a call has wished, in order."""
    return db.rows("SELECT * FROM messages WHERE call_id = :id ORDER BY created_at, id", id=call_id)


def latest(db: Database, limit: int = 50) -> list[Row]:
    """The latest messages first, either way, with the `name` of the other side where it is known."""
    return db.rows(
        """SELECT messages.*, people.name FROM messages LEFT JOIN people ON people.id = person_id
        ORDER BY messages.created_at DESC, messages.id DESC LIMIT :limit""",
        limit=limit,
    )


def waiting(db: Database) -> list[Row]:
    """What is to be sent, the oldest first."""
    return db.rows("SELECT * FROM messages WHERE status = 'reserved' ORDER BY created_at, id")


def open_case_of(db: Database, number_hash: str) -> int | None:
    """The open case under which the messages of a number are to be read, if there is one."""
    found: int | None = db.value(
        """SELECT cases.id FROM messages JOIN cases ON cases.id = case_id
        WHERE number_hash = :hash AND cases.status = 'open' ORDER BY cases.id DESC LIMIT 1""",
        hash=number_hash,
    )
    return found


# --- moves ------------------------------------------------------------------------------------------------------------


def post(db: Database, message_id: str, at: str) -> bool:
    """Note that the provider is about to be asked. Raises SuppressedError at this last moment."""
    return _move(db, message_id, "posted", "posted_at = :at, tries = tries + 1", at=at)


def put_back(db: Database, message_id: str, error: str) -> bool:
    """It was certainly not sent, and may be tried again."""
    return _move(db, message_id, "reserved", "error = :error", error=error)


def refuse(db: Database, message_id: str, error: str, at: str) -> bool:
    """It was certainly not sent, and why."""
    return _move(db, message_id, "refused", "error = :error, ended_at = :at", error=error, at=at)


def lose(db: Database, message_id: str, error: str) -> bool:
    """The provider's answer was lost: nobody knows whether it was sent."""
    return _move(db, message_id, "unknown", "error = :error", error=error)


def note(db: Database, message_id: str, status: MessageStatus, error: str, at: str) -> bool:
    """Move a message on by what the provider told; False for news that comes too late."""
    ended_at = at if status in OVER else ""
    return _move(db, message_id, status, "error = :error, ended_at = :ended_at", error=error, ended_at=ended_at)


def set_sid(db: Database, message_id: str, sid: str) -> None:
    """Keep the provider's id; the first one told stays."""
    db.execute("UPDATE messages SET sid = :sid WHERE id = :id AND sid IS NULL", id=message_id, sid=sid)


def set_case(db: Database, message_id: str, case_id: int) -> None:
    """The case under which a human reads it."""
    db.execute("UPDATE messages SET case_id = :case_id WHERE id = :id", id=message_id, case_id=case_id)


def stale(db: Database, before: str) -> list[Row]:
    """Messages posted before a moment of which nothing was heard: their process was killed."""
    return db.rows("SELECT * FROM messages WHERE status = 'posted' AND posted_at < :before", before=before)


def _move(db: Database, message_id: str, status: MessageStatus, change: str, **values: Any) -> bool:
    froms = ", ".join(f"'{word}'" for word in from_statuses(status))
    return bool(
        db.execute(
            f"UPDATE messages SET status = :status, {change} WHERE id = :id AND status IN ({froms})",  # noqa: S608
            id=message_id,
            status=status,
            **values,
        )
    )
