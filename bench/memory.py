"""What a web worker holds in memory once it has answered calls: `voicebot serve` as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_most

WAIT = 30.0
"""Seconds that the server is given to start."""


def measure(folder: Path) -> Iterator[Figure]:
    """The largest resident set among the server's processes."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {"VOICEBOT_DATABASE": str(folder / "memory.db"), "VOICEBOT_PORT": str(port)}
    serve = [str(Path(sys.executable).with_name("voicebot")), "serve"]
    server = subprocess.Popen(  # noqa: S603  (our own program)
        serve, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        time.sleep(2)
        megabytes = max(_resident(pid) for pid in (server.pid, *_children(server.pid))) / 1024
    finally:
        server.terminate()
        server.wait(20)
    yield at_most("memory of a web worker", megabytes, "MB", 150, "without a speech model")


def _wait_for(url: str) -> None:
    end = time.monotonic() + WAIT
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (our own server on loopback)
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _ps(*words: str) -> list[int]:
    done = subprocess.run(["ps", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return [int(word) for word in done.stdout.split()]


def _resident(pid: int) -> int:
    """Kilobytes."""
    return max(_ps("-o", "rss=", "-p", str(pid)), default=0)


def _children(pid: int) -> list[int]:
    return _ps("-o", "pid=", "--ppid", str(pid))
