"""Campaigns: made from a flow, filled from lists without doubling anybody, and moved as the table allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialer.loop.rig import EASTERN, FLOW, PACIFIC, Rig, add_lead, number, rig
from voicebot.dialer.campaign_moves import CAMPAIGN_STATUSES, MOVES, CampaignStatus
from voicebot.dialer.policy import Layer, Windows
from voicebot.errors import VoicebotError
from voicebot.services import campaigns
from voicebot.store import journal, pins
from voicebot.timestamps import from_text


@pytest.fixture
def made(tmp_path: Path) -> Rig:
    return rig(tmp_path)


def test_a_campaign_keeps_the_flow_as_it_was(made: Rig, tmp_path: Path) -> None:
    flow = tmp_path / "short.yaml"
    flow.write_text(FLOW.read_text(encoding="utf-8"), encoding="utf-8")
    campaigns.create(made.centre, "first", flow, made.at)
    flow.unlink()
    campaign = campaigns.find(made.db, "first")
    assert "Springwood Water" in (pins.pinned(made.db, campaign["flow_pin"]) or "")
    assert pins.pinned(made.db, made.centre.policy.version) == made.centre.policy.text
    assert [entry.kind for entry in journal.read(made.db, "campaign", campaign["id"])] == ["created"]


def test_a_name_is_taken_once(made: Rig) -> None:
    campaigns.create(made.centre, "first", FLOW, made.at)
    with pytest.raises(VoicebotError, match="campaign first: there is one of that name"):
        campaigns.create(made.centre, "first", FLOW, made.at)
    with pytest.raises(VoicebotError, match=r'campaign frist: there is no such campaign\. Did you mean "first"'):
        campaigns.find(made.db, "frist")


def test_an_inbound_flow_makes_no_campaign(made: Rig, tmp_path: Path) -> None:
    flow = tmp_path / "short.yaml"
    flow.write_text(FLOW.read_text(encoding="utf-8").replace("type: outbound", "type: inbound"), encoding="utf-8")
    with pytest.raises(VoicebotError, match=r"short\.yaml: this flow is of type inbound"):
        campaigns.create(made.centre, "first", flow, made.at)


def test_only_our_own_numbers_are_shown(made: Rig) -> None:
    with pytest.raises(VoicebotError, match=r"\+12025550199 is not one of ours"):
        campaigns.create(made.centre, "first", FLOW, made.at, caller_ids=["+12025550199"])
    bare = replace(made.centre, settings=replace(made.centre.settings, caller_ids=()))
    with pytest.raises(VoicebotError, match="VOICEBOT_CALLER_IDS"):
        campaigns.create(bare, "first", FLOW, made.at)


@pytest.mark.parametrize("before", CAMPAIGN_STATUSES)
@pytest.mark.parametrize("after", CAMPAIGN_STATUSES)
def test_a_campaign_moves_as_the_table_allows(made: Rig, before: CampaignStatus, after: CampaignStatus) -> None:
    campaigns.create(made.centre, "first", FLOW, made.at)
    with made.db.transaction():
        made.db.execute("UPDATE campaigns SET status = :status", status=before)
    if after == before or after in MOVES[before]:
        campaigns.move(made.db, "first", after, made.at)
        assert campaigns.progress(made.db, "first").status == after
    else:
        with pytest.raises(VoicebotError, match=f"it is {before} and cannot become {after}"):
            campaigns.move(made.db, "first", after, made.at)


# --- enrolling --------------------------------------------------------------------------------------------------------


def filled(made: Rig) -> Rig:
    add_lead(made, number(0))
    add_lead(made, number(1), zones=PACIFIC)
    add_lead(made, number(2), zones=EASTERN + PACIFIC)
    campaigns.create(made.centre, "first", FLOW, made.at)
    return made


def test_each_lead_falls_due_when_its_hours_allow(made: Rig) -> None:
    made.now = made.now.replace(hour=14)  # 10:00 in New York, 07:00 in California
    filled(made)
    report = campaigns.enrol(made.centre, "first", "fresh", made.at)
    assert (report.new, report.already, report.held) == (3, 0, {})
    due = [row["next_at"][11:16] for row in made.enrolments()]
    assert due == ["14:00", "16:00", "16:00"]
    assert {row["policy_version"] for row in made.enrolments()} == {made.centre.policy.version}
    assert campaigns.progress(made.db, "first").next_at == made.at


def test_enrolling_again_doubles_nobody(made: Rig) -> None:
    filled(made)
    campaigns.enrol(made.centre, "first", "fresh", made.at)
    with made.db.transaction():
        made.db.execute("UPDATE enrolments SET status = 'done', next_at = ''")
    add_lead(made, number(3))
    report = campaigns.enrol(made.centre, "first", "fresh", made.at)
    assert (report.new, report.already) == (1, 3)
    assert [row["status"] for row in made.enrolments()] == ["done", "done", "done", "due"]


def test_who_must_not_be_called_is_left_out_or_held(made: Rig) -> None:
    filled(made)
    with made.db.transaction():
        made.db.execute("UPDATE numbers SET status = 'wrong' WHERE id = 1")
        made.db.execute(
            """INSERT INTO suppressions (number_hash, source, created_at)
            SELECT hash, 'key', '' FROM numbers WHERE id = 2"""
        )
        made.db.execute("UPDATE numbers SET country = 'FR' WHERE id = 3")
    report = campaigns.enrol(made.centre, "first", "fresh", made.at)
    assert report.left_out == {"number wrong": 1, "suppressed": 1}
    assert report.held == {"calls to FR are not allowed": 1}
    assert campaigns.progress(made.db, "first").held == {"calls to FR are not allowed": 1}


def test_a_campaigns_own_hours_narrow_the_policys(made: Rig) -> None:
    add_lead(made, number(0))
    hours = Windows.model_validate({"tuesday": "15:00-16:00", "source": "our agents"})
    campaigns.create(made.centre, "first", FLOW, made.at, extra=Layer(windows=hours))
    campaigns.enrol(made.centre, "first", "fresh", made.at)
    assert made.enrolments()[0]["next_at"] == "2026-06-02T19:00:00.000Z"
    campaigns.move(made.db, "first", "running", made.at)
    assert made.loop().tick(made.now).placed == 0


def test_a_trial_first_and_the_rest_later(made: Rig) -> None:
    for index in range(60):
        add_lead(made, number(index), zones=PACIFIC if index % 3 == 0 else EASTERN)
    campaigns.create(made.centre, "first", FLOW, made.at)
    trial = campaigns.enrol(made.centre, "first", "fresh", made.at, trial=0.05, seed=7)
    assert (trial.new, trial.kept_back) == (3, 57)
    zones = made.db.rows(
        """SELECT zones FROM enrolments e JOIN leads l ON l.id = lead_id JOIN numbers n ON n.id = number_id"""
    )
    assert sum("Los_Angeles" in row["zones"] for row in zones) == 1
    rest = campaigns.enrol(made.centre, "first", "fresh", made.at)
    assert (rest.new, rest.already, rest.kept_back) == (57, 3, 0)


@pytest.mark.parametrize("trial", [0.0, 1.5, float("nan")])
def test_a_trial_that_is_no_share(made: Rig, trial: float) -> None:
    filled(made)
    with pytest.raises(VoicebotError, match="is no share"):
        campaigns.enrol(made.centre, "first", "fresh", made.at, trial=trial)


def test_a_list_that_is_not_there_and_a_campaign_that_is_over(made: Rig) -> None:
    filled(made)
    with pytest.raises(VoicebotError, match=r'list frehs: there is no such list\. Did you mean "fresh"'):
        campaigns.enrol(made.centre, "first", "frehs", made.at)
    campaigns.move(made.db, "first", "finished", made.at)
    with pytest.raises(VoicebotError, match="it is finished"):
        campaigns.enrol(made.centre, "first", "fresh", made.at)


# --- calls that hang on a date of the lead ----------------------------------------------------------------------------


def test_the_first_call_waits_for_its_day(made: Rig, tmp_path: Path) -> None:
    flow = tmp_path / "short.yaml"
    head = "call_on: {field: due, days: -3}\nneeds:\n  due: {type: date, example: 2026-03-31}\n"
    text = FLOW.read_text(encoding="utf-8")
    assert "needs:\n" in text
    flow.write_text(text.replace("needs:\n", head, 1), encoding="utf-8")
    campaigns.create(made.centre, "first", flow, made.at)
    today = from_text(made.at).date()
    for position, offset in enumerate((10, 2, -2)):
        add_lead(made, number(position), fields={"due": (today + timedelta(days=offset)).isoformat()})
    add_lead(made, number(3), fields={"due": "soon"})
    report = campaigns.enrol(made.centre, "first", "fresh", made.at)
    due = [row["next_at"][:10] for row in made.db.rows("SELECT next_at FROM enrolments ORDER BY id")]
    assert due[0] == (today + timedelta(days=7)).isoformat()
    assert due[1] == today.isoformat()
    assert sorted(report.held) == [
        "its due is no date; write it as 2026-03-31",
        f"the day of its call, {(today - timedelta(days=5)).isoformat()}, is too long past",
    ]
