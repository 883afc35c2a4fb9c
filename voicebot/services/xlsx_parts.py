"""The parts of a spreadsheet (XLSX): XML within a ZIP, read as a stream so that a million rows take no memory.

Source: ECMA-376-1, SpreadsheetML (18.2 workbook, 18.3 sheets, 18.4 shared strings, 18.8 styles).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from voicebot.services.list_record import number_text

CHUNK = 1 << 16
Attributes = Mapping[str, str]


class Element(NamedTuple):
    """One tag: its name without a namespace, its attributes where it opens, and its text where it closes."""

    opens: bool
    name: str
    attributes: Attributes
    text: str


class UnsafeXmlError(ValueError):
    """XML that declares entities of its own: no spreadsheet does, and a few lines of them can fill any memory."""


def elements(stream: IO[bytes]) -> Iterator[Element]:
    """The tags of an XML text, one by one. Raises expat.ExpatError, UnsafeXmlError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[Element] = []
    text: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        found.append(Element(True, name.rpartition(":")[2], attributes, ""))

    def closed(name: str) -> None:
        found.append(Element(False, name.rpartition(":")[2], {}, "".join(text)))
        text.clear()

    def declared(*_: Any) -> None:
        raise UnsafeXmlError

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text.append, declared
    ended = False
    while not ended:
        chunk = stream.read(CHUNK)
        ended = not chunk
        parser.Parse(chunk, ended)
        yield from found
        found.clear()


class SharedStrings:
    """The texts that cells refer to by number, kept on the disk."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._starts = array("Q", [0])
        self._file = TemporaryFile()  # noqa: SIM115  (closed with the workbook)
        try:
            for text in _strings(stream) if stream else ():
                self._starts.append(self._starts[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))
        except BaseException:
            self._file.close()
            raise

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._starts) - 1:
            raise IndexError(number)
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        self._file.close()


def _strings(stream: IO[bytes]) -> Iterator[str]:
    """Each entry's text: its runs put together, without the phonetic hints of Asian texts."""
    parts: list[str] = []
    hint = False
    for element in elements(stream):
        if element.name == "rPh":
            hint = element.opens
        elif element.name == "t" and not element.opens and not hint:
            parts.append(element.text)
        elif element.name == "si" and not element.opens:
            yield "".join(parts)
            parts.clear()


DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
TIMES = frozenset({*range(18, 22), *range(45, 48), 32, 33})
"""Built-in formats of days and of hours (18.8.30)."""

_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def date_styles(stream: IO[bytes] | None) -> frozenset[int]:
    """The cell styles under which a number is a day or an hour."""
    custom: dict[int, str] = {}
    found: set[int] = set()
    count, inside = 0, False
    for element in elements(stream) if stream else ():
        if element.name == "cellXfs":
            inside = element.opens
        elif element.opens and element.name == "numFmt":
            custom[int(element.attributes["numFmtId"])] = element.attributes.get("formatCode", "")
        elif element.opens and element.name == "xf" and inside:
            number = int(element.attributes.get("numFmtId", "0"))
            code = _LITERAL.sub("", custom.get(number, "")).partition(";")[0]
            if number in DATES | TIMES or (number in custom and re.search("[ymdhs]", code, re.IGNORECASE)):
                found.add(count)
            count += 1
    return frozenset(found)


def moment_text(serial: float, from_1904: bool) -> str:
    """A spreadsheet's day and hour as text: `2026-03-31`, `2026-03-31 14:30` or, without a day, `14:30`."""
    if not 0 <= serial < 2958466:  # the year 10000
        return number_text(serial)
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  (a clock on the wall)
    if not from_1904 and 1 <= serial < 60:
        serial += 1  # before a 29 February 1900 that never was
    moment = epoch + timedelta(seconds=round(serial * 86400))
    if serial < 1:
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if serial == int(serial) else f"{moment:%Y-%m-%d %H:%M}"


def column_index(reference: str) -> int:
    """The place of a cell in its row, from 0: that of `C5` is 2."""
    index = 0
    for letter in reference:
        if not letter.isalpha():
            break
        index = index * 26 + ord(letter.upper()) - 64
    return index - 1
