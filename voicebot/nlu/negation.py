"""Where a negation reaches, found before anything is compared loosely.

A negation reaches to the end of its clause. It passes over words that hand it on ("I don't *think* I am ..."),
and a second one that it reaches undoes it ("I wouldn't say I'm not interested").
"""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.nlu.text import Phrases, Tokens, Utterance


@dataclass(frozen=True, eq=False)
class NegationWords:
    """The words of one language that make, hand on and end a negation.

    `not_negating` are phrases that only look like one ("no problem", 不好意思); `subjects` begin a new clause
    unless the word before hands the negation on; `reach` is the most words it spans.
    """

    negating: frozenset[str]
    not_negating: Phrases
    handing_on: frozenset[str]
    subjects: frozenset[str]
    ending: Phrases
    reach: int

    def inside_harmless(self, words: Tokens) -> frozenset[int]:
        """The places at which no meaning can begin, because a phrase that only looks negated began before."""
        return frozenset(place for start, end in self.not_negating.spans(words) for place in range(start + 1, end))

    def negators(self, words: Tokens) -> frozenset[int]:
        """The places of words that negate."""
        harmless = {place for start, end in self.not_negating.spans(words) for place in range(start, end)}
        return frozenset(place for place, word in enumerate(words) if word in self.negating and place not in harmless)


def outer_negations(utterance: Utterance, language: NegationWords) -> tuple[int, ...]:
    """For each word, how many negations before it reach it."""
    words = utterance.words
    negators = language.negators(words)
    openings = {start for start, _ in language.ending.spans(words)}
    openings.update(place for place, word in enumerate(words) if word in language.subjects)
    result: list[int] = []
    depth, left = 0, 0
    since: set[str] = set()
    for place, word in enumerate(words):
        handed_on = place - 1 in negators or (place > 0 and words[place - 1] in language.handing_on)
        if place in utterance.breaks or left == 0 or (place in openings and not handed_on) or word in since:
            depth = 0
        negates = place in negators or (place + 1 in negators and word in language.handing_on)
        if negates and since:
            depth = 0  # only words that hand it on may stand between two that undo each other
        result.append(depth)
        if place in negators:
            depth, left, since = depth + 1, language.reach, set()
        else:
            left = max(0, left - 1)
            since |= {word} - language.handing_on - language.subjects
    return tuple(result)
