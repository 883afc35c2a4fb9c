"""A voice that needs nothing: a hum of a voice's pitch and rhythm, as long as its words would take."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from voicebot.simulator import chance, mulaw
from voicebot.simulator.speaking import seconds_to_say

# Of a speaker: the pitch in Hz, and how fast it wavers; syllables a second; the loudest sample.
PITCH, WAVER, SYLLABLES, LOUDNESS = (95.0, 230.0), 2.5, 4.0, 9000.0
OVERTONES = 12
KINDS = 8
"""How many different persons it can be."""

KEPT = 512


class ToneVoice:
    """Hums."""

    def sound(self, words: str, _language: str, seed: int) -> bytes:
        """The hum of the words."""
        return _hum(round(seconds_to_say(words) * mulaw.RATE), seed % KINDS)


@lru_cache(KEPT)
def _hum(length: int, kind: int) -> bytes:
    """Overtones of a wavering pitch, swelling and fading with the syllables."""
    time = np.arange(length) / mulaw.RATE
    pitch = chance.between(PITCH, kind, "pitch") * (1 + 0.05 * np.sin(2 * np.pi * WAVER * time))
    phase = 2 * np.pi * np.cumsum(pitch) / mulaw.RATE
    tone = sum(np.sin(number * phase) / number for number in range(1, OVERTONES + 1))
    swell = 0.15 + 0.85 * np.sin(np.pi * SYLLABLES * time) ** 2
    ends = np.clip(np.minimum(time, time[::-1]) / 0.02, 0, 1)
    return mulaw.encode(LOUDNESS / 2 * tone * swell * ends)
