"""The outbox: what the provider is still to be asked for, written together with what caused it."""

from __future__ import annotations

from voicebot.store.database import Database, Row


def add(db: Database, kind: str, subject_kind: str, subject_id: str, at: str, document: int = 0) -> None:
    """Ask for `kind` (ring, move, hang_up, cancel) once the present transaction is committed."""
    db.execute(
        """
        INSERT INTO outbox (kind, subject_kind, subject_id, document, created_at)
        VALUES (:kind, :subject_kind, :subject_id, :document, :at)
        """,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        document=document,
        at=at,
    )


def waiting(db: Database) -> list[Row]:
    """What has not been done, the oldest first."""
    return db.rows("SELECT * FROM outbox WHERE done_at = '' ORDER BY id")


def start(db: Database, entry_id: int, at: str) -> bool:
    """Claim an entry before it is carried out; False when somebody else has just done that.

    Ringing is claimed once. The other requests may be repeated, so a claim older than what `release` allows is free.
    """
    return bool(
        db.execute(
            "UPDATE outbox SET started_at = :at, tries = tries + 1 WHERE id = :id AND done_at = '' AND started_at = ''",
            id=entry_id,
            at=at,
        )
    )


def release(db: Database, before: str) -> None:
    """Free the claims of moves, hang-ups and cancellations made before a moment: their process was killed."""
    db.execute(
        "UPDATE outbox SET started_at = '' WHERE done_at = '' AND kind <> 'ring' AND started_at <> '' "
        "AND started_at < :before",
        before=before,
    )


def put_back(db: Database, entry_id: int, result: str) -> None:
    """The provider's answer was lost: to be tried again."""
    db.execute("UPDATE outbox SET started_at = '', result = :result WHERE id = :id", id=entry_id, result=result)


def finish(db: Database, entry_id: int, at: str, result: str) -> None:
    """An entry is done, with what came of it."""
    db.execute("UPDATE outbox SET done_at = :at, result = :result WHERE id = :id", id=entry_id, at=at, result=result)


def served(db: Database, subject_kind: str, subject_id: str, document: int, at: str) -> None:
    """A document was fetched: moves up to it are needless, and would only start it anew."""
    db.execute(
        """
        UPDATE outbox SET done_at = :at, result = 'served'
        WHERE kind = 'move' AND done_at = '' AND subject_kind = :kind AND subject_id = :id AND document <= :document
        """,
        kind=subject_kind,
        id=subject_id,
        document=document,
        at=at,
    )


def lost_rings(db: Database, before: str) -> list[Row]:
    """Rings that were begun before a moment and never finished: nobody knows whether the provider was asked."""
    return db.rows(
        "SELECT * FROM outbox WHERE kind = 'ring' AND done_at = '' AND started_at <> '' AND started_at < :before "
        "ORDER BY id",
        before=before,
    )
