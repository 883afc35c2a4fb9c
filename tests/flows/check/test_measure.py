from __future__ import annotations

import pytest

from tests.flows.texts import codes, flow
from voicebot.flows.pace import seconds

OPENING = "This is {{ caller }}. To opt out press {{ opt_out_key | key }}."
BYE = "  bye:\n    hangup: {say: Goodbye., outcome: completed}\n"


def _question(words: str, answers: str = '{yes: {keys: "1", hear: yes}, no: {keys: "2", hear: no}}') -> str:
    return f'  ask:\n    menu: {{ask: "{words}", answers: {answers}}}\n'


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("one two three four five six seven eight nine ten", "en-US", 3.53),
        ("It's 3:30, isn't it?", "en-US", 1.41),
        ("", "en-US", 0),
        ("您好，我是泉林净水的智能语音助手。", "zh-CN", 3.10),
        ("请按1。", "zh-CN", 0.62),
    ],
)
def test_seconds(text: str, language: str, expected: float) -> None:
    assert seconds(text, language) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("words", "expected"), [(24, []), (40, ["late-choice"])])
def test_the_first_choice_comes_in_time(words: int, expected: list[str]) -> None:
    say = f'  hello:\n    say: "{OPENING} {"word " * words}"\n'
    assert codes(flow(say + _question("Tea?") + BYE)) == expected


def test_only_the_first_choice_is_timed() -> None:
    later = _question("word " * 60).replace("ask:\n", "later:\n", 1)
    assert codes(flow(_question(OPENING) + later + BYE)) == []


def test_the_slowest_of_several_ways_to_the_first_choice_counts() -> None:
    steps = f"""
  hour:
    branch: [{{when: now.hour < 12, next: ask}}]
  long:
    say: "{OPENING} {"word " * 50}"
"""
    assert codes(flow(steps + _question(OPENING) + BYE)) == ["late-choice"]


def test_five_choices_by_key_are_enough_and_words_are_not_counted() -> None:
    five = ", ".join(f'a{n}: {{keys: "{n}"}}' for n in range(1, 6))
    assert codes(flow(_question(OPENING, f"{{{five}, other: {{hear: maybe}}}}") + BYE)) == []
    assert codes(flow(_question(OPENING, f'{{{five}, other: {{keys: "6"}}}}') + BYE)) == ["too-many-choices"]


def test_more_phrases_than_the_recognizer_takes() -> None:
    numbers = [f"tea {chr(97 + n // 26)}{chr(97 + n % 26)}{chr(97 + n % 7)}x" for n in range(501)]
    answers = f'{{yes: {{keys: "1", phrases: {{en-US: [{", ".join(numbers)}]}}}}}}'
    assert "hint-limit" in codes(flow(_question(OPENING, answers) + BYE))
    keys_only = _question(OPENING, answers).replace("menu: {", "menu: {settings: {input: keys}, ")
    assert codes(flow(keys_only + BYE)) == []


def test_what_is_spoken_without_a_question_goes_into_one_document() -> None:
    leaf = f"facts: {{leaf: {'x' * 1000}}}"
    say = '  s{}:\n    say: "' + "{{{{ leaf }}}}" * 40 + '"\n'
    assert codes(flow(_question(OPENING) + say.format(1) + BYE, leaf)) == []
    assert codes(flow(_question(OPENING) + say.format(1) + say.format(2) + BYE, leaf)) == ["too-long"]
