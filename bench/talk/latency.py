"""How long the callees of a run waited for us: after their last word, and with a prompt that they talked into.

All moments are the simulator's, one clock: when the sound went over the line, and when the request came in that moves
the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bench.talk.trace import LANGUAGE, Call, Spoken
from voicebot.nlu.text import split
from voicebot.speech import barge_in
from voicebot.speech.carrier import seconds
from voicebot.speech.ear import Listening
from voicebot.speech.endpoint import pause_of


def answers(call: Call) -> Iterator[float]:
    """Seconds from the end of each last word to the request that answers it, less the silence that belongs to it."""
    heard = [turn for turn in call.turns if turn.kind == "heard"]
    for spoken, turn in zip(call.spoken, heard, strict=False):
        moved = call.moved.get(turn.document)
        if moved and turn.asked:
            pause = pause_of(turn.asked.expects, turn.asked.speech_end) / 1000
            yield (moved - spoken.ended).total_seconds() - pause


def cuts(call: Call) -> Iterator[float]:
    """Seconds from the moment at which a callee has said enough to cut a prompt, to the request that cuts it."""
    for turn in call.turns:
        moved = call.moved.get(turn.document)
        if turn.kind == "barged_in" and moved and turn.asked:
            spoken = _begun_before(call, moved)
            yield (moved - enough(spoken, turn.asked)).total_seconds()


def _begun_before(call: Call, at: datetime) -> Spoken:
    return max((one for one in call.spoken if one.began < at), key=lambda one: one.began)


def enough(spoken: Spoken, asked: Listening) -> datetime:
    """When so much was said, or for so long, that it cuts the prompt by the rule of the question."""
    words = split(spoken.words)
    said = (seconds(words[:count]) for count in range(1, len(words) + 1) if _cuts(words[:count], asked))
    voice = asked.barge_in.voice / 1000
    return spoken.began + timedelta(seconds=min(next(said, voice), voice))


def _cuts(words: list[str], asked: Listening) -> bool:
    return barge_in.cuts(asked.barge_in, " ".join(words), 0, asked.prompt, LANGUAGE)
