from __future__ import annotations

import pytest

from voicebot.flows.templates import MAX_TEMPLATE, names_in, names_in_expression, problem_in, problem_in_expression


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in [1] %}x{% endfor %}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% include 'x' %}",
        "{{ range(9) }}",
        "{{ name.upper() }}",
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ name | center(999999999) }}",
        "{{ {'a': 1} }}",
        "{{ name[0:1] }}",
        "x" * (MAX_TEMPLATE + 1),
        "{{ " + "(" * 990 + "1" + ")" * 990 + " }}",
        "{{ " + "not " * 450 + "1 }}",
        "{{ " + "-" * 900 + "1 }}",
    ],
)
def test_what_could_run_away_is_no_part_of_the_language(template: str) -> None:
    assert problem_in(template)


def test_conditions_are_as_small_a_language() -> None:
    assert problem_in_expression("range(9)")
    assert problem_in_expression("a, b") == '"," is not expected here'
    assert not problem_in_expression("a >= 3 or (b and not c)")


def test_names_in() -> None:
    names = names_in(
        "{{ a }} {{ b | default(c) }} {% if d %}{{ d }}{% endif %} {% if e is defined %}{{ e }}{% endif %}"
    )
    assert names.needed == {"a", "d"}
    assert names.tested == {"b", "c", "d", "e"}
    assert names_in_expression("value > a").needed == {"value", "a"}
