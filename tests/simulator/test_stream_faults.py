"""Streams and recordings that misbehave on purpose, each kind by itself: seeded, reproducible and counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.simulator.ears import Ears, Letters, letters
from tests.simulator.rig import ACCOUNT, SOCKETS, TOKEN, Rig, person
from voicebot.simulator import Faults, mulaw
from voicebot.simulator.call import SimCall
from voicebot.simulator.faults import KINDS, Trouble
from voicebot.simulator.stream_faults import StreamFaults

STREAM = f'<Start><Stream url="{SOCKETS}/media" statusCallback="/stream"/></Start><Pause length="40"/>'
TALKS = person("greeting: 'a b c d e f g h i j k l', reactions: [], patience: 500")


def befallen(faults: Faults, callees: str = TALKS) -> tuple[Ears, Rig, SimCall]:
    """A call of forty seconds whose stream has these faults."""
    ears = Ears()
    rig = Rig(callees, accept=ears.accept, faults=faults, speaks=Letters(), voice=STREAM)
    ears.queue = rig.queue
    return ears, rig, rig.run()


def chunks(ears: Ears) -> list[int]:
    return [int(frame["chunk"]) for frame in ears.frames()]


def lateness(ears: Ears) -> list[float]:
    """How many milliseconds each frame comes later than the earliest of them does."""
    arrivals = [(when, stamp) for stamp, when in ears.arrivals()]
    first = arrivals[0][0]
    late = [(when - first).total_seconds() * 1000 - stamp for when, stamp in arrivals]
    return [round(one - min(late)) for one in late]


# A lost frame leaves a hole in chunks, timestamps and sequence numbers, and everything else is there.
def test_lost_frames() -> None:
    ears, rig, _ = befallen(Faults.read("frames_lost=1,loss=0.1"))
    held = chunks(ears)
    lost = set(range(1, held[-1] + 1)) - set(held)
    assert 150 < len(lost) < 250
    assert rig.world.trouble.struck["lost_frames"] == len(lost)
    assert all(int(frame["timestamp"]) == (int(frame["chunk"]) - 1) * 20 for frame in ears.frames())
    numbers = [int(one["sequenceNumber"]) - int(one["media"]["chunk"]) for one in ears.heard if one["event"] == "media"]
    assert set(numbers) == {1}
    assert ears.events() == ["connected", "start", "stop"]


# "delivery gaps up to 233 ms": nothing is lost; what was held up comes at once.
def test_gaps() -> None:
    ears, rig, _ = befallen(Faults(gaps=1.0))
    assert chunks(ears) == list(range(1, len(chunks(ears)) + 1))
    late = lateness(ears)
    assert 60 <= max(late) <= 233
    bursts = sum(1 for before, after in pairwise(ears.times) if before == after)
    assert bursts > 3
    assert rig.world.trouble.struck["late_frames"] == sum(1 for one in late if one) > 10


def test_jitter() -> None:
    ears, _, _ = befallen(Faults(jitter=1.0))
    assert chunks(ears) == list(range(1, len(chunks(ears)) + 1))
    late = lateness(ears)
    assert 0.2 < sum(1 for one in late if one) / len(late) < 0.4
    assert max(late) <= 200
    assert {one % 20 for one in late} == {0}


# What is late goes out before the last message does.
def test_late_frames_come_before_the_end() -> None:
    for seed in range(6):
        ears, _, _ = befallen(Faults(gaps=1.0, jitter=1.0, seed=seed))
        assert [one["event"] for one in ears.heard][-1] == "stop"
        assert chunks(ears) == list(range(1, len(chunks(ears)) + 1))


# The noise is so many decibels below the voice, in speech and in silence.
@pytest.mark.parametrize("snr", [5, 20])
def test_noise(snr: int) -> None:
    noisy, clean = (befallen(faults)[0].sound() for faults in (Faults.read(f"noise=1,snr={snr}"), Faults()))
    length = 8000
    quiet = mulaw.decode(noisy)[-length:].astype(float)
    voice = mulaw.decode(b"".join(letters(word) for word in "abcdefghijkl")).astype(float)
    found = 20 * np.log10(np.sqrt(np.mean(voice**2)) / np.sqrt(np.mean(quiet**2)))
    assert found == pytest.approx(snr, abs=1)
    assert clean[-length:] == b"\xff" * length
    assert len(noisy) == len(clean)


# The connection breaks without a `stop`; the application is not told why, Twilio's debugger is, and the call goes on.
def test_broken_stream() -> None:
    ears, rig, call = befallen(Faults(stream_broken=1.0))
    assert ears.events() == ["connected", "start"]
    assert ears.is_closed
    assert 2 <= len(ears.frames()) / 50 <= 30
    assert rig.codes() == [31921]
    events = [form["StreamEvent"] for form in rig.app.forms("/stream")]
    assert sorted(events) == ["stream-error", "stream-started", "stream-stopped"]
    assert call.duration == 40


def test_refused_stream() -> None:
    ears, rig, call = befallen(Faults(stream_refused=1.0))
    assert ears.heard == []
    assert rig.codes() == [31902]
    assert [form["StreamEvent"] for form in rig.app.forms("/stream")] == ["stream-error"]
    assert call.duration == 40


ALL = Faults(frames_lost=0.5, gaps=0.5, jitter=0.5, noise=0.5, stream_broken=0.5, stream_refused=0.2, seed=4)


# The same seed strikes in the same places, to the millisecond; and every kind of it is counted.
def test_faults_repeat() -> None:
    stories = []
    for _ in range(2):
        ears = Ears()
        rig = Rig(TALKS, accept=ears.accept, faults=ALL, speaks=Letters(), voice=STREAM)
        ears.queue = rig.queue
        for number in range(12):
            rig.place(to=f"+1202555{number:04d}")
        rig.queue.run_all()
        stories.append((ears.heard, ears.times, rig.world.trouble.struck, rig.codes()))
    assert stories[0] == stories[1]
    struck = stories[0][2]
    assert struck["stream_broken"] == stories[0][3].count(31921) > 2
    assert struck["stream_refused"] == stories[0][3].count(31902) > 0
    assert all(0 < struck[kind] < 12 for kind in ("frames_lost", "gaps", "jitter", "noise"))


# What befalls one stream does not depend on what else is asked for.
def test_a_stream_has_its_own_luck() -> None:
    quiet, busy = Trouble(ALL), Trouble(ALL)
    for _ in range(100):
        busy.strikes("dropped")
    lots = [[StreamFaults(one, "MZ1").holds_up(chunk) for chunk in range(1000)] for one in (quiet, busy)]
    assert lots[0] == lots[1]


def test_without_faults_nothing_strikes() -> None:
    _, rig, _ = befallen(Faults())
    assert not any(rig.world.trouble.struck[kind] for kind in KINDS)


RECORD = "<Record action='/done' recordingStatusCallback='/file' timeout='2'/>"


def fetched(faults: Faults, *seconds: float) -> list[int]:
    """The answers to whoever fetches a file so many seconds after it was told to be complete."""
    rig = Rig(TALKS, faults=faults, speaks=Letters(), voice=RECORD, done="<Pause length='60'/>")
    rig.place()
    while not rig.app.forms("/file"):
        rig.queue.run_next()
    path = rig.app.forms("/file")[0]["RecordingUrl"].removeprefix("https://api.twilio.com")
    browser, told, codes = rig.client.http_client._app.test_client(), rig.queue.now(), []
    for later in seconds:
        rig.queue.run_for(later - (rig.queue.now() - told).total_seconds())
        codes.append(browser.get(path, auth=(ACCOUNT, TOKEN)).status_code)
    (recording,) = rig.world.recordings.values()
    assert recording.status(rig.queue.now()) == "completed"
    return codes


# A recording that is told to be complete: its file is there, or 404 for a while, or for ever.
@pytest.mark.parametrize(
    ("faults", "codes"),
    [
        (Faults(), [200, 200, 200]),
        (Faults(file_late=1.0), [404, 404, 200]),
        (Faults(file_lost=1.0), [404, 404, 404]),
        (Faults(file_lost=1.0, file_late=1.0), [404, 404, 404]),
    ],
)
def test_files_of_recordings(faults: Faults, codes: list[int]) -> None:
    assert fetched(faults, 0.0, 1.5, 31.0) == codes
