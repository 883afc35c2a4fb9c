from __future__ import annotations

from tests.flows.texts import flow, loaded
from voicebot.flows.check.ends import Paths, walk
from voicebot.flows.check.graph import Calls

BYE = "  bye:\n    hangup: {say: Goodbye., outcome: completed}\n"


def _ask(name: str, yes: str = "", no: str = "bye") -> str:
    onward = f", next: {yes}" if yes else ""
    answers = f'{{yes: {{keys: "1"{onward}}}, no: {{keys: "2", next: {no}}}}}'
    return f"  {name}:\n    menu: {{ask: Well?, answers: {answers}}}\n"


def _walked(steps: str, top: str = "", **parts: str) -> Paths:
    main = loaded(flow(steps, top))
    others = {name: loaded(flow(text, name=name), f"{name}.yaml") for name, text in parts.items()}
    return walk(Calls(main, {"main": main, **others}))


def test_the_longest_way_is_found_and_counted() -> None:
    found = _walked(_ask("a") + _ask("b", no="d") + _ask("c") + _ask("d") + BYE, "limits: {max_turns: 9}")
    assert found == Paths(
        flow="main",
        states=5,
        shortest=1,
        longest=("a", "b", "c", "d"),
        worst_turns=12,
        max_turns=9,
        loops=False,
        endless=(),
    )
    assert str(found) == (
        "main: every way ends (5 states, the shortest of 1 turn). The longest asks 4: a > b > c > d; "
        "with every attempt used up, 12 turns."
    )


def test_going_round_is_seen_and_counted_once() -> None:
    found = _walked(_ask("a") + _ask("b", no="a") + _ask("c") + BYE)
    assert (found.loops, found.longest, found.endless) == (True, ("a", "b", "c"), ())
    assert str(found).endswith("Whoever goes round is stopped after 40 turns.")


def test_recordings_take_a_turn_and_attempts_are_the_settings_own() -> None:
    one = "  a:\n    menu: {ask: Well?, settings: {total: 2}, answers: {yes: {keys: '1'}}}\n"
    found = _walked(one + "  b:\n    record: {ask: Speak., slot: s}\n" + BYE)
    assert (found.longest, found.shortest, found.worst_turns) == (("a", "b"), 1, 3)


def test_called_flows_are_walked_through_each_time() -> None:
    part = _ask("in", "return", "return") + BYE
    found = _walked("  a:\n    call: {flow: part}\n  b:\n    call: {flow: part}\n" + BYE, part=part)
    assert found.longest == ("in", "in")


def test_a_trap_leads_to_no_end() -> None:
    trap = _ask("a", "b") + _ask("b", "c", "c").replace("Well?,", "Well?, exhausted: {next: c},")
    trap += _ask("c", "b", "b").replace("Well?,", "Well?, exhausted: {next: b},")
    found = _walked(trap + BYE)
    assert {node.step for node in found.endless} == {"b", "c"}
    assert str(found) == "main: 2 of 4 states lead to no end."
