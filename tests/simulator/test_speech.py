"""What is said on a call, on its line of time; and the beat by which it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.ears import SILENT, letters
from voicebot.simulator import EventQueue, mulaw
from voicebot.simulator.event_queue import DEFAULT_START
from voicebot.simulator.frames import FrameClock
from voicebot.simulator.speech import FRAME, SAMPLE, USUAL_LOUDNESS, Speech

SECOND = timedelta(seconds=1)
# Utterances: a pause before each, and its length, both in samples.
talk = st.lists(st.tuples(st.integers(160, 900), st.integers(1, 700)), max_size=5)


# However people talk, the frames one after the other are what was said, and so is a recording of it.
@given(talk, st.integers(0, 100))
def test_frames_and_recordings_agree(pauses: list[tuple[int, int]], off: int) -> None:
    speech, place, line = Speech(), off, bytearray(b"\xff" * off)
    frames: list[bytes] = []

    def catch_up(until: int) -> None:
        while (len(frames) + 1) * 160 <= until:
            frames.append(speech.frame(DEFAULT_START + len(frames) * FRAME) or SILENT)

    for pause, length in pauses:
        place += pause
        # A frame is asked for when it is over, and so before anything later is said.
        catch_up(place)
        sound = letters(str(place))[:length]
        speech.begin(DEFAULT_START + place * SAMPLE, "word", sound)
        line += b"\xff" * (place - len(line)) + sound
        place += len(sound)
    catch_up(place + 320)
    whole = b"".join(frames)
    assert whole.rstrip(b"\xff") == bytes(line).rstrip(b"\xff")
    assert speech.between(DEFAULT_START, DEFAULT_START + len(whole) * SAMPLE) == whole


def test_silence_is_nothing() -> None:
    speech = Speech()
    speech.begin(DEFAULT_START, "hm", b"")
    assert speech.frame(DEFAULT_START) is None
    assert speech.between(DEFAULT_START, DEFAULT_START + SECOND) == b"\xff" * 8000


def test_breaking_off_and_forgetting() -> None:
    speech = Speech()
    speech.begin(DEFAULT_START, "yes", letters("yes"))
    speech.break_off(DEFAULT_START + SECOND / 20)
    assert speech.between(DEFAULT_START, DEFAULT_START + SECOND).rstrip(b"\xff") == letters("yes")[:400]
    assert speech.words_between(DEFAULT_START, DEFAULT_START + SECOND) == ["yes"]
    speech.forget()
    assert speech.frame(DEFAULT_START) is None


def test_loudness_is_that_of_the_last_words() -> None:
    speech = Speech()
    assert speech.loudness() == USUAL_LOUDNESS
    speech.begin(DEFAULT_START, "a", mulaw.encode([8000, -8000] * 200))
    assert abs(speech.loudness() - 8000) < 200
    speech.begin(DEFAULT_START + SECOND, "b", mulaw.encode([500, -500] * 200))
    assert abs(speech.loudness() - 500) < 20


class Listener:
    def __init__(self, queue: EventQueue) -> None:
        self.queue = queue
        self.heard: list[tuple[datetime, datetime]] = []

    def beat(self, start: datetime) -> None:
        self.heard.append((self.queue.now(), start))


def test_all_hear_one_beat() -> None:
    queue = EventQueue()
    clock, first, second = FrameClock(queue), Listener(queue), Listener(queue)
    queue.after(0.0101, lambda: clock.add(first))
    queue.after(0.0451, lambda: clock.add(second))
    queue.after(0.1, lambda: clock.remove(first))
    for _ in range(2):
        queue.after(0.15, lambda: clock.remove(second))
    queue.run_all()
    times = [(when - DEFAULT_START) / SECOND for when, _ in first.heard]
    assert times == [0.02, 0.04, 0.06, 0.08]
    assert [(when - DEFAULT_START) / SECOND for when, _ in second.heard] == [0.06, 0.08, 0.1, 0.12, 0.14]
    assert all(when - start == FRAME for when, start in first.heard + second.heard)


def test_the_beat_stays_the_same_after_a_rest() -> None:
    queue = EventQueue()
    clock, one = FrameClock(queue), Listener(queue)
    for at, act in ((0.001, clock.add), (0.045, clock.remove), (1.0251, clock.add), (1.05, clock.remove)):
        queue.after(at, lambda act=act: act(one))  # type: ignore[misc]
    queue.run_all()
    assert [round((when - DEFAULT_START) / SECOND, 3) for when, _ in one.heard] == [0.02, 0.04, 1.04]
