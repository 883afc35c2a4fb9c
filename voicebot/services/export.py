"""Export: leads, calls and the do-not-call record as CSV or JSON, row by row, in bounded memory.

Rule: what a spreadsheet would execute is made a text. A cell that begins with = + - @, a tab or a line break gets an
apostrophe before it (OWASP, "CSV Injection"); so does every telephone number, which thereby keeps its plus and digits.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import IO, Any, Literal

from voicebot.store import exports
from voicebot.store.database import Database

What = Literal["leads", "calls", "suppressions"]
Form = Literal["csv", "json"]

EXPORTS: dict[What, Callable[[Database, str], Iterator[dict[str, Any]]]] = {
    "leads": exports.leads,
    "calls": exports.calls,
    "suppressions": lambda db, _list_name: exports.suppressions(db),
}

EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a cell begins that some spreadsheet program takes for a formula."""


def neutral(value: object) -> str:
    """A value as a cell that every spreadsheet shows and none executes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(EXECUTED) else text


def export(db: Database, what: What, form: Form, out: IO[str], *, list_name: str = "") -> int:
    """Write all rows of a kind, of one list where it is named; how many they were. JSON is one array of objects."""
    rows = EXPORTS[what](db, list_name)
    return _csv(rows, what, out) if form == "csv" else _json(rows, out)


def _csv(rows: Iterator[dict[str, Any]], what: What, out: IO[str]) -> int:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(exports.COLUMNS[what])
    count = 0
    for row in rows:
        writer.writerow([neutral(_flat(row[name])) for name in exports.COLUMNS[what]])
        count += 1
    return count


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) and value else "" if value == {} else value


def _json(rows: Iterator[dict[str, Any]], out: IO[str]) -> int:
    count = 0
    out.write("[")
    for row in rows:
        out.write((",\n" if count else "\n") + json.dumps(row, ensure_ascii=False))
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count
