from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.texts import codes, flow, loaded
from voicebot.errors import VoicebotError
from voicebot.flows.check import check_flow, check_paths

QUESTION = """
  tea:
    menu:
      ask: This is {{ caller }}. To opt out press {{ opt_out_key | key }}. Do you drink tea?
      answers:
        yes: {keys: "1", next: bye}
        no: {keys: "2", next: bye}
"""
BYE = """
  bye:
    hangup: {say: Goodbye., outcome: completed}
"""


def test_a_sound_flow_has_no_findings() -> None:
    assert codes(flow(QUESTION + BYE)) == []


def test_the_opt_out_key_of_the_centre_is_no_answer() -> None:
    one = loaded(flow(QUESTION + BYE, "anytime: {repeat: {keys: ['2']}}"))
    findings = check_flow(one, {}, opt_out_key="2")
    assert [finding.code for finding in findings] == ["opt-out-key", "key-clash", "opt-out-key"]
    assert 'has the key "2" for "no", and 2 is the key that opts out.' in findings[-1].problem


def test_a_finish_key_of_the_question_settles_a_key_prefix() -> None:
    prefixed = QUESTION.replace('keys: "2"', 'keys: "10"')
    assert codes(flow(prefixed + BYE)) == ["key-prefix"]
    assert codes(flow(prefixed.replace("answers:", "settings: {finish_key: '#'}\n      answers:") + BYE)) == []


def test_a_counted_loop_is_no_issue() -> None:
    loop = """
  begin:
    set: {tries: 0}
  again:
    say: This is {{ caller }}. To opt out press {{ opt_out_key | key }}.
    set: {tries: "{{ tries | int + 1 }}"}
  enough:
    branch:
      - {when: tries | int >= 3, next: bye}
      - {next: again}
"""
    assert codes(flow(loop + BYE)) == []
    assert codes(flow(loop.replace("- {when: tries | int >= 3, next: bye}", "- {when: 1 > 2, next: bye}") + BYE)) == [
        "uncounted-loop"
    ]


PAYMENT = """
  who:
    menu:
      ask: This is {{ caller }}. To opt out press {{ opt_out_key | key }}. Is this {{ name }}?
      answers:
        yes: {keys: "1", identity: confirmed, next: owed}
        no: {keys: "2", identity: denied, next: bye}
  owed:
    say: You owe {{ debt | money }}.
"""
DEBT = "needs: {name: {example: Ann}, debt: {type: money, private: true, example: 20}}"


def test_private_fields_may_be_spoken_once_identity_is_confirmed() -> None:
    assert codes(flow(PAYMENT + BYE, DEBT)) == []
    assert codes(flow(PAYMENT.replace("next: bye", "next: owed") + BYE, DEBT)) == ["private-field"]
    said_back = PAYMENT.replace("next: owed", 'say: "{{ debt | money }}, then.", next: owed')
    assert codes(flow(said_back + BYE, DEBT)) == []


def test_private_fields_may_not_be_spoken_at_any_time() -> None:
    anytime = 'anytime: {how_much: {say: "{{ debt | money }}."}}'
    assert codes(flow(PAYMENT + BYE, f"{DEBT}\n{anytime}")) == ["private-field"]


def test_denying_takes_back_what_was_confirmed() -> None:
    again = """
  sure:
    menu:
      ask: Are you really?
      answers:
        yes: {keys: "1", next: owed_again}
        no: {keys: "2", identity: denied, next: owed_again}
  owed_again:
    say: You owe {{ debt | money }}.
"""
    found = check_flow(loaded(flow(PAYMENT + again + BYE, DEBT)), {})
    assert [finding.code for finding in found] == ["private-field"]
    assert "on the way owed_again." in found[0].problem


@pytest.mark.parametrize(
    ("goodbye", "expected"),
    [
        ("{{ cups }} cups.", ["missing-variable"]),
        ("{{ cups | default('some') }} cups.", []),
        ("{% if cups is defined %}{{ cups }} cups.{% endif %}", []),
    ],
)
def test_a_variable_must_be_set_on_every_way(goodbye: str, expected: list[str]) -> None:
    cups = (
        QUESTION.replace("next: bye", "next: cups", 1) + "  cups:\n    collect: {slot: cups, type: number, ask: Cups?}"
    )
    assert codes(flow(cups + BYE.replace("Goodbye.", f'"{goodbye}"'))) == expected


def test_an_optional_field_may_be_asked_after() -> None:
    need = "needs: {city: {required: false, example: Rome}}"
    asked = '"Goodbye{% if city %}, greet {{ city }}{% endif %}."'
    assert codes(flow(QUESTION + BYE.replace("Goodbye.", asked), need)) == []


PART = """
  who:
    menu:
      ask: This is {{ caller }}. To opt out press {{ opt_out_key | key }}. Is this you?
      answers:
        yes: {keys: "1", identity: confirmed, set: {cups: 3}, next: return}
        no: {keys: "2", next: DENIED}
      exhausted: {next: leave}
  leave:
    hangup:
"""


def test_a_called_flow_sets_and_confirms_for_its_caller() -> None:
    steps = "  ask:\n    call: {flow: ask}\n  price:\n    say: '{{ cups }}, {{ debt | money }}'" + BYE
    caller = loaded(flow(steps, DEBT))
    careless, careful = (
        loaded(flow(PART.replace("DENIED", target), name="ask").replace("exhausted: bye", ""), "ask.yaml")
        for target in ("return", "leave")
    )
    found = check_flow(caller, {"ask": careless})
    assert [finding.code for finding in found] == ["missing-variable", "private-field"]
    assert all("on the way ask > who > price." in finding.problem for finding in found)
    assert check_flow(caller, {"ask": careful}) == []


def test_a_return_is_right_where_another_flow_calls() -> None:
    told = flow(QUESTION + "  back:\n    goto: return" + BYE, name="told").replace("next: bye", "next: back")
    caller = loaded(flow("  call:\n    call: {flow: told}" + BYE))
    assert codes(told) == ["no-caller"]
    assert check_flow(loaded(told, "told.yaml"), {"main": caller}) == []


def test_a_return_is_right_where_a_flow_that_cannot_be_loaded_calls(tmp_path: Path) -> None:
    returning = QUESTION.replace('"2", next: bye', '"2", next: return')
    (tmp_path / "sound.yaml").write_text(flow(returning + BYE, name="sound"), encoding="utf-8")
    (tmp_path / "caller.yaml").write_text("steps: {about: {call: {flow: sound}}", encoding="utf-8")
    assert [found.code for found in check_paths([tmp_path / "sound.yaml"])] == []
    (tmp_path / "caller.yaml").unlink()
    assert "no-caller" in [found.code for found in check_paths([tmp_path / "sound.yaml"])]


def test_the_opening_may_take_two_prompts_and_several_ways() -> None:
    ways = """
  hour:
    branch:
      - {when: now.hour < 12, next: morning}
      - {next: day}
  morning:
    say: Good morning, this is {{ caller }}.
    next: offer
  day:
    say: Hello.
    next: offer
  offer:
    say: To opt out press {{ opt_out_key | key }}.
"""
    found = check_flow(loaded(flow(ways + BYE)), {})
    assert [(finding.code, finding.problem.split()[1]) for finding in found] == [("nobody-named", '"day"')]


def test_check_paths_takes_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(flow(QUESTION + BYE), encoding="utf-8")
    (tmp_path / "other.yaml").write_text("spec: 1\n", encoding="utf-8")
    assert check_paths([tmp_path / "main.yaml"]) == []
    assert {Path(finding.place.file).name for finding in check_paths([tmp_path])} == {"other.yaml"}


def test_check_paths_names_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(VoicebotError, match=r"the folder has no flow \(\*\.yaml\)\. Name a flow or its folder\."):
        check_paths([tmp_path])
    with pytest.raises(VoicebotError, match=r"nowhere\.yaml: the file cannot be read: No such file"):
        check_paths([tmp_path / "nowhere.yaml"])
