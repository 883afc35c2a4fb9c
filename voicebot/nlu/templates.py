"""Templates: how one meaning may be worded.

stop [ever] (calling|ringing) <me>     words, optional parts, alternatives, named rules
^no $                                   only at the opening, only at the end (of a clause)
take * off                              a gap of a few words, none of them a negation
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.nlu.text import Tokens

_LEXEME = re.compile(r"\s*(?:(?P<mark>[\[\]()|*^$])|<(?P<rule>[a-z_]+)>|(?P<text>[^\[\]()|*^$<>]+))")


@dataclass(frozen=True)
class Word:
    """One word, said as it stands."""

    text: str


@dataclass(frozen=True)
class Gap:
    """A few words that do not matter."""


@dataclass(frozen=True)
class Sequence:
    """One after the other; an empty one is an optional part left out."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Choice:
    """One of several."""

    parts: tuple[Expression, ...]


Expression = Word | Gap | Sequence | Choice


@dataclass(frozen=True, eq=False)
class Template:
    """One line of a language's data, told apart by identity. `hint`: it decides only where no firmer one does."""

    intent: str
    text: str
    place: Place
    expression: Expression
    opens: bool = False
    closes: bool = False
    hint: bool = False

    def __str__(self) -> str:
        return f"{self.place} {self.text}"


class _Parser:
    """Recursive descent over one template's lexemes."""

    def __init__(self, text: str, place: Place, rules: Mapping[str, Expression], words: Callable[[str], Tokens]):
        self._place, self._rules, self._words = place, rules, words
        self._lexemes = list(self._scan(text))
        self._at = 0

    def _scan(self, text: str) -> list[tuple[str, str]]:
        found, end = [], 0
        while end < len(text.rstrip()):
            match = _LEXEME.match(text, end)
            if not match:
                raise VoicebotError(self._place, f'cannot read "{text[end:].strip()}" in a template.', _REMEDY)
            kind = match.lastgroup or ""
            found.append((kind, match.group(kind).strip()))
            end = match.end()
        return [lexeme for lexeme in found if lexeme[1]]

    def peek(self) -> tuple[str, str]:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else ("end", "")

    def take(self, mark: str) -> bool:
        if self.peek() != ("mark", mark):
            return False
        self._at += 1
        return True

    def choice(self) -> Expression:
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self) -> Expression:
        parts: list[Expression] = []
        while (part := self.part()) is not None:
            parts.append(part)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def part(self) -> Expression | None:
        kind, text = self.peek()
        if kind == "text":
            self._at += 1
            return Sequence(tuple(Word(word) for word in self._words(text)))
        if kind == "rule":
            self._at += 1
            return self._rule(text)
        if self.take("*"):
            return Gap()
        if self.take("("):
            return self._closed(")")
        if self.take("["):
            return Choice((Sequence(()), self._closed("]")))
        return None

    def _closed(self, mark: str) -> Expression:
        inner = self.choice()
        if not self.take(mark):
            raise VoicebotError(self._place, f'a part of this template is not closed by "{mark}".', _REMEDY)
        return inner

    def _rule(self, name: str) -> Expression:
        if name not in self._rules:
            raise VoicebotError(
                self._place, f"no rule above this line is called <{name}>.", did_you_mean(name, tuple(self._rules))
            )
        return self._rules[name]

    def finish(self) -> None:
        if self.peek()[0] != "end":
            raise VoicebotError(self._place, f'"{self.peek()[1]}" stands where it means nothing.', _REMEDY)


_REMEDY = "Templates are made of words, [optional parts], (this|that), <rules>, * for a gap, ^ and $."


def parse_expression(
    text: str, place: Place, rules: Mapping[str, Expression], words: Callable[[str], Tokens]
) -> Expression:
    """The meaning of a rule's or template's text. `words` splits and normalizes plain text."""
    parser = _Parser(text, place, rules, words)
    expression = parser.choice()
    parser.finish()
    return expression


def parse_template(
    intent: str,
    text: str,
    place: Place,
    rules: Mapping[str, Expression],
    words: Callable[[str], Tokens],
    *,
    hint: bool = False,
) -> Template:
    """One template; a fault in it raises `VoicebotError` with its place."""
    parser = _Parser(text, place, rules, words)
    opens = parser.take("^")
    expression = parser.choice()
    closes = parser.take("$")
    parser.finish()
    if nullable(expression):
        raise VoicebotError(place, "this template would match silence.", "Leave at least one word that must be said.")
    return Template(intent, text, place, expression, opens, closes, hint)


def nullable(expression: Expression) -> bool:
    """Whether it matches no words at all."""
    if isinstance(expression, Sequence):
        return all(nullable(part) for part in expression.parts)
    if isinstance(expression, Choice):
        return any(nullable(part) for part in expression.parts)
    return isinstance(expression, Gap)
