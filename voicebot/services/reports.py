"""What a manager reads, and what a regulator asks: counted from the rows and the journal, never from our own claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from voicebot.dialer.policy import Rules
from voicebot.dialer.policy_file import policy_from_text
from voicebot.services.campaigns import find
from voicebot.services.centre import pinned_bundle
from voicebot.services.windows import layer_of, rules_for
from voicebot.store import audits, pins, tallies
from voicebot.store.database import Database, Row
from voicebot.timestamps import from_text


@dataclass(frozen=True)
class Funnel:
    """How far the leads of a campaign came. `counts` are those of `store.tallies.COUNTS`."""

    counts: dict[str, int]
    grades: dict[str, int]
    outcomes: dict[str, int]
    reasons: dict[str, int]


def funnel(db: Database, campaign: str) -> Funnel:
    """What came of a campaign. Raises VoicebotError when there is none of that name."""
    campaign_id = find(db, campaign)["id"]
    return Funnel(
        tallies.funnel(db, campaign_id),
        tallies.grades(db, campaign_id),
        tallies.outcomes(db, campaign_id),
        tallies.reasons(db, campaign_id),
    )


@dataclass(frozen=True)
class Breach:
    """One thing that must not have happened: which rule, on what (an attempt, a call, an enrolment), and how."""

    rule: str
    subject: str
    detail: str


RULES: tuple[str, ...] = (*audits.AUDITS, "outside_hours", "over_cap")
"""Every rule that `invariants` looks at."""


def invariants(db: Database) -> list[Breach]:
    """Everything that must not have happened and did; an empty list is the good result.

    Hours and caps are judged anew from the moments of the dials, under the policy that was in force at each.
    """
    found = [Breach(name, row["subject"], row["detail"]) for name in audits.AUDITS for row in audits.audit(db, name)]
    for _, dials in groupby(audits.dials(db), key=lambda dial: dial["person_id"]):
        found += _of_person(db, list(dials))
    return found


def _of_person(db: Database, dials: list[Row]) -> Iterator[Breach]:
    moments = [from_text(dial["posted_at"]) for dial in dials]
    for position, dial in enumerate(dials):
        rules = _rules(db, dial)
        if rules is None:
            yield Breach("outside_hours", dial["id"], "the policy it was dialled under is not kept")
            continue
        closed = _closed(dial, rules)
        if closed:
            yield Breach("outside_hours", dial["id"], f"it was {closed}")
        for cap in rules.caps:
            since = moments[position] - timedelta(hours=cap.hours)
            within = sum(since < moment for moment in moments[: position + 1])
            if within > cap.calls:
                yield Breach("over_cap", dial["id"], f"it was number {within} within {cap.hours:g} hours")


def _rules(db: Database, dial: Row) -> Rules | None:
    text = pins.pinned(db, dial["policy_version"])
    if text is None:
        return None
    bundle = pinned_bundle(db, dial["flow_pin"])
    return rules_for(policy_from_text(text), dial, bundle.flows[bundle.main].purpose, layer_of(dial))


def _closed(dial: Row, rules: Rules) -> str:
    """The local time at which the telephone must not have rung, or an empty text. No zone at all is a breach, too."""
    zones: list[str] = json.loads(dial["zones"])
    if not zones:
        return "dialled without a known time zone"
    for zone in zones:
        wall = from_text(dial["posted_at"]).astimezone(ZoneInfo(zone))
        minute = wall.hour * 60 + wall.minute
        spans = () if wall.date() in rules.holidays else rules.week[wall.weekday()]
        if not any(span.start <= minute < span.end for span in spans):
            return f"{wall:%A %H:%M} in {zone}"
    return ""
