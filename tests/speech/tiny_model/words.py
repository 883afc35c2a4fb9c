"""The words that the tiny model knows, and how each of them sounds: a chord of two tones.

Telephones tell sixteen keys from eight tones; the tiny model tells twenty-seven words from eight. Everything else that
sounds is `[unk]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MEL_BINS = 30
LOW_FREQUENCY, HIGH_FREQUENCY = 20.0, 3700.0
TONE_BINS = (5, 8, 11, 14, 17, 20, 23, 26)
"""The mel bins at whose middles the tones lie: three apart, so that no tone is taken for its neighbour."""

WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("yes", "no", "stop", "call", "me", "back", "do", "not", "again", "please"),
    *("help", "operator", "repeat", "later", "speak", "好", "不"),
)
UNKNOWN = "[unk]"
CHORDS: dict[str, tuple[int, ...]] = dict(zip(WORDS, combinations(range(len(TONE_BINS)), 2), strict=False))
"""By word: the numbers of its two tones. The unknown word sounds as three at once."""
CHORDS[UNKNOWN] = (0, 3, 6)

LOUDNESS = 4000.0
"""The amplitude of one tone, of 32767."""


def frequency(mel_bin: int) -> float:
    """The middle of a mel bin in Hz (Kaldi's scale: 1127 ln(1 + f/700))."""
    low, high = (1127.0 * np.log1p(hertz / 700.0) for hertz in (LOW_FREQUENCY, HIGH_FREQUENCY))
    mel = low + (mel_bin + 1) * (high - low) / (MEL_BINS + 1)
    return float(700.0 * np.expm1(mel / 1127.0))


def chord(word: str, rate: int, seconds: float = 0.3) -> NDArray[np.int16]:
    """One word as the tiny model hears it, with 10 ms of fade at both ends."""
    times = np.arange(round(seconds * rate)) / rate
    sound = sum(np.sin(2 * np.pi * frequency(TONE_BINS[tone]) * times) for tone in CHORDS[word])
    fade = np.minimum(1.0, np.minimum(times, times[::-1]) / 0.01)
    return np.asarray(LOUDNESS * sound * fade, dtype=np.int16)


def silence(seconds: float, rate: int) -> NDArray[np.int16]:
    """Perfect silence."""
    return np.zeros(round(seconds * rate), dtype=np.int16)


def speak(words: Sequence[str], rate: int, *, gap: float = 0.12) -> NDArray[np.int16]:
    """Words one after the other, `gap` seconds apart."""
    pieces = [piece for word in words for piece in (chord(word, rate), silence(gap, rate))]
    return np.concatenate(pieces[:-1]) if pieces else silence(0, rate)
