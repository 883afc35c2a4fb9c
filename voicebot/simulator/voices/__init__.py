"""What virtual callees sound like: the seam for voices, and two that need nothing but this machine."""

from __future__ import annotations

from voicebot.simulator.voices.espeak import EspeakVoice, best_voice
from voicebot.simulator.voices.seam import MUTE, Speaker, Voice
from voicebot.simulator.voices.tone import ToneVoice

__all__ = ["MUTE", "EspeakVoice", "Speaker", "ToneVoice", "Voice", "best_voice"]
