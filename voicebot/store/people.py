"""People and their telephone numbers. One person may have several numbers; a number belongs to one person."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Literal, NamedTuple

from voicebot.leads.numbers import PhoneNumber
from voicebot.store.database import Database, Row

NumberStatus = Literal["ok", "wrong", "invalid"]


@lru_cache(maxsize=4096)
def _zones_text(zones: tuple[str, ...]) -> str:
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
        zones=_zones_text(zones), now=now,
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


def look_up(db: Database, e164: str, number_hash: str) -> Row:
    """What is known of a number: whether it is `suppressed`, and its row with its person's `time_zone` and `region`,
    all of which is NULL where the number is new."""
    found = db.one(
        """SELECT numbers.*, time_zone, region,
            EXISTS (SELECT 1 FROM suppressions WHERE number_hash = :hash) AS suppressed
        FROM (SELECT 1) LEFT JOIN numbers ON e164 = :e164 LEFT JOIN people ON people.id = person_id""",
        e164=e164, hash=number_hash,
    )  # fmt: skip
    assert found is not None  # noqa: S101  (a left join of one row has one row)
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
    db.execute("UPDATE numbers SET zones = :zones WHERE id = :id", zones=_zones_text(zones), id=number_id)
