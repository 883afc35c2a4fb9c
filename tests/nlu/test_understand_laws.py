"""What holds for all sentences, whatever is put around them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.nlu.sentences import LANGUAGES, YES_NO, heard, labelled
from voicebot.nlu.language_data import load_language
from voicebot.nlu.text import MOST_WORDS

OPT_OUTS = {name: [said for _, intent, said in labelled(name, "open") if intent == "opt_out"] for name in LANGUAGES}
AGREEING = {name: [said for _, intent, said in labelled(name, "yes_no") if intent == "yes"] for name in LANGUAGES}
FILLERS = {
    "en": ("um", "well", "please", "hello", "look here", "uh"),
    "zh": ("嗯", "那个那个", "你好", "呃", "哎呀"),
    "es": ("eh", "pues", "por favor", "hola", "mire", "bueno"),
}
MARKS = (".", "!", "?", "...", ",", "")
DENIALS = ("i would not say {}", "i can not say {}", "i did not say {}", "i never said {}")
SET_APART = {"no", "not", "say", "why", "without", "don't", "can't", "wouldn't", "go", "mind"}
"""Words of agreements that hold a negation already, which a second one undoes, or that begin a clause of their own."""


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)  # the first sentence pays for compiling the language
@given(data=st.data())
def test_opt_out_survives_what_is_put_around_it(language: str, data: st.DataObject) -> None:
    said = data.draw(st.sampled_from(OPT_OUTS[language]))
    before = data.draw(st.lists(st.sampled_from(FILLERS[language]), max_size=3))
    after = data.draw(st.lists(st.sampled_from(FILLERS[language]), max_size=2))
    mark, between = data.draw(st.sampled_from(MARKS)), data.draw(st.sampled_from(("", ",")))
    shape = data.draw(st.sampled_from((str.lower, str.upper, str.capitalize)))

    text = " ".join([*(word + between for word in before), shape(said) + mark, *after])

    assert heard(language, text).intent == "opt_out"


@settings(deadline=None)
@given(yes=st.sampled_from(AGREEING["en"]), denial=st.sampled_from(DENIALS))
def test_denied_agreement_is_never_agreement(yes: str, denial: str) -> None:
    assume(not SET_APART.intersection(yes.lower().split()))

    understood = heard("en", denial.format(yes), question=YES_NO)

    assert understood.option != "yes" or understood.uncertain


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(text=st.text(max_size=80))
def test_anything_can_be_heard(language: str, text: str) -> None:
    understood = heard(language, text)

    assert 0.0 <= understood.score <= 1.0
    assert (understood.intent == "none") or understood.candidates


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(data=st.data())
def test_words_of_the_language_in_any_order_can_be_heard(language: str, data: st.DataObject) -> None:
    vocabulary = sorted(load_language(language).automaton.vocabulary)
    words = data.draw(st.lists(st.sampled_from(vocabulary), max_size=25))

    assert heard(language, " ".join(words)) == heard(language, " ".join(words))


CRAFTED = (
    "a" * 10_000, "stop calling me " * 625, "don't i not " * 833, "别再打了不要" * 1666, "不" * 10_000, "😀" * 10_000,
    "\x00\x01" * 5_000, "1 2 3 " * 1_666, "you to me the my " * 588, "ﷺ" * 10_000, "stop 别打 " * 1_250, "a. " * 3_333,
    "bcdfgh " * 1_428, "é" * 10_000,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", CRAFTED, ids=range(len(CRAFTED)))
def test_work_does_not_grow_with_what_is_heard(language: str, text: str) -> None:
    understood = heard(language, text)

    assert len(understood.text.split()) <= MOST_WORDS


def test_an_opt_out_at_either_end_of_a_long_talk_is_heard() -> None:
    talk = "and so the weather at the lake was lovely all week long " * 60

    assert heard("en", f"stop calling me. {talk}").intent == "opt_out"
    assert heard("en", f"{talk}. stop calling me").intent == "opt_out"
