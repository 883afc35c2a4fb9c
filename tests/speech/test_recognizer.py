from __future__ import annotations

from collections.abc import Iterator

from voicebot.flows.events import TimedWord
from voicebot.speech.recognizer import Hypothesis, Recognizer, Utterance, Word, gathered, heard

AT = "2026-03-02T15:00:00.000Z"


def test_words_of_the_provider_become_an_event() -> None:
    utterance = gathered("Yes please", 0.4)
    assert utterance is not None
    event = heard(utterance, AT)
    assert event is not None
    assert [(reading.text, reading.confidence) for reading in event.readings] == [("Yes please", 0.4)]


def test_no_words_are_no_utterance() -> None:
    assert gathered("  ", 0.9) is None
    assert heard(Utterance((Hypothesis(" "),), "vosk"), AT) is None


def test_a_partial_decides_nothing() -> None:
    assert heard(Utterance((Hypothesis("don't"),), "vosk", final=False), AT) is None


def test_readings_are_kept_in_order_and_within_bounds() -> None:
    many = tuple(Hypothesis(f"{number} " + "x" * 3000, 1.5) for number in range(20))
    event = heard(Utterance(many, "vosk"), AT)
    assert event is not None
    assert len(event.readings) == 10
    assert event.readings[0].text.startswith("0 x")
    assert (len(event.readings[0].text), event.readings[0].confidence) == (2000, 1.0)


def test_words_keep_their_times_within_bounds() -> None:
    words = (Word("yes", 0.41000001, 0.62, 0.98765), *(Word("x" * 300, 1, 2) for _ in range(500)))
    event = heard(Utterance((Hypothesis("yes", 1.0, words),), "vosk"), AT)
    assert event is not None
    kept = event.readings[0].words
    assert kept[0] == TimedWord(text="yes", start=0.41, end=0.62, confidence=0.988)
    assert (len(kept), len(kept[1].text), kept[1].confidence) == (400, 200, None)


class Spelled:
    """A recognizer that hears one word per stretch of sound, and an end where there is none."""

    source, rate = "spelled", 8000

    def __init__(self) -> None:
        self._words: list[str] = []

    def feed(self, pcm: bytes) -> Utterance | None:
        if not pcm:
            return self.end_of_speech()
        self._words.append(pcm.decode())
        return Utterance((Hypothesis(" ".join(self._words)),), self.source, final=False)

    def end_of_speech(self) -> Utterance | None:
        words, self._words = self._words, []
        return Utterance((Hypothesis(" ".join(words)),), self.source) if words else None

    def reset(self) -> None:
        self._words = []

    def close(self) -> None:
        self.reset()


def _listen(recognizer: Recognizer, stream: list[bytes]) -> Iterator[Utterance | None]:
    yield from (recognizer.feed(pcm) for pcm in stream)
    yield recognizer.end_of_speech()
    recognizer.close()


def test_a_recognizer_of_ours_fits_the_seam() -> None:
    said = [utterance for utterance in _listen(Spelled(), [b"call", b"me", b"", b"now"]) if utterance]
    finals = [event.readings[0].text for event in (heard(one, AT) for one in said) if event]
    assert finals == ["call me", "now"]
