"""A list as a sheet of a spreadsheet (XLSX), row by row, with its title, merged headings and hidden rows understood."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.services.list_record import Format, Record, number_text
from voicebot.services.xlsx_parts import (
    CHUNK,
    Element,
    SharedStrings,
    UnsafeXmlError,
    column_index,
    date_styles,
    elements,
    moment_text,
)

MOST_UNPACKED = 4 << 30
"""Bytes. A part that unpacks to more is no list: a full sheet has about one tenth of it."""

MOST_COLUMNS = 16384
"""As many as a sheet can have."""

OTHERS = {"xl/workbook.bin": "a binary spreadsheet (XLSB)", "content.xml": "an OpenDocument file (ODS)",
          "word/document.xml": "a text document (DOCX)"}  # fmt: skip
DAMAGE = (BadZipFile, zlib.error, expat.ExpatError, UnsafeXmlError, KeyError, ValueError, IndexError, EOFError)
"""What a damaged or hostile file makes its readers raise."""

SAVE_AGAIN = "Open it in a spreadsheet program and save it again as XLSX or CSV (UTF-8)."


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, the part that holds it, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


class Workbook(AbstractContextManager["Workbook"]):
    """An open workbook. Raises VoicebotError for a file that is none, or is damaged."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self.path = path
        self._strings: SharedStrings | None = None
        try:
            self._zip = ZipFile(stream)
            names = set(self._zip.namelist())
            other = next((what for part, what in OTHERS.items() if part in names), None)
            if "xl/workbook.xml" not in names:
                problem = f"this is {other or 'a packed file and no spreadsheet'}."
                raise VoicebotError(Place(str(path)), problem, "Save it as XLSX or CSV (UTF-8) and load that.")
            self.from_1904, self.sheets = self._contents()
        except DAMAGE as error:
            raise self.damaged(error) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._strings:
            self._strings.close()
        self._zip.close()

    def filled(self) -> tuple[str, ...]:
        """The names of the sheets that are neither hidden nor empty."""
        return tuple(sheet.name for sheet in self.sheets if not sheet.hidden and self._has_cells(sheet))

    def open(self, name: str) -> XlsxList:
        """The sheet of this name; without one the first that is filled."""
        if not name:
            filled = self.filled()
            if not filled:
                raise VoicebotError(Place(str(self.path)), "the list is empty.", "Its first line names the columns.")
            name = filled[0]
        sheet = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if sheet is None:
            names = [sheet.name for sheet in self.sheets]
            remedy = did_you_mean(name, names) or f"It has {', '.join(names)}."
            raise VoicebotError(Place(str(self.path)), f'no sheet is called "{name}".', remedy)
        try:
            self._strings = SharedStrings(self.part("xl/sharedStrings.xml"))
            styles = date_styles(self.part("xl/styles.xml"))
            return XlsxList(self, sheet, self._strings, styles)
        except DAMAGE as error:
            raise self.damaged(error) from None

    def part(self, name: str) -> IO[bytes] | None:
        """A part of the package, or None where it has none. Raises VoicebotError for one that would fill the disk."""
        if name not in self._zip.namelist():
            return None
        if self._zip.getinfo(name).file_size > MOST_UNPACKED:
            problem = f"the part {name} unpacks to {self._zip.getinfo(name).file_size} bytes."
            raise VoicebotError(Place(str(self.path)), problem, SAVE_AGAIN)
        return self._zip.open(name)

    def unpacked_size(self, name: str) -> int:
        """Bytes of a part."""
        return self._zip.getinfo(name).file_size

    def damaged(self, error: BaseException) -> VoicebotError:
        """What a user reads in place of a reader's error."""
        if isinstance(error, VoicebotError):
            return error
        why = str(error) or type(error).__name__
        if "encrypted" in why or "password" in why:
            return VoicebotError(Place(str(self.path)), "this spreadsheet has a password.", "Save it without one.")
        return VoicebotError(Place(str(self.path)), f"this spreadsheet is damaged ({why}).", SAVE_AGAIN)

    def _contents(self) -> tuple[bool, list[Sheet]]:
        targets = {
            element.attributes["Id"]: posixpath.normpath(posixpath.join("xl", element.attributes["Target"]).lstrip("/"))
            for element in elements(self._zip.open("xl/_rels/workbook.xml.rels"))
            if element.opens and element.name == "Relationship"
        }
        from_1904, sheets = False, []
        for element in elements(self._zip.open("xl/workbook.xml")):
            if element.opens and element.name == "workbookPr":
                from_1904 = element.attributes.get("date1904", "0") in ("1", "true")
            elif element.opens and element.name == "sheet":
                link = next(value for key, value in element.attributes.items() if key.endswith(":id"))
                hidden = element.attributes.get("state", "visible") != "visible"
                if targets[link].startswith("xl/worksheets/"):
                    sheets.append(Sheet(element.attributes["name"], targets[link], hidden))
        return from_1904, sheets

    def _has_cells(self, sheet: Sheet) -> bool:
        stream = self.part(sheet.part)
        try:
            return stream is not None and any(one.opens and one.name in ("v", "is") for one in elements(stream))
        except DAMAGE as error:
            raise self.damaged(error) from None


class _Row(NamedTuple):
    number: int
    cells: list[str]
    hidden: bool
    problem: str

    @property
    def filled(self) -> int:
        """How many cells are not blank."""
        return sum(bool(cell.strip()) for cell in self.cells)


class XlsxList:
    """An open sheet; see `list_record.ListFile`."""

    format: Format = "xlsx"
    encoding = "xlsx"
    separator = ","

    def __init__(self, workbook: Workbook, sheet: Sheet, strings: SharedStrings, styles: frozenset[int]) -> None:
        self.path, self.sheet = workbook.path, sheet.name
        self.notes: list[str] = []
        self._workbook, self._strings, self._styles = workbook, strings, styles
        part = workbook.part(sheet.part)
        if part is None:
            raise KeyError(sheet.part)
        self.size = workbook.unpacked_size(sheet.part)
        self._part = part
        self._spans = _wide_cells(part)
        self._part.seek(0)
        self._rows = self._filled_rows()
        self.headings = self._read_header()

    @property
    def done(self) -> int:
        """Bytes read so far, of `size`."""
        return self._part.tell()

    def records(self) -> Iterator[Record]:
        """The rows below the header; blank ones are left out."""
        width = len(self.headings)
        for row in self._rows:
            cells = row.cells + [""] * (width - len(row.cells))
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            text = ",".join(row.cells)
            remedy = SAVE_AGAIN if row.problem else ""
            yield Record(row.number, [] if row.problem else cells, text, row.problem, remedy, row.hidden)

    def _read_header(self) -> list[str]:
        """The headings: below a title, and put together where a heading spans several columns."""
        first = next(self._rows, None)
        while first is not None and first.filled == 1:
            second = next(self._rows, None)
            if second is None or second.filled < 2:
                self._rows = chain([second] if second else [], self._rows)
                break
            self.notes.append(f'row {first.number} ("{"".join(first.cells).strip()[:40]}") was taken for a title')
            first = second
        if first is None:
            raise VoicebotError(Place(str(self.path)), "the list is empty.", "Its first line names the columns.")
        headings = [cell.strip() for cell in first.cells]
        spans = [(left, right) for row, left, right in self._spans if row == first.number]
        if spans and first.filled > 1 and (second := next(self._rows, None)):
            self.notes.append(f"rows {first.number} and {second.number} were read as one header")
            lower = [cell.strip() for cell in second.cells]
            headings += [""] * (max(len(lower), *(right + 1 for _, right in spans)) - len(headings))
            for left, right in spans:
                headings[left : right + 1] = [headings[left]] * (right + 1 - left)
            lower += [""] * (len(headings) - len(lower))
            headings = [f"{above} {below}".strip() for above, below in zip(headings, lower, strict=True)]
        while headings and not headings[-1]:
            headings.pop()
        return headings

    def _filled_rows(self) -> Iterator[_Row]:
        try:
            for row in self._all_rows():
                if row.problem or row.filled:
                    yield row
        except DAMAGE as error:
            raise self._workbook.damaged(error) from None

    def _all_rows(self) -> Iterator[_Row]:
        cells: list[str] = []
        number, column, hidden, problem = 0, -1, False, ""
        cell: _Cell | None = None
        for element in elements(self._part):
            name = element.name
            if name == "row":
                if element.opens:
                    number = int(element.attributes.get("r", number + 1))
                    hidden = element.attributes.get("hidden", "0") in ("1", "true")
                    cells, column, problem = [], -1, ""
                else:
                    yield _Row(number, cells, hidden, problem)
            elif name == "c" and element.opens:
                reference = element.attributes.get("r", "")
                column = column_index(reference) if reference else column + 1
                cell = _Cell(element.attributes)
            elif name == "c" and cell:
                text, fault = self._text_of(cell)
                if text and 0 <= column < MOST_COLUMNS:
                    cells += [""] * (column + 1 - len(cells))
                    cells[column] = text
                problem = problem or (fault and f"the cell {cell.reference} {fault}")
                cell = None
            elif cell:
                cell.note(element)

    def _text_of(self, cell: _Cell) -> tuple[str, str]:
        """A cell's content as somebody would have typed it, and what is wrong with it."""
        if cell.formula and not cell.value:
            return ("", "") if cell.kind == "str" else ("", "holds a formula that was never computed")
        match cell.kind:
            case "s":
                return self._strings[int(cell.value)] if cell.value else "", ""
            case "inlineStr" | "str" | "d":
                return cell.value, ""
            case "b":
                return "true" if cell.value == "1" else "false", ""
            case "e":
                return "" if cell.value == "#N/A" else cell.value, ""
            case _ if not cell.value:
                return "", ""
        number = float(cell.value)
        if cell.style in self._styles:
            return moment_text(number, self._workbook.from_1904), ""
        return number_text(number), ""


class _Cell:
    """A cell under way."""

    def __init__(self, attributes: object) -> None:
        assert isinstance(attributes, dict)  # noqa: S101
        self.reference: str = attributes.get("r", "")
        self.kind: str = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))
        self.value, self.formula, self._hint = "", False, False

    def note(self, element: Element) -> None:
        """Take in a tag within the cell."""
        if element.name == "f":
            self.formula = True
        elif element.name == "rPh":
            self._hint = element.opens
        elif not element.opens and (element.name == "v" or (element.name == "t" and not self._hint)):
            self.value += element.text


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
HEADER_ROWS = 20
"""Within as many rows a header is looked for."""


def _wide_cells(part: IO[bytes]) -> list[tuple[int, int, int]]:
    """Merged cells near the top that span several columns: (row, first column, last column). They stand at the end of
    the part, behind all rows, so the bytes are searched, which is quicker by far than parsing them."""
    found: list[tuple[int, int, int]] = []
    rest = b""
    while chunk := part.read(CHUNK):
        window = rest + chunk
        for left, top, right, _ in _MERGED.findall(window):
            span = (int(top), column_index(left.decode()), column_index(right.decode()))
            if span[0] <= HEADER_ROWS and span[1] < span[2] and span not in found:
                found.append(span)
        rest = window[-100:]
    return found
