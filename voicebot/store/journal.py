"""The journal: an append-only record, chained by hash per subject, whose private values can be erased.

Rule: what may have to be erased stands aside, under a salt; the entry holds only its hash, so the chain outlives it.
A chain shows what was changed or taken out of its middle; an entry missing at its end leaves no gap to be seen.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from voicebot.store.database import Database, Row

SubjectKind = Literal["call", "attempt", "lead", "enrolment", "person", "agent", "campaign", "centre"]

PRIVATE = "private"
"""The key of a body under which the hash of its private values stands."""


@dataclass(frozen=True)
class Entry:
    """One entry. `private` is None where there was none, or where it has been erased (`erased`)."""

    sequence: int
    subject_kind: str
    subject_id: str
    kind: str
    at: str
    body: dict[str, Any]
    versions: dict[str, Any]
    private: dict[str, Any] | None = None
    erased: bool = False


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold, and why."""

    sequence: int
    problem: str


def append(
    db: Database,
    subject: tuple[SubjectKind, str | int],
    kind: str,
    at: str,
    body: Mapping[str, Any],
    *,
    private: Mapping[str, Any] | None = None,
    versions: Mapping[str, Any] | None = None,
) -> int:
    """Write one entry within the caller's transaction; its sequence number.

    `private` is what may be erased later: words, names, collected values. Raises ValueError when `body` uses the key
    that is kept for its hash.
    """
    if PRIVATE in body:
        raise ValueError(f'the key "{PRIVATE}" of a journal entry is taken')
    subject_kind, subject_id = subject[0], str(subject[1])
    salt, hidden = (secrets.token_hex(16), _json(private)) if private else ("", "")
    text = _json({**body, PRIVATE: _private_hash(salt, hidden)} if private else body)
    values = {"subject_kind": subject_kind, "subject_id": subject_id, "kind": kind, "at": at, "body": text,
              "versions": _json(versions or {}), "previous": _last_hash(db, subject_kind, subject_id)}  # fmt: skip
    sequence = db.insert(
        """INSERT INTO journal (subject_kind, subject_id, kind, at, body, versions, previous, hash)
        VALUES (:subject_kind, :subject_id, :kind, :at, :body, :versions, :previous, :hash)""",
        **values,
        hash=_entry_hash(values),
    )
    if private:
        db.execute(
            "INSERT INTO private_values (sequence, salt, body) VALUES (:sequence, :salt, :body)",
            sequence=sequence, salt=salt, body=hidden,
        )  # fmt: skip
    return sequence


def read(db: Database, subject_kind: SubjectKind, subject_id: str | int) -> list[Entry]:
    """The entries of one subject, oldest first."""
    return [_entry(row) for row in _rows(db, subject_kind, str(subject_id))]


def of_kind(db: Database, kind: str) -> Iterator[Entry]:
    """The entries of one kind over all subjects, oldest first."""
    for row in db.each(f"{_SELECT} WHERE journal.kind = :kind ORDER BY journal.sequence", kind=kind):
        yield _entry(row)


def verify(db: Database, subject_kind: SubjectKind, subject_id: str | int) -> Break | None:
    """Where the chain of one subject first fails to hold; None when it holds. Erased values are no break."""
    previous = ""
    for row in _rows(db, subject_kind, str(subject_id)):
        problem = _problem(row, previous)
        if problem:
            return Break(row["sequence"], problem)
        previous = row["hash"]
    return None


def erase_private(db: Database, subject_kind: SubjectKind, subject_id: str | int, at: str) -> int:
    """Erase the private values of one subject, with their salts; how many entries held some."""
    return db.execute(
        """UPDATE private_values SET salt = '', body = '', erased_at = :at WHERE erased_at = '' AND sequence IN
        (SELECT sequence FROM journal WHERE subject_kind = :subject_kind AND subject_id = :subject_id)""",
        at=at,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
    )


_SELECT = """SELECT journal.*, salt, private_values.body AS hidden, erased_at
    FROM journal LEFT JOIN private_values ON private_values.sequence = journal.sequence"""


def _rows(db: Database, subject_kind: str, subject_id: str) -> list[Row]:
    return db.rows(
        f"{_SELECT} WHERE subject_kind = :kind AND subject_id = :id ORDER BY journal.sequence",
        kind=subject_kind,
        id=subject_id,
    )


def _entry(row: Row) -> Entry:
    return Entry(
        sequence=row["sequence"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        kind=row["kind"],
        at=row["at"],
        body=json.loads(row["body"]),
        versions=json.loads(row["versions"]),
        private=json.loads(row["hidden"]) if row["hidden"] else None,
        erased=bool(row["erased_at"]),
    )


def _problem(row: Row, previous: str) -> str:
    if row["previous"] != previous:
        return "it does not follow the entry before it"
    if row["hash"] != _entry_hash(row):
        return "it was changed after it was written"
    expected = json.loads(row["body"]).get(PRIVATE)
    if expected is None or row["erased_at"]:
        return ""
    if row["hidden"] is None:
        return "its private values are missing, and nobody erased them"
    return "" if _private_hash(row["salt"], row["hidden"]) == expected else "its private values were changed"


def _last_hash(db: Database, subject_kind: str, subject_id: str) -> str:
    last = db.value(
        """SELECT hash FROM journal WHERE subject_kind = :kind AND subject_id = :id
        ORDER BY sequence DESC LIMIT 1""",
        kind=subject_kind,
        id=subject_id,
    )
    return last or ""


_CHAINED = ("subject_kind", "subject_id", "kind", "at", "body", "versions", "previous")


def _entry_hash(values: Mapping[str, str] | Row) -> str:
    return _sha256(json.dumps([values[name] for name in _CHAINED], ensure_ascii=False))


def _private_hash(salt: str, hidden: str) -> str:
    return _sha256(salt + hidden)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
