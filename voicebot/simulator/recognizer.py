"""The recognizer's seam: what a person says becomes what Twilio's speech recognition would report."""

from __future__ import annotations

import unicodedata

from voicebot.simulator import chance

# What a recognizer makes of short words on a bad line; a word that is not here is lost altogether.
CONFUSIONS = {
    "no": "know", "yes": "guess", "call": "cool", "not": "nut", "four": "for", "two": "to", "right": "write",
    "是": "四", "不": "部", "好": "号", "要": "药", "行": "型",
}  # fmt: skip


def recognize(words: str, confidence: float, seed: int, error_rate: float = 0.0) -> tuple[str, float]:
    """The words as recognized, and the confidence from 0 to 1.

    Each word (each character of Chinese) is confused or lost with probability `error_rate`; every one costs
    confidence. The same arguments give the same answer. Nothing left means that nothing was recognized.
    """
    wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in words)
    parts = list(words) if wide else words.split()
    heard = [_misheard(part, error_rate, seed, place) for place, part in enumerate(parts)]
    kept = [part for part in heard if part]
    right = sum(1 for said, got in zip(parts, heard, strict=True) if said == got)
    share = right / len(parts) if parts else 0.0
    return ("" if wide else " ").join(kept), round(confidence * (0.4 + 0.6 * share), 4)


def _misheard(part: str, error_rate: float, seed: int, place: int) -> str:
    if chance.fraction(seed, "mishears", place, part) >= error_rate:
        return part
    return CONFUSIONS.get(part.lower(), "")
