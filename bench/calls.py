"""Whole calls per second: of engine and understanding with a store in memory, and of the demo's whole stack."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_least, per_second
from voicebot.demo.town import SCREENING, Plan, Town
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.rehearse import run_test

FLOW = Path("flows/prescreen.yaml")


def measure(folder: Path) -> Iterator[Figure]:
    """The core goes through the conversations that stand in the flow, in both languages, again and again."""
    bundle = bundle_from_files(FLOW)
    tests = itertools.cycle(bundle.flows[bundle.main].tests)
    events = [0]

    def one() -> int:
        events[0] += len(run_test(bundle, next(tests)).rehearsal.log)
        return 1

    rate = per_second(one, 6.0)
    yield at_least("rehearsed calls, core", rate, "per second", 200, f"{events[0] / (rate * 6.0):.1f} events a call")
    stack = folder / "stack"
    stack.mkdir()
    town = Town(Plan(stack, FLOW.parent, days=2, rounds=(SCREENING,)))
    town.load(SCREENING)
    town.enrol(SCREENING)
    town.start()
    began = time.perf_counter()
    town.live(lambda _: None)
    seconds = time.perf_counter() - began
    placed = len(town.world.calls)
    town.close()
    yield Figure("rehearsed calls, whole stack", placed / seconds, "per second", note=f"{placed} calls of the demo")
