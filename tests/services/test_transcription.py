"""Recorded answers on virtual time: what comes late, never, wrong or in masses; and the call goes on."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.services.rig import Rig, new_rig, unknown
from tests.services.test_recordings import keeping
from tests.services.test_spoken import FakeEars
from voicebot import metrics
from voicebot.errors import OutsideError
from voicebot.flows.events import AnyEvent, Deafened, Heard, Recorded, Silence
from voicebot.leads.retention import RETENTION
from voicebot.phone.media import LARGEST, MediaError, NotYetError
from voicebot.phone.provider import PhoneRefused
from voicebot.services.discarding import SOUND, Discarding
from voicebot.services.discarding import WAITS as DELETIONS
from voicebot.services.recordings import LONGEST_STREAM
from voicebot.services.switchboard import Switchboard
from voicebot.services.transcription import LATE_WAITS, PATIENCE, ROOM, Transcriber
from voicebot.services.work import QueueWork
from voicebot.simulator.event_queue import EventQueue
from voicebot.speech.audio import Samples, wav
from voicebot.speech.carrier import Listener, carry
from voicebot.speech.recognizer import Hypothesis, RecognizerError, Utterance, Word
from voicebot.store import journal, recordings
from voicebot.store.recordings import GRACE
from voicebot.timestamps import from_text, to_text

URL = "https://provider.example/Accounts/AC1/Recordings/RE1"


class Carried:
    """An engine that hears carried words; `trouble` is what it raises instead."""

    source, name, rate, dynamic = "carried", "carried", 16000, False

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble, self.opened = trouble, 0

    def open(self, grammar: tuple[str, ...] = ()) -> Hearing:
        assert grammar == ()
        self.opened += 1
        return Hearing(self.trouble)


class Hearing:
    source, rate = "carried", 16000

    def __init__(self, trouble: Exception | None) -> None:
        self.trouble, self._listener, self._words = trouble, Listener(16000), list[Word]()

    def feed(self, pcm: bytes) -> Utterance | None:
        if self.trouble:
            raise self.trouble
        self._hear(np.frombuffer(pcm, np.int16))
        return None

    def end_of_speech(self) -> Utterance | None:
        self._hear(np.zeros(16000, np.int16))
        words = tuple(self._words)
        return Utterance((Hypothesis(" ".join(word.text for word in words), 1.0, words),), "carried") if words else None

    def _hear(self, samples: Samples) -> None:
        self._words += [Word(one.text, one.start, one.end, 1.0) for one in self._listener.feed(samples)]

    def reset(self) -> None:
        """Nothing to forget in these tests."""

    def close(self) -> None:
        """Nothing to give back."""


def spoken(words: str, rate: int = 8000) -> bytes:
    """The WAV file of somebody who says this."""
    return wav.write(carry(words.split(), rate), rate)


NOTHING = wav.write(np.zeros(16000, np.int16), 8000)


@dataclass
class Provider:
    """Has the file `content` from `there_at` seconds on; notes when it was asked, and what it was to delete."""

    queue: EventQueue
    content: bytes = NOTHING
    there_at: float = 0
    trouble: Exception | None = None
    asked: list[float] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        began = from_text(Desk.start)
        self.asked.append((self.queue.now() - began).total_seconds())
        if self.trouble:
            raise self.trouble
        if self.asked[-1] < self.there_at:
            raise NotYetError(url, "it is not there (status 404).")
        return self.content

    def delete_recording(self, sid: str) -> bool:
        if self.refusals:
            raise self.refusals.pop(0)
        self.deleted.append(sid)
        return True


@dataclass
class Desk:
    """A centre that transcribes recordings, on a queue that owns the time. The provider reports silence as it would."""

    rig: Rig
    queue: EventQueue
    provider: Provider
    engine: Carried | None
    told: list[tuple[float, int, AnyEvent]] = field(default_factory=list)
    transcriber: Transcriber = field(init=False)
    room: dict[str, int] = field(default_factory=dict)
    lag: float = 0
    trouble: Exception | None = None
    start = "2026-03-02T15:00:10.000Z"

    def __post_init__(self) -> None:
        work = QueueWork(lambda seconds, job: self.queue.after(seconds + self.lag, job))
        centre = self.rig.centre
        discarding = Discarding(centre.db, self.provider, work, self.queue.now)
        self.transcriber = Transcriber(
            centre, lambda _: self.engine, self.provider.fetch, self.tell, discarding, work, self.queue.now, **self.room
        )
        ears = FakeEars()
        ears.transcribe = self.transcriber.transcribe  # type: ignore[method-assign]
        settings = replace(centre.settings, hearing="recording")
        self.rig = replace(self.rig, board=Switchboard(replace(centre, ears=ears, settings=settings), self.rig.phone))

    def tell(self, call_id: str, document: int, event: AnyEvent) -> int | None:
        if self.trouble:
            raise self.trouble
        self.told.append(((self.queue.now() - from_text(self.start)).total_seconds(), document, event))
        led = self.rig.board.spoken(call_id, document, event)
        self.rig.board.flush(to_text(self.queue.now()))
        return led

    def ask(self, e164: str = "+12025550150", *, seconds: float = 2) -> str:
        """A callee who has just answered by speech; the call."""
        call_id = self.rig.open(e164=e164)
        self.rig.answer(call_id)
        self.rig.board.handle(call_id, 1, Recorded(at=self.start, url=URL, seconds=seconds), f"CA-{call_id}")
        return call_id

    def waits(self, call_id: str, seconds: float) -> None:
        """Time passes; every four seconds the provider reports that nothing was pressed."""
        end = self.queue.now().timestamp() + seconds
        while self.queue.now().timestamp() < end:
            self.queue.run_for(4)
            if self.rig.state(call_id).awaiting:
                number = self.rig.call(call_id)["document"]
                at = to_text(self.queue.now())
                self.rig.board.handle(call_id, number, Silence(at=at), f"CA-{call_id}")

    def heard(self) -> list[tuple[float, str]]:
        """What was told, and when."""
        return [(moment, _named(event)) for moment, _, event in self.told]

    def sound_entries(self, call_id: str) -> list[dict[str, Any]]:
        return [entry.body for entry in journal.read(self.rig.db, "call", call_id) if entry.kind == SOUND]


def _named(event: AnyEvent) -> str:
    match event:
        case Heard():
            return event.readings[0].text
        case Deafened():
            return event.why
        case _:
            return event.kind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(new_rig(tmp_path))
    yield made
    made.rig.db.close()


def new_desk(rig: Rig, **room: int) -> Desk:
    queue = EventQueue(datetime.fromisoformat(Desk.start))
    return Desk(rig, queue, Provider(queue), Carried(), room=room)


# --- the usual --------------------------------------------------------------------------------------------------------


def test_words_answer_the_question_with_their_times(desk: Desk) -> None:
    desk.provider.content = spoken("say that again")
    call_id = desk.ask()
    assert desk.told == []  # nothing happens within the request
    desk.queue.run_for(1)
    [(_, document, event)] = desk.told
    assert isinstance(event, Heard)
    assert (document, event.readings[0].text, event.source) == (2, "say that again", "carried")
    times = [(word.start, word.end) for word in event.readings[0].words]
    assert times == sorted(times)
    assert 0 <= times[0][0] < times[-1][1] < 3
    assert desk.rig.call(call_id)["document"] == 3
    assert [sid for sid, _ in desk.rig.phone.of("move")] == [f"CA-{call_id}"]


def test_saying_nothing_is_a_silence_that_is_sure(desk: Desk) -> None:
    call_id = desk.ask()
    desk.queue.run_for(1)
    [(_, _, event)] = desk.told
    assert isinstance(event, Silence)
    assert event.sure
    assert desk.rig.call(call_id)["document"] == 3


def test_a_key_that_came_first_wins(desk: Desk) -> None:
    desk.provider.content = spoken("say that again")
    call_id = desk.ask()
    desk.rig.press(call_id, "3")
    before = desk.rig.everything()
    desk.queue.run_for(1)
    assert desk.heard() == [(0, "say that again")]
    assert desk.rig.everything() == before


def test_an_opting_out_counts_though_the_callee_has_hung_up(desk: Desk) -> None:
    desk.provider.content = spoken("stop calling me")
    call_id = desk.ask()
    desk.rig.ended(call_id)
    desk.queue.run_for(1)
    assert desk.rig.suppressed()


# --- what comes late, or never ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [0.3, 1, 4, 5, 8.1, 10, 11.5])
def test_a_file_that_is_not_there_for_a_while(desk: Desk, late: float) -> None:
    desk.provider.content, desk.provider.there_at = spoken("say that again"), late
    call_id = desk.ask()
    desk.waits(call_id, 16)
    [(moment, words)] = [one for one in desk.heard() if one[1] == "say that again"][:1]
    assert words == desk.heard()[-1][1]
    assert late <= moment <= late + 2
    assert not desk.rig.state(call_id).awaiting
    assert desk.rig.state(call_id).hearing == "recording"  # nothing had to fall back


def test_a_file_that_never_comes(desk: Desk) -> None:
    desk.provider.there_at = 1e9
    counted = metrics.TRANSCRIBED.labels("transcription")._value.get()
    call_id = desk.ask()
    desk.waits(call_id, 16)
    assert metrics.TRANSCRIBED.labels("transcription")._value.get() == counted + 1
    assert [words for _, words in desk.heard()] == ["transcription"]
    assert desk.heard()[0][0] <= PATIENCE
    assert "dtmf speech" in desk.rig.body(call_id)  # asked again, with the provider's ears
    waits = np.diff(desk.provider.asked)
    assert len(waits) < 14
    assert (waits[:5] <= waits[1:6]).all()
    desk.queue.run_for(3600)
    assert len(desk.provider.asked) < 25
    assert [words for _, words in desk.heard()] == ["transcription"]


def test_an_opting_out_counts_however_late_its_file_comes(desk: Desk) -> None:
    desk.provider.content, desk.provider.there_at = spoken("stop calling me"), 45
    call_id = desk.ask()
    desk.waits(call_id, 16)
    assert [words for _, words in desk.heard()] == ["transcription"]
    assert not desk.rig.suppressed()
    desk.queue.run_for(60)
    assert desk.rig.suppressed()


def test_other_words_that_come_too_late_change_nothing(desk: Desk) -> None:
    desk.provider.content, desk.provider.there_at = spoken("say that again"), 45
    call_id = desk.ask()
    desk.waits(call_id, 16)
    before = desk.rig.everything()
    desk.queue.run_for(60)
    assert desk.heard()[-1][1] == "say that again"
    assert desk.rig.everything() == before


def test_an_earlier_answer_never_answers_a_later_question(desk: Desk) -> None:
    desk.provider.content, desk.provider.there_at = spoken("say that again"), 3
    call_id = desk.ask()
    desk.rig.say(call_id, "say that again", 2)  # the callee goes on, and speaks again
    desk.rig.board.handle(call_id, 3, Recorded(at=desk.start, url=URL, seconds=2), f"CA-{call_id}")
    assert desk.rig.state(call_id).awaiting
    desk.queue.run_for(10)
    assert [document for _, document, _ in desk.told] == [2, 4]
    assert desk.rig.call(call_id)["document"] == 5


# --- what comes wrong -------------------------------------------------------------------------------------------------


def head_of(rate: int) -> bytes:
    content = bytearray(spoken("please could you say that again"))
    struct.pack_into("<I", content, 24, rate)
    return bytes(content)


BAD_FILES = {
    "a page": (b"<!DOCTYPE html><html>Not found</html>", "transcription"),
    "nothing": (b"", "transcription"),
    "half a head": (spoken("say that again")[:20], "transcription"),
    "a rate of none": (head_of(0), "transcription"),
    "a rate that lies": (head_of(44100), "please could you say that again"),
    "a file cut short": (spoken("say that again again")[:-8000], "say that"),
    "no sound": (wav.write(np.zeros(0, np.int16), 8000), "silence"),
    "noise": (wav.write(np.random.default_rng(7).integers(-9000, 9000, 16000).astype(np.int16), 8000), "silence"),
    "another rate": (spoken("say that again", 16000), "say that again"),
}


@pytest.mark.parametrize(("content", "event"), BAD_FILES.values(), ids=[*BAD_FILES])
def test_a_file_that_is_not_what_it_should_be(desk: Desk, content: bytes, event: str) -> None:
    desk.provider.content = content
    call_id = desk.ask(seconds=2)
    desk.queue.run_for(1)
    [(_, told)] = desk.heard()
    assert told.startswith(event)
    assert desk.rig.call(call_id)["document"] == 3
    assert "<Gather" in desk.rig.body(call_id)


TROUBLES: dict[str, Exception] = {
    "another host": MediaError("https://evil.example", "this is not the provider's address, and is not asked."),
    "200 MB": MediaError(URL, "it has more than 10 MB."),
    "a fault of ours": ZeroDivisionError("division by zero"),
    "a disk that fails": OutsideError("x.db", "the database is read-only."),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=[*TROUBLES])
def test_what_cannot_be_fetched_is_not_asked_for_again(desk: Desk, trouble: Exception) -> None:
    desk.provider.trouble = trouble
    call_id = desk.ask()
    desk.queue.run_for(3600)
    assert [words for _, words in desk.heard()] == ["transcription"]
    assert len(desk.provider.asked) == 1
    assert "dtmf speech" in desk.rig.body(call_id)


@pytest.mark.parametrize("trouble", [RecognizerError("vosk", "it broke."), RuntimeError("C++")])
def test_a_recognizer_that_breaks(desk: Desk, trouble: Exception) -> None:
    desk.engine = Carried(trouble)
    desk.ask()
    desk.queue.run_for(1)
    assert [words for _, words in desk.heard()] == ["transcription"]


def test_a_language_without_a_recognizer(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.engine = None
    desk.ask()
    desk.queue.run_for(1)
    assert [words for _, words in desk.heard()] == ["transcription"]
    assert "there is none for the language en-US. Set speech_models." in caplog.text


def test_a_switchboard_that_fails_ends_nothing_else(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.trouble = OutsideError("x.db", "the database is locked by another process.")
    desk.ask()
    desk.queue.run_for(10)
    assert "cannot be told" in caplog.text
    assert desk.provider.deleted == ["RE1"]


# --- too many ---------------------------------------------------------------------------------------------------------


def test_who_finds_no_room_is_told_at_once_and_listened_to_later(tmp_path: Path) -> None:
    desk = new_desk(new_rig(tmp_path), room=2)
    desk.provider.content, desk.provider.there_at = spoken("stop calling me"), 3
    numbers = [f"+1202555015{last}" for last in range(3)]
    for number in numbers:
        desk.ask(number)
    desk.queue.run_for(2)
    assert [words for _, words in desk.heard()] == ["overloaded"]
    desk.queue.run_for(60)
    assert all(desk.rig.suppressed(number) for number in numbers)
    assert desk.ask("+12025550160")  # there is room again
    desk.queue.run_for(1)
    assert [words for _, words in desk.heard()].count("overloaded") == 1


def test_what_nobody_waits_for_is_bounded_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = new_desk(new_rig(tmp_path), room=1, late_room=1)
    for last in range(3):
        desk.ask(f"+1202555015{last}")
    desk.queue.run_for(60)
    assert [words for _, words in desk.heard()].count("overloaded") == 2
    assert "is never listened to" in caplog.text
    assert len(desk.provider.asked) == 2


def test_who_waited_too_long_for_their_turn_is_told_so_and_listened_to_later(desk: Desk) -> None:
    desk.provider.content = spoken("stop calling me")
    desk.lag = PATIENCE + 1
    desk.ask()
    desk.queue.run_for(14)
    assert desk.heard() == [(13, "transcription")]
    assert desk.provider.asked == []
    desk.queue.run_for(30)
    assert desk.rig.suppressed()


# --- the sound --------------------------------------------------------------------------------------------------------


def test_the_sound_is_forgotten_here_and_there(desk: Desk) -> None:
    call_id = desk.ask()
    desk.queue.run_for(1)
    assert desk.provider.deleted == ["RE1"]
    assert recordings.of_call(desk.rig.db, call_id) == []
    [entry] = desk.sound_entries(call_id)
    assert entry == {"document": 2, "kept": False, "why": "the centre keeps no recordings", "recording": "RE1",
                     "provider": "deleted"}  # fmt: skip


def test_where_it_may_be_kept_it_is_kept_here_alone(tmp_path: Path) -> None:
    desk = new_desk(keeping(new_rig(tmp_path)))
    desk.provider.content = spoken("say that again")
    call_id = desk.ask()
    desk.queue.run_for(1)
    [row] = recordings.of_call(desk.rig.db, call_id)
    file = recordings.folder(desk.rig.db.path) / row["file"]
    assert file.read_bytes() == desk.provider.content
    assert desk.provider.deleted == ["RE1"]
    assert [entry["kept"] for entry in desk.sound_entries(call_id)] == [True]


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    desk = new_desk(keeping(new_rig(tmp_path)))
    desk.provider.content = b"<html>"
    call_id = desk.ask()
    desk.queue.run_for(1)
    assert recordings.of_call(desk.rig.db, call_id) == []
    assert desk.provider.deleted == ["RE1"]


def test_a_disk_that_is_full_loses_the_sound_and_not_the_words(tmp_path: Path) -> None:
    desk = new_desk(keeping(new_rig(tmp_path)))
    recordings.folder(desk.rig.db.path).write_text("", encoding="utf-8")
    desk.provider.content = spoken("say that again")
    call_id = desk.ask()
    desk.queue.run_for(1)
    assert desk.heard() == [(0, "say that again")]
    assert [entry["why"] for entry in desk.sound_entries(call_id)] == ["it could not be written"]


def test_deleting_is_tried_a_few_times_and_told(desk: Desk) -> None:
    desk.provider.refusals = [unknown(), PhoneRefused(20429, "too many", permanent=False)]
    call_id = desk.ask()
    desk.queue.run_for(1)
    assert desk.provider.deleted == []
    desk.queue.run_for(30)
    assert desk.provider.deleted == ["RE1"]
    assert [entry["provider"] for entry in desk.sound_entries(call_id)] == ["deleted"]


def test_what_cannot_be_deleted_can_be_found(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.provider.refusals = [unknown() for _ in range(9)]
    call_id = desk.ask()
    desk.queue.run_for(3600)
    assert len(desk.provider.refusals) == 5
    [entry] = desk.sound_entries(call_id)
    assert (entry["recording"], entry["provider"]) == ("RE1", "not deleted")
    assert "recording RE1 is still at the provider" in caplog.text


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_figures_of_the_code() -> None:
    page = " ".join(Path("docs/recordings.md").read_text(encoding="utf-8").split())
    sound = next(rule for rule in RETENTION if rule.table == "recordings")
    for phrase in (
        f"for {PATIENCE:g} seconds",
        f"more than {ROOM} callees",
        f"at most {LARGEST // 1_000_000} MB",
        f"kept for {sound.days} days",
    ):
        assert phrase in page
    assert (len(DELETIONS), sum(DELETIONS)) == (3, 137)  # "four times within some two minutes"
    assert 8 * 60 < sum(LATE_WAITS) < 12 * 60  # "ten minutes or so"
    assert timedelta(hours=1) == GRACE  # "an hour old"
    assert LONGEST_STREAM == 3600  # "an hour at the most"
