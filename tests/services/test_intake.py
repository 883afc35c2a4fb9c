from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.world import NOW, ONE, SECRET, TWO, Killed, Killer, hashed
from voicebot.errors import OutsideError, VoicebotError
from voicebot.leads.consent import Consent
from voicebot.leads.numbers import NumberRules
from voicebot.services import intake
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.store import journal, leads, lists, people, suppressions
from voicebot.store.database import Database

DECLARED = Consent("customer", "2026-01-02", "CRM export of January")
OPTIONS = IntakeOptions(NumberRules("US", ("US", "GB", "CN")), SECRET, consent=DECLARED)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False)
    yield database
    database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spring.csv"


def load(db: Database, file: Path, content: str = "", options: IntakeOptions = OPTIONS) -> IntakeReport:
    if content:
        file.write_text(content, encoding="utf-8")
    return intake.run(db, file, options, NOW)


def counts(db: Database) -> tuple[int, ...]:
    return tuple(db.value(f"SELECT count(*) FROM {table}") for table in ("people", "numbers", "leads"))  # noqa: S608


def rejects(file: Path) -> list[list[str]]:
    with file.with_name(file.name + ".rejects.csv").open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.reader(rows))


GOOD = "Name,Phone,State,Order No\nAnn,202-555-0101,NY,7\nBea,202-555-0102,,8\n"


def test_a_list_becomes_leads(db: Database, file: Path) -> None:
    report = load(db, file, GOOD)
    assert (report.rows, report.added, report.encoding, report.separator) == (2, 2, "utf-8", ",")
    spring = lists.by_name(db, "spring")
    assert spring
    ann, bea = leads.leads_of_list(db, spring["id"])
    assert (ann["name"], ann["e164"], ann["row"], ann["hash"]) == ("Ann", ONE, 2, hashed(ONE))
    assert json.loads(ann["fields"]) == {"name": "Ann", "region": "NY", "order_no": "7"}
    assert json.loads(ann["zones"]) == ["America/New_York"]
    assert len(json.loads(bea["zones"])) > 3
    assert (ann["consent_kind"], ann["consent_at"]) == ("customer", "2026-01-02")
    (entry,) = journal.read(db, "centre", "lists")
    assert (entry.body["added"], entry.body["consent"]["source"]) == (2, "CRM export of January")


def test_loading_again_doubles_nothing(db: Database, file: Path) -> None:
    load(db, file, GOOD)
    again = load(db, file)
    assert (again.rows, again.added, again.already) == (2, 0, 2)
    assert counts(db) == (2, 2, 2)


def test_a_known_person_becomes_a_lead_of_another_list(db: Database, file: Path) -> None:
    load(db, file, GOOD)
    report = load(db, file, "Phone,State\n+1 202 555 0101,TX\n202-555-0102,TX\n", replace(OPTIONS, list_name="summer"))
    assert (report.added, report.known) == (2, 2)
    assert counts(db) == (2, 2, 4)
    ann, bea = (people.number_by_e164(db, number) for number in (ONE, TWO))
    assert ann
    assert bea
    assert json.loads(ann["zones"]) == ["America/Chicago", "America/Denver", "America/New_York"]
    assert json.loads(bea["zones"]) == ["America/Chicago", "America/Denver"]


BAD = """Phone,Name,Consent,Consent date
202-555-0101,Ann,web form,2026-01-02
2025550101,Ann again,web form,2026-01-02
911,Nina,web form,2026-01-02
1.38E+10,Otto,web form,2026-01-02
202-555-0102,Paul,,
202-555-0103,Quinn,none,
202-555-0104,Rae
"202-555-0105"x,Sam,,
+1 202 555 0106,Suppressed,web form,2026-01-02
+1 202 555 0107,Wrong,web form,2026-01-02
"""


def prepare_bad(db: Database) -> None:
    """One number that opted out before anybody listed it, and one that turned out to be wrong."""
    with db.transaction():
        suppressions.insert(db, hashed("+12025550106"), NOW, source="inbound")
    path = db.path.with_name("earlier.csv")
    load(db, path, "Phone\n2025550107\n")
    with db.transaction():
        people.set_number_status(db, hashed("+12025550107"), "wrong")


WHY = [
    (3, "duplicate", "+12025550101 stands in line 2 already."),
    (4, "number", 'the number "911" is a short or emergency number.'),
    (5, "number", 'the number "1.38E+10" was shortened by a spreadsheet, and its last digits are lost.'),
    (6, "consent", "there is no consent."),
    (7, "consent", 'the row itself says "none" of consent.'),
    (8, "shape", "the row has 2 fields, and the header has 4."),
    (9, "shape", "its quotes cannot be read (',' expected after '\"')."),
    (10, "suppressed", "+12025550106 is on the do-not-call record."),
    (11, "dead_number", "+12025550107 turned out to be wrong on an earlier call."),
]


@pytest.mark.parametrize("dry_run", [False, True])
def test_every_refused_row_is_told_by_its_line(db: Database, file: Path, dry_run: bool) -> None:
    prepare_bad(db)
    before = counts(db)
    report = load(db, file, BAD, replace(OPTIONS, consent=Consent(), dry_run=dry_run))
    assert [(refusal.line, refusal.kind, refusal.problem) for refusal in report.refusals] == WHY
    assert all(refusal.remedy.endswith(".") for refusal in report.refusals)
    assert (report.rows, report.added, sum(report.refused.values())) == (10, 1, 9)
    assert counts(db) == (before if dry_run else tuple(count + 1 for count in before))
    assert file.with_name("spring.csv.rejects.csv").exists() is not dry_run
    assert {path.suffix for path in file.parent.iterdir()} == {".csv", ".db", ".db-wal", ".db-shm"}


def test_the_rejects_can_be_mended_and_loaded(db: Database, file: Path) -> None:
    prepare_bad(db)
    report = load(db, file, BAD, replace(OPTIONS, consent=Consent()))
    rows = rejects(file)
    assert report.rejects == f"{file}.rejects.csv"
    assert rows[0] == ["Phone", "Name", "Consent", "Consent date", *intake_added()]
    assert rows[2][:5] == ["911", "Nina", "web form", "2026-01-02", "4"]
    assert rows[7][0] == '"202-555-0105"x,Sam,,'
    mended = file.with_name("mended.csv")
    with mended.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([rows[0], ["2025550108", *rows[2][1:]]])
    assert load(db, mended).added == 1
    lead = leads.search(db, list_name="mended")[0]
    assert json.loads(lead["fields"]) == {"name": "Nina"}


def intake_added() -> list[str]:
    return ["rejected line", "rejected because", "rejected remedy"]


def test_a_clean_run_takes_old_rejects_away(db: Database, file: Path) -> None:
    load(db, file, "Phone\n911\n")
    assert rejects(file)
    assert load(db, file, "Phone\n2025550101\n").rejects == ""
    assert not file.with_name("spring.csv.rejects.csv").exists()


def test_a_dry_run_foretells_the_run(db: Database, file: Path) -> None:
    load(db, file, "Phone\n2025550101\n")
    text = "Phone\n2025550101\n2025550102\n2025550102\n"
    dry = load(db, file, text, replace(OPTIONS, dry_run=True))
    wet = load(db, file, text)
    assert (dry.added, dry.already, dry.known, dry.refused) == (wet.added, wet.already, wet.known, wet.refused)


@pytest.mark.parametrize(
    ("header", "options", "message"),
    [
        ("Name,Age", OPTIONS, "spring.csv:1: none of the columns (Name, Age) is known to hold telephone numbers."),
        ("Phone,Phone", OPTIONS, 'spring.csv:1: two columns are headed "Phone".'),
        ("Phone,,Name", OPTIONS, ""),
        ("Phone,,,Name", OPTIONS, "spring.csv:1: a column has no heading."),
        ("Name,Handy", replace(OPTIONS, columns={"Handi": "phone"}), 'no column is headed "Handi", which was to be'),
        ("Phone", replace(OPTIONS, consent=Consent("form")), "the declared consent: the consent has no date."),
    ],
)
def test_lists_and_declarations_that_cannot_be_used(
    db: Database, file: Path, header: str, options: IntakeOptions, message: str
) -> None:
    if not message:
        assert load(db, file, f"{header}\n", options).rows == 0
        return
    with pytest.raises(VoicebotError) as caught:
        load(db, file, f"{header}\n", options)
    assert message in str(caught.value)
    assert counts(db) == (0, 0, 0)


def test_a_column_can_be_named_outright(db: Database, file: Path) -> None:
    options = replace(OPTIONS, columns={"Backup line": "phone"})
    assert load(db, file, "Name,Backup line\nAnn,2025550101\n", options).added == 1


def test_progress_is_told_and_batches_are_bounded(db: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    file.write_text("Phone\n" + "".join(f"20255501{n:02}\n" for n in range(25)))
    told: list[tuple[int, int, int]] = []
    commits = db.on_commit = Killer()
    intake.run(db, file, OPTIONS, NOW, lambda *progress: told.append(progress))
    assert [rows for rows, _, _ in told] == [10, 20, 25]
    assert told[-1][1] == told[-1][2] == file.stat().st_size
    assert commits.passed == 2 * (3 + 1)


@pytest.mark.parametrize("at", range(8))
def test_killed_at_any_commit_point_the_next_run_completes_it(
    db: Database, file: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    content = "Phone\n911\n" + "".join(f"20255501{n:02}\n" for n in range(24))
    db.on_commit = Killer(at)
    with pytest.raises(Killed):
        load(db, file, content)
    db.on_commit = None
    report = load(db, file)
    assert (report.added + report.already, report.rows) == (24, 25)
    assert counts(db) == (24, 24, 24)
    assert len(rejects(file)) == 2


def test_a_folder_that_cannot_be_written_is_said_to_be_so(db: Database, file: Path) -> None:
    file.with_name("spring.csv.rejects.draft").mkdir()
    with pytest.raises(OutsideError, match="the rejects cannot be written"):
        load(db, file, GOOD)
    assert counts(db) == (0, 0, 0)


def test_the_report_keeps_only_so_many_refusals(db: Database, file: Path) -> None:
    report = load(db, file, "Phone\n" + "911\n" * (intake.SHOWN + 5))
    assert len(report.refusals) == intake.SHOWN
    assert report.refused["number"] == intake.SHOWN + 5
    assert len(rejects(file)) == intake.SHOWN + 6
