"""Reads YAML so that every fault can be told with its line: a node that knows its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import yaml

from voicebot.errors import Place, VoicebotError, did_you_mean


class Node:
    """A piece of a YAML file. Every method raises VoicebotError, with the line, when it is not what is asked for."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self._node, self._file = node, file

    @property
    def place(self) -> Place:
        return Place(self._file, self._node.start_mark.line + 1)

    def fault(self, problem: str, remedy: str) -> VoicebotError:
        """The error to raise about this node."""
        return VoicebotError(self.place, problem, remedy)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self._node, yaml.SequenceNode)

    def items(self, what: str) -> list[tuple[Node, Node]]:
        """The pairs of a mapping, each key once."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.fault(f"{what} must be a mapping.", "Write `name: value` lines, indented below it.")
        pairs = [(Node(key, self._file), Node(value, self._file)) for key, value in self._node.value]
        seen: set[str] = set()
        for key, _ in pairs:
            if key.text("a name") in seen:
                raise key.fault(f'"{key.text("a name")}" stands twice in {what}.', "Remove one of the two.")
            seen.add(key.text("a name"))
        return pairs

    def fields(self, what: str, known: Sequence[str]) -> dict[str, Node]:
        """The pairs of a mapping whose names are known beforehand."""
        pairs = self.items(what)
        for key, _ in pairs:
            name = key.text("a name")
            if name not in known:
                remedy = did_you_mean(name, list(known)) or f"Known are: {', '.join(known)}."
                raise key.fault(f'{what} has no "{name}".', remedy)
        return {key.text("a name"): value for key, value in pairs}

    def list(self, what: str) -> list[Node]:
        """The entries of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.fault(f"{what} must be a list.", "Write each entry on a line of its own that begins with `- `.")
        return [Node(entry, self._file) for entry in self._node.value]

    def text(self, what: str) -> str:
        """A text."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.fault(f"{what} must be a text.", "Write it on one line.")
        return str(self._node.value)

    def keys(self, what: str) -> str:
        """Telephone keys, which must stand in quotes: YAML reads 012 as a number."""
        keys = self.text(what)
        if not re.fullmatch(r"[0-9*#]+", keys):
            raise self.fault(f'"{keys}" is not made of the keys 0-9, * and #.', 'Write e.g. "1" or "12#".')
        if not getattr(self._node, "style", None):
            raise self.fault(f"the keys {keys} stand without quotes.", f'Write "{keys}".')
        return keys

    def number(self, what: str, low: float = 0.0, high: float = float("inf")) -> float:
        """A number within bounds."""
        text = self.text(what)
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            bounds = f"from {low:g}" + (f" to {high:g}" if high != float("inf") else " on")
            raise self.fault(f'{what} is "{text}".', f"Write a number {bounds}.")
        return value

    def span(self, what: str, high: float = float("inf")) -> tuple[float, float]:
        """A number, or a list of the least and the greatest."""
        if not self.is_list:
            value = self.number(what, high=high)
            return value, value
        ends = [entry.number(what, high=high) for entry in self.list(what)]
        if len(ends) != 2 or ends[0] > ends[1]:
            raise self.fault(f"{what} is no span.", "Write a number, or [least, greatest].")
        return ends[0], ends[1]

    def time(self, what: str) -> float | datetime:
        """Seconds, or a moment with its time zone."""
        try:
            moment = datetime.fromisoformat(self.text(what))
        except ValueError:
            return self.number(what)
        if moment.tzinfo is None:
            raise self.fault(
                f"{what} has no time zone.", "Write e.g. 2026-01-05T14:30:00Z, or seconds after the start."
            )
        return moment

    def word(self, what: str, known: Sequence[str]) -> str:
        """One of some words."""
        text = self.text(what)
        if text not in known:
            raise self.fault(f'{what} cannot be "{text}".', did_you_mean(text, list(known)) or f"Write {_or(known)}.")
        return text

    def flag(self, what: str) -> bool:
        """true or false."""
        return self.word(what, ("true", "false")) == "true"

    def texts(self, what: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        if self.is_list:
            return tuple(entry.text(what) for entry in self.list(what))
        return (self.text(what),)


def _or(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" or {words[-1]}"


def read_yaml(text: str, file: str) -> Node:
    """The root of a YAML text. Raises VoicebotError where it is no YAML."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise VoicebotError(Place(file, line), f"this is not YAML: {error.problem}.", "Mend the line.") from None
    except yaml.YAMLError as error:
        raise VoicebotError(Place(file), f"this is not YAML: {error}.", "Mend the file.") from None
    if root is None:
        raise VoicebotError(Place(file), "the file is empty.", "Describe at least `populations:` or `numbers:`.")
    return Node(root, file)
