from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.services.hearing import Hearing, new_hearing
from tests.speech.test_pool import eventually
from tests.speech.voices import HumEngine, say, silence
from tests.store.world import Killed, Killer
from voicebot import metrics
from voicebot.errors import OutsideError
from voicebot.flows.actions import Transcribe
from voicebot.flows.events import AnyEvent, Deafened, Silence, StillSpeaking
from voicebot.services.ears import SERVED, StreamEars, StreamRefused, capacity_for, inline, threaded
from voicebot.services.replay import replay
from voicebot.speech.pool import Workers
from voicebot.speech.recognizer import Engine
from voicebot.speech.remote import RemoteEngine
from voicebot.store import journal, spool
from voicebot.timestamps import from_text, plus

AFTER_PROMPT = silence(14_000)


@pytest.fixture
def centre(tmp_path: Path) -> Hearing:
    return new_hearing(tmp_path)


def kinds_in_journal(centre: Hearing, call_id: str) -> list[str]:
    return [entry.kind for entry in journal.read(centre.rig.db, "call", call_id)]


# --- a call that is heard ---


def test_what_is_said_moves_the_call(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert "Goodbye" in centre.rig.body(call_id)
    assert centre.moves() == 1
    heard = centre.events(call_id)[-1]
    assert (heard["kind"], heard["source"], heard["readings"][0]["text"]) == ("heard", "hum", "yes")
    assert heard["readings"][0]["words"][0]["start"] == pytest.approx(14, abs=0.05)
    assert replay(centre.rig.db, call_id).difference == ""


def test_barging_in_cuts_the_prompt_and_the_same_words_answer(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, silence(1000), say("yes please please"))
    assert centre.kinds(call_id) == ["answered", "barged_in"]
    assert "<Say" not in centre.rig.body(call_id)
    centre.hear(caller, silence(2000))
    assert centre.kinds(call_id) == ["answered", "barged_in", "heard"]
    assert centre.moves() == 2


def test_a_key_wins_against_words_that_began_before_it(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("yes"))
    centre.rig.press(call_id, "2")
    before = centre.rig.everything()
    centre.hear(caller, silence(1000))
    assert centre.rig.everything() == before


def test_opting_out_counts_though_a_key_won(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("stop"))
    centre.rig.press(call_id, "2")
    centre.hear(caller, silence(1500))
    assert centre.rig.suppressed()


def test_the_next_question_is_answered_by_what_is_said_then(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("no"), silence(1000))
    assert centre.rig.call(call_id)["document"] == 2
    centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert "Goodbye" in centre.rig.body(call_id)


def test_while_words_are_no_answer_only_an_opting_out_is_passed_on(centre: Hearing) -> None:
    call_id, caller = centre.streaming("desk")
    centre.rig.press(call_id, "1")
    kinds = centre.kinds(call_id)
    centre.hear(caller, AFTER_PROMPT, say("yes please"), silence(2000))
    assert centre.kinds(call_id) == kinds
    centre.hear(caller, say("stop"), silence(2000))
    assert centre.rig.suppressed()


def test_the_last_words_before_hanging_up_count(centre: Hearing) -> None:
    _, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("stop"))
    centre.ears.stopped(caller)
    assert centre.rig.suppressed()
    assert centre.ears.listening == 0


def test_the_sound_is_kept_without_gaps_and_closed(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    caller.sound(say("yes")[:160], 0)
    caller.sound(say("yes")[:160], 60)
    centre.ears.stopped(caller)
    assert len(centre.tapes[call_id].getvalue()) == 80 * 8
    assert centre.tapes[call_id].is_closed


def test_a_disk_that_is_full_deafens_nobody(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.tapes[call_id].write = lambda _sound: (_ for _ in ()).throw(OSError("full"))  # type: ignore[method-assign]
    centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert "Goodbye" in centre.rig.body(call_id)


# --- silence ---


def test_silence_is_what_the_stream_hears(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    at = centre.rig.now
    centre.hear(caller, silence(3000))
    assert centre.ears.instead_of_silence(call_id, at) == Silence(at=at, sure=True)
    centre.hear(caller, say("yes"))
    assert centre.ears.instead_of_silence(call_id, at) == StillSpeaking(at=at)


def test_an_answer_that_the_time_out_interrupts_is_not_lost(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("no"))
    for _ in range(2):
        assert "<Say" not in centre.rig.silent(call_id, 0.1)
        centre.hear(caller, silence(100))
    assert centre.rig.call(call_id)["document"] == 3
    centre.hear(caller, silence(1000))
    assert centre.kinds(call_id) == ["answered", "still_speaking", "still_speaking", "heard"]
    assert centre.rig.db.value("SELECT count(*) FROM cases") == 1


def test_an_answer_that_a_time_out_overtakes_is_not_lost(centre: Hearing) -> None:
    """The words are on their way to the switchboard under the document that the time-out ends."""
    call_id, caller = centre.streaming()
    board = centre.rig.board
    plain = type(board).spoken

    def overtaken(self: object, call_id: str, document: int, event: AnyEvent) -> int | None:
        if document == 1:
            centre.rig.silent(call_id, 0.1)
        return plain(board, call_id, document, event)

    with patch.object(type(board), "spoken", overtaken):
        centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert centre.kinds(call_id) == ["answered", "still_speaking", "heard"]


def test_an_answer_is_not_lost_where_a_cut_and_a_time_out_meet(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    plain = type(centre.ears).instead_of_silence

    def met(self: Any, call_id: str, at: str) -> object:
        silence = plain(self, call_id, at)
        cut = threading.Thread(target=caller.goes_on)
        cut.start()
        cut.join()
        return silence

    centre.hear(caller, AFTER_PROMPT, say("no"))
    with patch.object(type(centre.ears), "instead_of_silence", met):
        centre.rig.silent(call_id, 0.1)
    centre.hear(caller, silence(1000))
    assert centre.kinds(call_id) == ["answered", "still_speaking", "heard"]


def test_what_is_not_committed_is_not_told_to_the_ear(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.rig.db.on_commit = Killer(0)
    with pytest.raises(Killed):
        centre.rig.press(call_id, "9")
    centre.rig.db.on_commit = None
    centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert centre.kinds(call_id) == ["answered", "heard"]


def test_a_busy_database_is_told_again(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    plain, tries = type(centre.rig.board).spoken, iter([True, True, False])

    def busy(self: Any, *told: Any) -> int | None:
        if next(tries):
            raise OutsideError("database", "busy.")
        became: int | None = plain(self, *told)
        return became

    with patch.object(type(centre.rig.board), "spoken", busy):
        centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert centre.kinds(call_id) == ["answered", "heard"]


def test_a_key_between_time_out_and_answer_wins(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("no"))
    centre.rig.silent(call_id, 0.1)
    centre.rig.press(call_id, "1")
    before = centre.rig.everything()
    centre.hear(caller, silence(2000))
    assert centre.rig.everything() == before


@pytest.mark.parametrize(("opened", "why"), [(False, "not_opened"), (True, "lost")])
def test_a_stream_that_never_came_or_froze_is_told_at_the_silence(centre: Hearing, opened: bool, why: str) -> None:
    call_id = centre.answered()
    if opened:
        centre.hear(centre.open(call_id), silence(500))
    assert "<Gather" in centre.rig.silent(call_id, 9)
    assert "dtmf speech" in centre.rig.body(call_id)
    assert centre.events(call_id)[-1]["why"] == why
    assert centre.ears.listening == 0


def test_calls_of_another_process_are_lost(centre: Hearing) -> None:
    assert centre.ears.instead_of_silence("theirs", centre.rig.now) == Deafened(at=centre.rig.now, why="lost")


# --- what breaks ---


def test_a_lost_stream_falls_back_at_once(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, silence(2000))
    centre.ears.lost(caller, "lost", "the socket was closed")
    assert centre.kinds(call_id) == ["answered", "deafened"]
    assert "dtmf speech" in centre.rig.body(call_id)
    assert centre.moves() == 1


def test_a_stream_that_could_not_be_opened_falls_back_at_once(centre: Hearing) -> None:
    call_id = centre.answered()
    centre.ears.failed(call_id, "31902")
    assert centre.events(call_id)[-1]["why"] == "not_opened"
    centre.ears.failed("nobody", "31902")


def test_streams_and_their_losses_are_counted(centre: Hearing) -> None:
    streams, lost = metrics.STREAMS._value, metrics.DEAFENED.labels("lost")._value
    before = streams.get(), lost.get()
    _, first = centre.streaming()
    _, second = centre.streaming()
    assert streams.get() == before[0] + 2
    centre.ears.lost(first, "lost")
    centre.ears.stopped(second)
    assert (streams.get(), lost.get()) == (before[0], before[1] + 1)


def test_words_heard_before_the_loss_are_passed_on_first(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("no"))
    centre.ears.lost(caller, "lost")
    assert centre.kinds(call_id) == ["answered", "heard", "deafened"]


def test_a_recognizer_that_breaks_falls_back_at_once(tmp_path: Path) -> None:
    centre = new_hearing(tmp_path, HumEngine(breaks_after=1000))
    call_id, caller = centre.streaming()
    centre.hear(caller, silence(2000), say("yes"), silence(2000))
    assert centre.events(call_id)[-1]["why"] == "recognizer"
    assert "dtmf speech" in centre.rig.body(call_id)
    centre.ears.lost(caller, "lost")
    assert centre.kinds(call_id) == ["answered", "deafened"]


def test_the_end_of_the_call_is_no_fault(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, silence(500))
    centre.rig.ended(call_id)
    before = centre.kinds(call_id)
    centre.ears.lost(caller, "lost")
    assert centre.kinds(call_id) == before


def join_with_an_agent(centre: Hearing, call_id: str) -> None:
    (leg,) = centre.rig.db.rows("SELECT id FROM legs")[:1]
    centre.rig.leg_answers(leg["id"])
    centre.rig.leg_presses(leg["id"], "1")
    assert "<Conference" in centre.rig.body(call_id)


def test_a_call_joined_with_an_agent_is_not_listened_to(centre: Hearing) -> None:
    call_id, caller = centre.streaming("desk")
    centre.rig.press(call_id, "1")
    join_with_an_agent(centre, call_id)
    assert centre.ears.listening == 0
    before, sound = centre.kinds(call_id), len(centre.tapes[call_id].getvalue())
    centre.hear(caller, say("stop"), silence(2000))
    centre.ears.lost(caller, "lost")
    assert centre.kinds(call_id) == before
    assert len(centre.tapes[call_id].getvalue()) == sound
    assert all(recognizer.is_closed for recognizer in centre.engine.made)


@pytest.mark.parametrize(("words", "leaves"), [("stop", True), ("yes please", False)])
def test_of_what_is_said_while_the_agent_comes_on_an_opting_out_counts(
    centre: Hearing, words: str, leaves: bool
) -> None:
    call_id, caller = centre.streaming("desk")
    centre.rig.press(call_id, "1")
    centre.hear(caller, silence(5000), say(words))
    join_with_an_agent(centre, call_id)
    centre.ears.stopped(caller)
    assert bool(centre.rig.suppressed()) == leaves
    assert ("<Conference" in centre.rig.body(call_id)) != leaves


def test_opting_out_outlives_a_broken_database(centre: Hearing) -> None:
    _, caller = centre.streaming()
    with patch.object(type(centre.rig.board), "spoken", side_effect=OutsideError("database", "locked.")):
        centre.hear(caller, AFTER_PROMPT, say("stop"), silence(2000))
    assert spool.pending(centre.rig.db)


def test_a_process_that_ends_moves_no_call(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    centre.hear(caller, AFTER_PROMPT, say("yes"))
    centre.ears.close()
    centre.hear(caller, silence(2000))
    centre.ears.lost(caller, "lost")
    assert centre.kinds(call_id) == ["answered"]
    assert centre.moves() == 0
    assert all(recognizer.is_closed for recognizer in centre.engine.made)
    assert centre.ears.admit("next", "en-US", "stream") == "provider"
    assert centre.ears.instead_of_silence(call_id, centre.rig.now) == Deafened(at=centre.rig.now, why="lost")


# --- who is let in ---


def test_only_so_many_calls_are_heard(centre: Hearing) -> None:
    calls = [centre.rig.open("complaint", f"+1202555016{number}") for number in range(3)]
    bodies = [centre.rig.answer(call_id) for call_id in calls]
    assert ["<Stream" in body for body in bodies] == [True, True, False]
    centre.ears.stopped(centre.open(calls[0]))
    assert centre.ears.admit("next", "en-US", "stream") == "stream"


def test_calls_whose_stream_never_came_make_room(centre: Hearing) -> None:
    assert [centre.ears.admit(call_id, "en-US", "stream") for call_id in "abab"] == ["stream"] * 4
    assert centre.ears.admit("c", "en-US", "stream") == "provider"
    centre.rig.now = plus(centre.rig.now, 61)
    assert centre.ears.admit("c", "en-US", "stream") == "stream"


def test_a_language_without_a_recognizer_is_the_providers(centre: Hearing) -> None:
    assert centre.ears.admit("a", "zh-CN", "stream") == "provider"


def test_nobody_is_admitted_before_there_is_a_switchboard() -> None:
    ears = StreamEars({"en-US": HumEngine()}, lambda: from_text("2026-03-02T15:00:00.000Z"), capacity=1, pools=inline())
    assert ears.admit("a", "en-US", "stream") == "provider"
    with pytest.raises(StreamRefused):
        ears.opened("a", "token", "CA1", "MZ1")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"given": "guess"}, "its token is wrong."),
        ({"given": "嗯"}, "its token is wrong."),
        ({"call_sid": "CA-other"}, "it belongs to another call."),
        ({"call_sid": ""}, "it belongs to another call."),
    ],
)
def test_wrong_streams_are_refused_and_written_down(centre: Hearing, wrong: dict[str, str], why: str) -> None:
    call_id = centre.answered()
    for _ in range(3):
        with pytest.raises(StreamRefused) as refused:
            centre.open(call_id, **wrong)
    assert refused.value.problem == why
    assert kinds_in_journal(centre, call_id).count("stream_refused") == 1
    assert centre.open(call_id)


def test_streams_of_unknown_calls_fill_no_journal(centre: Hearing) -> None:
    before = centre.rig.db.value("SELECT count(*) FROM journal")
    with pytest.raises(StreamRefused):
        centre.ears.opened("nobody", "token", "CA1", "MZ1")
    assert centre.rig.db.value("SELECT count(*) FROM journal") == before


def test_strangers_use_up_no_room_for_what_is_written_down(centre: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.services.ears.NOTED", 2)
    for number in range(3):
        with pytest.raises(StreamRefused):
            centre.ears.opened(f"nobody-{number}", "token", "CA1", "MZ1")
    call_id = centre.answered()
    with pytest.raises(StreamRefused):
        centre.open(call_id, given="wrong")
    assert kinds_in_journal(centre, call_id)[-1] == "stream_refused"


def test_a_second_stream_is_refused_and_the_first_goes_on(centre: Hearing) -> None:
    call_id, caller = centre.streaming()
    with pytest.raises(StreamRefused):
        centre.open(call_id, stream_sid="MZ2")
    centre.hear(caller, AFTER_PROMPT, say("yes"), silence(1000))
    assert "Goodbye" in centre.rig.body(call_id)


def test_late_streams_are_refused(centre: Hearing) -> None:
    call_id = centre.answered()
    centre.rig.ended(call_id)
    with pytest.raises(StreamRefused, match="over"):
        centre.open(call_id)


def test_a_stream_after_the_fall_back_is_refused(centre: Hearing) -> None:
    call_id = centre.answered()
    centre.rig.silent(call_id, 9)
    with pytest.raises(StreamRefused, match="not waited for"):
        centre.open(call_id)


def test_troubles_are_written_down_once(centre: Hearing) -> None:
    call_id, _ = centre.streaming()
    for _ in range(5):
        centre.ears.trouble(call_id, "messages are missing")
    assert kinds_in_journal(centre, call_id).count("stream_trouble") == 1


def test_recordings_are_handed_on(tmp_path: Path) -> None:
    wanted: list[tuple[str, int, Transcribe]] = []
    centre = new_hearing(tmp_path, transcribe=lambda *asked: wanted.append(asked))
    asked = Transcribe(url="https://provider.example/RE1", seconds=2)
    centre.ears.transcribe("a", 2, asked)
    assert wanted == [("a", 2, asked)]


# --- with threads ---


def test_many_calls_at_once_on_threads(tmp_path: Path) -> None:
    pools = Workers(2, name="ear"), Workers(4, name="teller")
    centre = new_hearing(tmp_path, capacity=20, pools=pools)
    calls = [centre.rig.open("complaint", f"+120255501{number}") for number in range(60, 72)]
    for call_id in calls:
        centre.rig.answer(call_id)
    callers = [centre.open(call_id) for call_id in calls]
    for sound in (AFTER_PROMPT, say("yes"), silence(1000)):
        for start in range(0, len(sound), 8000):
            for caller in callers:
                centre.hear(caller, sound[start : start + 8000])
                eventually(lambda caller=caller: caller._lane.waiting < 2000)  # type: ignore[misc]
    eventually(lambda: all("Goodbye" in centre.rig.body(call_id) for call_id in calls))
    assert all(centre.kinds(call_id) == ["answered", "heard"] for call_id in calls)
    for pool in pools:
        pool.close()


def test_an_overloaded_call_falls_back_and_the_web_never_waits(tmp_path: Path) -> None:
    hearing, telling = Workers(1, name="ear", backlog=500), Workers(1, name="teller")
    centre = new_hearing(tmp_path, pools=(hearing, telling))
    call_id, caller = centre.streaming()
    hearing.lane(lambda: None).do(lambda: eventually(lambda: centre.kinds(call_id)[-1] == "deafened"))
    centre.hear(caller, silence(2000))
    eventually(lambda: centre.kinds(call_id)[-1] == "deafened")
    assert centre.events(call_id)[-1]["why"] == "overloaded"
    hearing.close()
    telling.close()
    assert all(recognizer.is_closed for recognizer in centre.engine.made)


def test_pools_and_capacity_are_made_for_the_machine() -> None:
    hearing, telling = threaded(10, {"en-US": HumEngine()})
    assert isinstance(hearing, Workers)
    assert isinstance(telling, Workers)
    hearing.close()
    telling.close()
    assert capacity_for({"en-US": HumEngine()}, 7) == 7
    assert capacity_for({"en-US": HumEngine()}) > 7


def test_a_server_that_is_away_is_waited_for_by_calls_and_not_by_the_start() -> None:
    away: dict[str, Engine] = {"en-US": RemoteEngine("ws://127.0.0.1:1"), "zh-CN": RemoteEngine("ws://127.0.0.1:2")}
    assert (capacity_for(away), capacity_for(away, 120), capacity_for(away, 7)) == (SERVED, 120, 7)


@pytest.mark.parametrize(("capacity", "at_once"), [(3, 3), (120, SERVED)])
def test_calls_that_wait_for_a_server_do_not_wait_for_each_other(capacity: int, at_once: int) -> None:
    pools = threaded(capacity, {"en-US": RemoteEngine("ws://127.0.0.1:1")})
    together = threading.Barrier(at_once, timeout=5)
    met: list[int] = []
    for _ in range(at_once):
        pools[0].lane(lambda: None).do(lambda: met.append(together.wait()))
    eventually(lambda: len(met) == at_once)
    for pool in pools:
        assert isinstance(pool, Workers)
        pool.close()
