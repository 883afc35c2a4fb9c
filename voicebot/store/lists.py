"""Lists of leads, as they were loaded, with the consent declared for the whole of them."""

from __future__ import annotations

from voicebot.leads.consent import Consent
from voicebot.store.database import Database, Row


def add_list(db: Database, name: str, source_file: str, now: str, consent: Consent) -> int:
    """The list of this name, made if need be; the id. A declaration given anew replaces an empty one only."""
    db.execute(
        """INSERT INTO lists (name, source_file, consent_kind, consent_at, consent_source, created_at)
        VALUES (:name, :source_file, :kind, :at, :source, :now)
        ON CONFLICT (name) DO UPDATE SET consent_kind = excluded.consent_kind, consent_at = excluded.consent_at,
            consent_source = excluded.consent_source WHERE lists.consent_kind = ''""",
        name=name, source_file=source_file, kind=consent.kind, at=consent.at,
        source=consent.source, now=now,
    )  # fmt: skip
    return int(db.value("SELECT id FROM lists WHERE name = :name", name=name))


def by_name(db: Database, name: str) -> Row | None:
    """The list of this name."""
    return db.one("SELECT * FROM lists WHERE name = :name", name=name)


def all_lists(db: Database) -> list[Row]:
    """All lists with the number of their leads, oldest first."""
    return db.rows(
        """SELECT lists.*, (SELECT count(*) FROM leads WHERE list_id = lists.id) AS leads FROM lists ORDER BY id"""
    )
