"""A list as a file: which format it has, and opening it. Every format is told by its first bytes, never by its name."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from voicebot.errors import OutsideError, Place, VoicebotError
from voicebot.services.csv_list import CsvList
from voicebot.services.json_list import JsonList
from voicebot.services.list_record import ListFile
from voicebot.services.xlsx_list import Workbook

ENCODINGS = ("utf-8", "gb18030")
"""Tried strictly, in this order: hardly any GB18030 text happens to be valid UTF-8."""

MARKED = {codecs.BOM_UTF8: ("utf-8-sig",), codecs.BOM_UTF16_LE: ("utf-16",), codecs.BOM_UTF16_BE: ("utf-16",)}
"""A byte order mark settles the encoding."""

CHUNK = 1 << 20
PACKED = b"PK\x03\x04"
MAGIC = {b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS), or one with a password", b"%PDF": "a PDF",
         b"\x1f\x8b": "a packed file (gzip)", b"Rar!": "a packed file (RAR)", b"7z\xbc\xaf": "a packed file (7z)",
         b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"SQLite format 3": "a database"}  # fmt: skip
"""The first bytes of files that are sent in place of lists."""


@contextmanager
def open_list(path: Path, sheet: str = "") -> Iterator[ListFile]:
    """Open a list. `sheet` names one of a workbook; without it the first that is not hidden is opened.

    Raises VoicebotError for what is no list, OutsideError when the file cannot be read.
    """
    with _reading(path) as stream:
        if _is_packed(stream):
            with Workbook(path, stream) as workbook:
                yield workbook.open(sheet)
            return
        if sheet:
            problem = f'this file has no sheets, so none is called "{sheet}".'
            raise VoicebotError(Place(str(path)), problem, "Leave the sheet out.")
        encoding = _encoding(path, stream)
        if _begins_as_json(stream, encoding):
            yield JsonList(path, stream, encoding)
        else:
            stream.seek(0)
            yield CsvList(path, stream, encoding)


def sheets_of(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets that are neither hidden nor empty; none for a file of another format."""
    with _reading(path) as stream:
        if not _is_packed(stream):
            return ()
        with Workbook(path, stream) as workbook:
            return workbook.filled()


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise OutsideError(str(path), f"the list cannot be read: {error.strerror}.", "Check the path.") from None


def _is_packed(stream: BinaryIO) -> bool:
    packed = stream.read(len(PACKED)) == PACKED
    stream.seek(0)
    return packed


def _begins_as_json(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    start = stream.read(4096).decode(encoding, errors="ignore").lstrip()
    return start[:1] in ("{", "[")


def _encoding(path: Path, stream: BinaryIO) -> str:
    """The encoding by which the whole file can be read."""
    start = stream.read(16)
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
