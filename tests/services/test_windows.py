"""The rules of one enrolment: the region as its list writes it, the flow's purpose, the campaign's own layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialer.loop.rig import POLICY, Rig, campaign, rig
from voicebot.services.windows import window_of

STATES = """US:
  reviewed_on: 2026-01-01
  windows: {monday-friday: 09:00-20:00, source: test}
  regions:
    ME:
      windows: {monday-friday: 09:00-17:00, source: test}
  purposes:
    service:
      windows: {tuesday-friday: 09:00-20:00, source: test}
"""


@pytest.fixture
def made(tmp_path: Path) -> Rig:
    return campaign(rig(tmp_path, policy=POLICY + STATES))


@pytest.mark.parametrize(
    ("region", "moment", "expected"),
    [
        ("", "2026-06-02T22:00:00.000Z", "2026-06-02T22:00:00.000Z"),  # Tuesday 18:00
        ("Maine", "2026-06-02T22:00:00.000Z", "2026-06-03T13:00:00.000Z"),
        ("me", "2026-06-02T22:00:00.000Z", "2026-06-03T13:00:00.000Z"),
        ("Atlantis", "2026-06-02T22:00:00.000Z", "2026-06-02T22:00:00.000Z"),
        ("", "2026-06-01T15:00:00.000Z", "2026-06-02T13:00:00.000Z"),  # no Mondays for this purpose
    ],
)
def test_a_moment_is_moved_into_the_hours(made: Rig, region: str, moment: str, expected: str) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE people SET region = :region", region=region)
    assert window_of(made.db, made.centre.policy, 1)(moment) == (expected, "")


def test_without_a_zone_there_is_no_hour(made: Rig) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE numbers SET zones = '[]'")
    assert window_of(made.db, made.centre.policy, 1)(made.at) == ("", "the time zone is unknown")


def test_a_campaigns_own_hours_count(made: Rig) -> None:
    own = '{"windows": {"wednesday": "10:00-11:00", "source": "ours"}}'
    with made.db.transaction():
        made.db.execute("UPDATE campaigns SET policy = :own", own=own)
    assert window_of(made.db, made.centre.policy, 1)(made.at) == ("2026-06-03T14:00:00.000Z", "")


def test_an_enrolment_that_is_not_there(made: Rig) -> None:
    with pytest.raises(LookupError, match="no enrolment 7"):
        window_of(made.db, made.centre.policy, 7)
