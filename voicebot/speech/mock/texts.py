"""What the library writes: its own spacing, its own order of keys, six decimals, and its own idea of nothing.

Laid down from the library's answers on a model of known words; `tests/speech/contract` holds both to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.speech.recognizer import Word

Value = str | float | list["Value"] | dict[str, "Value"]

ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"})

NO_TEXT = '{"text": ""}'
NO_ALTERNATIVES = '{"alternatives" : [{"text": "", "confidence" : 1.0}] }'
NO_INPUT = (
    '<?xml version="1.0"?>\n<result grammar="default">\n<interpretation confidence="1.0">\n<instance/>\n'
    "<input><noinput/></input>\n</interpretation>\n</result>\n"
)


@dataclass(frozen=True)
class Reading:
    """One way to read an utterance, with the library's score: a likelihood, not a probability."""

    words: tuple[Word, ...]
    likelihood: float

    @property
    def text(self) -> str:
        """The words, one space between them."""
        return " ".join(word.text for word in self.words)


def partial(words: Sequence[Word], *, with_words: bool) -> str:
    """What PartialResult gives while a recognizer runs."""
    answer: dict[str, Value] = {"partial": " ".join(word.text for word in words)}
    if with_words and words:
        answer["partial_result"] = [_told(word, sure=True) for word in words]
    return dumps(answer)


def result(words: Sequence[Word], voice: Sequence[float], voice_frames: int, *, with_words: bool) -> str:
    """What Result and FinalResult give; `voice` is the vector of a speaker model, empty without one."""
    answer: dict[str, Value] = {"text": " ".join(word.text for word in words)}
    if with_words and words:
        answer["result"] = [_told(word, sure=True) for word in words]
    return dumps(answer | _speaker(voice, voice_frames))


def alternatives(readings: Sequence[Reading], voice: Sequence[float], voice_frames: int, *, with_words: bool) -> str:
    """What Result and FinalResult give once alternatives are asked for; words then have no confidence."""
    entries: list[Value] = []
    for reading in readings:
        entry: dict[str, Value] = {"confidence": reading.likelihood, "text": reading.text}
        if with_words and reading.words:
            entry["result"] = [_told(word, sure=False) for word in reading.words]
        entries.append(entry)
    answer: dict[str, Value] = {"alternatives": entries} if entries else {}
    return dumps(answer | _speaker(voice, voice_frames)) if answer or voice else "null"


def nlsml(readings: Sequence[Reading]) -> str:
    """What Result and FinalResult give once alternatives and NLSML are asked for."""
    told = "".join(
        f'<interpretation grammar="default" confidence="{reading.likelihood:g}">\n'
        f'<input mode="speech">{reading.text}</input>\n<instance>{reading.text}</instance>\n</interpretation>\n'
        for reading in readings
    )
    return f'<?xml version="1.0"?>\n<result grammar="default">\n{told}</result>\n'


def dumps(value: Value, depth: int = 1) -> str:
    """JSON as the library lays it out: keys in order of the alphabet, floats with six decimals, no \\u escapes."""
    match value:
        case str():
            return f'"{value.translate(ESCAPES)}"'
        case dict():
            pad = "  " * depth
            inside = ",\n".join(f'{pad}"{key}" : {dumps(value[key], depth + 1)}' for key in sorted(value))
            return f"{{\n{inside}\n{pad[2:]}}}"
        case list():
            return "[" + ", ".join(dumps(one, depth + 1) for one in value) + "]"
        case int():
            return str(value)
        case _:
            return f"{value:.6f}"


def _told(word: Word, *, sure: bool) -> Value:
    told: dict[str, Value] = {"word": word.text, "start": word.start, "end": word.end}
    return told | {"conf": 1.0 if word.confidence is None else word.confidence} if sure else told


def _speaker(voice: Sequence[float], frames: int) -> dict[str, Value]:
    return {"spk": list(voice), "spk_frames": frames} if voice else {}
