"""Whether this installation lives and works: what `/ready` answers, and what `/metrics` counts from the database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from voicebot import metrics
from voicebot.errors import OutsideError
from voicebot.services import suppression
from voicebot.services.centre import Centre
from voicebot.store import vitals

LEAST_DISK = 200 * 1024 * 1024
"""Bytes: below this a day's journal may not fit any more."""

LOOP_PATIENCE = timedelta(minutes=3)
"""A dialing loop that has not ticked for this long stands still; it sleeps half a minute at the most."""


@dataclass
class Pulse:
    """When the dialing loop of this process last ticked; None where none runs here."""

    ticked_at: datetime | None = None


@dataclass(frozen=True)
class Vital:
    """One thing that must hold. `stops` says what does not work while it does not."""

    name: str
    holds: bool
    detail: str
    stops: str


def vitals_of(centre: Centre, pulse: Pulse, now: datetime) -> list[Vital]:
    """Everything that must hold for calls to be answered and placed."""
    return [_database(centre), _spool(centre), _disk(centre), _loop(pulse, now)]


def _database(centre: Centre) -> Vital:
    try:
        with centre.db.transaction():
            centre.db.value("SELECT count(*) FROM campaigns WHERE status = 'running'")
    except OutsideError as fault:
        return Vital("database", False, str(fault), "answering and dialing")
    return Vital("database", True, "it can be written", "answering and dialing")


def _spool(centre: Centre) -> Vital:
    waits = suppression.spool_pending(centre.db)
    detail = "opt-outs wait beside the database to be recorded" if waits else "it is empty"
    return Vital("spool", not waits, detail, "dialing")


def _disk(centre: Centre) -> Vital:
    free = shutil.disk_usage(centre.db.path.resolve().parent).free
    return Vital("disk", free >= LEAST_DISK, f"{free // 1024**2} MB are free", "answering and dialing, soon")


def _loop(pulse: Pulse, now: datetime) -> Vital:
    if pulse.ticked_at is None:
        return Vital("loop", True, "no loop runs in this process", "dialing")
    still = now - pulse.ticked_at
    return Vital("loop", still < LOOP_PATIENCE, f"its last tick was {still.total_seconds():.0f} seconds ago", "dialing")


class Counts(Collector):
    """The counts of the database, asked anew at every scrape."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each of `store.vitals.COUNTS`."""
        for name, (label, help_text, _) in vitals.COUNTS.items():
            family = GaugeMetricFamily(f"voicebot_{name}", help_text, labels=[label])
            for value, number in sorted(vitals.count(self._centre.db, name).items()):
                family.add_metric([value or "none"], number)
            yield family


def exposition(centre: Centre) -> bytes:
    """Everything that is measured, in Prometheus' text format. Raises OutsideError when the database fails."""
    registry = CollectorRegistry()
    for metric in metrics.ALL:
        registry.register(metric)
    registry.register(Counts(centre))
    return generate_latest(registry)
