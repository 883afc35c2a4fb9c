"""Words to sound."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from voicebot.errors import VoicebotError
from voicebot.speech.audio import Samples
from voicebot.speech.carrier import modem, packet

_GAP = 4
"""Frames of silence between two words."""
_WIDE, _NARROW = 10, 3
"""Frames that a Chinese character and a Latin letter take to say: with the gaps some 250 characters and 150 words a
minute, ordinary telephone speech."""


def carry(words: Sequence[str], rate: int = 8000, *, pace: float = 1.0) -> Samples:
    """The sound of `words`, one after the other, beginning and ending with a word, 20 dB below full scale.

    `pace` is how many times faster than usual they are said; no word is shorter than its bytes take (0.15 s for a few
    letters). Raises VoicebotError for an empty word, one of more than 255 bytes, and a rate below 8000.
    """
    if rate < modem.SLOWEST:
        raise VoicebotError("carried words", f"cannot be said at {rate} Hz.", f"Use {modem.SLOWEST} Hz or more.")
    silence = np.zeros(_GAP * rate // packet.FRAMES, np.int16)
    pieces = [piece for word in words for piece in (silence, _said(word, rate, pace))]
    return np.concatenate(pieces[1:]) if pieces else silence[:0]


def seconds(words: Sequence[str], *, pace: float = 1.0) -> float:
    """How long the sound of `words` is."""
    return (sum(_frames(word, pace) for word in words) + _GAP * max(len(words) - 1, 0)) / packet.FRAMES


def _said(word: str, rate: int, pace: float) -> Samples:
    text, frames = word.encode(), _frames(word, pace)
    return modem.modulated(packet.packed(text, frames), frames * rate // packet.FRAMES, rate)


def _frames(word: str, pace: float) -> int:
    """How long a word is said: as long as its letters take, or its bytes need."""
    length = len(word.encode())
    if not 0 < length <= packet.LONGEST:
        raise VoicebotError(f'word "{word[:40]}"', f"has {length} bytes, but 1 to {packet.LONGEST} can be carried.")
    usual = sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _NARROW for letter in word)
    symbols = modem.SWEEP + 2 * packet.size(length) + modem.RELEASE
    needed = -(-symbols * packet.FRAMES // modem.SYMBOLS)
    return min(max(round(usual / pace), needed), packet.LONGEST)
