"""From what was heard to what was meant: the one public function of understanding.

Rule: templates decide after negation is known; `opt_out` outranks everything; in doubt the answer is `uncertain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from voicebot.errors import Place
from voicebot.nlu.automaton import Automaton, Match
from voicebot.nlu.intents import INTENTS, NONE, OPT_OUT, PHRASE, RANK, lean_apart
from voicebot.nlu.language_data import REPORTED, LanguageData
from voicebot.nlu.meaning import Candidate, Hypothesis, Option, Question, Understanding
from voicebot.nlu.negation import outer_negations
from voicebot.nlu.repair import Repairs
from voicebot.nlu.templates import Template, parse_template
from voicebot.nlu.text import Utterance

CONFIDENCE_FLOOR = 0.4
"""Below this a recognizer doubts its own words (the flow may set its own)."""

AMBIGUITY_MARGIN = 0.15
"""Two readings that lean apart and score this near each other are both kept (the flow may set its own)."""

_FIRM, _HINT, _PER_REPAIR, _UNSPOKEN, _NEGATED = 0.9, 0.6, 0.08, 0.1, 0.05
_REPORT_REACHES = 3
_REPORTABLE = (OPT_OUT, "call_back_later")


@dataclass(frozen=True)
class _Found:
    """A meaning with the words that carry it."""

    intent: str
    match: Match
    score: float
    firm: bool
    note: str = ""

    @property
    def rank(self) -> tuple[bool, int, float, int]:
        return (not self.firm, RANK[self.intent], -self.score, -self.match.end)


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
    chosen = next((place for place, (_, found) in enumerate(readings) if found), None)
    if chosen is None:
        return Understanding(NONE, text=str(readings[0][0]) if readings else "")
    utterance, candidates = readings[chosen]
    others = [found for place, (_, found) in enumerate(readings) if place != chosen]
    candidates = _with_rivals(candidates, others)
    best = candidates[0]
    doubted = best.intent != OPT_OUT and _doubted(heard[chosen], confidence_floor)
    return Understanding(
        intent=best.intent,
        score=best.score,
        option=best.option,
        uncertain=doubted or _ambiguous(candidates, margin),
        candidates=candidates,
        text=str(utterance),
    )


def _doubted(hypothesis: Hypothesis, floor: float) -> bool:
    return hypothesis.confidence is not None and hypothesis.confidence < floor


def _with_rivals(candidates: tuple[Candidate, ...], others: list[tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Add from the other hypotheses what must not be lost: an opt-out, and a best reading that leans apart."""
    known = {candidate.intent for candidate in candidates}
    rivals: dict[str, Candidate] = {}
    for found in others:
        for place, candidate in enumerate(found):
            wanted = candidate.intent == OPT_OUT or (place == 0 and lean_apart(candidate.intent, candidates[0].intent))
            if wanted and candidate.intent not in known:
                rivals.setdefault(candidate.intent, replace(candidate, rule=f"other hypothesis: {candidate.rule}"))
    return (*candidates, *rivals.values())


def _ambiguous(candidates: tuple[Candidate, ...], margin: float) -> bool:
    best, rest = candidates[0], candidates[1:]
    if best.intent == OPT_OUT:
        return best.score <= _HINT + _UNSPOKEN
    return any(
        other.intent == OPT_OUT or (lean_apart(best.intent, other.intent) and best.score - other.score <= margin)
        for other in rest
    )


def _read(text: str, language: LanguageData, question: Question) -> tuple[Utterance, tuple[Candidate, ...]]:
    utterance = language.spelling.utterance(text)
    if not utterance.words:
        return utterance, ()
    found = _settled(_found(utterance, language, question), utterance, language)
    return utterance, _candidates(found, question)


def _found(utterance: Utterance, language: LanguageData, question: Question) -> list[_Found]:
    matches = _matches(utterance, language, language.automaton, language.repairs)
    phrases = _phrase_reader(language, question.options)
    if phrases:
        matches = [*matches, *_matches(utterance, language, *phrases)]
    begun_before = language.negation.inside_harmless(utterance.words)
    matches = [match for match in matches if match.start not in begun_before]
    negations = outer_negations(utterance, language.negation)
    reported = [match for match in matches if match.template.intent == REPORTED]
    return [
        found
        for match in _longest(matches)
        if match.template.intent != REPORTED and not _is_reported(match, reported)
        if (found := _meaning(match, negations[match.start], utterance, question))
    ]


def _matches(utterance: Utterance, language: LanguageData, automaton: Automaton, repairs: Repairs) -> list[Match]:
    words = utterance.words
    corrected = {end for _, end in language.corrections.spans(words)}
    return automaton.read(
        repairs.lattice(words),
        openings=frozenset({0}) | utterance.breaks | corrected,
        endings=frozenset({len(words)}) | utterance.breaks,
        solid=language.negation.negators(words),
    )


def _longest(matches: list[Match]) -> list[Match]:
    """Without those whose words all belong to a longer one, or were also found with fewer repairs."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (-len(match), len(match.repairs), match.template.hint)):
        if not any(_swallows(other, match) for other in kept):
            kept.append(match)
    return kept


def _swallows(other: Match, match: Match) -> bool:
    if not (other.start <= match.start and match.end <= other.end):
        return False
    if len(other) == len(match):
        return other.template.intent == match.template.intent
    return other.template.intent != REPORTED and (not other.template.hint or match.template.hint)


def _is_reported(match: Match, reported: list[Match]) -> bool:
    return match.template.intent in _REPORTABLE and any(
        report.start <= match.start < report.end + _REPORT_REACHES for report in reported
    )


def _meaning(match: Match, negations: int, utterance: Utterance, question: Question) -> _Found | None:
    """What a match means under the negations that reach it; None if it then says nothing."""
    template = match.template
    if template.hint and match.repairs:
        return None
    intent: str | None = template.intent
    note = "; ".join(f"repair: {repair}" for repair in match.repairs)
    firm = not template.hint or (question.kind == "yes_no" and intent in ("yes", "no"))
    score = _FIRM if firm else _HINT
    score += _UNSPOKEN * len(match) / len(utterance.words) - _PER_REPAIR * len(match.repairs)
    if negations % 2:
        intent = INTENTS[template.intent].negated if template.intent in INTENTS else None
        note = "; ".join(filter(None, (note, f"negated {template.intent}")))
        score -= _NEGATED
    return _Found(intent, match, score, firm, note) if intent else None


def _settled(found: list[_Found], utterance: Utterance, language: LanguageData) -> list[_Found]:
    """Best first; what the caller took back ("yes, I mean no") is gone."""
    corrections = list(language.corrections.spans(utterance.words))
    meant = [one for one in found if not any(start <= one.match.start < end for start, end in corrections)] or found
    kept = [
        one for one in meant if not any(_takes_back(start, one, other) for start, _ in corrections for other in meant)
    ]
    return sorted(kept, key=lambda one: one.rank)


def _takes_back(place: int, one: _Found, other: _Found) -> bool:
    """Whether the correction at `place` puts `other` in the place of `one`."""
    return one.match.end <= place <= other.match.start and lean_apart(one.intent, other.intent)


def _candidates(found: list[_Found], question: Question) -> tuple[Candidate, ...]:
    """One candidate per meaning. What the question listens for goes before what it does not, unless they lean apart."""
    candidates: dict[str, Candidate] = {}
    for one in found:
        candidate = _candidate(one, question)
        candidates.setdefault(candidate.intent, candidate)
    ranked = list(candidates.values())
    listened = _listened(question)
    if not listened or not ranked or ranked[0].intent in listened or ranked[0].intent == OPT_OUT:
        return tuple(ranked)
    for candidate in ranked:
        if candidate.intent in listened and not lean_apart(candidate.intent, ranked[0].intent):
            return (candidate, *(other for other in ranked if other is not candidate))
    return tuple(ranked)


def _candidate(one: _Found, question: Question) -> Candidate:
    rule = "; ".join(filter(None, (str(one.match.template), one.note)))
    intent, score = one.intent, round(max(0.0, min(1.0, one.score)), 3)
    if intent == PHRASE:
        name = one.match.template.place.file
        return Candidate(intent, score, rule, name)
    broader = INTENTS[intent].broader
    if broader and intent not in _listened(question):
        intent, rule = broader, f"{rule}; {intent} is {broader} here"
    return Candidate(intent, score, rule, _option(intent, question))


def _listened(question: Question) -> frozenset[str]:
    return frozenset(
        (*question.intents, *(intent for option in question.options for intent in option.intents), PHRASE)
        if question.intents or question.options
        else ()
    )


def _option(intent: str, question: Question) -> str | None:
    return next((option.name for option in question.options if intent in option.intents), None)


@lru_cache(maxsize=512)
def _phrase_reader(language: LanguageData, options: tuple[Option, ...]) -> tuple[Automaton, Repairs] | None:
    """The automaton of the phrases that a flow's author wrote, and what may be mended into them."""
    templates = tuple(_phrase_templates(language, options))
    if not templates:
        return None
    automaton = Automaton(templates, language.longest_gap)
    return automaton, Repairs(automaton.vocabulary, language.untouchable, language.alike)


def _phrase_templates(language: LanguageData, options: tuple[Option, ...]) -> list[Template]:
    return [
        parse_template(PHRASE, phrase, Place(option.name), language.rules, language.spelling.words)
        for option in options
        for phrase in option.phrases
    ]
