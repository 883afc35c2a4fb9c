"""Say, Play and Pause: what the app lets the person hear, and how long it takes."""

from __future__ import annotations

from voicebot.simulator.call import SimCall
from voicebot.simulator.script import Script, Wait
from voicebot.simulator.speaking import seconds_to_say
from voicebot.simulator.twiml import Document, Verb

# Seconds. Recordings are not fetched, so that each is taken to be this long; a key tone and its pause; a beep.
RECORDING, TONE, BEEP_SECONDS = 3.0, 0.3, 0.5
ENDLESS = 1000


def sound(call: SimCall, what: str, text: str, seconds: float, language: str = "") -> Script[None]:
    """Let the person hear something for so many seconds; note it when it is cut off."""
    call.note("app", what, text, language)
    if call.mind:
        call.mind.hears(text, seconds)
    try:
        yield Wait(seconds)
    except Exception:
        call.note("app", "cut", text, language)
        if call.mind:
            call.mind.is_cut_short()
        raise


def say(call: SimCall, verb: Verb, _document: Document) -> Script[None]:
    """`loop="0"` repeats until the call ends, at most 1000 times."""
    seconds = seconds_to_say(verb.text) + verb.pauses
    for _ in range(verb.number("loop", 1) or ENDLESS):
        yield from sound(call, "said", verb.text, seconds, verb.get("language", "en-US"))


def play(call: SimCall, verb: Verb, _document: Document) -> Script[None]:
    """A recording, or key tones sent to the other end."""
    if "digits" in verb.attributes:
        keys = verb.attributes["digits"]
        yield from sound(call, "tones", keys, TONE * len(keys))
        return
    for _ in range(verb.number("loop", 1) or ENDLESS):
        yield from sound(call, "played", verb.text, RECORDING)


def pause(_call: SimCall, verb: Verb, _document: Document) -> Script[None]:
    """Silence, by default one second."""
    yield Wait(verb.number("length", 1))
