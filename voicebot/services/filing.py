"""Rows against the base: a batch of them is refused, found on the list already, or filed as leads of their people.

Rule: a row's numbers belong to one person. A number that is known leads to them, unless the names disagree: a family
may share a telephone, and each of them is somebody of their own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from voicebot.leads.columns import plain
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import PhoneNumber
from voicebot.leads.rows import ReadRow, Refusal
from voicebot.leads.zones import zones_of
from voicebot.store import leads, people, suppressions
from voicebot.store.database import Database
from voicebot.store.people import Identity, zones_text

Filed = Literal["new", "known", "already"]
"""A lead of somebody new, of somebody we knew, or one that was on the list before."""


@dataclass(slots=True)
class _Known:
    """What is known of a number, from the base or from the rows above."""

    number_id: int
    person_id: int
    status: str
    name: str
    time_zone: str
    region: str
    zones: tuple[str, ...]
    on_list: bool
    lead_row: int = 0
    lead_at: str = ""
    erased: bool = False


@dataclass
class _Plan:
    """What is to be written."""

    people: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    leads: list[dict[str, Any]] = field(default_factory=list)
    completions: list[tuple[_Known, PhoneNumber, ReadRow]] = field(default_factory=list)


class Batch:
    """Some rows of a list, judged against the base as it is now."""

    def __init__(self, db: Database, list_id: int | None, rows: Sequence[ReadRow], secret: str, started: str) -> None:
        self._db, self._list_id, self._now = db, list_id, started
        self._hashes = {
            number.e164: number_hash(number.e164, secret) for row in rows for number in (row.number, *row.further)
        }
        hashes = list(self._hashes.values())
        self._known = {
            digest: _Known(
                row["id"], row["person_id"], row["status"], row["person_name"], row["time_zone"], row["region"],
                tuple(json.loads(row["zones"])), row["lead_row"] is not None, row["lead_row"] or 0,
                row["lead_at"] or "", bool(row["erased_at"]),
            )
            for digest, row in people.look_up(db, hashes, list_id).items()
        }  # fmt: skip
        self._suppressed = suppressions.among(db, hashes)
        self._plan = _Plan()
        self._next = people.next_ids(db)
        self.results = [self._judge(row) for row in rows]

    def write(self) -> None:
        """Write what was judged, within the transaction in which it was."""
        assert self._list_id is not None  # noqa: S101  (a dry run does not write)
        people.add_people(self._db, self._plan.people)
        people.add_numbers(self._db, self._plan.numbers)
        for known, number, row in self._plan.completions:
            self._complete(known, number, row)
        leads.add_leads(self._db, self._list_id, self._plan.leads)

    def _judge(self, row: ReadRow) -> Refusal | Filed:
        numbers = (row.number, *row.further)
        if any(self._hashes[number.e164] in self._suppressed for number in numbers):
            number = next(one for one in numbers if self._hashes[one.e164] in self._suppressed)
            return Refusal(
                row.line, "suppressed", f"{number.e164} is on the do-not-call record.", "Take it off the list."
            )
        known = [self._known.get(self._hashes[number.e164]) for number in numbers]
        chosen = next((at for at, one in enumerate(known) if one is None or one.status == "ok"), None)
        if chosen is None:
            status = known[0].status if known[0] else ""
            problem = f"{row.number.e164} turned out to be {status} on an earlier call."
            return Refusal(row.line, "dead_number", problem, "Give another number of this person.")
        return self._file(row, numbers, known, chosen)

    def _file(
        self, row: ReadRow, numbers: Sequence[PhoneNumber], known: Sequence[_Known | None], chosen: int
    ) -> Refusal | Filed:
        """A row that is taken: its person, their numbers in order, and the lead."""
        owner = known[chosen] or next((one for one in known if one and _same_name(one.name, row.name)), None)
        dialled = known[chosen]
        if dialled and dialled.on_list and dialled.erased:
            problem = f"{numbers[chosen].e164} was on this list, and what was known of them has been erased."
            return Refusal(row.line, "erased", problem, "Load who has consented anew as another list.")
        if dialled and dialled.on_list:
            if dialled.lead_at == self._now and dialled.lead_row < row.line:
                problem = f"{numbers[chosen].e164} stands in line {dialled.lead_row} already."
                return Refusal(row.line, "duplicate", problem, "Keep one of the two.")
            return "already"
        person_id = owner.person_id if owner else self._new_person(row)
        for number, one in zip(numbers, known, strict=True):
            if one is None:
                self._new_number(number, row, person_id)
            elif one.person_id == person_id:
                self._plan.completions.append((one, number, row))
        entry = self._known[self._hashes[numbers[chosen].e164]]
        entry.on_list, entry.lead_row, entry.lead_at = True, row.line, self._now
        self._plan.leads.append(
            {"person_id": person_id, "number_id": entry.number_id, "row": row.line, "fields": row.fields,
             "kind": row.consent.kind, "at": row.consent.at, "source": row.consent.source, "now": self._now}
        )  # fmt: skip
        return "known" if owner else "new"

    def _new_person(self, row: ReadRow) -> int:
        person_id, number_id = self._next
        self._next = Identity(person_id + 1, number_id)
        self._plan.people.append(
            {"id": person_id, "name": row.name, "language": row.language, "time_zone": row.time_zone,
             "region": row.region, "now": self._now}
        )  # fmt: skip
        return person_id

    def _new_number(self, number: PhoneNumber, row: ReadRow, person_id: int) -> None:
        next_person, number_id = self._next
        self._next = Identity(next_person, number_id + 1)
        zones, digest = zones_of(number, time_zone=row.time_zone, region=row.region), self._hashes[number.e164]
        self._plan.numbers.append(
            {"id": number_id, "person_id": person_id, "e164": number.e164, "hash": digest, "kind": number.kind,
             "country": number.country, "zones": zones_text(zones), "now": self._now}
        )  # fmt: skip
        self._known[digest] = _Known(
            number_id, person_id, "ok", row.name, row.time_zone, row.region, zones, on_list=False
        )

    def _complete(self, known: _Known, number: PhoneNumber, row: ReadRow) -> None:
        """Add what this list knows of a known person. Two lists that disagree on where they live widen the zones."""
        if known.erased:
            people.restore_number(self._db, known.number_id, number.e164)
        people.complete_person(
            self._db, known.person_id, name=row.name, language=row.language, time_zone=row.time_zone, region=row.region
        )
        if row.time_zone or row.region:
            zones = zones_of(number, time_zone=row.time_zone, region=row.region)
            if known.time_zone or known.region:
                zones = tuple(sorted({*zones, *known.zones}))
            people.set_number_zones(self._db, known.number_id, zones)


def _same_name(one: str, other: str) -> bool:
    return not one or not other or plain(one) == plain(other)
