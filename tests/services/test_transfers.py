from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.rig import BEN, MEI, Rig, new_rig, refused, unknown
from voicebot.flows.events import Transferred
from voicebot.phone.params import RoomNews
from voicebot.services import legs
from voicebot.services.replay import replay


def _waiting(rig: Rig) -> str:
    """A call whose caller waits while the first agent is rung."""
    call_id = rig.open()
    rig.answer(call_id)
    assert "One moment please" in rig.press(call_id, "1")
    return call_id


def _result(rig: Rig) -> tuple[str, str]:
    row = rig.db.one("SELECT status, result FROM transfers")
    assert row is not None
    return row["status"], row["result"]


def test_an_agent_who_accepts_meets_the_caller_in_a_room(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    [placed] = rig.phone.of("place")
    assert (placed["to"], placed["from_"], placed["timeout"]) == (MEI.number, "+12025550100", 20)
    assert f"/voice/agents/{leg}/answer?d=0" in placed["url"]
    assert "Ann is on the line. </Say>" in rig.leg_answers(leg).replace("line.<", "line. <")
    joined = rig.leg_presses(leg, "1")
    assert f">call-{call_id}-1</Conference>" in joined
    [(sid, url)] = rig.phone.of("move")
    assert sid == f"CA-{call_id}"
    assert "/document?d=3" in url
    assert f">call-{call_id}-1</Conference>" in rig.board.document(call_id, rig.tick())


def _comes_in(rig: Rig, call_id: str, who: str, conference: str) -> None:
    news = RoomNews("participant-join", f"CA-{who}", f"room:{conference}:{who}", conference)
    legs.room(rig.centre, call_id, 1, news, rig.tick())


def test_when_the_talk_is_over_the_flow_goes_on(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    rig.leg_answers(leg)
    rig.leg_presses(leg, "1")
    rig.board.document(call_id, rig.tick())
    _comes_in(rig, call_id, leg, "CF1")
    _comes_in(rig, call_id, call_id, "CF1")
    assert "Thank you for talking" in rig.send(call_id, 3, Transferred(at=rig.tick(60), result="ended"))
    rig.leg_status(leg, "completed")
    rig.status(call_id, "completed")
    assert _result(rig) == ("ended", "ended")
    assert rig.call(call_id)["outcome"] == "transferred"
    assert len(rig.phone.of("move")) == 1
    assert replay(rig.db, call_id).same


def test_a_caller_who_came_into_the_room_when_the_agent_had_left_is_fetched_from_it(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    rig.leg_answers(leg)
    rig.leg_presses(leg, "1")
    rig.board.document(call_id, rig.tick())
    _comes_in(rig, call_id, leg, "CF1")
    _comes_in(rig, call_id, call_id, "CF2")
    rig.leg_status(leg, "completed")
    assert "Thank you for talking" in rig.body(call_id)
    assert len(rig.phone.of("move")) == 2


def test_a_caller_who_had_not_joined_is_fetched_from_the_empty_room(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    rig.leg_answers(leg)
    rig.leg_presses(leg, "1")
    rig.leg_status(leg, "completed")
    assert "Thank you for talking" in rig.body(call_id)
    assert len(rig.phone.of("move")) == 2


def test_without_agents_the_flow_says_so_at_once(tmp_path: Path) -> None:
    rig = new_rig(tmp_path, agents=())
    call_id = rig.open()
    rig.answer(call_id)
    assert "Nobody is free." in rig.press(call_id, "1")
    assert rig.phone.asked == []
    assert rig.call(call_id)["document"] == 2
    assert replay(rig.db, call_id).same
    rig.db.close()


@pytest.mark.parametrize(
    ("act", "result"),
    [
        ("decline", "declined"),
        ("other key twice", "no_answer"),
        ("silence twice", "no_answer"),
        ("hangs up", "declined"),
        ("busy", "busy"),
        ("no_answer", "no_answer"),
        ("failed", "failed"),
    ],
)
def test_the_next_agent_is_rung_and_then_the_flow_is_told_why(rig: Rig, act: str, result: str) -> None:
    call_id = _waiting(rig)
    for number in (1, 2):
        assert len(rig.phone.of("place")) == number
        _does_not_take_it(rig, f"{call_id}-1-{number}", act)
    assert [placed["to"] for placed in rig.phone.of("place")] == [MEI.number, BEN.number]
    assert _result(rig) == ("failed", result)
    assert "They did not answer." in rig.body(call_id)
    assert len(rig.phone.of("move")) == 1
    assert replay(rig.db, call_id).same


def _does_not_take_it(rig: Rig, leg: str, act: str) -> None:
    if act in ("busy", "no_answer", "failed"):
        rig.leg_status(leg, act)  # type: ignore[arg-type]
        return
    assert "Press 1 to take the call" in rig.leg_answers(leg)
    if act == "hangs up":
        rig.leg_status(leg, "completed")
    elif act == "decline":
        assert "Goodbye" in rig.leg_presses(leg, "2")
    else:
        key = "" if act == "silence twice" else "7"
        assert "Press 1 to take the call" in rig.leg_presses(leg, key, 1)
        assert "Goodbye" in rig.leg_presses(leg, key, 2)


def test_no_agent_is_rung_after_the_callers_patience(rig: Rig) -> None:
    call_id = _waiting(rig)
    rig.tick(60)
    rig.leg_status(f"{call_id}-1-1", "no_answer")
    assert len(rig.phone.of("place")) == 1
    assert _result(rig) == ("failed", "no_answer")


def test_a_caller_who_has_waited_long_enough_is_led_on_and_the_agent_hears_so(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    while "Still ringing" in (body := rig.silent(call_id)):
        pass
    assert "They did not answer." in body
    assert rig.phone.of("cancel") == ["CA-leg-1"]
    assert "The caller has gone" in rig.leg_answers(leg)
    assert _result(rig) == ("canceled", "timeout")


def test_asking_for_agents_again_and_again_ends_with_the_calls_time(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "6")
    waited = 0
    while rig.state(call_id).phase == "holding":
        waited += 6
        assert waited < 400
        rig.silent(call_id)
    assert "<Hangup" in rig.body(call_id)


@pytest.mark.parametrize("words", ["stop calling me", "*"])
def test_opting_out_while_an_agent_is_rung(rig: Rig, words: str) -> None:
    call_id = _waiting(rig)
    said = rig.press(call_id, "*") if words == "*" else rig.say(call_id, words)
    assert "off the list" in said
    assert rig.suppressed()
    assert rig.phone.of("cancel") == ["CA-leg-1"]
    assert _result(rig) == ("canceled", "opted_out")


def test_opting_out_that_crosses_the_acceptance_is_committed(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    rig.leg_answers(leg)
    rig.leg_presses(leg, "1")
    assert "off the list" in rig.press(call_id, "*", 2)
    assert rig.suppressed()
    assert "The caller has gone" in legs.document(rig.centre, leg, rig.tick())
    assert [sid for sid, _ in rig.phone.of("move")] == [f"CA-{call_id}", "CA-leg-1", f"CA-{call_id}"]


def test_an_agent_who_listens_when_the_caller_hangs_up_hears_it(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    rig.leg_answers(leg)
    rig.status(call_id, "completed")
    assert "The caller has gone" in rig.leg_presses(leg, "1")
    assert [sid for sid, _ in rig.phone.of("move")] == ["CA-leg-1"]
    assert _result(rig) == ("canceled", "caller_gone")


def test_a_leg_whose_number_comes_after_the_caller_left_is_taken_back(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.phone.before = lambda: rig.ended(call_id)
    rig.press(call_id, "1")
    assert rig.phone.of("cancel") == ["CA-leg-1"]


def test_a_refused_leg_leads_to_the_next_agent(rig: Rig) -> None:
    rig.phone.trouble = [refused()]
    call_id = _waiting(rig)
    assert [placed["to"] for placed in rig.phone.of("place")] == [MEI.number, BEN.number]
    assert "One moment please" in rig.body(call_id)


def test_a_lost_answer_is_not_tried_again_and_its_agent_cannot_take_the_call(rig: Rig) -> None:
    rig.phone.trouble = [unknown()]
    call_id = _waiting(rig)
    assert [placed["to"] for placed in rig.phone.of("place")] == [MEI.number, BEN.number]
    assert "The caller has gone" in rig.leg_answers(f"{call_id}-1-1")
    assert "Press 1 to take" in rig.leg_answers(f"{call_id}-1-2")


def test_doubled_and_late_news_of_a_leg_changes_nothing(rig: Rig) -> None:
    call_id = _waiting(rig)
    leg = f"{call_id}-1-1"
    whispered = rig.leg_answers(leg)
    joined = rig.leg_presses(leg, "1")
    before = rig.everything()
    assert rig.leg_answers(leg) == whispered
    assert rig.leg_presses(leg, "1", 1) == joined
    assert rig.leg_presses(leg, "2", 1) == joined
    rig.leg_status(leg, "ringing", 1)
    assert rig.everything() == before


def test_an_agent_on_one_call_is_not_rung_for_another(rig: Rig) -> None:
    _waiting(rig)
    other = rig.open(e164="+12025550151", name="Bob")
    rig.answer(other)
    rig.press(other, "1")
    assert [placed["to"] for placed in rig.phone.of("place")] == [MEI.number, BEN.number]


def test_a_leg_of_which_no_more_is_heard_ends_by_itself(rig: Rig) -> None:
    call_id = _waiting(rig)
    rig.ended(call_id)
    rig.board.sweep(rig.tick(400))
    assert rig.db.value("SELECT count(*) FROM legs WHERE status <> 'ended'") == 0
