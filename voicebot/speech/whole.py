"""A whole sound at once: what was said in a recording."""

from __future__ import annotations

from voicebot.speech.audio.resample import resampled
from voicebot.speech.audio.wav import Sound
from voicebot.speech.recognizer import Engine, Utterance
from voicebot.speech.track import joined

PIECE = 0.2
"""Seconds of sound that a recognizer is fed at a time, as if they came from a line."""

USUAL_RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000)
"""Sample rates, in Hz, that recordings are made at."""


def recognized(engine: Engine, sound: Sound) -> Utterance | None:
    """What is said in `sound`, of any words, their times counted from its beginning; None for nothing.

    Raises RecognizerError.
    """
    recognizer = engine.open()
    try:
        pcm = resampled(sound.samples, sound.rate, recognizer.rate).tobytes()
        size = 2 * round(recognizer.rate * PIECE)
        heard = [recognizer.feed(pcm[place : place + size]) for place in range(0, len(pcm), size)]
        heard.append(recognizer.end_of_speech())
    finally:
        recognizer.close()
    finals = [one for one in heard if one and one.final and any(reading.text.strip() for reading in one.readings)]
    return joined(finals)


def at_true_rate(sound: Sound, seconds: float) -> Sound:
    """The sound at the rate at which it lasts `seconds`, where its header cannot be true.

    Whoever recorded it told its length in whole seconds. Where the header's rate makes that impossible, the usual rate
    that comes closest is taken, if it is any better; else the header stands.
    """
    if not seconds or abs(sound.seconds - seconds) <= 1 + seconds / 10:
        return sound
    rates = [rate for rate in USUAL_RATES if abs(len(sound.samples) / rate - seconds) <= 1]
    return Sound(
        sound.samples, min(rates, key=lambda rate: abs(len(sound.samples) / rate - seconds), default=sound.rate)
    )
