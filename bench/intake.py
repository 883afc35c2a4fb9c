"""Rows of a list per second, against parsing every number with phonenumbers and inserting with sqlite3 alone."""

from __future__ import annotations

import csv
import itertools
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import phonenumbers

from bench.figures import Figure, at_least, side_by_side
from voicebot.leads.numbers import NumberRules
from voicebot.services import intake
from voicebot.services.intake import IntakeOptions
from voicebot.store.database import Database

ROWS = 20_000
AREAS = ("212", "312", "415", "713", "305")
NOW = "2026-03-02T15:00:00.000Z"


def measure(folder: Path) -> Iterator[Figure]:
    """The same list for both, each time into a new database."""
    file = folder / "list.csv"
    _write_list(file)
    counter = itertools.count()
    one, other, ratio = side_by_side(
        lambda: _ours(file, folder / f"ours{next(counter)}.db"),
        lambda: _bare(file, folder / f"bare{next(counter)}.db"),
        rounds=3,
    )
    yield at_least("intake against phonenumbers and sqlite3", ratio, "of their speed", 0.5)
    yield Figure("intake of ours", one, "rows per second")
    yield Figure("phonenumbers and sqlite3 alone", other, "rows per second")


def _write_list(file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["name", "phone", "state", "consent", "consent date", "note"])
        for row in range(ROWS):
            number = f"({AREAS[row % 5]}) {200 + row // 50_000}-{row // 5 % 10_000:04d}"
            writer.writerow([f"Alex {row}", number, "NY", "web form", "2026-02-01", "called in spring"])


def _ours(file: Path, path: Path) -> float:
    db = Database(path)
    options = IntakeOptions(NumberRules("US", ("US",)), "s" * 64, list_name="bench")
    began = time.perf_counter()
    report = intake.run(db, file, options, NOW)
    seconds = time.perf_counter() - began
    db.close()
    if report.added != ROWS:
        raise RuntimeError(f"{report.added} of {ROWS} rows were taken: {report.refusals[:3]}")
    return ROWS / seconds


def _bare(file: Path, path: Path) -> float:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE leads (id INTEGER PRIMARY KEY, name TEXT, e164 TEXT UNIQUE, consent TEXT, note TEXT)")
    began = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        while batch := list(itertools.islice(rows, 1000)):
            db.execute("BEGIN IMMEDIATE")
            for row in batch:
                number = phonenumbers.parse(row["phone"], "US")
                if phonenumbers.is_valid_number(number):
                    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                    values = (row["name"], e164, row["consent"], row["note"])
                    db.execute("INSERT INTO leads (name, e164, consent, note) VALUES (?, ?, ?, ?)", values)
            db.execute("COMMIT")
    seconds = time.perf_counter() - began
    db.close()
    return ROWS / seconds
