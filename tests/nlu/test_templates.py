"""Templates, and the machine that reads them."""

from __future__ import annotations

import pytest

from voicebot.errors import Place, VoicebotError
from voicebot.nlu.automaton import Automaton
from voicebot.nlu.repair import Repairs
from voicebot.nlu.templates import nullable, parse_expression, parse_template

HERE = Place("toy.yaml", 7)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def found(template: str, said: str, solid: frozenset[int] = frozenset()) -> list[str]:
    """What of `said` the template reads, in order of its end."""
    rules = {"me": parse_expression("me | us all", HERE, {}, words)}
    automaton = Automaton([parse_template("opt_out", template, HERE, rules, words)], longest_gap=2)
    heard = words(said)
    plain = Repairs(frozenset(), frozenset(), {}).lattice(heard)
    matches = automaton.read(plain, openings=frozenset({0}), endings=frozenset({len(heard)}), solid=solid)
    return [" ".join(heard[match.start : match.end]) for match in matches]


@pytest.mark.parametrize(
    ("template", "said", "read"),
    [
        ("stop calling", "please stop calling now", ["stop calling"]),
        ("stop calling", "stop it calling", []),
        ("stop [ever] calling", "stop calling", ["stop calling"]),
        ("stop [ever] calling", "stop ever calling", ["stop ever calling"]),
        ("(stop|quit it) calling", "quit it calling", ["quit it calling"]),
        ("stop (calling [me|us]|[the] calls)", "stop the calls", ["stop the calls"]),
        ("call <me>", "call us all", ["call us all"]),
        ("call <me>", "call us", []),
        ("take * off", "take off", ["take off"]),
        ("take * off", "take my name off", ["take my name off"]),
        ("take * off", "take my whole name off", []),
        ("^ no", "no", ["no"]),
        ("^ no", "oh no", []),
        ("no $", "oh no", ["no"]),
        ("no $", "no but", []),
        ("stop", "stop and stop", ["stop", "stop"]),
    ],
)
def test_what_a_template_reads(template: str, said: str, read: list[str]) -> None:
    assert found(template, said) == read


def test_gap_does_not_pass_over_a_negation() -> None:
    assert found("take * off", "take not off") == ["take not off"]
    assert found("take * off", "take not off", solid=frozenset({1})) == []


@pytest.mark.parametrize("text", ["(a", "a)", "[a", "<nobody>", "a | b ]", "", "[a]", "*", "[a] (b|[c])"])
def test_faulty_template_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(VoicebotError, match=r"toy\.yaml:7"):
        parse_template("opt_out", text, HERE, {}, words)


def test_nullable() -> None:
    assert nullable(parse_expression("[a] *", HERE, {}, words))
    assert not nullable(parse_expression("[a] b", HERE, {}, words))


def test_template_tells_where_it_stands() -> None:
    assert str(parse_template("opt_out", "^ stop $", HERE, {}, words)) == "toy.yaml:7 ^ stop $"
