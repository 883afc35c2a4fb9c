"""Intake: a list becomes leads. Every row is taken or refused by file and line; loading a file again doubles nothing.

Rows are read outside the transactions and written in batches, each in a transaction of its own, so that the calls under
way never wait long. With each batch it is written how far the file has got: a run that is killed leaves whole batches,
and the next run with the same file goes on behind them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.leads.columns import HEADINGS, Column, Role, guess_columns
from voicebot.leads.consent import NO_CONSENT, Consent, consent_fault
from voicebot.leads.dates import Order
from voicebot.leads.numbers import NumberRules
from voicebot.leads.rows import ReadRow, Refusal, RefusalKind, RowReader, RowRules
from voicebot.services.filing import Batch, Filed
from voicebot.services.list_file import open_list
from voicebot.services.list_record import Format, ListFile, Record
from voicebot.services.rejects import Rejects, held, rejects_file
from voicebot.store import intakes, journal, lists
from voicebot.store.database import Database
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

    `list_name` is the file's name by default, `sheet` the first of a workbook. `consent` is declared for the whole
    list. `columns` gives headings their roles, where guessing does not do; None keeps one as a field. `orders` are the
    orders of day and month in its dates, where its owner has declared them. `hidden`: rows that are hidden in a
    spreadsheet are taken, too. A dry run judges every row and writes nothing at all.
    """

    numbers: NumberRules
    secret: str
    list_name: str = ""
    sheet: str = ""
    consent: Consent = NO_CONSENT
    columns: Mapping[str, Role | None] = field(default_factory=dict)
    orders: frozenset[Order] = frozenset()
    hidden: bool = False
    dry_run: bool = False


@dataclass
class IntakeReport:
    """What came of a list. `rows` = `added` + `already` + all `refused`; `known` of the added are people we knew.

    `further` numbers were taken beside the ones dialled first, `unusable` ones were not. `resumed` rows had been dealt
    with by an earlier run that was cut short; they are counted in.
    """

    file: str
    list_name: str
    format: Format
    encoding: str
    separator: str
    sheet: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    dry_run: bool
    rows: int = 0
    added: int = 0
    already: int = 0
    known: int = 0
    further: int = 0
    unusable: int = 0
    resumed: int = 0
    refused: Counter[RefusalKind] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    rejects: str = ""

    def counts(self) -> str:
        """What has to be known to go on, as JSON."""
        kept = {name: getattr(self, name) for name in COUNTS}
        return json.dumps({**kept, "refused": self.refused, "refusals": [asdict(one) for one in self.refusals]})

    def go_on_from(self, counts: str) -> None:
        """Take over what an earlier run counted."""
        kept: dict[str, Any] = json.loads(counts)
        self.refused, self.refusals = Counter(kept.pop("refused")), [Refusal(**one) for one in kept.pop("refusals")]
        for name, value in kept.items():
            setattr(self, name, value)
        self.resumed = self.rows


COUNTS = ("rows", "added", "already", "known", "further", "unusable")


def run(db: Database, file: Path, options: IntakeOptions, now: str, progress: Progress | None = None) -> IntakeReport:
    """Load a list. Raises VoicebotError for a file or declaration that cannot be used, OutsideError for disk trouble.

    The journal notes that it was loaded, and on whose word of consent.
    """
    _check_declaration(options.consent, now)
    with open_list(file, options.sheet) as source, seen_numbers() as seen:
        columns = _columns(source, options.columns)
        report = IntakeReport(
            str(file), options.list_name or file.stem, source.format, source.encoding, source.separator, source.sheet,
            columns, tuple(source.notes), options.dry_run,
        )  # fmt: skip
        loading = _Loading(db, options, now, report, seen)
        if options.dry_run:
            loading.foresee(source, progress)
        else:
            loading.load(source, _key(file, report, options), progress)
        return report


def _key(file: Path, report: IntakeReport, options: IntakeOptions) -> str:
    """What an intake is known by, should it have to be gone on with: the file's content, and how it is read."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    how = (str(file.resolve()), report.list_name, report.sheet, report.columns, options.consent, options.orders,
           options.hidden, options.numbers)  # fmt: skip
    digest.update(repr(how).encode())
    return digest.hexdigest()


def _check_declaration(consent: Consent, now: str) -> None:
    fault = consent_fault(consent, now[:10])
    if consent != NO_CONSENT and fault:
        raise VoicebotError("the declared consent", f"{fault}.", "Give its kind, its day (YYYY-MM-DD) and its source.")


def _columns(source: ListFile, chosen: Mapping[str, Role | None]) -> tuple[Column, ...]:
    """What the columns mean; a header without a column of numbers is refused."""
    headings = source.headings
    for heading, role in chosen.items():
        if heading not in headings:
            problem = f'no column is headed "{heading}", which was to be the {role or "field"}.'
            remedy = did_you_mean(heading, headings) or f"There are {', '.join(headings)[:200]}."
            raise VoicebotError(Place(source.path.name, 1), problem, remedy)
    if len(set(headings)) < len(headings):
        twice = next(heading for heading, count in Counter(headings).items() if count > 1)
        problem = f'two columns are headed "{twice}".' if twice else "a column has no heading."
        raise VoicebotError(Place(str(source.path), 1), problem, "Give every column a heading of its own.")
    columns = guess_columns(headings, chosen)
    if not any(column.role == "phone" for column in columns):
        problem = f"none of the columns ({', '.join(headings)[:200]}) is known to hold telephone numbers."
        remedy = f"Head one of them {HEADINGS['phone'][0]}, or name it: --column phone={headings[0][:40] or 'HEADING'}."
        raise VoicebotError(Place(str(source.path), 1), problem, remedy)
    return columns


Judged = tuple[Record, ReadRow | Refusal]
Result = Refusal | Filed


class _Loading:
    """One run over one list."""

    def __init__(self, db: Database, options: IntakeOptions, now: str, report: IntakeReport, seen: SeenNumbers) -> None:
        self._db, self._options, self._now, self._report, self._seen = db, options, now, report, seen
        rules = RowRules(options.numbers, options.consent, now[:10], Path(report.file).name, options.orders)
        self._reader = RowReader(report.columns, rules)
        self._list_id: int | None = None

    def foresee(self, source: ListFile, progress: Progress | None) -> None:
        """What `load` would make of the list, without writing."""
        known_list = lists.by_name(self._db, self._report.list_name)
        self._list_id = known_list["id"] if known_list else None
        for batch in self._batches(source.records(), source, progress):
            for (record, _), result in zip(batch, self._against_base(batch)[1], strict=True):
                self._count(record, result, None)

    def load(self, source: ListFile, key: str, progress: Progress | None) -> None:
        """Every row of the list, batch by batch, behind those that an earlier run has dealt with."""
        target = rejects_file(source.path, source.sheet)
        before = intakes.load(self._db, key)
        if before and not held(target, before["rejects"]):
            before = None
        with closing(Rejects(target, source.headings, source.separator, before["rejects"] if before else 0)) as rejects:
            records = source.records()
            started = self._now
            if before:
                started = before["started_at"]
                self._report.go_on_from(before["counts"])
                records = (record for record in records if record.line > before["line"])
            for batch in self._batches(records, source, progress):
                self._write(batch, key, started, rejects)
            self._report.rejects = rejects.finish(refused=bool(self._report.refused))
        self._record(key)

    def _batches(
        self, records: Iterator[Record], source: ListFile, progress: Progress | None
    ) -> Iterator[list[Judged]]:
        while batch := list(islice(records, BATCH)):
            yield self._judged(batch)
            if progress:
                progress(self._report.rows, source.done, source.size)

    def _judged(self, batch: Sequence[Record]) -> list[Judged]:
        """Rows on their own, and against the rows above them."""
        rows = [self._read(record) for record in batch]
        good = [(row.number.e164, row.line) for row in rows if isinstance(row, ReadRow)]
        first = iter(self._seen.first_lines(good))
        return [
            (record, _unless_seen(row, next(first)) if isinstance(row, ReadRow) else row)
            for record, row in zip(batch, rows, strict=True)
        ]

    def _read(self, record: Record) -> ReadRow | Refusal:
        if record.problem:
            return Refusal(record.line, "shape", f"{record.problem}.", record.remedy)
        if record.hidden and not self._options.hidden:
            remedy = "Show it, or load the list with its hidden rows."
            return Refusal(record.line, "hidden", "the row is hidden in the spreadsheet.", remedy)
        return self._reader.read(record.line, record.cells)

    def _write(self, batch: list[Judged], key: str, started: str, rejects: Rejects) -> None:
        """One batch, in one transaction with the note of how far the list has got."""
        report = self._report
        with self._db.transaction():
            if self._list_id is None:
                self._list_id = lists.add_list(
                    self._db, report.list_name, Path(report.file).name, started, self._options.consent
                )
            filing, results = self._against_base(batch, started)
            filing.write()
            for (record, _), result in zip(batch, results, strict=True):
                self._count(record, result, rejects)
            intakes.save(self._db, key, started, batch[-1][0].line, rejects.keep(), report.counts())

    def _against_base(self, batch: list[Judged], started: str = "") -> tuple[Batch, list[Result]]:
        rows = [row for _, row in batch if isinstance(row, ReadRow)]
        filing = Batch(self._db, self._list_id, rows, self._options.secret, started or self._now)
        results = iter(filing.results)
        return filing, [self._taken(row, next(results)) if isinstance(row, ReadRow) else row for _, row in batch]

    def _taken(self, row: ReadRow, result: Result) -> Result:
        if not isinstance(result, Refusal):
            self._report.further += len(row.further)
            self._report.unusable += row.unusable
        return result

    def _count(self, record: Record, result: Result, rejects: Rejects | None) -> None:
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

    def _record(self, key: str) -> None:
        """Note in the journal that the list was loaded, and on whose word of consent."""
        report = self._report
        body = {"list": report.list_name, "file": Path(report.file).name, "sheet": report.sheet, "rows": report.rows,
                "added": report.added, "already": report.already, "refused": dict(report.refused),
                "consent": vars(self._options.consent)}  # fmt: skip
        with self._db.transaction():
            journal.append(self._db, ("centre", "lists"), "list_loaded", self._now, body)
            intakes.forget(self._db, key)


def _unless_seen(row: ReadRow, first: int) -> ReadRow | Refusal:
    """A number stands on a list once."""
    if first == row.line:
        return row
    return Refusal(row.line, "duplicate", f"{row.number.e164} stands in line {first} already.", "Keep one of the two.")
