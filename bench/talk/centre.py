"""One run: the simulator and `voicebot serve` as processes of their own, so many callees who all talk at once.

Time is the clock's, requests go over HTTP and sound over WebSockets. What each side has written down is read when all
calls are over.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.talk.trace import Call, call_of
from tests.e2e.rig import Site, eventually
from voicebot.errors import VoicebotError
from voicebot.services.replay import replay
from voicebot.services.reports import invariants
from voicebot.store.database import Database

HERE = Path(__file__).parent.resolve()
FLOW, CALLEES = HERE / "talk.yaml", HERE / "callees.yaml"

PATIENCE = 110
"""Seconds after which a run is given up; nobody talks for more than 80."""

WEB_THREADS = 32
HEAD = "name,phone,state,language,consent,consent date,consent source\n"


@dataclass(frozen=True)
class Run:
    """What is left of a run. `load` is the machine's load average before it, `cores` how many each verb kept busy.

    `breaches` and `differences` are what the audit found, and the calls that cannot be run again as they were.
    `troubles` are the simulator's warnings and errors, and lines of that kind in the log of `serve`.
    """

    calls: tuple[Call, ...]
    breaches: tuple[str, ...]
    differences: tuple[str, ...]
    troubles: tuple[str, ...]
    load: float
    cores: Mapping[str, float]

    @property
    def at_once(self) -> tuple[int, float]:
        """The most streams that were open at once, and for how many seconds all of them were."""
        moves = sorted([(one.opened, 1) for one in self.calls] + [(one.closed, -1) for one in self.calls])
        most = open_ = 0
        since: datetime | None = None
        seconds = 0.0
        for at, change in moves:
            if open_ == most and since and change < 0:
                seconds = (at - since).total_seconds()
            open_ += change
            if open_ > most:
                most, since = open_, at
        return most, seconds


def talk(folder: Path, callees: int) -> Run:
    """Ring so many callees at once, and let them talk to the end. Raises VoicebotError when that takes too long."""
    load = os.getloadavg()[0]
    site = Site(folder, settings=_settings(callees))
    try:
        site.simulate("--plain-websockets", "--voice", "carried", callees=CALLEES, speed=1)
        site.serve("--threads", str(WEB_THREADS))
        began, spent = time.monotonic(), _spent(site)
        _ring(site, callees)
        _wait(site, callees)
        passed = time.monotonic() - began
        cores = {verb: (seconds - spent[verb]) / passed for verb, seconds in _spent(site).items()}
        seen = site.seen("notifications") or {}
        logs = [site.seen(f"calls/{call['sid']}") or {} for call in site.rung() or ()]
        troubles = [f"{one['code']} {one['message']}" for one in seen["notifications"]]
        troubles += [line for line in site.log("serve").splitlines() if " WARNING " in line or " ERROR " in line]
    finally:
        site.close()
    return _read(site.database, logs, troubles, load, cores)


def _settings(callees: int) -> Mapping[str, str]:
    return {
        "hearing": "stream",
        "recognizer": "mock",
        "max_streams": str(callees),
        "max_calls": str(callees),
        "calls_per_second": "100",
        "detect_machines": "false",
    }


def _ring(site: Site, callees: int) -> None:
    leads = site.folder / "leads.csv"
    rows = (f"Callee {number},+1202555{number:04d},DC,en,web form,2026-02-10,fair\n" for number in range(callees))
    leads.write_text(HEAD + "".join(rows), encoding="utf-8")
    site.run("import", str(leads), "--list", "talkers")
    site.run("dial", str(FLOW), "--list", "talkers", "--no-wait")


def _wait(site: Site, callees: int) -> None:
    def is_over() -> bool:
        time.sleep(1)  # whoever asks too often is part of the load
        rung = site.rung() or []
        return len(rung) >= callees and all(call["status"] == "completed" for call in rung)

    try:
        eventually(is_over, PATIENCE)
    except AssertionError:
        raise VoicebotError("hearing", f"{callees} calls were not over in {PATIENCE} seconds.") from None
    time.sleep(1)  # the last news is on its way


def _read(
    database: Path, logs: list[dict[str, Any]], troubles: list[str], load: float, cores: Mapping[str, float]
) -> Run:
    db = Database(database)
    try:
        calls = tuple(call_of(db, log) for log in logs)
        breaches = tuple(f"{one.rule}: {one.subject}, {one.detail}" for one in invariants(db))
        reports = [replay(db, call.call_id) for call in calls if call.call_id]
        differences = tuple(f"{one.call_id}: {one.difference}" for one in reports if not one.same)
    finally:
        db.close()
    return Run(calls, breaches, differences, tuple(troubles), load, cores)


def _spent(site: Site) -> dict[str, float]:
    """By verb: seconds that the cores have worked for it, with the processes that it has made; none where /proc is not.

    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    spent = dict.fromkeys(site.processes, 0.0)
    groups = {process.pid: verb for verb, process in site.processes.items()}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that has ended meanwhile
            fields = file.read_text(encoding="utf-8").rpartition(")")[2].split()
            if verb := groups.get(int(fields[2])):
                spent[verb] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent
