"""A list as a file: its encoding, its separator, and its records one by one, in bounded memory.

Only CSV is read; another format would bring another function that yields a `ListFile`.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple

from voicebot.errors import OutsideError, Place, VoicebotError

ENCODINGS = ("utf-8", "gb18030")
"""Tried strictly, in this order: hardly any GB18030 text happens to be valid UTF-8."""

MARKED = {codecs.BOM_UTF8: ("utf-8-sig",), codecs.BOM_UTF16_LE: ("utf-16",), codecs.BOM_UTF16_BE: ("utf-16",)}
"""A byte order mark settles the encoding."""

SEPARATORS = (",", ";", "\t", "|")
LONGEST_LINE = 256 * 1024
"""Characters. A line beyond it is no row of a list."""

MOST_LINES = 20
"""Lines that one record may take up by line breaks within quotes; beyond it, a quote was not closed."""

CHUNK = 1 << 20
MAGIC = {b"PK\x03\x04": "a spreadsheet (XLSX) or another packed file", b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS)",
         b"%PDF": "a PDF"}  # fmt: skip


class Record(NamedTuple):
    """One record. `text` is as it stands in the file; `problem` is set, and `cells` empty, where it cannot be read."""

    line: int
    cells: list[str]
    text: str
    problem: str = ""


class ListFile:
    """An open list: what it is, its headings, and the records below them."""

    def __init__(self, path: Path, stream: BinaryIO, encoding: str) -> None:
        self.path, self.encoding = path, encoding
        self.size = path.stat().st_size
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
                return Record(line, [], first.rstrip("\r\n"), "a quote is opened and never closed")
            lines.append(more)
            text += more
        text = text.rstrip("\r\n")
        try:
            cells = next(csv.reader([text], delimiter=separator, strict=True), [])
        except csv.Error as error:
            return Record(line, [], text, f"its quotes cannot be read ({error})")
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


@contextmanager
def open_list(path: Path) -> Iterator[ListFile]:
    """Open a list. Raises VoicebotError for what is no list, OutsideError when the file cannot be read."""
    try:
        with path.open("rb") as stream:
            encoding = _encoding(path, stream)
            stream.seek(0)
            yield ListFile(path, stream, encoding)
    except OSError as error:
        raise OutsideError(str(path), f"the list cannot be read: {error.strerror}.", "Check the path.") from None


def _encoding(path: Path, stream: BinaryIO) -> str:
    """The encoding by which the whole file can be read."""
    start = stream.read(4)
    for magic, what in MAGIC.items():
        if start.startswith(magic):
            raise VoicebotError(Place(str(path)), f"this is {what}.", "Save it as CSV (UTF-8) and load that.")
    tried = next((names for mark, names in MARKED.items() if start.startswith(mark)), ENCODINGS)
    furthest = 0
    for encoding in tried:
        line = _undecodable_line(stream, encoding.removesuffix("-sig"))
        if line is None:
            return encoding
        furthest = max(furthest, line)
    problem = f"this line is not {' or '.join(name.removesuffix('-sig').upper() for name in tried)}."
    raise VoicebotError(Place(str(path), furthest), problem, "Save the list as UTF-8.")


def _undecodable_line(stream: BinaryIO, encoding: str) -> int | None:
    """The line in which decoding fails, None when it does not."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    while True:
        chunk = stream.read(CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return line + chunk.count(b"\n", 0, max(0, error.start))
        if not chunk:
            return None
        line += chunk.count(b"\n")
