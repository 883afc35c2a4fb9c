"""Rewriting what tests expect into what happened, in the text of the flow itself.

Rule: only the values that differ are touched; comments, order and layout stay as their author left them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from voicebot.flows.as_test import scalar
from voicebot.flows.rehearse import TestResult
from voicebot.flows.steps import Scalar


def updated(text: str, results: Mapping[int, TestResult]) -> str:
    """The text of a flow with the `expect` of its tests, whose results are given by their position, as the calls ended.

    Calls that came to nothing change nothing.
    """
    tests = _items(_below(yaml.compose(text, Loader=yaml.SafeLoader), "tests"))
    edits = [edit for position, result in results.items() for edit in _edits(tests[position], result)]
    for start, stop, value in sorted(edits, reverse=True):
        text = text[:start] + value + text[stop:]
    return text


def _edits(test: yaml.Node, result: TestResult) -> Iterator[tuple[int, int, str]]:
    """What to write from character to character."""
    end, expected = result.rehearsal.conclusion, result.test.expect
    if end is None:
        return
    came = {"outcome": end.outcome, "grade": end.grade, "reason": end.reason, "review": end.review,
            "callback": bool(end.callback_at)}  # fmt: skip
    for name, node in _pairs(_below(test, "expect")):
        if name in came and getattr(expected, name) != came[name]:
            yield _edit(node, came[name])
    for name, node in _pairs(_below(_below(test, "expect"), "values")):
        if expected.values[name] != end.values.get(name):
            yield _edit(node, end.values.get(name))


def _edit(node: yaml.Node, value: Scalar) -> tuple[int, int, str]:
    return node.start_mark.index, node.end_mark.index, scalar(value)


def _pairs(node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
    return [(str(key.value), value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _below(node: yaml.Node | None, key: str) -> yaml.Node | None:
    return dict(_pairs(node)).get(key)
