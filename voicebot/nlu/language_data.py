"""One language as data: read from its YAML once, checked, and compiled.

Rule: a fault of the data is told by file and line, and nothing is compiled from faulty data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.nlu.automaton import Automaton
from voicebot.nlu.intents import INTENTS, NONE, OPT_OUT
from voicebot.nlu.negation import NegationWords
from voicebot.nlu.repair import Repairs
from voicebot.nlu.templates import Expression, Template, parse_expression, parse_template
from voicebot.nlu.text import Phrases, Spelling, Tokens, split
from voicebot.nlu.voter import Voter, shipped

REPORTED = "_reported"
"""The pseudo-intent of templates that say the words after them were another's, or were for another."""

_LISTS = ("fillers", "doubled", "not_negating", "handing_on", "subjects", "ending", "corrections", "untouchable")
_SETTINGS = ("language", "reach", "longest_gap", "shortest_stutter")
_KEYS = (*_SETTINGS, *_LISTS, "same", "negating", "sounds_alike", "rules", "intents", "hints", "reported")

_Lines = list[tuple[Place, str]]


@dataclass(frozen=True, eq=False)
class LanguageData:
    """Everything that understanding needs to know of one language; compared and hashed by identity."""

    name: str
    spelling: Spelling
    negation: NegationWords
    corrections: Phrases
    rules: Mapping[str, Expression]
    templates: tuple[Template, ...]
    automaton: Automaton
    repairs: Repairs
    longest_gap: int
    untouchable: frozenset[str]
    alike: Mapping[str, frozenset[str]]
    voter: Voter | None = None


def language_text(name: str) -> str:
    """The YAML that ships for a language ("en", "zh"): what a call pins."""
    path = Path(__file__).with_name(f"{name}.yaml")
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.yaml"))
        raise VoicebotError(
            f'language "{name}"', f"there is no {path.name}; known are {', '.join(known)}.", did_you_mean(name, known)
        )
    return path.read_text(encoding="utf-8")


def load_language(name_or_text: str) -> LanguageData:
    """The language called so ("en"), or the one that this YAML text describes. Compiled once per text."""
    if "\n" in name_or_text:
        return language_data(name_or_text)
    return language_data(language_text(name_or_text), f"{name_or_text}.yaml", shipped(name_or_text))


@lru_cache(maxsize=16)
def language_data(text: str, file: str = "language.yaml", voter: Voter | None = None) -> LanguageData:
    """The language that `text` describes, with its voter if it has one; `file` names it in messages.

    A fault raises `VoicebotError`.
    """
    return replace(_compiled(text, file), voter=voter)


@lru_cache(maxsize=16)
def _compiled(text: str, file: str) -> LanguageData:
    return _compile(_Source(text, file))


class _Source:
    """The YAML's top level, with the line of everything in it."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 0
            raise VoicebotError(Place(file, line), f"this is not YAML: {fault.problem}.", "Check the indent.") from None
        if not isinstance(node, yaml.MappingNode):
            raise VoicebotError(Place(file, 1), "a language is a mapping of named parts.", "See en.yaml.")
        self._parts = dict(self._entries(node))
        self._check_keys()

    def _check_keys(self) -> None:
        for key, node in self._parts.items():
            if key not in _KEYS:
                raise VoicebotError(
                    self._place(node), f'no part of a language is called "{key}".', did_you_mean(key, _KEYS)
                )
        missing = [key for key in _KEYS if key not in self._parts]
        if missing:
            raise VoicebotError(Place(self.file), f"these parts are missing: {', '.join(missing)}.", "See en.yaml.")

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def _entries(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        if not isinstance(node, yaml.MappingNode):
            raise VoicebotError(self._place(node), "names with their values are expected here.", "See en.yaml.")
        for key, value in node.value:
            if key.value in seen:
                raise VoicebotError(self._place(key), f'"{key.value}" stands here twice.', "Keep one of them.")
            seen.add(key.value)
            yield key.value, value

    def scalar(self, key: str) -> str:
        return self._scalar(self._parts[key])

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise VoicebotError(self._place(node), "plain text is expected here.", "See en.yaml.")
        return str(node.value)

    def number(self, key: str) -> int:
        value = self.scalar(key)
        if not value.isdecimal():
            raise VoicebotError(self._place(self._parts[key]), f"{key} is not a whole number: {value}.")
        return int(value)

    def lines(self, key: str) -> _Lines:
        """The lines of a text block, comments and empty ones left out."""
        return list(self._block(self._parts[key]))

    def blocks(self, key: str) -> Iterator[tuple[str, Place, _Lines]]:
        """Each name under `key` with the lines of its text block."""
        for name, node in self._entries(self._parts[key]):
            yield name, self._place(node), list(self._block(node))

    def _block(self, node: yaml.Node) -> Iterator[tuple[Place, str]]:
        in_block = isinstance(node, yaml.ScalarNode) and node.style == "|"
        first = self._place(node).line + (1 if in_block else 0)
        for offset, line in enumerate(self._scalar(node).split("\n")):
            told = line.partition("#")[0].strip()
            if told:
                yield Place(self.file, first + offset), told


def _compile(source: _Source) -> LanguageData:
    spelling = _spelling(source)
    negation = _negation(source, spelling)
    rules = _rules(source, spelling.words)
    templates = tuple(_templates(source, rules, spelling.words))
    _check_complete(templates, source.file)
    longest_gap = source.number("longest_gap")
    automaton = Automaton(templates, longest_gap)
    untouchable = negation.negating | _word_set(source, "untouchable", spelling.words)
    alike = _alike(source)
    return LanguageData(
        name=source.scalar("language"),
        spelling=spelling,
        negation=negation,
        corrections=_phrases(source, "corrections", spelling.words),
        rules=rules,
        templates=templates,
        automaton=automaton,
        repairs=Repairs(automaton.vocabulary, untouchable, alike),
        longest_gap=longest_gap,
        untouchable=untouchable,
        alike=alike,
    )


def _spelling(source: _Source) -> Spelling:
    same = Phrases(dict(_same(source)))
    bare = Spelling(same, Phrases({}), 1, frozenset())
    return Spelling(
        same=same,
        fillers=Phrases(dict.fromkeys(_listed(source, "fillers", bare.words), ())),
        shortest_stutter=source.number("shortest_stutter"),
        doubled=_word_set(source, "doubled", bare.words),
    )


def _same(source: _Source) -> Iterator[tuple[Tokens, Tokens]]:
    seen: dict[Tokens, Place] = {}
    for place, line in source.lines("same"):
        spellings, arrow, form = line.partition("=>")
        if not arrow:
            raise VoicebotError(place, "a line of `same` is: spelling, other spelling => form.")
        for spelling in spellings.split(" / "):
            words = tuple(split(spelling))
            if words in seen:
                raise VoicebotError(place, f'"{spelling.strip()}" is mapped above, too (line {seen[words].line}).')
            seen[words] = place
            yield words, tuple(split(form))


def _negation(source: _Source, spelling: Spelling) -> NegationWords:
    return NegationWords(
        negating=_word_set(source, "negating", spelling.words),
        not_negating=_phrases(source, "not_negating", spelling.words),
        handing_on=_word_set(source, "handing_on", spelling.words),
        subjects=_word_set(source, "subjects", spelling.words),
        ending=_phrases(source, "ending", spelling.words),
        reach=source.number("reach"),
    )


def _listed(source: _Source, key: str, words: Callable[[str], Tokens]) -> Iterator[Tokens]:
    """The phrases of a list; several may share a line, with " / " between them."""
    for place, line in source.lines(key):
        for phrase in line.split(" / "):
            said = words(phrase)
            if not said:
                raise VoicebotError(place, f'"{phrase}" holds no word.', 'Write words with " / " between them.')
            yield said


def _phrases(source: _Source, key: str, words: Callable[[str], Tokens]) -> Phrases:
    return Phrases({phrase: phrase for phrase in _listed(source, key, words)})


def _word_set(source: _Source, key: str, words: Callable[[str], Tokens]) -> frozenset[str]:
    return frozenset(word for phrase in _listed(source, key, words) for word in phrase)


def _alike(source: _Source) -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for _, line in source.lines("sounds_alike"):
        group = frozenset(split(line))
        for word in group:
            alike[word] = alike.get(word, frozenset()) | (group - {word})
    return alike


def _rules(source: _Source, words: Callable[[str], Tokens]) -> dict[str, Expression]:
    rules: dict[str, Expression] = {}
    for name, place, lines in source.blocks("rules"):
        rules[name] = parse_expression(" | ".join(text for _, text in lines), place, rules, words)
    return rules


def _templates(source: _Source, rules: Mapping[str, Expression], words: Callable[[str], Tokens]) -> Iterator[Template]:
    seen: dict[str, Place] = {}
    for key in ("intents", "hints"):
        for intent, place, lines in source.blocks(key):
            if intent not in INTENTS:
                raise VoicebotError(place, f'no intent is called "{intent}".', did_you_mean(intent, tuple(INTENTS)))
            for line, text in lines:
                _check_new(text, line, seen)
                yield parse_template(intent, text, line, rules, words, hint=key == "hints")
    for line, text in source.lines("reported"):
        yield parse_template(REPORTED, text, line, rules, words)


def _check_new(text: str, place: Place, seen: dict[str, Place]) -> None:
    if text in seen:
        raise VoicebotError(place, f'"{text}" stands on line {seen[text].line}, too.', "Keep one of them.")
    seen[text] = place


def _check_complete(templates: tuple[Template, ...], file: str) -> None:
    lacking = set(INTENTS) - {NONE} - {template.intent for template in templates}
    if lacking:
        raise VoicebotError(
            Place(file),
            f"no template for: {', '.join(sorted(lacking))}.",
            f"Every language words all, {OPT_OUT} first.",
        )
