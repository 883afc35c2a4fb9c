"""How fast legs are placed: one token bucket for all of them, agents' legs first, and a cap on calls at once.

Rule: a lead waits for a whole token. An agent's leg never waits: a callee is holding for it, so it takes its token in
advance and the next leads wait longer. The bucket holds one token, so legs are spaced evenly and the provider, which
would queue what comes faster (Twilio: one call per second by default), has nothing to queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

HAIR = 1e-9


@dataclass(frozen=True)
class Bucket:
    """`tokens` (at most one; negative: taken in advance) at moment `at`, filling with `rate` per second."""

    rate: float
    tokens: float
    at: datetime


def filled(bucket: Bucket, now: datetime) -> Bucket:
    """The bucket as it stands at `now`. A clock that was put back fills nothing."""
    passed = max(0.0, (now - bucket.at).total_seconds())
    return Bucket(bucket.rate, min(1.0, bucket.tokens + passed * bucket.rate), max(now, bucket.at))


def spent(bucket: Bucket, now: datetime) -> Bucket:
    """The bucket after a leg was placed at `now`."""
    bucket = filled(bucket, now)
    return Bucket(bucket.rate, bucket.tokens - 1, bucket.at)


def _lacking(bucket: Bucket, now: datetime) -> float:
    """What is missing of a whole token; nothing where only the arithmetic is at fault."""
    missing = 1 - filled(bucket, now).tokens
    return missing if missing > HAIR else 0.0


def take(bucket: Bucket, now: datetime) -> Bucket | None:
    """The bucket after a lead's call was placed at `now`, or None while it must wait."""
    return None if _lacking(bucket, now) else spent(bucket, now)


def wait(bucket: Bucket, now: datetime) -> timedelta:
    """How long until there is a whole token, in whole milliseconds: after it, `take` succeeds."""
    return timedelta(milliseconds=ceil(_lacking(bucket, now) / bucket.rate * 1000))


def remembered(rate: float) -> timedelta:
    """How far back legs matter for `bucket_after`: as long as ten of them take."""
    return timedelta(seconds=max(1.0, 10 / rate))


def bucket_after(placed: Iterable[datetime], rate: float, now: datetime) -> Bucket:
    """The bucket after the legs placed of late, whoever placed them: it needs no memory but the record of attempts."""
    bucket = Bucket(rate, 1.0, now - remembered(rate))
    for moment in sorted(placed):
        bucket = spent(bucket, moment)
    return filled(bucket, now)
