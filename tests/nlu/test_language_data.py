"""Language data is read from its text, and a fault in it is told by file and line."""

from __future__ import annotations

import pytest

from voicebot.errors import VoicebotError
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.language_data import language_data, language_text, load_language
from voicebot.nlu.meaning import Hypothesis, Question
from voicebot.nlu.understand import understand

HEAD = """\
language: toy
reach: 6
longest_gap: 2
shortest_stutter: 1
same: |
  don't => do not
fillers: um
doubled: ""
negating: not
not_negating: ""
handing_on: ""
subjects: i
ending: but
corrections: ""
untouchable: yes / no
sounds_alike: ""
rules:
  me: me | us
hints:
  yes: |
    fine
reported: |
  he said
intents:
"""
LINES = "".join(f"  {name}: |\n    mean {name.replace('_', ' ')}\n" for name in INTENTS if name != NONE)
TOY = HEAD + LINES


def test_language_can_be_made_of_a_text() -> None:
    toy = language_data(TOY)

    assert toy.name == "toy"
    assert understand([Hypothesis("I mean, um, wrong number")], toy, Question()).intent == "wrong_number"


def test_language_is_compiled_once_per_text() -> None:
    assert load_language("en") is load_language("en")
    assert load_language(TOY) is load_language(TOY)
    assert load_language(language_text("zh")).templates


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reach: 6", "reach: [", "this is not YAML"),
        ("reach: 6", "reach: six", "toy.yaml:2: reach is not a whole number: six."),
        ("reach: 6\n", "", "toy.yaml: these parts are missing: reach."),
        ("reach: 6", "reech: 6", 'toy.yaml:2: no part of a language is called "reech". Did you mean "reach"?'),
        ("reach: 6", "reach: 6\nreach: 7", 'toy.yaml:3: "reach" stands here twice.'),
        ("reach: 6", "reach: {a: b}", "toy.yaml:2: plain text is expected here."),
        ("  don't => do not", "  don't", "toy.yaml:6: a line of `same` is"),
        ("  don't => do not", "  dont => do not\n  dont => don", 'toy.yaml:7: "dont" is mapped above, too (line 6).'),
        ("fillers: um", "fillers: um / !", 'toy.yaml:7: "!" holds no word.'),
        ("mean opt out", "mean <mee>", "no rule above this line is called <mee>. Did you mean"),
        ("mean opt out", "mean (opt out", 'a part of this template is not closed by ")"'),
        ("mean opt out", "mean ) out", '")" stands where it means nothing.'),
        ("mean opt out", "[mean] [opt out]", "this template would match silence."),
        ("mean opt out", "mean no", '"mean no" stands on line 26, too.'),
        ("  opt_out: |", "  opt_oot: |", 'no intent is called "opt_oot". Did you mean "opt_out"?'),
        ("  goodbye: |\n    mean goodbye\n", "", "no template for: goodbye."),
        ("rules:\n  me: me | us", "rules: none", "names with their values are expected here."),
    ],
)
def test_fault_is_told_by_file_and_line(old: str, new: str, message: str) -> None:
    assert old in TOY

    with pytest.raises(VoicebotError) as caught:
        language_data(TOY.replace(old, new, 1), "toy.yaml")

    assert message in str(caught.value)
    assert str(caught.value).startswith("toy.yaml")


def test_a_list_is_no_language() -> None:
    with pytest.raises(VoicebotError, match="a language is a mapping of named parts"):
        language_data("- a\n- b\n")


def test_unknown_language_is_named_with_those_known() -> None:
    with pytest.raises(VoicebotError, match="known are en, es, zh"):
        load_language("ent")
