"""Voices are heard; rooms, noises, clicks and lost frames are not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.speech.audio import Samples
from voicebot.speech.audio.activity import HANGOVER, Activity
from voicebot.speech.carrier import carry

RATE = 8000
FRAME = 160
Wave = npt.NDArray[np.float64]


def _silence(seconds: float) -> Wave:
    return np.zeros(int(RATE * seconds))


def _noise(seconds: float, decibels: float, seed: int = 1) -> Wave:
    """White noise so many decibels below full scale."""
    return np.random.default_rng(seed).normal(0, 32768 * 10 ** (decibels / 20), int(RATE * seconds))


def _tone(seconds: float, hertz: float = 425) -> Wave:
    return 6000 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)


def _voice(seconds: float, decibels: float = -22) -> Wave:
    """Syllables at 4 a second: a buzz of 120 Hz through a mouth that opens and closes."""
    time = np.arange(int(RATE * seconds)) / RATE
    buzz = sum(np.sin(2 * np.pi * 120 * k * time) / k for k in range(1, 20))
    sound = buzz * np.abs(np.sin(2 * np.pi * 2 * time)) ** 2
    loud: Wave = sound * 32768 * 10 ** (decibels / 20) / np.sqrt((sound**2).mean())
    return loud


def _heard(sound: Wave) -> list[bool]:
    activity = Activity(RATE)
    samples = np.clip(sound, -32768, 32767).astype(np.int16)
    whole = np.concatenate((samples, np.zeros(-len(samples) % FRAME, np.int16)))
    return [activity.feed(frame) for frame in whole.reshape(-1, FRAME)]


def _begins_and_ends(heard: list[bool]) -> list[float]:
    """Seconds at which somebody began or ceased to speak."""
    return [place / 50 for place in range(1, len(heard)) if heard[place] != heard[place - 1]]


@pytest.mark.parametrize(
    "sound",
    [
        _silence(3),
        _noise(3, -65),
        _noise(3, -30),
        np.concatenate((_silence(0.5), _noise(2, -62))),
    ],
    ids=["silence", "hiss", "noise", "hiss after silence"],
)
def test_a_steady_sound_is_no_voice(sound: Wave) -> None:
    assert not any(_heard(sound))


@pytest.mark.parametrize("room", [_silence(4), _noise(4, -55), _noise(4, -38)], ids=["silence", "hiss", "noise"])
def test_a_voice_is_heard_from_beginning_to_end(room: Wave) -> None:
    sound = room.copy()
    sound[RATE : 3 * RATE] += _voice(2)
    begin, end = _begins_and_ends(_heard(sound))
    assert begin == pytest.approx(1.1, abs=0.1)
    assert end == pytest.approx(3 + HANGOVER, abs=0.1)


@pytest.mark.parametrize("noise", [None, -60, -42])
def test_carried_words_are_one_stretch_of_voice(noise: float | None) -> None:
    words = carry(["I", "would", "like", "to", "speak", "to", "somebody", "about", "my", "appointment", "please"])
    sound = _noise(10, noise)[: 2 * RATE + len(words)] if noise else _silence(2 + len(words) / RATE)
    sound[RATE:-RATE] += words
    begin, end = _begins_and_ends(_heard(sound))
    assert begin == pytest.approx(1.06, abs=0.03)
    assert end == pytest.approx(1 + len(words) / RATE + HANGOVER, abs=0.05)


@pytest.mark.parametrize("noise", [_noise(4, -30), _noise(4, -12), _tone(4)], ids=["noise", "loud noise", "dial tone"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_loud_noise_is_soon_the_room(noise: Wave, before: float) -> None:
    assert not any(_heard(np.concatenate((_silence(before), noise)))[-100:])


def test_a_voice_above_a_noise_that_began_is_heard() -> None:
    sound = np.concatenate((_silence(1), _noise(4, -40)))
    sound[4 * RATE :] += _voice(1)
    assert any(_heard(sound)[200:])


def test_a_voice_on_which_the_line_opens_is_heard() -> None:
    words = carry(["yes", "that", "is", "me"])
    heard = _heard(np.concatenate((words, _silence(1))))
    assert all(heard[3 : len(words) // 160])


def test_a_voice_after_digital_silence_is_heard_at_once() -> None:
    assert _begins_and_ends(_heard(np.concatenate((_silence(60), _voice(1)))))[0] < 60.2


@pytest.mark.parametrize("milliseconds", [1, 10, 30])
def test_a_click_is_no_voice(milliseconds: int) -> None:
    sound = _noise(2, -60)
    sound[RATE : RATE + 8 * milliseconds] += 20000
    assert not any(_heard(sound))


@given(lost=st.sets(st.integers(0, 199), max_size=20))
@settings(max_examples=30, deadline=None)
def test_lost_frames_do_not_make_noise_a_voice(lost: set[int]) -> None:
    sound = _noise(4, -35).reshape(-1, 160)
    for place in lost:
        if not {place - 1, place - 2} & lost:
            sound[place] = 0
    assert not any(_heard(sound.ravel()))


def test_the_level_is_in_decibels_below_full_scale() -> None:
    activity = Activity(RATE)
    for amplitude, level in [(32767, 0), (3277, -20), (328, -40), (0, -96)]:
        square: Samples = np.tile(np.array([amplitude, -amplitude], np.int16), 80)
        activity.feed(square)
        assert activity.level == pytest.approx(level, abs=0.1)


def test_frames_of_another_length_count_by_their_length() -> None:
    sound = np.concatenate((_silence(1), _voice(1), _silence(1))).astype(np.int16)
    activity = Activity(RATE)
    heard = [activity.feed(piece) for piece in np.split(sound, range(80, len(sound), 80))]
    changes = [place / 100 for place in range(1, len(heard)) if heard[place] != heard[place - 1]]
    assert changes == pytest.approx(_begins_and_ends(_heard(sound.astype(float))), abs=0.04)
