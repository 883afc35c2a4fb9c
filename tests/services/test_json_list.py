from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.errors import VoicebotError
from voicebot.services import json_list
from voicebot.services.json_list import MOST_COLUMNS
from voicebot.services.list_file import open_list
from voicebot.services.list_record import Record


def read(path: Path, content: str | bytes) -> tuple[list[str], list[Record]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_list(path) as source:
        assert source.format == "json"
        return source.headings, list(source.records())


ROWS = [
    {"name": "Ann", "phones": ["2025550101", "2025550102"], "address": {"state": "NY", "zip": None}},
    {"name": "王芳", "phones": [13812345678.0], "vip": True, "address": {"state": "TX"}},
]
EXPECTED = [
    ["Ann", "2025550101", "2025550102", "NY", "", ""],
    ["王芳", "13812345678", "", "TX", "", "true"],
]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_arrays(tmp_path: Path, encoding: str, indent: int | None) -> None:
    headings, records = read(tmp_path / "a.json", json.dumps(ROWS, indent=indent, ensure_ascii=False).encode(encoding))
    assert headings == ["name", "phones", "phones 2", "address.state", "address.zip", "vip"]
    assert [record.cells for record in records] == EXPECTED
    assert [record.line for record in records] == ([1, 2] if indent is None else [2, 13])


def test_one_object_a_line(tmp_path: Path) -> None:
    lines = [json.dumps(ROWS[0]), "", '{"name": ', json.dumps(ROWS[1]), "7", '{"a": {"b": {"c": 1}}}', "{}"]
    _, records = read(tmp_path / "a.jsonl", "\n".join(lines))
    assert [record.line for record in records] == [1, 3, 4, 5, 6]
    assert [record.problem for record in records] == [
        "", "this line is not a whole JSON object", "", "this is not an object",
        'under "a.b" it is nested more than one level deep',
    ]  # fmt: skip
    assert all(record.remedy for record in records if record.problem)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "a.json: the list is empty."),
        ("[{}]", "a.json: the list is empty."),
        ('[\n{"a": 1},\n{"a" 2}]', "a.json:3: this is not JSON"),
        ('[{"a": 1} {"a": 2}]', "a.json:1: here a comma or the end of the array was expected."),
        ('[{"a": 1}', "a.json:1: here a comma or the end of the array was expected."),
        ('[{"a": 1}] x', "a.json:1: something follows the end of the array."),
        ('{\n"leads": []}', "a.json:1: this is neither an array of objects nor a line with a whole object."),
        ("[" * 100_000, "a.json:1: this is not JSON"),
        (json.dumps([{f"k{n}": 1} for n in range(MOST_COLUMNS + 1)]), "more than 500 different keys."),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(VoicebotError) as caught:
        read(tmp_path / "a.json", content)
    assert message in str(caught.value)


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("aé王 \n\"'{}[],", max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.text("abc", min_size=1, max_size=2), SCALARS), max_size=20), st.integers(1, 40))
def test_no_window_is_too_small(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]], n: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "window.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_list, "CHUNK", n)
        if not any(rows):
            return
        headings, records = read(path, json.dumps(rows, ensure_ascii=False))
    texts = [[_text(row.get(heading)) for heading in headings] for row in rows]
    assert [record.cells for record in records] == [cells for cells in texts if any(cell.strip() for cell in cells)]


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
