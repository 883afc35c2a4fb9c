"""What calls are pinned to: whole texts, kept under their hash for as long as a call names them."""

from __future__ import annotations

import hashlib

from voicebot.store.database import Database


def pin(db: Database, kind: str, body: str, now: str) -> str:
    """Keep `body` within the caller's transaction and return its hash (SHA-256, hex). The same text is kept once."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    db.execute(
        """INSERT INTO pins (hash, kind, body, created_at) VALUES (:hash, :kind, :body, :now)
        ON CONFLICT (hash) DO NOTHING""",
        hash=digest, kind=kind, body=body, now=now,
    )  # fmt: skip
    return digest


def pinned(db: Database, digest: str) -> str | None:
    """The text kept under a hash, or None."""
    body: str | None = db.value("SELECT body FROM pins WHERE hash = :hash", hash=digest)
    return body


def is_pinned(db: Database, digest: str) -> bool:
    """Whether a text is kept under a hash; the text, which may be megabytes, is not read."""
    return db.value("SELECT 1 FROM pins WHERE hash = :hash", hash=digest) is not None
