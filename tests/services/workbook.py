"""Spreadsheets for tests, written part by part as spreadsheet programs write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = f"""<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yy;@"/>
<numFmt numFmtId="165" formatCode='0.00" days"'/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"""
"""Style 1 and 2 are dates, 3 is none."""

Cell = str | float | None


@dataclass
class SheetOf:
    """A sheet: rows of texts, numbers, raw cells (texts that begin with `<c`), hidden rows by number, merged cells."""

    rows: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    merged: Sequence[str] = ()
    state: str = "visible"
    shared: list[str] = field(default_factory=list)


def write_workbook(path: Path, sheets: Mapping[str, SheetOf], properties: str = "") -> Path:
    """Write an XLSX file with these sheets."""
    shared: list[str] = []
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" state="{sheet.state}" r:id="rId{at}"/>'
        for at, (name, sheet) in enumerate(sheets.items(), start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Target="worksheets/sheet{at}.xml"/>' for at in range(1, len(sheets) + 1)
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr(
            "xl/workbook.xml", f"<workbook {MAIN} {LINKS}><workbookPr {properties}/><sheets>{names}</sheets></workbook>"
        )
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for at, sheet in enumerate(sheets.values(), start=1):
            file.writestr(f"xl/worksheets/sheet{at}.xml", _sheet(sheet, shared))
        strings = "".join(f"<si>{text}</si>" for text in shared)
        file.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        file.writestr("xl/styles.xml", STYLES)
    return path


def _sheet(sheet: SheetOf, shared: list[str]) -> str:
    rows = "".join(
        f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if number in sheet.hidden_rows else ""}>'
        + "".join(_cell(cell, f"{chr(65 + at)}{number}", shared) for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(sheet.rows, start=1)
    )
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merged)
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"


def _cell(cell: Cell, reference: str, shared: list[str]) -> str:
    match cell:
        case None:
            return ""
        case str() if cell.startswith("<c"):
            return cell.replace("<c", f'<c r="{reference}"', 1)
        case str():
            shared.append(f"<r><t>{escape(cell[:1])}</t></r><r><t>{escape(cell[1:])}</t></r><rPh><t>hint</t></rPh>")
            return f'<c r="{reference}" t="s"><v>{len(shared) - 1}</v></c>'
        case _:
            return f'<c r="{reference}"><v>{cell}</v></c>'
