"""How much work a pattern makes of a text, counted: a backtracking matcher over the same parse tree that `re` runs.

It counts one step for each character, position, branch and repetition that is tried, so that a test can tell a pattern
whose work grows with the square of the text from one that does not, on any machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

Go = Callable[[int], bool]
Node = Callable[[int, Go], bool]

_parser: Any = import_module("re._parser")
_SAME: Any = import_module("re._constants")


def steps(pattern: re.Pattern[str], text: str) -> int:
    """The steps of `pattern.finditer(text)`, carried through to its end."""
    return _Run(text).scan(_parser.parse(pattern.pattern, pattern.flags))


class _Run:
    def __init__(self, text: str) -> None:
        self.text, self.count, self.end = text, 0, 0
        self.groups: dict[int, str] = {}

    def scan(self, tree: Any) -> int:
        node, at = self.series(list(tree)), 0
        while at <= len(self.text):
            at = max(self.end, at + 1) if node(at, self.arrive) else at + 1
        return self.count

    def arrive(self, at: int) -> bool:
        self.end = at
        return True

    def series(self, items: list[Any]) -> Node:
        nodes = [self.node(op, argument) for op, argument in items]

        def run(at: int, go: Go, index: int = 0) -> bool:
            if index == len(nodes):
                return go(at)
            return nodes[index](at, lambda after: run(after, go, index + 1))

        return run

    def node(self, op: Any, argument: Any) -> Node:
        fits = self.sign(op, argument)
        if fits:
            return self.one(fits)
        return getattr(self, str(op).lower())(argument)  # type: ignore[no-any-return]

    def one(self, fits: Callable[[str], bool]) -> Node:
        def run(at: int, go: Go) -> bool:
            self.count += 1
            return at < len(self.text) and fits(self.text[at]) and go(at + 1)

        return run

    def sign(self, op: Any, argument: Any) -> Callable[[str], bool] | None:
        """What one character must be, where the node stands for exactly one."""
        if op is _SAME.LITERAL:
            return lambda sign: ord(sign) == argument
        if op is _SAME.NOT_LITERAL:
            return lambda sign: ord(sign) != argument
        if op is _SAME.ANY:
            return lambda sign: sign != "\n"
        if op is _SAME.CATEGORY:
            kind = re.compile({"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[str(argument).rpartition("_")[2]])
            return lambda sign: bool(kind.match(sign)) is not ("_NOT_" in str(argument))
        if op is _SAME.RANGE:
            return lambda sign: argument[0] <= ord(sign) <= argument[1]
        if op is _SAME.IN:
            wanted = argument[0][0] is not _SAME.NEGATE
            members = [fits for item in argument if (fits := self.sign(*item))]
            return lambda sign: any(fits(sign) for fits in members) is wanted
        return None

    def at(self, where: Any) -> Node:
        begins, ends, between = _SAME.AT_BEGINNING, _SAME.AT_END, _SAME.AT_BOUNDARY

        def run(at: int, go: Go) -> bool:
            self.count += 1
            sides = [bool(re.match(r"\w", self.text[side : side + 1])) for side in (at - 1, at) if side >= 0]
            holds = {
                begins: at == 0,
                ends: at == len(self.text),
                between: sides in ([True], [True, False], [False, True]),
            }
            return holds[where] and go(at)

        return run

    def branch(self, argument: Any) -> Node:
        ways = [self.series(list(way)) for way in argument[1]]

        def run(at: int, go: Go) -> bool:
            self.count += 1
            for way in ways:  # noqa: SIM110  (any() would take room on the interpreter's own stack)
                if way(at, go):
                    return True
            return False

        return run

    def subpattern(self, argument: Any) -> Node:
        group, inner = argument[0], self.series(list(argument[3]))

        def run(at: int, go: Go) -> bool:
            def keep(after: int) -> bool:
                if group is not None:
                    self.groups[group] = self.text[at:after]
                return go(after)

            return inner(at, keep)

        return run

    def groupref(self, group: int) -> Node:
        return lambda at, go: (
            self.text.startswith(self.groups.get(group, "\n"), at) and go(at + len(self.groups[group]))
        )

    def max_repeat(self, argument: Any) -> Node:
        least, most, inner = argument
        node = self.series(list(inner))

        def run(at: int, go: Go, times: int = 0) -> bool:
            self.count += 1
            again = times < most and node(at, lambda after: (after > at or times < least) and run(after, go, times + 1))
            return again or (times >= least and go(at))

        return run

    def min_repeat(self, argument: Any) -> Node:
        least, most, inner = argument
        node = self.series(list(inner))

        def run(at: int, go: Go, times: int = 0) -> bool:
            self.count += 1
            if times >= least and go(at):
                return True
            return times < most and node(at, lambda after: after > at and run(after, go, times + 1))

        return run

    def assert_(self, argument: Any) -> Node:
        way, inner = argument
        node, width = self.series(list(inner)), inner.getwidth()[0]

        def run(at: int, go: Go) -> bool:
            return self.holds(node, at, width if way < 0 else 0) and go(at)

        return run

    def assert_not(self, argument: Any) -> Node:
        way, inner = argument
        node, width = self.series(list(inner)), inner.getwidth()[0]
        return lambda at, go: not self.holds(node, at, width if way < 0 else 0) and go(at)

    def holds(self, node: Node, at: int, back: int) -> bool:
        self.count += 1
        return at >= back and node(at - back, lambda after: not back or after == at)


setattr(_Run, "assert", _Run.assert_)
