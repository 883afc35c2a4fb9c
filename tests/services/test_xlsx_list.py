from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.services.workbook import Cell, SheetOf, write_workbook
from voicebot.errors import VoicebotError
from voicebot.services.list_file import open_list, sheets_of
from voicebot.services.list_record import Record
from voicebot.services.xlsx_parts import moment_text

HEADER = ["Name", "Phone", "Due"]


def read(path: Path, sheet: str = "") -> tuple[list[str], list[Record], list[str]]:
    with open_list(path, sheet) as source:
        records = list(source.records())
        assert (source.format, source.done) == ("xlsx", source.size)
        return source.headings, records, source.notes


def book(folder: Path, *rows: Sequence[Cell], properties: str = "", **options: object) -> Path:
    sheet = SheetOf(rows, **options)  # type: ignore[arg-type]
    return write_workbook(folder / "a.xlsx", {"Leads": sheet}, properties)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Ann & Bea", "Ann & Bea"),
        (13800000000.0, "13800000000"),
        (0.1 + 0.2, "0.3"),
        ("<c><v>1.38E10</v></c>", "13800000000"),
        ('<c s="1"><v>46112</v></c>', "2026-03-31"),
        ('<c s="2"><v>46112.604166667</v></c>', "2026-03-31 14:30"),
        ('<c s="3"><v>46112</v></c>', "46112"),
        ('<c t="b"><v>1</v></c>', "true"),
        ('<c t="e"><v>#N/A</v></c>', ""),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="str"><f>A1&amp;"x"</f><v>Annx</v></c>', "Annx"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="inlineStr"><is><t>in</t><t>line</t></is></c>', "inline"),
        ('<c t="d"><v>2026-03-31</v></c>', "2026-03-31"),
    ],
)
def test_cells_read_as_somebody_would_have_typed_them(tmp_path: Path, cell: str | float, text: str) -> None:
    _, records, _ = read(book(tmp_path, HEADER, ["x", cell, "y"]))
    assert records == [Record(2, ["x", text, "y"], f"x,{text},y")]


def test_days_may_be_counted_from_1904(tmp_path: Path) -> None:
    path = book(tmp_path, HEADER, ["x", '<c s="1"><v>44650</v></c>'], properties='date1904="1"')
    assert read(path)[1][0].cells == ["x", "2026-03-31", ""]


@pytest.mark.parametrize(("serial", "text"), [(1.0, "1900-01-01"), (61.0, "1900-03-01"), (0.5, "12:00"), (-1.0, "-1")])
def test_odd_moments(serial: float, text: str) -> None:
    assert moment_text(serial, from_1904=False) == text


def test_a_formula_that_was_never_computed_is_told_by_its_cell(tmp_path: Path) -> None:
    (record,) = read(book(tmp_path, HEADER, ["x", "<c><f>A2</f></c>"]))[1]
    assert record.problem == "the cell B2 holds a formula that was never computed"
    assert record.remedy.endswith("as XLSX or CSV (UTF-8).")


def test_blank_rows_and_columns_cost_nothing(tmp_path: Path) -> None:
    path = book(tmp_path, [], [*HEADER, None, " "], [None, None], ["x", "1", None, None, " "], ["y", "2", "3", "4"])
    headings, records, _ = read(path)
    assert headings == HEADER
    assert [(record.line, record.cells) for record in records] == [(4, ["x", "1", ""]), (5, ["y", "2", "3", "4"])]


def test_hidden_rows_are_told(tmp_path: Path) -> None:
    records = read(book(tmp_path, HEADER, ["x", "1"], ["y", "2"], hidden_rows=frozenset({3})))[1]
    assert [record.hidden for record in records] == [False, True]


def test_a_title_and_merged_headings_are_understood(tmp_path: Path) -> None:
    title: list[Cell] = ["Leads of March"]
    upper: list[Cell] = ["Name", "Phone", None, "City"]
    lower: list[Cell] = [None, "work", "home"]
    path = book(tmp_path, title, upper, lower, ["x", "1", "2", "z"], merged=["A1:D1", "B2:C2", "A2:A3"])
    headings, records, notes = read(path)
    assert headings == ["Name", "Phone work", "Phone home", "City"]
    assert notes == ['row 1 ("Leads of March") was taken for a title', "rows 2 and 3 were read as one header"]
    assert records[0].line == 4


def test_a_list_of_one_column_has_no_title(tmp_path: Path) -> None:
    headings, records, _ = read(book(tmp_path, ["Phone"], ["2025550101"], ["2025550102"]))
    assert headings == ["Phone"]
    assert [record.cells for record in records] == [["2025550101"], ["2025550102"]]


def test_sheets_are_opened_by_name_and_hidden_or_empty_ones_left_out(tmp_path: Path) -> None:
    rows = [HEADER, ["x", "1", "2"]]
    path = write_workbook(
        tmp_path / "a.xlsx",
        {"North": SheetOf(rows), "Empty": SheetOf([]), "Old": SheetOf(rows, state="hidden"), "South": SheetOf(rows)},
    )
    assert sheets_of(path) == ("North", "South")
    with open_list(path, "Old") as source:
        assert source.sheet == "Old"
    with pytest.raises(VoicebotError, match=r'no sheet is called "Soth"\. Did you mean "South"'):
        read(path, "Soth")
    (tmp_path / "a.csv").write_text("Phone\n1\n")
    assert sheets_of(tmp_path / "a.csv") == ()
    with pytest.raises(VoicebotError, match="this file has no sheets"):
        read(tmp_path / "a.csv", "North")


def packed(path: Path, **parts: str) -> Path:
    with ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return path


ROW: list[Cell] = ["x", 2025550101.0, "y"]
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook>&a;</workbook>'


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"x": "1"}, "this is a packed file and no spreadsheet."),
        ({"content_xml": "1"}, "this is an OpenDocument file (ODS)."),
        ({"word__document_xml": "1"}, "this is a text document (DOCX)."),
        ({"xl__workbook_bin": "1"}, "this is a binary spreadsheet (XLSB)."),
        ({"xl__workbook_xml": "<workbook/>"}, "this spreadsheet is damaged"),
        ({"xl__workbook_xml": "<wor", "xl___rels/workbook.xml.rels": "<a/>"}, "this spreadsheet is damaged"),
        ({"xl__workbook_xml": BOMB, "xl___rels/workbook.xml.rels": "<a/>"}, "is damaged (UnsafeXmlError)"),
        ({"xl__workbook_xml": "<workbook/>", "xl___rels/workbook.xml.rels": "<a/>"}, "the list is empty."),
    ],
)
def test_packed_files_that_are_no_list(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    with pytest.raises(VoicebotError) as caught:
        read(packed(tmp_path / "a.xlsx", **parts))
    assert message in str(caught.value)
    assert caught.value.remedy


def test_no_torn_spreadsheet_breaks_it(tmp_path: Path) -> None:
    whole = book(tmp_path, HEADER, *([ROW] * 50)).read_bytes()
    for cut in range(30, len(whole), 97):
        for content in (whole[:cut], whole[:cut] + bytes([whole[cut] ^ 0x55]) + whole[cut + 1 :]):
            path = tmp_path / "torn.xlsx"
            path.write_bytes(content)
            try:
                assert read(path)[0]
            except VoicebotError as error:
                assert error.problem  # noqa: PT017
            except AssertionError:
                pass  # a flipped bit in a size
