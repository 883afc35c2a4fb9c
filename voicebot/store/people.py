"""People and their telephone numbers. One person may have several numbers; a number belongs to one person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from voicebot.leads.numbers import PhoneNumber
from voicebot.store.database import Database, Row
from voicebot.store.many_values import in_parts

NumberStatus = Literal["ok", "wrong", "invalid"]


@lru_cache(maxsize=4096)
def zones_text(zones: tuple[str, ...]) -> str:
    """Zones as a number's row keeps them."""
    return json.dumps(zones)


class Identity(NamedTuple):
    """A number and the person it belongs to, by their ids."""

    person_id: int
    number_id: int


def add_person(
    db: Database, now: str, *, name: str = "", language: str = "", time_zone: str = "", region: str = ""
) -> int:
    """A new person; the id."""
    return db.insert(
        """INSERT INTO people (name, language, time_zone, region, created_at)
        VALUES (:name, :language, :time_zone, :region, :now)""",
        name=name, language=language, time_zone=time_zone, region=region, now=now,
    )  # fmt: skip


def add_number(
    db: Database, person_id: int, number: PhoneNumber, number_hash: str, zones: tuple[str, ...], now: str
) -> int:
    """A new number of a person; the id. A number of somebody who opted out is suppressed at once."""
    return db.insert(
        """INSERT INTO numbers (person_id, e164, hash, kind, country, zones, created_at)
        VALUES (:person_id, :e164, :hash, :kind, :country, :zones, :now)""",
        person_id=person_id, e164=number.e164, hash=number_hash, kind=number.kind, country=number.country,
        zones=zones_text(zones), now=now,
    )  # fmt: skip


def person(db: Database, person_id: int) -> Row | None:
    """One person."""
    return db.one("SELECT * FROM people WHERE id = :id", id=person_id)


def complete_person(
    db: Database, person_id: int, *, name: str = "", language: str = "", time_zone: str = "", region: str = ""
) -> int:
    """Fill in what was not known of a person; what is known stays. How many rows changed."""
    return db.execute(
        """UPDATE people SET name = CASE name WHEN '' THEN :name ELSE name END,
            language = CASE language WHEN '' THEN :language ELSE language END,
            time_zone = CASE time_zone WHEN '' THEN :time_zone ELSE time_zone END,
            region = CASE region WHEN '' THEN :region ELSE region END
        WHERE id = :id AND (name = '' AND :name <> '' OR language = '' AND :language <> ''
            OR time_zone = '' AND :time_zone <> '' OR region = '' AND :region <> '')""",
        id=person_id, name=name, language=language, time_zone=time_zone, region=region,
    )  # fmt: skip


def number(db: Database, number_id: int) -> Row | None:
    """One number."""
    return db.one("SELECT * FROM numbers WHERE id = :id", id=number_id)


def look_up(db: Database, hashes: Sequence[str], list_id: int | None) -> dict[str, Row]:
    """By hash: the numbers that are known, each with its person's `person_name`, `time_zone`, `region` and `erased_at`,
    and with its lead's `lead_row` and `lead_at` where it is on this list."""
    found: dict[str, Row] = {}
    for names, values in in_parts(hashes):
        rows = db.rows(
            f"""SELECT numbers.*, people.name AS person_name, time_zone, region, people.erased_at,
                leads.row AS lead_row, leads.created_at AS lead_at
            FROM numbers JOIN people ON people.id = numbers.person_id
                LEFT JOIN leads ON leads.list_id = :list_id AND leads.number_id = numbers.id
            WHERE hash IN ({names})""",  # noqa: S608  (names of our own)
            list_id=list_id, **values,
        )  # fmt: skip
        found |= {row["hash"]: row for row in rows}
    return found


def next_ids(db: Database) -> Identity:
    """The ids that the next person and number get, for whoever writes many; within the transaction that writes them."""
    person_id, number_id = (db.value(f"SELECT max(id) FROM {table}") or 0 for table in ("people", "numbers"))  # noqa: S608
    return Identity(person_id + 1, number_id + 1)


def add_people(db: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """New people, whose ids are given, as `add_person` writes one."""
    db.many(
        """INSERT INTO people (id, name, language, time_zone, region, created_at)
        VALUES (:id, :name, :language, :time_zone, :region, :now)""",
        rows,
    )


def add_numbers(db: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """New numbers, whose ids are given, as `add_number` writes one."""
    db.many(
        """INSERT INTO numbers (id, person_id, e164, hash, kind, country, zones, created_at)
        VALUES (:id, :person_id, :e164, :hash, :kind, :country, :zones, :now)""",
        rows,
    )


def restore_number(db: Database, number_id: int, e164: str) -> None:
    """Somebody who was erased is on a list again: their number is known by its hash."""
    db.execute("UPDATE numbers SET e164 = :e164 WHERE id = :id AND e164 <> :e164", id=number_id, e164=e164)
    db.execute(
        """UPDATE people SET erased_at = '' WHERE erased_at <> ''
            AND id = (SELECT person_id FROM numbers WHERE numbers.id = :id)""",
        id=number_id,
    )


def other_number(db: Database, lead_id: int) -> int | None:
    """The next number of a lead's person on which the lead may be tried: not found wrong, not on the list already."""
    found: int | None = db.value(
        """SELECT numbers.id FROM leads JOIN numbers ON numbers.person_id = leads.person_id
        WHERE leads.id = :id AND numbers.status = 'ok' AND numbers.id <> leads.number_id AND NOT EXISTS
            (SELECT 1 FROM leads AS other WHERE other.list_id = leads.list_id AND other.number_id = numbers.id)
        ORDER BY numbers.id LIMIT 1""",
        id=lead_id,
    )
    return found


def number_by_e164(db: Database, e164: str) -> Row | None:
    """The number with this E.164 text."""
    return db.one("SELECT * FROM numbers WHERE e164 = :e164", e164=e164)


def number_by_hash(db: Database, number_hash: str) -> Row | None:
    """The number with this keyed hash."""
    return db.one("SELECT * FROM numbers WHERE hash = :hash", hash=number_hash)


def numbers_of(db: Database, person_id: int) -> list[Row]:
    """All numbers of a person."""
    return db.rows("SELECT * FROM numbers WHERE person_id = :id ORDER BY id", id=person_id)


def set_number_status(db: Database, number_hash: str, status: NumberStatus) -> int:
    """Mark a number as wrong or invalid; how many rows changed."""
    return db.execute("UPDATE numbers SET status = :status WHERE hash = :hash", status=status, hash=number_hash)


def set_number_zones(db: Database, number_id: int, zones: tuple[str, ...]) -> None:
    """The IANA zones that a number may ring in; none means unknown."""
    db.execute("UPDATE numbers SET zones = :zones WHERE id = :id", zones=zones_text(zones), id=number_id)
