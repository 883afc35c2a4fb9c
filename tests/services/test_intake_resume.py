"""An intake that was cut short goes on where it stopped; a great list takes no more memory than a small one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.world import LATER, NOW, SECRET, Killed, Killer
from voicebot.leads.consent import Consent
from voicebot.leads.numbers import NumberRules
from voicebot.services import intake
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.store.database import Database

OPTIONS = IntakeOptions(NumberRules("US", ("US",)), SECRET, consent=Consent("customer", "2026-01-02", "CRM"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False)
    yield database
    database.close()


def numbers(count: int) -> Iterator[str]:
    return (f"+1{area}{block}{last:04}" for last in range(count) for area in (202, 212) for block in range(555, 565))


def write(path: Path, count: int) -> Path:
    with path.open("w") as file:
        file.write("Phone,Note\n")
        for _, number in zip(range(count), numbers(count), strict=False):
            file.write(f"{number},some words about them\n")
    return path


def facts(report: IntakeReport) -> tuple[object, ...]:
    return report.rows, report.added, report.already, report.refused, [one.problem for one in report.refusals]


CONTENT = "Phone\n" + "".join(f"20255501{n:02}\n911\n" for n in range(20)) + "2025550100\n2025550119\n"


ON_ONE_LINE = json.dumps([{"Phone": number} for number in CONTENT.split()[1:]])


@pytest.mark.parametrize("content", [CONTENT, ON_ONE_LINE], ids=["csv", "json on one line"])
@pytest.mark.parametrize("at", range(10))
def test_it_goes_on_as_if_nothing_had_happened(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, content: str
) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    file = tmp_path / "list"
    file.write_text(content)
    whole_db = Database(tmp_path / "whole.db", durable=False)
    whole = intake.run(whole_db, file, OPTIONS, NOW)
    rejects = Path(whole.rejects).read_bytes()
    Path(whole.rejects).unlink()
    whole_db.close()
    db.on_commit = Killer(at)
    with pytest.raises(Killed):
        intake.run(db, file, OPTIONS, NOW)
    db.on_commit = None
    done = intake.run(db, file, OPTIONS, LATER)
    assert facts(done) == facts(whole)
    assert done.resumed == min(10 * ((at + 1) // 2), done.rows)
    assert Path(done.rejects).read_bytes() == rejects
    assert db.value("SELECT count(*) FROM leads") == 20
    assert not list(tmp_path.glob("*.draft"))
    again = intake.run(db, file, OPTIONS, LATER)
    assert (again.added, again.already, again.resumed) == (0, 20, 0)


@pytest.mark.parametrize("spoil", ["the file", "the draft"])
def test_what_has_changed_meanwhile_begins_anew_and_doubles_nothing(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    file = tmp_path / "list.csv"
    file.write_text(CONTENT)
    db.on_commit = Killer(3)
    with pytest.raises(Killed):
        intake.run(db, file, OPTIONS, NOW)
    db.on_commit = None
    if spoil == "the file":
        file.write_text(CONTENT + "2125550120\n")
    else:
        next(tmp_path.glob("*.draft")).unlink()
    report = intake.run(db, file, OPTIONS, LATER)
    assert report.resumed == 0
    assert (
        report.added + report.already == db.value("SELECT count(*) FROM leads") == (21 if spoil == "the file" else 20)
    )


KILL = """
import sys
from pathlib import Path
from tests.services.test_intake_resume import OPTIONS, NOW
from voicebot.services import intake
from voicebot.store.database import Database
intake.BATCH = 50
intake.run(Database(sys.argv[1]), Path(sys.argv[2]), OPTIONS, NOW, lambda rows, *_: print(rows, flush=True))
"""


def test_killed_by_the_system_it_goes_on(tmp_path: Path) -> None:
    file, path = write(tmp_path / "list.csv", 6000), tmp_path / "test.db"
    process = subprocess.Popen([sys.executable, "-c", KILL, str(path), str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    while int(process.stdout.readline()) < 1000:
        pass
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    assert process.wait(10) == -signal.SIGKILL
    db = Database(path)
    report = intake.run(db, file, OPTIONS, LATER)
    assert 1000 <= report.resumed < report.rows == report.added == 6000
    assert db.value("SELECT count(*) FROM leads") == db.value("SELECT count(*) FROM people") == 6000
    db.close()


def test_memory_stays_flat(db: Database, tmp_path: Path) -> None:
    file = write(tmp_path / "list.csv", 20_000)
    peaks: list[int] = []

    def told(_rows: int, _done: int, _size: int) -> None:
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()

    tracemalloc.start()
    try:
        began = time.monotonic()
        assert intake.run(db, file, OPTIONS, NOW, told).added == 20_000
        assert time.monotonic() - began < 60
    finally:
        tracemalloc.stop()
    assert len(peaks) == 20
    assert max(peaks[10:]) < 1.2 * max(peaks[2:6])
