"""From phrases to the text of a grammar that a recognizer can be given without harm.

The library ends its process on a text that is no array of phrases, and on the word that stands for none; it drops
words that its model lacks one by one, which makes other phrases of the rest. So texts are made here and nowhere else:
whole phrases of words that the model has, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from voicebot.speech.recognizer import UNKNOWN, RecognizerError

MOST_PHRASES = 2000
"""More phrases than any step has; the library's work grows with them, on a caller's time."""

MOST_LETTERS = 200
"""The longest phrase."""

RESERVED = frozenset({"<eps>", "<s>", "</s>", "<unk>"})
"""Names in a model's list of words that are no words. Those that begin with "#" are reserved too."""


def usable(phrases: Iterable[str], knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The phrases, in small letters, of which the model knows every word; each once, in the order given.

    `knows` is asked about single words. `[unk]` is added where the model has it, so that noise and other words have
    somewhere to go: without it, whatever is said becomes one of the phrases.
    """
    spaced = (" ".join(phrase.lower().split()) for phrase in phrases)
    kept = dict.fromkeys(phrase for phrase in spaced if _sound(phrase) and all(map(knows, phrase.split(" "))))
    if not kept or len(kept) > MOST_PHRASES:
        return ()
    return (*kept, UNKNOWN) if UNKNOWN not in kept and knows(UNKNOWN) else tuple(kept)


def text(phrases: tuple[str, ...]) -> str:
    """The JSON text of a grammar of `usable` phrases. Raises RecognizerError rather than make a harmful one."""
    if not phrases:
        raise RecognizerError("grammar", "it has no phrase that the model can hear.", "Listen for any words instead.")
    harmful = next((phrase for phrase in phrases if not _sound(phrase)), None)
    if harmful is not None:
        raise RecognizerError("grammar", f"{harmful!r} is no phrase of words.", "Take it out.")
    return json.dumps(list(phrases), ensure_ascii=False)  # escapes of letters are not undone by the library


def _sound(phrase: str) -> bool:
    """Whether a phrase is made of words that can be spelled in a grammar."""
    words = phrase.split(" ")
    return (
        0 < len(phrase) <= MOST_LETTERS
        and phrase.isprintable()
        and not set(phrase) & set('"\\')
        and all(word and word not in RESERVED and not word.startswith("#") for word in words)
    )
