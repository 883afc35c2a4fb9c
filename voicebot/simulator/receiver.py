"""The telephone in a virtual callee's hand: what they do to it becomes signals on the call."""

from __future__ import annotations

from voicebot.simulator.call import SimCall
from voicebot.simulator.lifecycle import finish
from voicebot.simulator.signals import Pressed, SpeechEnded, SpeechStarted


class Receiver:
    """One end of a call. What nobody listens for is noted as lost, as it would be on Twilio."""

    def __init__(self, call: SimCall) -> None:
        self._call = call

    def press(self, key: str) -> None:
        self._call.note("person", "pressed", key)
        if not self._call.signal(Pressed(key)):
            self._call.note("line", "lost", key)

    def starts_talking(self, words: str, sound: bytes) -> None:
        self._call.note("person", "spoke", words)
        self._call.speech.begin(self._call.world.queue.now(), words, sound)
        self._call.signal(SpeechStarted())

    def stopped_talking(self, heard: str, confidence: float) -> None:
        if self._call.signal(SpeechEnded(heard, confidence if heard else None)):
            self._call.note("line", "recognized", heard)

    def breaks_off(self) -> None:
        self._call.speech.break_off(self._call.world.queue.now())

    def hangs_up(self) -> None:
        self._call.note("person", "hung up")
        finish(self._call, "completed")

    def beeps(self) -> None:
        self._call.note("person", "beeped")
