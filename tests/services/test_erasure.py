from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.rig import SETTINGS, Rig, new_rig
from tests.store.world import Killed, Killer
from voicebot.errors import VoicebotError
from voicebot.leads.consent import Consent
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRules
from voicebot.services import erasure as service
from voicebot.services import intake
from voicebot.services.erasure import forget_person, purge, standings
from voicebot.services.intake import IntakeOptions
from voicebot.services.replay import replay
from voicebot.services.transcripts import transcript
from voicebot.store import journal, people
from voicebot.store.database import Database
from voicebot.store.erasure import PRIVATE
from voicebot.timestamps import from_text, plus, to_text

NAME, PHONE, WORDS = "Zebulon Quist", "+12025550150", "my cat is called Wenceslas, goodbye"
HASH = number_hash(PHONE, SETTINGS.secret)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = new_rig(tmp_path)
    yield made
    made.db.close()


def talked(rig: Rig, e164: str = PHONE, name: str = NAME) -> str:
    """A call in which something was said, now over."""
    call_id = rig.open(e164=e164, name=name)
    rig.answer(call_id)
    rig.say(call_id, WORDS)
    rig.status(call_id, "completed")
    with rig.db.transaction():
        rig.db.execute("UPDATE enrolments SET status = 'done' WHERE status <> 'done'")
    return call_id


def later(rig: Rig, days: float) -> datetime:
    return from_text(rig.now) + timedelta(days=days)


def private_values(db: Database) -> list[str]:
    """Every private value that is left, as `table.column: value`; what erasure leaves in their place does not count."""
    left = []
    for table, columns in PRIVATE.items():
        for column, blank in columns.items():
            rows = db.rows(f"SELECT {column} AS value FROM {table} WHERE {column} <> {blank}")  # noqa: S608
            left += [f"{table}.{column}: {row['value']}" for row in rows]
    return left


def in_file(db: Database, *words: str) -> list[str]:
    """Which words stand somewhere in the database's files."""
    files = [path.read_bytes() for path in db.path.parent.glob(db.path.name + "*") if path.suffix != ".secret"]
    return [word for word in words if any(word.encode() in content for content in files)]


def test_what_is_old_is_erased_everywhere_and_the_proofs_hold(rig: Rig) -> None:
    call_id = talked(rig)
    assert in_file(rig.db, NAME, PHONE, "Wenceslas") == [NAME, PHONE, "Wenceslas"]
    assert replay(rig.db, call_id).same
    assert purge(rig.db, later(rig, 10), 5) == {"recordings": 0, "calls": 1, "leads": 1, "people": 1}
    assert private_values(rig.db) == []
    rig.db.rewrite()
    assert in_file(rig.db, NAME, PHONE, "Wenceslas") == []
    report = replay(rig.db, call_id)
    assert (report.erased, report.difference) == (True, "")
    for kind, subject in (("call", call_id), ("attempt", call_id), ("enrolment", 1), ("centre", "retention")):
        assert journal.verify(rig.db, kind, subject) is None  # type: ignore[arg-type]
    assert any("(erased)" in said.text for said in transcript(rig.db, call_id))
    assert rig.call(call_id)["outcome"]


def test_what_is_young_or_wanted_stays(rig: Rig) -> None:
    talked(rig)
    before = private_values(rig.db)
    assert purge(rig.db, later(rig, 4), 5) == {"recordings": 0, "calls": 0, "leads": 0, "people": 0}
    with rig.db.transaction():
        rig.db.execute("UPDATE enrolments SET status = 'due'")
    assert purge(rig.db, later(rig, 10), 5) == {"recordings": 0, "calls": 1, "leads": 0, "people": 0}
    left = private_values(rig.db)
    assert any(NAME in value for value in before)
    assert any(NAME in value for value in left)
    assert not any("Wenceslas" in value for value in left)


def test_a_dry_run_counts_and_erases_nothing(rig: Rig) -> None:
    talked(rig)
    before = private_values(rig.db)
    assert purge(rig.db, later(rig, 10), 5, dry_run=True) == {"recordings": 0, "calls": 1, "leads": 1, "people": 1}
    assert forget_person(rig.board, HASH, rig.now, dry_run=True) == {
        "recordings": 0,
        "calls": 1,
        "leads": 1,
        "people": 1,
    }
    assert private_values(rig.db) == before
    assert not rig.suppressed()


def test_the_table_says_what_is_due(rig: Rig) -> None:
    talked(rig)
    rows = {row.rule.table: (row.kept, row.due) for row in standings(rig.db, later(rig, 200)) if row.rule.table}
    assert rows == {"recordings": (0, 0), "calls": (1, 1), "leads": (1, 0), "people": (1, 0)}
    assert purge(rig.db, later(rig, 200), None) == {"recordings": 0, "calls": 1, "leads": 0, "people": 0}
    assert purge(rig.db, later(rig, 400), None) == {"recordings": 0, "calls": 0, "leads": 1, "people": 1}
    assert [row.due for row in standings(rig.db, later(rig, 400)) if row.rule.table] == [0, 0, 0, 0]


@pytest.mark.parametrize("at", range(14))
def test_killed_at_any_commit_point_the_next_run_completes_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(service, "BATCH", 1)
    for last in range(3):
        talked(rig, f"+1202555016{last}", f"{NAME} {last}")
    rig.db.on_commit = Killer(at)
    with pytest.raises(Killed):
        purge(rig.db, later(rig, 10), 5)
    for row in rig.db.rows("SELECT id FROM calls WHERE erased_at <> ''"):
        assert rig.db.value("SELECT count(*) FROM documents WHERE call_id = :id AND body <> ''", id=row["id"]) == 0
    rig.db.on_commit = None
    purge(rig.db, later(rig, 10), 5)
    assert private_values(rig.db) == []


def test_a_person_is_erased_and_stays_suppressed(rig: Rig) -> None:
    call_id = talked(rig)
    other = talked(rig, "+12025550151", "Ann")
    assert forget_person(rig.board, HASH, rig.now) == {"recordings": 0, "calls": 1, "leads": 1, "people": 1}
    assert rig.suppressed()
    assert not [value for value in private_values(rig.db) if NAME in value or PHONE in value or call_id in value]
    assert replay(rig.db, call_id).erased
    assert replay(rig.db, other).same
    person = rig.db.value("SELECT id FROM people WHERE erased_at <> ''")
    assert [entry.kind for entry in journal.read(rig.db, "person", person)] == ["suppressed", "erased"]
    assert journal.verify(rig.db, "person", person) is None
    assert forget_person(rig.board, HASH, rig.now)["people"] == 1


def test_nobody_is_erased_while_they_talk(rig: Rig) -> None:
    call_id = rig.open(name=NAME)
    rig.answer(call_id)
    with pytest.raises(VoicebotError, match="a call with them is under way"):
        forget_person(rig.board, HASH, rig.now)
    assert rig.suppressed()
    assert any(NAME in value for value in private_values(rig.db))


def test_a_number_that_nobody_knows_is_suppressed_all_the_same(rig: Rig) -> None:
    unknown = number_hash("+12025550199", SETTINGS.secret)
    assert forget_person(rig.board, unknown, rig.now) == {"recordings": 0, "calls": 0, "leads": 0, "people": 0}
    assert rig.suppressed("+12025550199")


def load(rig: Rig, folder: Path, list_name: str) -> intake.IntakeReport:
    file = folder / f"{list_name}.csv"
    file.write_text(f"Name,Phone\n{NAME},{PHONE}\n", encoding="utf-8")
    options = IntakeOptions(
        NumberRules("US", ("US",)),
        SETTINGS.secret,
        consent=Consent("customer", "2026-01-02", "CRM"),
        list_name=list_name,
    )
    return intake.run(rig.db, file, options, plus(rig.now, 86400 * 20))


def test_somebody_erased_may_be_listed_again_under_the_same_number(rig: Rig, tmp_path: Path) -> None:
    talked(rig)
    purge(rig.db, later(rig, 10), 5)
    assert load(rig, tmp_path, "anew").added == 1
    number = people.number_by_hash(rig.db, HASH)
    assert number
    assert number["e164"] == PHONE
    person = people.person(rig.db, number["person_id"])
    assert person
    assert (person["name"], person["erased_at"]) == (NAME, "")
    purge(rig.db, later(rig, 40), 5)
    assert private_values(rig.db) == []
    assert load(rig, tmp_path, "anew").refused == {"erased": 1}


def test_whoever_was_erased_by_their_own_wish_is_refused(rig: Rig, tmp_path: Path) -> None:
    talked(rig)
    forget_person(rig.board, HASH, to_text(later(rig, 1)))
    assert load(rig, tmp_path, "anew").refused == {"suppressed": 1}
