from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.texts import flow, loaded
from voicebot.errors import Place
from voicebot.flows.model import Need
from voicebot.flows.prompts import Amount, FlowFault, collected, evaluate, facts_in, render, typed
from voicebot.flows.templates import problem_in

VALUES = {
    "name": "Ann",
    "price": Decimal("49.50"),
    "due": "2026-03-02",
    "rating": 8,
    "nothing": None,
    "now": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "opt_out_key": "*",
}


@pytest.mark.parametrize(
    ("template", "language", "words"),
    [
        ("Hello {{ name }}.", "en-US", "Hello Ann."),
        ("  two\n  lines  ", "en-US", "two lines"),
        ("{{ price | money }}", "en-US", "forty-nine dollars and fifty cents"),
        ("{{ opt_out_key | key }}", "en-US", "star"),
        ("{{ opt_out_key | key }}", "zh-CN", "星号键"),
        ("{% if now.hour < 12 %}Good morning{% else %}Hello{% endif %}", "en-US", "Good morning"),
        ("{{ 'high' if rating >= 8 else 'low' }}", "en-US", "high"),
        ("{{ missing | default('friend') }}", "en-US", "friend"),
        ("{{ nothing | default('friend') }}", "en-US", "friend"),
        ("{% if nothing is defined %}yes{% else %}no{% endif %}", "en-US", "no"),
        ("{{ rating + 1 }} {{ rating * 2 }} {{ name | upper }}", "en-US", "9 16 ANN"),
        ("<b> & \"quotes\"", "en-US", "<b> & \"quotes\""),
    ],
)  # fmt: skip
def test_render(template: str, language: str, words: str) -> None:
    assert render(template, language, VALUES) == words


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{ nam }}", '"nam" has no value here. Did you mean "name"?'),
        ("{{ nothing }}", "a value is empty"),
        ("{{ name | money }}", "cannot read 'Ann' aloud as money"),
        ("{{ name * 999999999 }}", "only numbers can be multiplied"),
        ("{{ rating / 0 }}", "division by zero"),
        ("{{ name + 1 }}", "can only concatenate str"),
        ("{{ name", "the template cannot be spoken"),
    ],
)
def test_a_template_that_breaks_is_a_fault_of_the_flow(template: str, problem: str) -> None:
    with pytest.raises(FlowFault) as caught:
        render(template, "en-US", VALUES, Place("flows/tea.yaml", 7))
    assert str(caught.value).startswith("flows/tea.yaml:7: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("rating >= 8", True),
        ("rating == 8 and name == 'Ann'", True),
        ("name in ['Bob', 'Eve']", False),
        ("not nothing", True),
        ("missing is defined", False),
        ("name is defined and name | length > 2", True),
        ("now.hour", 9),
        ("'2026-03-05' | days_away", 3),
        ("due | days_away", 0),
        ("'2026-02-27' | days_away < 0", True),
    ],
)
def test_evaluate(expression: str, value: object) -> None:
    assert evaluate(expression, VALUES) == value


@pytest.mark.parametrize("expression", ["ratin", "ratin > 3", "name > 3", "rating +", "rating }} {{ name", ""])
def test_a_condition_that_breaks_is_a_fault_of_the_flow(expression: str) -> None:
    with pytest.raises(FlowFault):
        evaluate(expression, VALUES)


PIECES = ["{{", "}}", "{%", "%}", "{#", "if", "name", "|", "money", "(", ")", "'", "1", ".", "<", "is", "defined",
          "else", "endif", "-", "*", "~", "[", "]", ",", "您"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=15))
def test_no_template_raises_anything_but_a_fault(pieces: list[str]) -> None:
    template = " ".join(pieces)
    problem = problem_in(template)
    try:
        render(template, "en-US", VALUES)
    except FlowFault:
        return
    assert not problem


@given(st.text(max_size=40))
def test_a_value_is_never_taken_for_a_template(name: str) -> None:
    assert render("[{{ name }}]", "en-US", {"name": name}) == " ".join(f"[{name}]".split())


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", " Ann ", "Ann"),
        ("text", "", None),
        ("text", None, None),
        ("number", "1,200.5", Decimal("1200.5")),
        ("money", 20, Decimal(20)),
        ("money", "1,200.50 EUR", Decimal("1200.50")),
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("time", "15:30", time(15, 30)),
        ("datetime", "2026-03-02T15:30", datetime(2026, 3, 2, 15, 30)),  # noqa: DTZ001  (the callee's own clock)
        ("phone", "+12025550100", "+12025550100"),
        ("digits", "0123", "0123"),
    ],
)
def test_fields_are_typed_by_what_the_flow_needs(kind: str, value: str | None, expected: object) -> None:
    assert typed(Need.model_validate({"type": kind}), value) == expected


@pytest.mark.parametrize(
    ("kind", "value"), [("number", "many"), ("money", "nan"), ("date", "tomorrow"), ("time", "3pm")]
)
def test_a_field_of_another_type_is_told_with_an_example(kind: str, value: str) -> None:
    with pytest.raises(ValueError, match=f'"{value}" is no {kind}; write it like '):
        typed(Need.model_validate({"type": kind}), value)


def test_facts_read_as_the_language_has_them() -> None:
    one = loaded(flow("  bye:\n    hangup:", "facts: {price: 19, tea: {en-US: green tea}}")).flow
    assert facts_in(one, "en-US") == {"price": 19, "tea": "green tea"}
    assert facts_in(one, "zh-CN") == {"price": 19}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("money", "60 USD", Decimal(60)),
        ("date", "2026-03-06", date(2026, 3, 6)),
        ("time", "15:30", time(15, 30)),
        ("datetime", "2026-03-06T15:30", datetime(2026, 3, 6, 15, 30)),  # noqa: DTZ001  (the callee's own clock)
        ("number", 3.0, 3),
        ("number", 2.5, Decimal("2.5")),
        ("rating", 8, 8),
        ("date", "some day", "some day"),
        ("date", "", ""),
        ("text", "2026-03-06", "2026-03-06"),
        ("money", None, None),
    ],
)
def test_what_was_collected_is_compared_as_what_it_is(kind: str, value: str | float | None, expected: object) -> None:
    assert collected(kind, value) == expected
    assert isinstance(collected(kind, value), type(expected))


def test_an_amount_is_compared_as_a_number_and_spoken_in_its_currency() -> None:
    values = {**VALUES, "bill": Amount("12.50 EUR"), "least": 20}
    assert evaluate("bill < least", values)
    assert render("{{ bill | money }}, or {{ bill }}", "en-US", values) == "twelve euros and fifty cents, or 12.50 EUR"


def test_a_moment_without_a_spoken_form_reads_as_flows_write_it() -> None:
    assert render("{{ now }}, {{ hour }}", "en-US", {**VALUES, "hour": time(15, 30)}) == "2026-03-02T09:30, 15:30"
