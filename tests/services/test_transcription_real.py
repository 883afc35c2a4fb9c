"""A recorded answer in real time: fetched from the simulator over HTTP, by threads, and deleted there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from tests.services.rig import Rig, new_rig
from tests.services.test_recordings import keeping
from tests.services.test_spoken import FakeEars
from tests.services.test_transcription import Carried
from voicebot.flows.events import Recorded
from voicebot.phone.client import PhoneClient
from voicebot.services.discarding import SOUND
from voicebot.services.switchboard import Switchboard
from voicebot.services.transcription import transcriber_for
from voicebot.services.work import ThreadWork
from voicebot.simulator.recordings import Recording
from voicebot.simulator.server import Simulator, SimulatorOptions
from voicebot.speech.audio.g711 import encode_ulaw
from voicebot.speech.carrier import carry
from voicebot.store import journal, recordings

SID = "RE0123456789abcdef0123456789abcdef"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(SimulatorOptions(port=0), lambda _line: None) as made:
        yield made


@pytest.fixture
def work() -> Iterator[ThreadWork]:
    made = ThreadWork(2, "transcriber")
    yield made
    made.close()


def transcribing(rig: Rig, simulator: Simulator, work: ThreadWork) -> Rig:
    """The rig's centre, hearing by recordings of this simulator."""
    ears = FakeEars()
    settings = replace(rig.centre.settings, hearing="recording", api_url=simulator.url)
    board = Switchboard(replace(rig.centre, ears=ears, settings=settings), rig.phone)
    transcriber = transcriber_for(board, lambda _: Carried(), PhoneClient(settings), work, lambda: datetime.now(UTC))
    ears.transcribe = transcriber.transcribe  # type: ignore[method-assign]
    return replace(rig, board=board)


def recording(simulator: Simulator, words: str, late_by: float) -> str:
    """A finished recording at the simulator; its address."""
    now = simulator.world.queue.now()
    made = Recording(SID, "CA1", now, seconds=2, available=now + timedelta(seconds=late_by))
    made.sound = encode_ulaw(carry(words.split()))
    simulator.world.recordings[SID] = made
    return f"{simulator.url}/2010-04-01/Accounts/{simulator.world.account_sid}/Recordings/{SID}"


def until(true: Callable[[], object]) -> None:
    """Wait for what threads bring about."""
    for _ in range(500):
        if true():
            return
        sleep(0.01)
    raise AssertionError("it has not come about")


@pytest.mark.parametrize("late_by", [0, 0.4])
def test_the_words_arrive_and_the_providers_copy_goes(
    tmp_path: Path, simulator: Simulator, work: ThreadWork, late_by: float
) -> None:
    rig = transcribing(keeping(new_rig(tmp_path)), simulator, work)
    url = recording(simulator, "say that again", late_by)
    call_id = rig.open()
    rig.answer(call_id)
    rig.send(call_id, 1, Recorded(at=rig.tick(), url=url, seconds=2))
    until(lambda: rig.call(call_id)["document"] == 3)
    until(lambda: any(entry.kind == SOUND for entry in journal.read(rig.db, "call", call_id)))
    assert simulator.world.recordings == {}
    assert len(recordings.of_call(rig.db, call_id)) == 1
    assert rig.phone.of("move")
    rig.db.close()


def test_many_at_once_are_all_heard(tmp_path: Path, simulator: Simulator, work: ThreadWork) -> None:
    rig = transcribing(new_rig(tmp_path), simulator, work)
    url = recording(simulator, "stop calling me", 0)
    numbers = [f"+120255501{number}" for number in range(50, 62)]
    callers = [rig.open(e164=number) for number in numbers]
    for call_id in callers:
        rig.answer(call_id)

    def speak(call_id: str) -> None:
        rig.board.handle(call_id, 1, Recorded(at=rig.now, url=url, seconds=2), f"CA-{call_id}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PhoneClient, "delete_recording", lambda *_: True)  # it is everybody's here
        threads = [threading.Thread(target=speak, args=(call_id,)) for call_id in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: all(rig.suppressed(number) for number in numbers))
        until(lambda: len([*journal.of_kind(rig.db, SOUND)]) == len(callers))
    rig.db.close()
