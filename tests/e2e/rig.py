"""A call centre as somebody runs it: the verbs as processes of their own, on free ports of this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

VOICEBOT = str(Path(sys.executable).with_name("voicebot"))
TOWN = Path(__file__).parent / "town"
FLOWS = Path("flows").resolve()
ANY_HOUR = Path("voicebot/demo/any_hour.yaml").resolve()

SPEED = 20
"""How many times as fast as a clock the telephones are. The bot's own clock is the real one."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@dataclass
class Site:
    """One installation: its folder, its settings and its processes."""

    folder: Path
    port: int = field(default_factory=free_port)
    simulator_port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "voicebot.db"

    @property
    def environ(self) -> dict[str, str]:
        """The settings as variables; nothing of this machine's own settings gets in."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("VOICEBOT_")}
        ours = {
            "database": str(self.database),
            "base_url": self.url,
            "port": str(self.port),
            "api_url": f"http://127.0.0.1:{self.simulator_port}",
            "agents_file": str(TOWN / "agents.yaml"),
            "policy_file": str(ANY_HOUR),
            "flows_dir": str(FLOWS),
            "calls_per_second": "3",
            **self.settings,
        }
        return {**kept, **{f"VOICEBOT_{name.upper()}": text for name, text in ours.items()}, "PYTHONUNBUFFERED": "1"}

    # --- verbs ---

    def run(self, *words: str, code: int = 0) -> str:
        """Run a verb to its end; what it printed."""
        done = subprocess.run(
            [VOICEBOT, *words],
            env=self.environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def start(self, verb: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a verb that stays; what it prints goes to a file of its name."""
        with self.log_file(verb).open("ab") as log:
            process = subprocess.Popen(
                [VOICEBOT, verb, *words], env=self.environ, cwd=self.folder, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.processes[verb] = process
        return process

    def simulate(self, *options: str, callees: Path = TOWN / "callees.yaml", speed: float = SPEED) -> None:
        """Start the simulator with the people of the town, or others, and wait until it answers."""
        self.start("simulator", "--callees", str(callees), "--speed", str(speed), "--calls-per-second", "100",
                   "--port", str(self.simulator_port), *options)  # fmt: skip
        eventually(lambda: self.rung() is not None, 20, lambda: self.log("simulator"))

    def serve(self, *options: str) -> None:
        """Start web and dialing loop, and wait until they answer."""
        self.start("serve", *options)
        eventually(lambda: _get(f"{self.url}/health"), 20, lambda: self.log("serve"))

    def log_file(self, verb: str) -> Path:
        return self.folder / f"{verb}.log"

    def log(self, verb: str) -> str:
        return self.log_file(verb).read_text(encoding="utf-8")

    # --- endings ---

    def end(self, verb: str, number: signal.Signals) -> int:
        """Send a signal and wait; the exit code."""
        process = self.processes.pop(verb)
        process.send_signal(number)
        return process.wait(20)

    def crash(self, verb: str) -> None:
        """Kill a verb with all its processes, as a power cut would."""
        process = self.processes.pop(verb)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def close(self) -> None:
        for verb in list(self.processes):
            self.crash(verb)

    # --- what came of it ---

    def seen(self, what: str) -> dict[str, Any] | None:
        """What the simulator shows of itself, such as `calls` or `calls/CA...`; None while it does not answer."""
        answer = _get(f"http://127.0.0.1:{self.simulator_port}/simulator/{what}.json")
        return answer.json() if answer else None

    def rung(self) -> list[dict[str, Any]] | None:
        """The simulator's calls, or None while it does not answer."""
        seen = self.seen("calls")
        return seen["calls"] if seen else None

    def outcomes(self) -> dict[str, str]:
        """By name: the outcome of each call that is over."""
        rows = (json.loads(line) for line in self.run("calls", "--json").splitlines() if line.startswith("{"))
        return {row["name"] or row["other_number"]: row["outcome"] for row in rows if row["outcome"]}


def _get(url: str) -> requests.Response | None:
    try:
        answer = requests.get(url, timeout=5)
    except requests.ConnectionError:
        return None
    return answer if answer.ok else None


def eventually(condition: Callable[[], object], seconds: float, log: Callable[[], str] = str) -> None:
    """Wait until the condition holds. `log` says what happened instead, if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, log()
        time.sleep(0.1)
