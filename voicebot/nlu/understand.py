"""From what was heard to what was meant: the door of understanding.

Rule: negation is known before anything is compared; `opt_out` outranks everything; in doubt the answer is `uncertain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicebot.nlu.decide import UNSURE, candidates, is_close
from voicebot.nlu.features import evidence, features
from voicebot.nlu.found import find
from voicebot.nlu.intents import INTENTS, LABELS, NONE, OPT_OUT, lean_apart
from voicebot.nlu.language_data import LanguageData
from voicebot.nlu.meaning import Candidate, Hypothesis, Question, Understanding
from voicebot.nlu.negation import outer_negations
from voicebot.nlu.text import Utterance

CONFIDENCE_FLOOR = 0.4
"""Below this a recognizer doubts its own words (the flow may set its own)."""

AMBIGUITY_MARGIN = 0.15
"""Two readings that score this near each other are both kept (the flow may set its own)."""


def understand(
    heard: Sequence[Hypothesis],
    language: LanguageData,
    question: Question,
    *,
    confidence_floor: float = CONFIDENCE_FLOOR,
    margin: float = AMBIGUITY_MARGIN,
) -> Understanding:
    """What the caller meant by what a recognizer made of it (`heard`, best hypothesis first).

    An honest `none` where nothing was understood. An `opt_out` in any hypothesis is at least a candidate.
    """
    readings = [_read(hypothesis.text, language, question) for hypothesis in heard]
    if not readings:
        return Understanding(NONE)
    chosen = next((place for place, (_, found) in enumerate(readings) if found and found[0].intent != NONE), 0)
    utterance, ranked = readings[chosen]
    if not ranked:
        return Understanding(NONE, text=str(utterance))
    others = [found for place, (_, found) in enumerate(readings) if place != chosen]
    ranked = _with_rivals(ranked, others)
    best = ranked[0]
    doubted = best.intent not in (OPT_OUT, NONE) and _doubted(heard[chosen], confidence_floor)
    return Understanding(
        intent=best.intent,
        score=best.score,
        option=best.option,
        uncertain=doubted or is_close(ranked, margin),
        candidates=ranked,
        text=str(utterance),
    )


def label(understood: Understanding) -> str:
    """What was meant as one of `LABELS`, the closed list: for a finer meaning the broader one.

    For one that only our flows know ("back") it is the next candidate, if that is likely, too.
    """
    intent = understood.intent
    if intent in LABELS:
        return intent
    broader = INTENTS[intent].broader if intent in INTENTS else None
    likely = (other.intent for other in understood.candidates if other.intent in LABELS and other.score >= UNSURE)
    return broader or next(likely, NONE)


def _read(text: str, language: LanguageData, question: Question) -> tuple[Utterance, tuple[Candidate, ...]]:
    utterance = language.spelling.utterance(text)
    if not utterance.words:
        return utterance, ()
    negations = outer_negations(utterance, language.negation)
    findings = find(utterance, negations, language, question)
    if language.voter is None:
        return utterance, candidates(findings, None, question)
    votes = language.voter.votes([*features(utterance, negations), *evidence(findings)])
    return utterance, candidates(findings, votes, question)


def _doubted(hypothesis: Hypothesis, floor: float) -> bool:
    return hypothesis.confidence is not None and hypothesis.confidence < floor


def _with_rivals(ranked: tuple[Candidate, ...], others: list[tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Add from the other hypotheses what must not be lost: an opt-out, and a best reading that leans apart."""
    known = {candidate.intent for candidate in ranked}
    rivals: dict[str, Candidate] = {}
    for found in others:
        for place, candidate in enumerate(found):
            wanted = candidate.intent == OPT_OUT or (place == 0 and lean_apart(candidate.intent, ranked[0].intent))
            if wanted and candidate.intent not in known:
                rivals.setdefault(candidate.intent, replace(candidate, rule=f"other hypothesis: {candidate.rule}"))
    return (*ranked, *rivals.values())
