"""Calls that are heard on their streams, over real sockets, while things are killed: none is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.rig import FLOWS, TOWN, Site, eventually
from voicebot.services.reports import invariants
from voicebot.store import journal
from voicebot.store.database import Database

pytestmark = pytest.mark.slow

LEADS = 6
OVER = ("completed", "busy", "no-answer", "failed", "canceled")
HEARING = {"hearing": "stream", "recognizer": "mock", "max_streams": "20"}
SPEED = 4


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, settings=HEARING)
    yield made
    made.close()


def begin(site: Site, *options: str) -> None:
    site.simulate("--plain-websockets", "--voice", "carried", *options, speed=SPEED)
    site.serve()
    shutil.copy(TOWN / "leads.csv", site.folder)  # its rejects are written beside it
    site.run("import", "leads.csv", "--list", "spring")
    site.run("dial", str(FLOWS / "prescreen.yaml"), "--list", "spring", "--no-wait")


def all_over(site: Site) -> bool:
    rung = site.rung() or []
    return len({call["to"] for call in rung}) >= LEADS and all(call["status"] in OVER for call in rung)


def events(site: Site) -> list[str]:
    """The kinds of all events of all calls, from the journal."""
    db = Database(site.database)
    try:
        ids = [row["id"] for row in db.rows("SELECT id FROM calls")]
        entries = [entry for one in ids for entry in journal.read(db, "call", one)]
        assert [breach.rule for breach in invariants(db)] == []
        assert db.value("SELECT COUNT(*) FROM calls WHERE outcome = ''") == 0
        return [entry.body["event"]["kind"] for entry in entries if entry.kind == "event"]
    finally:
        db.close()


def test_calls_are_heard_on_their_streams(site: Site) -> None:
    begin(site)
    eventually(lambda: all_over(site), 60, lambda: site.log("simulator") + site.log("serve"))
    kinds = events(site)
    assert "heard" in kinds
    assert "deafened" not in kinds
    assert "differ" in site.run("replay", "--all")


def test_streams_that_break_lose_no_call(site: Site) -> None:
    begin(site, "--faults", "stream_broken=1")
    eventually(lambda: all_over(site), 60, lambda: site.log("simulator") + site.log("serve"))
    kinds = events(site)
    assert "deafened" in kinds
    assert "Traceback" not in site.log("serve")


def test_a_server_that_is_killed_while_it_listens_loses_no_call(site: Site) -> None:
    begin(site)
    eventually(lambda: "heard" in site.log("simulator") or len(site.rung() or []) >= 3, 30, lambda: site.log("serve"))
    site.crash("serve")
    site.serve()
    eventually(lambda: all_over(site), 90, lambda: site.log("simulator") + site.log("serve"))
    rung = [call["to"] for call in site.rung() or [] if call["direction"] != "inbound"]
    assert len(set(rung)) >= LEADS
