"""What we hear ourselves, beside the provider's requests: each document has one winner, and opting out counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.services.rig import Rig, new_rig
from voicebot.flows.actions import AnyLine, Transcribe
from voicebot.flows.events import BargedIn, Deafened, Heard, Hearing, Reading, Recorded, Silence, StillSpeaking
from voicebot.services.replay import replay
from voicebot.services.switchboard import Switchboard, UnknownCallError


@dataclass
class FakeEars:
    """Ears that have room for every call, and tell what they were told."""

    now: Silence | StillSpeaking | Deafened | None = None
    lines: list[tuple[int, str]] = field(default_factory=list)
    wanted: list[tuple[int, Transcribe]] = field(default_factory=list)

    def admit(self, call_id: str, language: str, wanted: Hearing) -> Hearing:
        return wanted

    def line(self, call_id: str, document: int, line: AnyLine, at: str) -> None:
        self.lines.append((document, line.kind))

    def transcribe(self, call_id: str, document: int, recorded: Transcribe) -> None:
        self.wanted.append((document, recorded))

    def instead_of_silence(self, call_id: str, at: str) -> Silence | StillSpeaking | Deafened:
        return self.now or Silence(at=at, sure=True)


@pytest.fixture
def ears() -> FakeEars:
    return FakeEars()


@pytest.fixture
def streaming(tmp_path: Path, ears: FakeEars) -> Rig:
    return with_ears(new_rig(tmp_path), ears, "stream")


def with_ears(rig: Rig, ears: FakeEars, hearing: Hearing) -> Rig:
    centre = replace(rig.centre, ears=ears, settings=replace(rig.centre.settings, hearing=hearing))
    return replace(rig, board=Switchboard(centre, rig.phone))


def heard(rig: Rig, words: str) -> Heard:
    return Heard(at=rig.tick(), readings=(Reading(text=words),), source="vosk")


def test_the_first_document_opens_the_stream_and_the_ears_hear_of_every_line(streaming: Rig, ears: FakeEars) -> None:
    call_id = streaming.open()
    assert f"wss://bot.example/voice/{call_id}/stream" in streaming.answer(call_id)
    streaming.press(call_id, "2")
    assert [document for document, _ in ears.lines] == [1, 2]


def test_without_ears_the_provider_listens(tmp_path: Path) -> None:
    rig = new_rig(tmp_path)
    rig = replace(
        rig, board=Switchboard(replace(rig.centre, settings=replace(rig.centre.settings, hearing="stream")), rig.phone)
    )
    body = rig.answer(rig.open())
    assert "<Stream" not in body
    assert "dtmf speech" in body


def test_words_move_the_call_to_the_next_document(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    assert streaming.board.spoken(call_id, 1, heard(streaming, "say that again")) == 2
    streaming.board.flush(streaming.now)
    assert [sid for sid, _ in streaming.phone.of("move")] == [f"CA-{call_id}"]


def test_words_that_lose_against_a_key_change_nothing(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    streaming.press(call_id, "2")
    before = streaming.everything()
    assert streaming.board.spoken(call_id, 1, heard(streaming, "yes")) is None
    assert streaming.everything() == before


def test_a_key_that_loses_against_words_gets_the_document_they_led_to(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    streaming.board.spoken(call_id, 1, heard(streaming, "say that again"))
    present = streaming.board.document(call_id, streaming.tick())
    assert streaming.press(call_id, "2", 1) == present


def test_an_opting_out_that_loses_counts_all_the_same(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    streaming.press(call_id, "2")
    assert streaming.board.spoken(call_id, 1, heard(streaming, "stop calling me")) is None
    assert streaming.suppressed()
    streaming.board.flush(streaming.now)
    assert streaming.phone.of("move")


def test_of_many_that_answer_one_document_one_wins(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    events = [heard(streaming, words) for words in ("yes", "no", "say that again", "what", "maybe", "help")]
    with ThreadPoolExecutor(6) as pool:
        led = list(pool.map(lambda event: streaming.board.spoken(call_id, 1, event), events))
    assert sorted(filter(None, led)) == [2]


def test_barging_in_keeps_the_question_and_cuts_the_prompt(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    assert streaming.board.spoken(call_id, 1, BargedIn(at=streaming.tick())) == 2
    assert "<Say" not in streaming.board.document(call_id, streaming.tick())


def test_words_after_the_end_change_nothing(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    streaming.ended(call_id)
    before = streaming.everything()
    assert streaming.board.spoken(call_id, 1, heard(streaming, "yes")) is None
    assert streaming.everything() == before


def test_words_of_an_unknown_call_are_refused(streaming: Rig) -> None:
    with pytest.raises(UnknownCallError):
        streaming.board.spoken("nobody", 1, heard(streaming, "yes"))


def test_a_time_out_is_a_silence_only_if_the_ears_say_so(streaming: Rig, ears: FakeEars) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    ears.now = StillSpeaking(at=streaming.now)
    assert "<Say" not in streaming.silent(call_id)
    ears.now = None
    assert "<Say" in streaming.silent(call_id)


def test_a_process_that_lost_its_ears_falls_back(streaming: Rig, ears: FakeEars) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    ears.now = Deafened(at=streaming.now, why="lost")
    body = streaming.silent(call_id)
    assert "dtmf speech" in body
    assert "<Stop><Stream" in body


def test_a_streamed_call_is_replayed_byte_for_byte(streaming: Rig) -> None:
    call_id = streaming.open()
    streaming.answer(call_id)
    streaming.board.spoken(call_id, 1, BargedIn(at=streaming.tick()))
    streaming.board.spoken(call_id, 2, heard(streaming, "say that again"))
    streaming.board.spoken(call_id, 3, Deafened(at=streaming.tick(), why="lost"))
    assert replay(streaming.db, call_id).difference == ""


def test_a_recorded_answer_is_handed_to_the_ears(tmp_path: Path, ears: FakeEars) -> None:
    rig = with_ears(new_rig(tmp_path), ears, "recording")
    call_id = rig.open()
    assert "<Record" in rig.answer(call_id)
    rig.send(call_id, 1, Recorded(at=rig.tick(), url="https://provider.example/RE1", seconds=2))
    assert ears.wanted == [(2, Transcribe(url="https://provider.example/RE1", seconds=2))]
    assert rig.board.spoken(call_id, 2, heard(rig, "say that again")) == 3
