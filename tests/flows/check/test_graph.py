from __future__ import annotations

import pytest

from tests.flows.texts import flow, loaded
from voicebot.flows.check.graph import END, Calls, Edge, Node, edges_of
from voicebot.flows.model import RETURN

ANSWERS = '{yes: {keys: "1", next: a, set: {cups: 1}}, no: {keys: "2", identity: denied}}'


def _ways(step: str, top: str = "") -> set[tuple[str, bool, bool]]:
    """Each way out of a step `x` that stands above `bye`: target, whether it waits, whether it takes an answer."""
    one = loaded(flow(f"  a:\n    goto: x\n  x:\n    {step}\n  bye:\n    hangup:", top)).flow
    return {(edge.target, edge.waits, edge.answered) for edge in edges_of(one, "x")}


@pytest.mark.parametrize(
    ("step", "ways"),
    [
        ("say: Hello.", {("bye", False, False)}),
        ("{say: Hello., next: a}", {("a", False, False)}),
        ("goto: a", {("a", False, False)}),
        ("hangup:", {(END, False, False)}),
        ("set: {cups: 1}", {("bye", False, False)}),
        ("branch: [{when: 1 > 2, next: a}]", {("a", False, False), ("bye", False, False)}),
        ("branch: [{when: 1 > 2, next: a}, {next: x}]", {("a", False, False), ("x", False, False)}),
        ("record: {ask: Speak., slot: wish}", {("bye", True, False)}),
        (f"menu: {{ask: Well?, answers: {ANSWERS}}}", {("a", True, True), ("bye", True, True), ("bye", True, False)}),
        (
            "collect: {slot: cups, type: number, ask: Cups?, exhausted: {next: a}, nomatch: {next: x}}",
            {("bye", True, True), ("a", True, False), ("x", True, False)},
        ),
        (
            "confirm: {ask: Right?, yes: {}, no: {next: a}}",
            {("bye", True, True), ("a", True, True), ("bye", True, False)},
        ),
        (
            "transfer: {queue: q, whisper: W., hold: H., branches: {answered: a, otherwise: x}}",
            {("a", True, False), ("x", True, False)},
        ),
        (
            "transfer: {queue: q, whisper: W., hold: H., branches: {answered: a}}",
            {("a", True, False), (END, True, False)},
        ),
    ],
)
def test_ways_out_of_a_step(step: str, ways: set[tuple[str, bool, bool]]) -> None:
    assert _ways(step) == ways


def test_what_may_be_said_at_any_time_leads_away_from_questions_only() -> None:
    top = "anytime: {goodbye: {next: a}}"
    assert ("a", True, True) in _ways("collect: {slot: cups, type: number, ask: Cups?}", top)
    assert _ways("say: Hello.", top) == {("bye", False, False)}


def test_an_answer_brings_what_it_sets() -> None:
    one = loaded(
        flow(f"  x:\n    menu: {{ask: Well?, answers: {ANSWERS}}}\n  a:\n    hangup:\n  bye:\n    hangup:")
    ).flow
    yes, no, _ = edges_of(one, "x")
    assert (yes.sets, yes.identity) == (frozenset({"cups"}), None)
    assert (no.sets, no.identity, no.target) == (frozenset(), "denied", "a")


def test_the_last_step_falls_off_the_flow() -> None:
    one = loaded(flow("  bye:\n    say: Goodbye.")).flow
    assert edges_of(one, "bye") == (Edge(RETURN, ("steps", "bye"), falls=True),)


def test_calls_walk_through_called_flows_and_come_back() -> None:
    part = loaded(flow("  one:\n    say: One.\n  bye:\n    goto: return", name="part"), "part.yaml")
    main = loaded(flow("  first:\n    call: {flow: part}\n  second:\n    call: {flow: part}\n  bye:\n    hangup:"))
    calls = Calls(main, {"main": main, "part": part})
    inside = {Node("part", step, (("main", caller),)) for step in ("one", "bye") for caller in ("first", "second")}
    assert set(calls.ways) == inside | {Node("main", step) for step in ("first", "second", "bye")}
    trail = calls.trail_to(Node("main", "bye"), [calls.root], lambda node, edge: True)
    assert trail is not None
    assert [node.step for node in trail] == ["first", "one", "bye", "second", "one", "bye", "bye"]
    assert calls.trail_to(Node("main", "bye"), [calls.root], lambda node, edge: node.step != "one") is None
