from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.services.rig import Rig, new_rig
from voicebot.flows.events import Answered, Detected, Pressed
from voicebot.services.replay import replay
from voicebot.services.switchboard import UnknownCallError
from voicebot.store import journal


def test_a_call_goes_through_its_flow(rig: Rig) -> None:
    call_id = rig.open()
    assert "Hello Ann, this is Test Centre." in rig.answer(call_id)
    assert "Goodbye." in rig.press(call_id, "3")
    rig.status(call_id, "completed")
    assert rig.call(call_id)["outcome"] == "completed"
    assert rig.db.value("SELECT status FROM attempts WHERE id = :id", id=call_id) == "ended"
    assert rig.db.value("SELECT outcome FROM enrolments") == "completed"


def test_the_same_request_gets_the_same_bytes_and_changes_nothing(rig: Rig) -> None:
    call_id = rig.open()
    first = rig.answer(call_id)
    second = rig.press(call_id, "2", 1)
    before = rig.everything()
    assert rig.press(call_id, "2", 1) == second
    assert rig.answer(call_id) == first
    assert rig.everything() == before


def test_a_late_request_gets_the_present_document(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    present = rig.press(call_id, "2", 1)
    before = rig.everything()
    assert rig.press(call_id, "3", 1) == present
    assert rig.press(call_id, "3", 7) == present
    assert rig.everything() == before


def test_a_late_opting_out_is_committed_and_ends_the_call(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "2", 1)
    assert "off the list" in rig.press(call_id, "*", 1)
    assert rig.suppressed()
    assert [sid for sid, _ in rig.phone.of("move")] == [f"CA-{call_id}"]


def test_opting_out_by_words_counts_in_the_transaction_of_its_answer(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    assert "off the list" in rig.say(call_id, "please stop calling me")
    assert rig.suppressed()
    rig.status(call_id, "completed")
    assert rig.call(call_id)["outcome"] == "opted_out"


def test_opting_out_takes_back_other_calls_of_the_person(rig: Rig) -> None:
    first, second = rig.open(), rig.open()
    rig.answer(first)
    rig.status(second, "ringing", 1)
    rig.press(first, "*")
    assert rig.phone.of("cancel") == [f"CA-{second}"]


def test_a_call_that_was_just_answered_is_hung_up_instead(rig: Rig) -> None:
    first, second = rig.open(), rig.open()
    rig.phone.answered = True
    rig.answer(first)
    rig.status(second, "ringing", 1)
    rig.press(first, "*")
    assert rig.phone.of("hang_up") == [f"CA-{second}"]


@pytest.mark.parametrize("late", ["in_progress", "ringing", "busy", "completed"])
def test_an_ended_line_stays_ended(rig: Rig, late: str) -> None:
    call_id = rig.open()
    rig.status(call_id, "no_answer", 2)
    rig.status(call_id, late, 1)  # type: ignore[arg-type]
    assert rig.call(call_id)["status"] == "no_answer"
    assert rig.call(call_id)["outcome"] == "no_answer"
    assert rig.db.value("SELECT count(*) FROM journal WHERE kind = 'concluded'") == 1


def test_a_number_that_does_not_exist_is_marked(rig: Rig) -> None:
    call_id = rig.open()
    rig.status(call_id, "failed", 2, 404)
    assert rig.call(call_id)["outcome"] == "invalid_number"
    assert rig.db.value("SELECT status FROM numbers") == "invalid"


def test_an_end_found_out_by_ourselves_counts_once(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.ended(call_id, "completed")
    rig.status(call_id, "completed")
    assert rig.db.value("SELECT count(*) FROM journal WHERE kind = 'concluded'") == 1
    assert rig.db.value("SELECT status FROM attempts") == "ended"


def test_a_verdict_moves_the_live_call_to_the_message(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    verdict = Detected(at=rig.tick(), answered_by="machine_beep")
    for _ in range(2):
        rig.board.detected(call_id, verdict, f"CA-{call_id}")
        rig.board.flush(rig.now)
    [(sid, url)] = rig.phone.of("move")
    assert sid == f"CA-{call_id}"
    assert f"/voice/{call_id}/document?d=2&l=en-US&t=" in url
    assert "Please ring us back" in rig.board.document(call_id, rig.tick())
    assert rig.db.value("SELECT message_left FROM enrolments") == 1


def test_a_move_is_dropped_once_its_document_was_fetched(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.board.detected(call_id, Detected(at=rig.tick(), answered_by="machine_beep"), f"CA-{call_id}")
    assert "Please ring us back" in rig.press(call_id, "3", 1)
    assert rig.phone.of("move") == []


def test_a_fault_of_the_flow_ends_in_an_apology(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    assert "went wrong on our side" in rig.press(call_id, "4")
    assert [entry.body["problem"] for entry in journal.read(rig.db, "call", call_id) if "problem" in entry.body]
    rig.status(call_id, "completed")
    assert rig.call(call_id)["outcome"] == "failed"
    assert replay(rig.db, call_id).same


def test_a_flow_that_asks_for_agents_in_a_circle_ends_in_an_apology(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    assert "went wrong on our side" in rig.press(call_id, "5")
    assert replay(rig.db, call_id).same


def test_a_key_before_the_recording_only_cuts_the_words(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    assert "Please speak." in rig.press(call_id, "2")
    cut = rig.press(call_id, "7")
    assert "<Record" in cut
    assert "Please speak." not in cut
    assert "off the list" in rig.press(call_id, "*")


def test_a_recording_that_stayed_empty_does_not_end_the_call(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "2")
    assert "Goodbye." in rig.silent(call_id)
    assert replay(rig.db, call_id).same


@pytest.mark.parametrize("caller", ["+999123456789", "+19005550177", "+12025550100"])
def test_a_caller_whose_number_we_would_not_dial_can_leave_all_the_same(rig: Rig, caller: str) -> None:
    rig.board.inbound("CAin", caller, rig.tick())
    rig.press("in-CAin", "*")
    assert rig.suppressed(caller)


def test_a_call_nobody_knows_is_refused(rig: Rig) -> None:
    with pytest.raises(UnknownCallError):
        rig.board.handle("999", 0, Answered(at=rig.now))


def test_an_id_of_the_provider_belongs_to_one_call_and_a_mistake_silences_nobody(rig: Rig) -> None:
    first, second = rig.open(), rig.open()
    rig.board.handle(first, 0, Answered(at=rig.tick()), "CAsame")
    assert "Hello Ann" in rig.board.handle(second, 0, Answered(at=rig.tick()), "CAsame")
    assert [rig.call(call_id)["sid"] for call_id in (first, second)] == ["CAsame", None]


def test_requests_at_the_same_time_are_answered_one_after_the_other(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    events = [Pressed(at=rig.now, digits=key) for key in "2323"]
    with ThreadPoolExecutor(4) as threads:
        bodies = list(threads.map(lambda event: rig.board.handle(call_id, 1, event), events))
    assert rig.call(call_id)["document"] == 2
    assert set(bodies) == {rig.body(call_id)}


def test_an_inbound_caller_can_leave_and_is_never_called_again(rig: Rig) -> None:
    first = rig.board.inbound("CAin", "+12025550177", rig.tick())
    assert "Springwood Water" in first
    assert rig.board.inbound("CAin", "+12025550177", rig.tick()) == first
    rig.board.handle("in-CAin", 1, Pressed(at=rig.tick(), digits="*"))
    assert rig.suppressed("+12025550177")
    assert rig.db.value("SELECT source FROM suppressions") == "inbound"


def test_a_call_back_promised_to_a_caller_becomes_a_case(rig: Rig) -> None:
    rig.board.inbound("CAin", "+12025550177", rig.tick())
    rig.press("in-CAin", "3")
    assert "about two hours" in rig.press("in-CAin", "1")
    rig.ended("in-CAin")
    [case] = rig.db.rows("SELECT * FROM cases")
    assert (case["call_id"], case["due_at"]) == ("in-CAin", rig.state("in-CAin").callback_at)


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", ""])
def test_opting_out_with_a_withheld_number_becomes_a_case(rig: Rig, caller: str) -> None:
    rig.board.inbound("CAin", caller, rig.tick())
    rig.board.handle("in-CAin", 1, Pressed(at=rig.tick(), digits="*"))
    assert rig.db.value("SELECT count(*) FROM suppressions") == 0
    assert rig.db.value("SELECT call_id FROM cases WHERE kind = 'review'") == "in-CAin"


def test_a_lost_answer_is_made_good_by_the_fallback(rig: Rig) -> None:
    call_id = rig.open()
    assert "Hello Ann" in rig.board.recover(call_id, Pressed(at=rig.tick(), digits="3"))
    second = rig.press(call_id, "2")
    assert rig.board.recover(call_id, Pressed(at=rig.tick(), digits="3")) == second
    assert "off the list" in rig.board.recover(call_id, Pressed(at=rig.tick(), digits="*"))
    assert rig.suppressed()


def test_replay_gives_the_same_bytes(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "2")
    rig.press(call_id, "*")
    rig.status(call_id, "completed")
    report = replay(rig.db, call_id)
    assert (report.same, report.events, report.documents) == (True, 4, 3)


def test_replay_tells_the_first_difference(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    with rig.db.transaction():
        rig.db.execute("UPDATE documents SET body = replace(body, 'Hello', 'Howdy')")
    assert replay(rig.db, call_id).difference.startswith("document 1, character ")


def test_replay_says_when_private_values_were_erased(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    with rig.db.transaction():
        journal.erase_private(rig.db, "call", call_id, rig.now)
    report = replay(rig.db, call_id)
    assert (report.erased, report.same, report.difference) == (True, False, "")


def test_a_second_switchboard_on_the_same_store_goes_on_with_the_call(rig: Rig, tmp_path: Path) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    other = new_rig(tmp_path)
    assert "Please speak" in other.board.handle(call_id, 1, Pressed(at=rig.tick(), digits="2"))
    other.db.close()
