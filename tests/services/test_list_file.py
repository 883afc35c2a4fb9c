from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.errors import OutsideError, VoicebotError
from voicebot.services.csv_list import MOST_LINES, QUOTES_REMEDY
from voicebot.services.list_file import open_list
from voicebot.services.list_record import LONGEST_LINE, Record


def read(path: Path, content: bytes) -> tuple[str, str, list[str], list[Record]]:
    path.write_bytes(content)
    with open_list(path) as source:
        records = list(source.records())
        assert source.done == source.size
        return source.encoding, source.separator, source.headings, records


TEXT = "姓名{0}手机号\n王芳{0}13812345678\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_encodings_and_separators(tmp_path: Path, encoding: str, expected: str, separator: str) -> None:
    found = read(tmp_path / "a.csv", TEXT.format(separator).encode(encoding))
    assert found[:3] == (expected, separator, ["姓名", "手机号"])
    assert found[3][0].cells == ["王芳", "13812345678"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path, end: str) -> None:
    lines = ["", "a,b", "1,2", "", ",", '"x', 'y",4', "5,6"]
    records = read(tmp_path / "a.csv", end.join(lines).encode())[3]
    assert [(record.line, record.cells) for record in records] == [
        (3, ["1", "2"]), (6, [f"x{end}y", "4"]), (8, ["5", "6"]),
    ]  # fmt: skip


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    rows = "".join(f"{n},x\n" for n in range(MOST_LINES * 3))
    records = read(tmp_path / "a.csv", f'a,b\n"open,x\n{rows}'.encode())[3]
    assert records[0] == Record(2, [], '"open,x', "a quote is opened and never closed", QUOTES_REMEDY)
    assert [record.cells[0] for record in records[1:]] == [str(n) for n in range(MOST_LINES * 3)]
    assert records[1].line == 3


def test_quotes_that_cannot_be_read(tmp_path: Path) -> None:
    records = read(tmp_path / "a.csv", b'a,b\n"x"y,2\n3,4\n')[3]
    assert records[0].problem.startswith("its quotes cannot be read")
    assert records[1].cells == ["3", "4"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.csv: the list is empty. Its first line names the columns."),
        (b"\n \n", "a.csv: the list is empty."),
        (b"PK\x03\x04....", "a.csv: this spreadsheet is damaged (File is not a zip file)."),
        (b"%PDF-1.7", "a.csv: this is a PDF."),
        (b"a\x00b\n", "a.csv:1: this is not text."),
        (b"phone\n1\n2\xff\xff3\n", "a.csv:3: this line is not UTF-8 or GB18030. Save the list as UTF-8."),
        (b"\xef\xbb\xbfphone\n\xff\n", "a.csv:2: this line is not UTF-8."),
        (b'"phone\n1\n', "a.csv:1: the header: a quote is opened and never closed."),
        (b"a,b\n" + b"x" * (LONGEST_LINE + 1), f"a.csv:2: this line is longer than {LONGEST_LINE} characters."),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(VoicebotError) as caught:
        read(tmp_path / "a.csv", content)
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="the list cannot be read: No such file"), open_list(tmp_path / "none.csv"):
        pass
    with pytest.raises(OutsideError, match="Is a directory"), open_list(tmp_path):
        pass


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"voicebot-list-{os.getpid()}.csv"  # noqa: S108
    try:
        lines = [record.line for record in read(path, content)[3]]
        assert lines == sorted(set(lines))
    except VoicebotError as error:
        assert error.problem  # noqa: PT017
    finally:
        path.unlink(missing_ok=True)
