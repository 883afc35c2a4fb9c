"""Intake: a list becomes leads. Every row is taken or refused by file and line; loading a file again doubles nothing.

Rows are read outside the transactions and written in batches, each in a transaction of its own, so that the calls under
way never wait long. A run that is killed leaves whole batches, and the next run goes on from there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.leads.columns import HEADINGS, Column, Role, guess_columns
from voicebot.leads.consent import NO_CONSENT, Consent, consent_fault
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRules
from voicebot.leads.rows import ReadRow, Refusal, RefusalKind, RowRules, read_row
from voicebot.leads.zones import zones_of
from voicebot.services.list_file import ListFile, Record, open_list
from voicebot.services.rejects import Rejects, rejects_of
from voicebot.store import journal, leads, lists, people
from voicebot.store.database import Database, Row
from voicebot.store.people import Identity
from voicebot.store.seen_numbers import SeenNumbers, seen_numbers

BATCH = 1000
"""Rows per transaction."""

SHOWN = 100
"""Refusals kept in the report; all of them are in the rejects file."""

Progress = Callable[[int, int, int], None]
"""Told after each batch: rows so far, bytes so far, bytes in all."""


@dataclass(frozen=True)
class IntakeOptions:
    """How a list is to be read. `numbers` says what may be dialled; `secret` keys the hashes of numbers.

    `list_name` is the file's name by default. `consent` is declared for the whole list. `columns` names headings for
    roles, where guessing does not do. A dry run judges every row and writes nothing at all.
    """

    numbers: NumberRules
    secret: str
    list_name: str = ""
    consent: Consent = NO_CONSENT
    columns: Mapping[Role, str] = field(default_factory=dict)
    dry_run: bool = False


@dataclass
class IntakeReport:
    """What came of a list. `rows` = `added` + `already` + all `refused`; `known` of the added are people we knew."""

    file: str
    list_name: str
    encoding: str
    separator: str
    columns: tuple[Column, ...]
    dry_run: bool
    rows: int = 0
    added: int = 0
    already: int = 0
    known: int = 0
    refused: Counter[RefusalKind] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    rejects: str = ""


def run(db: Database, file: Path, options: IntakeOptions, now: str, progress: Progress | None = None) -> IntakeReport:
    """Load a list. Raises VoicebotError for a file or declaration that cannot be used, OutsideError for disk trouble.

    The journal notes that it was loaded, and on whose word of consent.
    """
    _check_declaration(options.consent, now)
    with open_list(file) as source, seen_numbers() as seen:
        columns = _columns(source, options.columns)
        report = IntakeReport(
            str(file), options.list_name or file.stem, source.encoding, source.separator, columns, options.dry_run
        )
        loading = _Loading(db, options, now, report, seen)
        if options.dry_run:
            loading.all(source, None, progress)
            return report
        with rejects_of(file, source.headings, source.separator) as rejects:
            loading.all(source, rejects, progress)
        report.rejects = str(rejects.target) if rejects.count else ""
        loading.record()
        return report


def _check_declaration(consent: Consent, now: str) -> None:
    fault = consent_fault(consent, now[:10])
    if consent != NO_CONSENT and fault:
        raise VoicebotError("the declared consent", f"{fault}.", "Give its kind, its day (YYYY-MM-DD) and its source.")


def _columns(source: ListFile, chosen: Mapping[Role, str]) -> tuple[Column, ...]:
    """What the columns mean; a header without a column of numbers is refused."""
    headings = source.headings
    for role, heading in chosen.items():
        if heading not in headings:
            problem = f'no column is headed "{heading}", which was to be the {role}.'
            raise VoicebotError(Place(source.path.name, 1), problem, did_you_mean(heading, headings))
    if len(set(headings)) < len(headings):
        twice = next(heading for heading, count in Counter(headings).items() if count > 1)
        problem = f'two columns are headed "{twice}".' if twice else "a column has no heading."
        raise VoicebotError(Place(str(source.path), 1), problem, "Give every column a heading of its own.")
    columns = guess_columns(headings, chosen)
    if not any(column.role == "phone" for column in columns):
        problem = f"none of the columns ({', '.join(headings)[:200]}) is known to hold telephone numbers."
        remedy = f"Head one of them {HEADINGS['phone'][0]} or {HEADINGS['phone'][-1]}, or say which it is."
        raise VoicebotError(Place(str(source.path), 1), problem, remedy)
    return columns


Judged = tuple[Record, ReadRow | Refusal]


class _Loading:
    """One run over one list."""

    def __init__(self, db: Database, options: IntakeOptions, now: str, report: IntakeReport, seen: SeenNumbers) -> None:
        self._db, self._options, self._now, self._report, self._seen = db, options, now, report, seen
        self._rules = RowRules(options.numbers, options.consent, now[:10], Path(report.file).name)
        self._list_id: int | None = None

    def all(self, source: ListFile, rejects: Rejects | None, progress: Progress | None) -> None:
        """Every row of the list, batch by batch."""
        judged = (self._judged(record) for record in source.records())
        while batch := list(islice(judged, BATCH)):
            results = list(self._look_up(batch)) if self._options.dry_run else self._write(batch)
            for (record, _), result in zip(batch, results, strict=True):
                self._count(record, result, rejects)
            if progress:
                progress(self._report.rows, source.done, source.size)

    def record(self) -> None:
        """Note in the journal that the list was loaded, and on whose word of consent."""
        report = self._report
        body = {"list": report.list_name, "file": Path(report.file).name, "rows": report.rows, "added": report.added,
                "already": report.already, "refused": dict(report.refused),
                "consent": vars(self._options.consent)}  # fmt: skip
        with self._db.transaction():
            journal.append(self._db, ("centre", "lists"), "list_loaded", self._now, body)

    def _judged(self, record: Record) -> Judged:
        """A row on its own, and against the rows above it."""
        if record.problem:
            return record, Refusal(record.line, "shape", f"{record.problem}.", "Mend the quotes in this line.")
        row = read_row(record.line, self._report.columns, record.cells, self._rules)
        if isinstance(row, ReadRow):
            first = self._seen.first_line(row.number.e164, row.line)
            if first != row.line:
                problem = f"{row.number.e164} stands in line {first} already."
                return record, Refusal(row.line, "duplicate", problem, "Keep one of the two.")
        return record, row

    def _write(self, batch: Iterable[Judged]) -> list[Refusal | str]:
        """One batch, in one transaction."""
        with self._db.transaction():
            if self._list_id is None:
                self._list_id = lists.add_list(
                    self._db, self._report.list_name, Path(self._report.file).name, self._now, self._options.consent
                )
            return [row if isinstance(row, Refusal) else self._store(row, self._list_id) for _, row in batch]

    def _look_up(self, batch: Iterable[Judged]) -> Iterator[Refusal | str]:
        """What `_write` would make of a batch."""
        known_list = lists.by_name(self._db, self._report.list_name)
        for _, row in batch:
            if isinstance(row, Refusal):
                yield row
                continue
            number = people.look_up(self._db, row.number.e164, number_hash(row.number.e164, self._options.secret))
            on_list = known_list and number["id"] and leads.is_on_list(self._db, known_list["id"], number["id"])
            yield _refusal(row, number) or ("already" if on_list else "known" if number["id"] else "new")

    def _store(self, row: ReadRow, list_id: int) -> Refusal | str:
        """A row against the base: refused, or written as a lead of a known or a new person."""
        hashed = number_hash(row.number.e164, self._options.secret)
        number = people.look_up(self._db, row.number.e164, hashed)
        if refusal := _refusal(row, number):
            return refusal
        who = self._complete(number, row) if number["id"] else self._add_number(row, hashed)
        added = leads.add_lead(self._db, list_id, who, self._now, row=row.line, fields=row.fields, consent=row.consent)
        return "already" if not added else "known" if number["id"] else "new"

    def _add_number(self, row: ReadRow, hashed: str) -> Identity:
        person_id = people.add_person(
            self._db, self._now, name=row.name, language=row.language, time_zone=row.time_zone, region=row.region
        )
        zones = zones_of(row.number, time_zone=row.time_zone, region=row.region)
        return Identity(person_id, people.add_number(self._db, person_id, row.number, hashed, zones, self._now))

    def _complete(self, number: Row, row: ReadRow) -> Identity:
        """Add what this list knows of a known person. Two lists that disagree on where they live widen the zones."""
        who = Identity(number["person_id"], number["id"])
        people.complete_person(
            self._db, who.person_id, name=row.name, language=row.language, time_zone=row.time_zone, region=row.region
        )
        if row.time_zone or row.region:
            zones = zones_of(row.number, time_zone=row.time_zone, region=row.region)
            if number["time_zone"] or number["region"]:
                zones = tuple(sorted({*zones, *json.loads(number["zones"])}))
            people.set_number_zones(self._db, who.number_id, zones)
        return who

    def _count(self, record: Record, result: Refusal | str, rejects: Rejects | None) -> None:
        report = self._report
        report.rows += 1
        if isinstance(result, Refusal):
            report.refused[result.kind] += 1
            if len(report.refusals) < SHOWN:
                report.refusals.append(result)
            if rejects:
                rejects.add(record, result)
        elif result == "already":
            report.already += 1
        else:
            report.added += 1
            report.known += result == "known"


def _refusal(row: ReadRow, number: Row) -> Refusal | None:
    """Why the base refuses a row; `number` is what it knows of the number."""
    e164 = row.number.e164
    if number["suppressed"]:
        return Refusal(row.line, "suppressed", f"{e164} is on the do-not-call record.", "Take it off the list.")
    if number["id"] and number["status"] != "ok":
        problem = f"{e164} turned out to be {number['status']} on an earlier call."
        return Refusal(row.line, "dead_number", problem, "Give another number of this person.")
    return None
