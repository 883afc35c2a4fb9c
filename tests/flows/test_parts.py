from __future__ import annotations

from tests.flows.texts import flow, loaded
from voicebot.flows.parts import parts_of

TEXT = flow(
    """
  tea:
    menu:
      ask: [Tea?, Tea or not?]
      answers:
        yes: {keys: "1", say: Good., set: {tea: "{{ 1 }}"}, next: bye}
      exhausted: {next: bye}
  which:
    branch: [{when: tea == "x", next: bye}]
  more:
    call: {flow: other, with: {cups: 3}}
  bye:
    hangup: {say: Goodbye.}
""",
    "anytime: {help: {say: Help., next: bye}}",
)


def test_parts_are_found_by_what_the_model_says_they_are() -> None:
    found = {(part.what, ".".join(map(str, part.path))) for part in parts_of(loaded(TEXT).flow)}
    assert found == {
        ("prompt", "caller"),
        ("prompt", "noinput.0"),
        ("prompt", "nomatch.0"),
        ("target", "exhausted"),
        ("prompt", "anytime.help.say.0"),
        ("target", "anytime.help.next"),
        ("prompt", "steps.tea.menu.ask.0"),
        ("prompt", "steps.tea.menu.ask.1"),
        ("prompt", "steps.tea.menu.answers.yes.say"),
        ("values", "steps.tea.menu.answers.yes.set"),
        ("target", "steps.tea.menu.answers.yes.next"),
        ("target", "steps.tea.menu.exhausted.next"),
        ("expression", "steps.which.branch.0.when"),
        ("target", "steps.which.branch.0.next"),
        ("prompt", "steps.bye.hangup.say"),
    }


def test_a_part_knows_its_step_and_what_it_stands_in() -> None:
    parts = {part.path[-1]: part for part in parts_of(loaded(TEXT).flow) if part.step == "tea"}
    one = loaded(TEXT).flow.steps["tea"]
    assert one.menu is not None
    assert parts["say"].around == (one, one.menu.answers["yes"])
