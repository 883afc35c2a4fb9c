"""The order in which a lead is judged: what ends it, what holds it, and what only delays it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.dialer.caps import History
from voicebot.dialer.policy import Cap, Rules
from voicebot.dialer.verdict import ENGAGED, RECHECK, Candidate, Go, Later, Never, Verdict, judge

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GOOD = Candidate(
    consent="written", suppressed=False, number_status="ok", country="US", zones=("UTC",), allowed_countries=("US",)
)
RULES = Rules(caps=(Cap(calls=1, hours=24, source="test"),), cooldown_hours=20)
HOUR_AGO = (NOW - timedelta(hours=1),)
WORST = replace(
    GOOD, suppressed=True, number_status="wrong", consent="", country="FR", missing=("name",), zones=(), engaged=True
)
"""Everything at once stands against this lead; the table below takes it away, gravest first."""


MENDED: list[tuple[dict[str, object], Verdict]] = [
    ({}, Never("the number is on the do-not-call record")),
    ({"suppressed": False}, Never("the number is wrong")),
    ({"number_status": "ok"}, Later(NOW + RECHECK, "no consent is recorded")),
    ({"consent": "form"}, Later(NOW + RECHECK, "calls to FR are not allowed")),
    ({"country": "US"}, Later(NOW + RECHECK, "the flow needs name")),
    ({"missing": ()}, Later(NOW + RECHECK, "the time zone is unknown")),
    ({"zones": ("UTC",)}, Later(NOW + ENGAGED)),
    ({"engaged": False}, Go()),
]


def test_the_gravest_reason_is_told() -> None:
    lead = WORST
    for mended, verdict in MENDED:
        lead = replace(lead, **mended)  # type: ignore[arg-type]
        assert judge(lead, History(), RULES, NOW) == verdict


@pytest.mark.parametrize(
    ("history", "wished", "verdict"),
    [
        (History(), False, Go()),
        (History(dialled=HOUR_AGO), False, Later(NOW + timedelta(hours=23))),
        (History(talked=HOUR_AGO), False, Later(NOW + timedelta(hours=19))),
        (History(talked=HOUR_AGO), True, Go()),
    ],
)
def test_what_the_person_has_had_of_us_delays(history: History, wished: bool, verdict: Verdict) -> None:
    assert judge(replace(GOOD, wished=wished), history, RULES, NOW) == verdict


def test_zones_that_are_none_hold_the_lead() -> None:
    verdict = judge(replace(GOOD, zones=("Mars/Olympus",)), History(), RULES, NOW)
    assert isinstance(verdict, Later)
    assert "unknown: Mars/Olympus" in verdict.why
