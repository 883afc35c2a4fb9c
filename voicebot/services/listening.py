"""How each line of the conversation is listened to on a call's stream."""

from __future__ import annotations

from voicebot.flows import pace
from voicebot.flows.actions import AnyLine, Ask, Bridge, Hold
from voicebot.speech.barge_in import BargeIn
from voicebot.speech.ear import Listening

UNCUT = BargeIn(allowed=False)


def ends_listening(line: AnyLine) -> bool:
    """Whether from this line on the stream is not relied upon: it stops, or the provider hears the callee again."""
    if isinstance(line, Ask | Hold) and line.hearing != "stream":
        return True
    return isinstance(line, Bridge) or line.stream == "stop"


def takes_words(line: AnyLine) -> bool:
    """Whether words answer this line. Those that opt out always count."""
    return isinstance(line, Ask) and line.speech


def listening_to(document: int, line: AnyLine) -> Listening:
    """What the ear has to know of `line`, which stands in document number `document`. It is no `Bridge`."""
    prompt = " ".join(speech.text for speech in line.prompts)
    prompt_ms = round(1000 * sum(pace.seconds(speech.text, speech.language) for speech in line.prompts))
    if isinstance(line, Ask):
        return Listening(
            document,
            line.language,
            expects=line.expects,
            speech_end=None if line.speech_end == "auto" else line.speech_end,
            barge_in=_barge_in(line),
            prompt=prompt,
            prompt_ms=prompt_ms,
            hints=line.hints,
        )
    assert not isinstance(line, Bridge)  # noqa: S101  (nobody listens to what is said to an agent)
    return Listening(document, line.language, barge_in=UNCUT, prompt=prompt, prompt_ms=prompt_ms)


def _barge_in(line: Ask) -> BargeIn:
    return BargeIn(line.barge_in_words, round(line.barge_in_seconds * 1000), allowed=line.barge_in and line.speech)
