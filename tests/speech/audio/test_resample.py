"""Other sample rates keep length and pitch, add nothing, and do not care how the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.speech.audio import Samples
from voicebot.speech.audio.resample import Upsampler, resampled

RATES = [(8000, 16000), (16000, 8000), (8000, 44100), (44100, 16000), (22050, 8000), (8000, 48000)]
NOISE = np.random.default_rng(7).integers(-20000, 20000, 4000).astype(np.int16)


def _tone(hertz: float, rate: int, seconds: float = 1.0) -> Samples:
    time = np.arange(int(rate * seconds)) / rate
    sound: Samples = np.rint(8000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    return sound


def _elsewhere(sound: Samples, hertz: float, rate: int) -> float:
    """Decibels of everything but the tone, against the tone."""
    middle = sound[len(sound) // 8 : -len(sound) // 8]
    power = np.abs(np.fft.rfft(middle * np.blackman(len(middle)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(middle), 1 / rate) - hertz) < 20
    return float(10 * np.log10(power[~near].sum() / power[near].sum()))


@given(cuts=st.lists(st.integers(0, len(NOISE)), max_size=40), rates=st.sampled_from(RATES))
@settings(max_examples=40, deadline=None)
def test_cuts_do_not_matter(cuts: list[int], rates: tuple[int, int]) -> None:
    stream = Upsampler(*rates)
    pieces = [stream.feed(piece) for piece in np.split(NOISE, sorted(cuts))]
    assert np.array_equal(np.concatenate((*pieces, stream.finish())), resampled(NOISE, *rates))


@given(length=st.integers(0, 3000), rates=st.sampled_from(RATES))
@settings(max_examples=40, deadline=None)
def test_the_length_is_in_proportion(length: int, rates: tuple[int, int]) -> None:
    source, target = rates
    assert abs(len(resampled(NOISE[:length], source, target)) - length * target / source) <= 1


@pytest.mark.parametrize("rates", RATES)
def test_a_tone_stays_the_same_tone(rates: tuple[int, int]) -> None:
    source, target = rates
    sound = resampled(_tone(1000, source), source, target)
    assert _elsewhere(sound, 1000, target) < -60
    assert np.sqrt((sound.astype(float) ** 2).mean() * 2) == pytest.approx(8000, rel=0.01)


def test_there_and_back_again_is_the_same_sound() -> None:
    sound = _tone(440, 8000) + _tone(2900, 8000)
    back = resampled(resampled(sound, 8000, 16000), 16000, 8000)
    assert np.abs(back.astype(int) - sound)[100:-100].max() <= 3


def test_the_loudest_sound_is_clipped_and_does_not_wrap() -> None:
    square = np.tile(np.repeat(np.array([32767, -32768], np.int16), 20), 50)
    sound = resampled(square, 8000, 16000)[::2]
    middle = slice(10, None, 20)
    assert np.array_equal(np.sign(sound[middle]), np.sign(square[middle]))
    assert sound.max() == 32767
    assert sound.min() == -32768


def test_equal_rates_pass_through() -> None:
    stream = Upsampler(8000, 8000)
    assert stream.feed(NOISE) is NOISE
    assert len(stream.finish()) == 0


def test_little_is_held_back() -> None:
    stream = Upsampler(8000, 16000)
    out = sum(len(stream.feed(piece)) for piece in np.split(NOISE, 25))
    assert len(NOISE) * 2 - out <= 0.15 * 16000
