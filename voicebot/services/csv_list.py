"""A list as text with separators (CSV): its encoding, its separator, and its records one by one, in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from voicebot.errors import Place, VoicebotError
from voicebot.services.list_record import LONGEST_LINE, Format, Record

SEPARATORS = (",", ";", "\t", "|")

MOST_LINES = 20
"""Lines that one record may take up by line breaks within quotes; beyond it, a quote was not closed."""

QUOTES_REMEDY = "Mend the quotes in this line."


class CsvList:
    """An open list; see `list_record.ListFile`."""

    format: Format = "csv"
    sheet = ""

    def __init__(self, path: Path, stream: BinaryIO, encoding: str) -> None:
        self.path, self.encoding = path, encoding
        self.size = path.stat().st_size
        self.notes: list[str] = []
        self._stream = stream
        self._lines = _Lines(path, TextIOWrapper(stream, encoding=encoding, newline=""))
        self.headings, self.separator = self._read_header()

    @property
    def done(self) -> int:
        """Bytes read so far, of `size`."""
        return self._stream.tell()

    def records(self) -> Iterator[Record]:
        """The records below the header; blank ones are left out."""
        while (record := self._record(self.separator)) is not None:
            if record.problem or any(cell.strip() for cell in record.cells):
                yield record

    def _read_header(self) -> tuple[list[str], str]:
        first = self._lines.next()
        while first is not None and not first.strip():
            first = self._lines.next()
        if first is None:
            raise VoicebotError(Place(str(self.path)), "the list is empty.", "Its first line names the columns.")
        if "\0" in first:
            raise VoicebotError(Place(str(self.path), 1), "this is not text.", "Export the list as CSV, in UTF-8.")
        separator = max(SEPARATORS, key=first.count)
        self._lines.back([first])
        record = self._record(separator)
        if record is None or record.problem:
            problem = record.problem if record else "it cannot be read"
            raise VoicebotError(Place(str(self.path), 1), f"the header: {problem}.", "Correct the first line.")
        headings = [cell.strip() for cell in record.cells]
        while headings and not headings[-1]:
            headings.pop()
        return headings, separator

    def _record(self, separator: str) -> Record | None:
        """The next record, with as many lines as its quotes hold together."""
        first = self._lines.next()
        if first is None:
            return None
        line, lines, text = self._lines.number, [first], first
        if '"' not in first:
            text = first.rstrip("\r\n")
            return Record(line, text.split(separator), text)
        while text.count('"') % 2:
            more = self._lines.next()
            if more is None or len(lines) == MOST_LINES:
                self._lines.back([*lines[1:], *([more] if more is not None else [])])
                return Record(line, [], first.rstrip("\r\n"), "a quote is opened and never closed", QUOTES_REMEDY)
            lines.append(more)
            text += more
        text = text.rstrip("\r\n")
        try:
            cells = next(csv.reader([text], delimiter=separator, strict=True), [])
        except csv.Error as error:
            return Record(line, [], text, f"its quotes cannot be read ({error})", QUOTES_REMEDY)
        return Record(line, cells, text)


class _Lines:
    """The lines of a text, counted from 1; lines can be put back."""

    def __init__(self, path: Path, text: TextIOWrapper) -> None:
        self._path, self._text = path, text
        self._returned: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._returned.pop() if self._returned else self._text.readline(LONGEST_LINE)
        if not line:
            return None
        self.number += 1
        if len(line) >= LONGEST_LINE:
            problem = f"this line is longer than {LONGEST_LINE} characters."
            raise VoicebotError(Place(str(self._path), self.number), problem, "Is this a list? Export it again as CSV.")
        return line

    def back(self, lines: list[str]) -> None:
        self._returned += reversed(lines)
        self.number -= len(lines)
