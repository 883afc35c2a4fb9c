"""The seam between a person's words and their sound."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from voicebot.simulator.mulaw import RATE
from voicebot.simulator.speaking import seconds_to_say


class Voice(Protocol):
    """Turns words into sound: µ-law, 8000 samples a second.

    The same arguments always give the same sound. `language` is a BCP 47 tag; `seed` is the person's own, so that they
    keep one voice through all they say. It is asked while the whole world waits: a slow voice keeps what it has made.
    """

    def sound(self, words: str, language: str, seed: int) -> bytes: ...


@dataclass(frozen=True)
class Speaker:
    """How one person sounds. Without a voice they make no sound, for as long as their words would take."""

    voice: Voice | None = None
    language: str = ""
    seed: int = 0

    def say(self, words: str) -> tuple[bytes, float]:
        """The sound of the words, and how many seconds it takes."""
        if self.voice is None or not words.strip():
            return b"", seconds_to_say(words)
        sound = self.voice.sound(words, self.language or language_of(words), self.seed)
        return sound, len(sound) / RATE


MUTE = Speaker()


def language_of(words: str) -> str:
    """A guess for persons who do not say what they speak: Mandarin in Chinese characters, English in all others."""
    return "zh-CN" if any(unicodedata.name(sign, "").startswith("CJK UNIFIED") for sign in words) else "en-US"
