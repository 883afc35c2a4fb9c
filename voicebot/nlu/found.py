"""What the templates of a language find in an utterance, under the negations that reach it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from voicebot.errors import Place
from voicebot.nlu.automaton import Automaton, Match
from voicebot.nlu.intents import INTENTS, OPT_OUT, PHRASE, RANK, lean_apart
from voicebot.nlu.language_data import REPORTED, LanguageData
from voicebot.nlu.meaning import Option, Question
from voicebot.nlu.repair import Repairs
from voicebot.nlu.templates import Template, parse_template
from voicebot.nlu.text import Utterance

FIRM, HINT = 0.9, 0.6
"""What a template is worth, and one that is only a hint, before the words around it are counted."""

UNSPOKEN = 0.1
"""What is added where a template reads the whole utterance; less, where it reads less."""

_PER_REPAIR, _NEGATED = 0.08, 0.05
_REPORT_REACHES = 3
_REPORTABLE = (OPT_OUT, "call_back_later")


@dataclass(frozen=True)
class Found:
    """A meaning with the words that carry it. `covers` is the share of the utterance that they make up, 0..1;

    `opens` and `closes` tell whether they are its first or its last words.
    """

    intent: str
    match: Match
    score: float
    firm: bool
    covers: float
    opens: bool
    closes: bool
    negated: bool = False

    @property
    def rank(self) -> tuple[bool, int, float, int]:
        return (not self.firm, RANK[self.intent], -self.score, -self.match.end)

    @property
    def certain(self) -> bool:
        """Whether a firm template reads every word, each as it was heard."""
        return self.firm and self.covers == 1 and not self.match.repairs

    @property
    def rule(self) -> str:
        """The template with its place, what was mended, and what was negated."""
        notes = [f"repair: {repair}" for repair in self.match.repairs]
        if self.negated:
            notes.append(f"negated {self.match.template.intent}")
        return "; ".join((str(self.match.template), *notes))


@dataclass(frozen=True)
class Findings:
    """What templates found: meanings, best first; what was worded and yet not meant; whether words were taken back."""

    meant: tuple[Found, ...] = ()
    denied: frozenset[str] = frozenset()
    """Meanings that were negated into saying nothing, or that were another's words."""
    corrected: bool = False
    negated: bool = False
    """Whether a word among them negates."""

    @property
    def contradictory(self) -> bool:
        """Whether agreement and refusal were said, and not a word besides."""
        firm = [one for one in self.meant if one.firm]
        apart = any(lean_apart(firm[0].intent, other.intent) for other in firm[1:])
        return apart and sum(one.covers for one in firm) > _ALL


_ALL = 0.999


def find(utterance: Utterance, negations: tuple[int, ...], language: LanguageData, question: Question) -> Findings:
    """Every meaning found; what the caller took back ("yes, I mean no") is gone."""
    matches = _matches(utterance, language, language.automaton, language.repairs)
    phrases = _phrase_reader(language, question.options)
    if phrases:
        matches = [*matches, *_matches(utterance, language, *phrases)]
    begun_before = language.negation.inside_harmless(utterance.words)
    matches = [match for match in matches if match.start not in begun_before]
    reported = [match for match in matches if match.template.intent == REPORTED]
    found, denied = [], set()
    for match in _longest(matches):
        if match.template.intent == REPORTED:
            continue
        one = None if _is_reported(match, reported) else _meaning(match, negations[match.start], utterance, question)
        if one:
            found.append(one)
        elif not match.template.hint:
            denied.add(match.template.intent)
    corrections = tuple(language.corrections.spans(utterance.words))
    return Findings(
        _settled(found, corrections), frozenset(denied), bool(corrections), any(depth % 2 for depth in negations)
    )


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


def _meaning(match: Match, negations: int, utterance: Utterance, question: Question) -> Found | None:
    """What a match means under the negations that reach it; None if it then says nothing."""
    template = match.template
    if template.hint and match.repairs:
        return None
    intent: str | None = template.intent
    firm = not template.hint or (question.kind == "yes_no" and intent in ("yes", "no"))
    covers = len(match) / len(utterance.words)
    score = (FIRM if firm else HINT) + UNSPOKEN * covers - _PER_REPAIR * len(match.repairs)
    negated = negations % 2 == 1
    if negated:
        intent = INTENTS[template.intent].negated if template.intent in INTENTS else None
        score -= _NEGATED
    opens, closes = match.start == 0, match.end == len(utterance.words)
    return Found(intent, match, score, firm, covers, opens, closes, negated) if intent else None


def _settled(found: list[Found], corrections: tuple[tuple[int, int], ...]) -> tuple[Found, ...]:
    meant = [one for one in found if not any(start <= one.match.start < end for start, end in corrections)] or found
    kept = [
        one for one in meant if not any(_takes_back(start, one, other) for start, _ in corrections for other in meant)
    ]
    return tuple(sorted(kept, key=lambda one: one.rank))


def _takes_back(place: int, one: Found, other: Found) -> bool:
    """Whether the correction at `place` puts `other` in the place of `one`."""
    return one.match.end <= place <= other.match.start and lean_apart(one.intent, other.intent)


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
