"""One tick does, in this order: what protects people, what was left open, and only then new calls."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from voicebot.dialer.loop import sweep
from voicebot.dialer.loop.place import REST_SECONDS, place_next
from voicebot.dialer.loop.reconcile import reconcile
from voicebot.dialer.pacing import Bucket, bucket_after, remembered, take, wait
from voicebot.errors import VoicebotError
from voicebot.services.switchboard import Switchboard
from voicebot.store import attempts, claims, sweeps
from voicebot.timestamps import from_text, to_text

log = logging.getLogger(__name__)

LOOKS = 50
"""How many due leads one tick looks at, so that a list of blocked ones cannot hold up the line."""

SWEEP = timedelta(seconds=5)
"""How often what was left open is looked for."""

IDLE = timedelta(seconds=30)
"""The longest sleep: campaigns are started and lists loaded by other processes."""

TROUBLE = timedelta(seconds=10)
"""How long to wait after the database or the disk failed."""


@dataclass
class TickReport:
    """What one tick did, in numbers of leads, calls or requests. `problem` tells why nobody is dialled, if so."""

    placed: int = 0
    passed: int = 0
    refused: int = 0
    lost: int = 0
    withdrawn: int = 0
    returned: int = 0
    ended: int = 0
    matched: int = 0
    settled: int = 0
    requests: int = 0
    drained: int = 0
    problem: str = ""


class Loop:
    """A dialer. It remembers nothing that the database does not know, but how long to leave the provider alone."""

    def __init__(self, board: Switchboard, name: str = "dialer") -> None:
        """`name` tells this dialer from others on the same database."""
        self._board, self._db, self._name = board, board.centre.db, name
        self._rest_until: datetime | None = None
        self._problem = ""
        self._swept_at: datetime | None = None

    def tick(self, now: datetime, clock: Callable[[], datetime] | None = None) -> TickReport:
        """Do what is due at `now`. Raises OutsideError when the database fails; whatever was committed stays.

        A provider that answers slowly may hold up what comes first for minutes; with a `clock` it is looked at again
        before anybody is dialled, so that no telephone rings after its hours.
        """
        report = TickReport()
        at = to_text(now)
        report.drained = sweep.drain_spool(self._board, at)
        if self._swept_at is None or now - self._swept_at >= SWEEP or now < self._swept_at:
            self._sweep(report, at)
            self._swept_at = now
        self._place(report, clock() if clock else now)
        report.requests += self._board.flush(at)
        return report

    def _sweep(self, report: TickReport, at: str) -> None:
        if self._swept_at is None:
            report.ended = sweep.take_stock(self._board, at)
        report.requests = self._board.sweep(at)
        report.returned = sweep.return_leases(self._board, at) + sweep.take_up_blocked(self._board, at)
        report.ended += sweep.end_overdue(self._board, at) + sweep.close_halves(self._board, at)
        found = reconcile(self._board, at)
        report.matched, report.settled = found.matched, found.settled

    def _place(self, report: TickReport, now: datetime) -> None:
        if self._rest_until and now < self._rest_until:
            report.problem = self._problem
            return
        bucket = self._bucket(now)
        for _ in range(LOOKS):
            after = take(bucket, now)
            if after is None or attempts.under_way(self._db) >= self._board.centre.settings.max_calls:
                return
            outcome = place_next(self._board, self._name, now)
            if outcome.kind == "nobody":
                return
            setattr(report, outcome.kind, getattr(report, outcome.kind) + 1)
            if outcome.kind == "withdrawn" and outcome.why:
                self._rest(report, outcome.why, now)
                return
            if outcome.kind not in ("passed", "withdrawn"):
                bucket = after

    def _rest(self, report: TickReport, why: str, now: datetime) -> None:
        self._rest_until = now + timedelta(seconds=REST_SECONDS)
        self._problem = report.problem = f"nobody is dialled for {REST_SECONDS:.0f} seconds: {why}"

    def _bucket(self, now: datetime) -> Bucket:
        rate = self._board.centre.settings.calls_per_second
        placed = attempts.legs_since(self._db, to_text(now - remembered(rate)))
        return bucket_after(map(from_text, placed), rate, now)

    def next_due(self, now: datetime) -> datetime:
        """When the next tick has something to do, at the latest after IDLE; `now` only if it has."""
        moments = [now + IDLE, self._next_call(now)]
        deadline = sweeps.next_deadline(self._db)
        if deadline:
            moments.append(max(from_text(deadline), (self._swept_at or now) + SWEEP))
        if attempts.waits_for_news(self._db):
            moments.append(now + SWEEP)
        return max(now, min(moments))

    def _next_call(self, now: datetime) -> datetime:
        earliest = claims.earliest(self._db)
        settings = self._board.centre.settings
        if not earliest or attempts.under_way(self._db) >= settings.max_calls:
            return now + IDLE if not earliest else now + SWEEP
        return max(from_text(earliest), now + wait(self._bucket(now), now), self._rest_until or now)


def run(
    loop: Loop,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], object],
    stop: Callable[[], bool],
    tell: Callable[[TickReport], object] = lambda report: None,
) -> None:
    """Tick until `stop()`. Whatever fails does not end the loop: it is told, and tried again.

    `sleep` is given seconds and may return early, for instance `threading.Event.wait`. `tell` hears of every tick.
    """
    while not stop():
        now = clock()
        try:
            tell(loop.tick(now, clock))
            until = loop.next_due(clock())
        except VoicebotError as trouble:
            tell(TickReport(problem=str(trouble)))
            until = clock() + TROUBLE
        except Exception as fault:
            log.debug("the tick failed", exc_info=True)
            tell(TickReport(problem=f"a fault of voicebot's own, tried again: {type(fault).__name__}: {fault}"))
            until = clock() + TROUBLE
        sleep(max(0.0, (until - clock()).total_seconds()))
