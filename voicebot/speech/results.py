"""From the texts of `vosk`, or of a server of it, to utterances."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from voicebot.speech.recognizer import UNKNOWN, Hypothesis, RecognizerError, Utterance, Word


def final(texts: Sequence[str], source: str) -> Utterance | None:
    """What one result says, or several one after the other, as one utterance; None when there is not a word in it.

    `[unk]` stands among the words and not in the text: a reading of nothing else has words and an empty text. It is
    told only where results have words. Raises RecognizerError for a text that is no result.
    """
    heard = [readings for readings in (_readings(_object(text, source)) for text in texts) if readings]
    if len(heard) > 1:
        heard = [[_joined([readings[0] for readings in heard])]]
    return Utterance(tuple(heard[0]), source) if heard else None


def partial(text: str, source: str) -> str:
    """The words of a partial result, which may be none. Raises RecognizerError for a text that is no result."""
    found = _object(text, source)
    return _without_unknown(str(found.get("partial", "")))


def said(words: str, source: str) -> Utterance:
    """A partial utterance of these words."""
    return Utterance((Hypothesis(words),), source, final=False)


def is_final(text: str, source: str) -> bool:
    """Whether a server's answer is a result, and not a partial one. Raises RecognizerError if it is neither."""
    return "partial" not in _object(text, source)


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"text", "partial", "alternatives"} & set(found):
        raise RecognizerError(
            source, f"its answer is no result: {text[:80]!r}.", "Is it of the version that is asked for?"
        )
    return found


def _readings(found: dict[str, Any]) -> list[Hypothesis]:
    """The readings that have words, best first."""
    entries = found.get("alternatives", [found])
    readings = [_reading(str(entry.get("text", "")), entry.get("result", [])) for entry in entries]
    return [reading for reading in readings if reading.text or reading.words]


def _reading(text: str, told: list[dict[str, Any]]) -> Hypothesis:
    words = tuple(Word(one["word"], one["start"], one["end"], one.get("conf")) for one in told)
    sure = [word.confidence for word in words if word.confidence is not None and word.text != UNKNOWN]
    return Hypothesis(_without_unknown(text), sum(sure) / len(sure) if sure else None, words)


def _joined(readings: list[Hypothesis]) -> Hypothesis:
    sure = [reading.confidence for reading in readings if reading.confidence is not None]
    return Hypothesis(
        " ".join(reading.text for reading in readings if reading.text),
        min(sure) if sure else None,
        tuple(word for reading in readings for word in reading.words),
    )


def _without_unknown(text: str) -> str:
    return " ".join(word for word in text.split() if word != UNKNOWN)
