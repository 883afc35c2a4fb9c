from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.world import LATER, ONE, TWO, enrolled, hashed
from voicebot.services.export import EXECUTED, Form, What, export, neutral
from voicebot.store import exports, suppressions
from voicebot.store.database import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False)
    yield database
    database.close()


def exported(db: Database, what: What, form: Form = "json", list_name: str = "") -> str:
    out = io.StringIO(newline="")
    count = export(db, what, form, out, list_name=list_name)
    assert count == (
        len(json.loads(out.getvalue())) if form == "json" else len(list(csv.reader(out.getvalue().splitlines()))) - 1
    )
    return out.getvalue()


def test_leads_with_where_they_stand(db: Database) -> None:
    enrolled(db, ONE)
    enrolled(db, TWO, "second")
    one, two = json.loads(exported(db, "leads"))
    assert tuple(one) == exports.COLUMNS["leads"]
    assert (one["list"], one["name"], one["phone"], one["campaign"], one["status"]) == (
        "first",
        "Ann",
        ONE,
        "first",
        "due",
    )
    assert one["fields"] == {"name": "Ann"}
    assert two["phone"] == TWO
    assert [row["list"] for row in json.loads(exported(db, "leads", list_name="second"))] == ["second"]


def test_a_csv_keeps_numbers_and_runs_nothing(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        db.execute("UPDATE people SET name = '=HYPERLINK(\"x\")' WHERE id = :id", id=lead.person)
    header, row = csv.reader(io.StringIO(exported(db, "leads", "csv")))
    cells = dict(zip(header, row, strict=True))
    assert (cells["phone"], cells["name"]) == (f"'{ONE}", '\'=HYPERLINK("x")')
    assert json.loads(cells["fields"]) == {"name": "Ann"}
    assert json.loads(exported(db, "leads"))[0]["name"] == '=HYPERLINK("x")'


def test_the_do_not_call_record_holds_hashes_where_numbers_are_gone(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        suppressions.insert(db, lead.hash, LATER, source="key", person_id=lead.person, evidence="*")
        suppressions.insert(db, hashed(TWO), LATER, source="manual", evidence="letter")
    assert [(row["phone"], row["hash"], row["source"]) for row in json.loads(exported(db, "suppressions"))] == [
        (ONE, lead.hash, "key"), ("", hashed(TWO), "manual"),
    ]  # fmt: skip
    with db.transaction():
        db.execute("UPDATE numbers SET e164 = 'erased-1'")
    assert json.loads(exported(db, "suppressions"))[0]["phone"] == ""


@pytest.mark.parametrize("what", ["leads", "calls", "suppressions"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_nothing_exports_to_nothing(db: Database, what: What, form: Form) -> None:
    text = exported(db, what, form)
    assert text == ("[]\n" if form == "json" else ",".join(exports.COLUMNS[what]) + "\r\n")


@given(st.text("=+-@\t\r\n '\"a1＝", max_size=5))
def test_no_cell_is_executed_and_none_is_lost(text: str) -> None:
    cell = neutral(text)
    assert not cell.startswith(EXECUTED)
    assert cell.removeprefix("'") == text.removeprefix("'")
