"""How virtual callees sound to the mock recognizer: what they say is carried in the sound itself."""

from __future__ import annotations

from functools import lru_cache

from voicebot.nlu.text import split
from voicebot.speech.audio.g711 import encode_ulaw
from voicebot.speech.carrier import carry


class CarriedVoice:
    """A voice for the simulator (see `simulator.voices.seam`): the same words always sound the same."""

    def sound(self, words: str, language: str, seed: int) -> bytes:
        """The sound of the words, mu-law at 8000 samples a second; nothing where there are none."""
        return _sound(words)


@lru_cache(maxsize=4096)
def _sound(text: str) -> bytes:
    words = [word for word in split(text) if word[0].isalnum()]
    return encode_ulaw(carry(words)) if words else b""
