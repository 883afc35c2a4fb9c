"""Questions, options, hypotheses, doubt: what `understand` does with the meanings it finds."""

from __future__ import annotations

import pytest

from tests.nlu.sentences import YES_NO, heard
from voicebot.nlu.meaning import Option, Question

OFFER = Question(
    "choice",
    options=(
        Option("want", ("yes", "interested"), ("the blue one", "[the] big filter")),
        Option("decline", ("no", "not_interested")),
    ),
    intents=("opt_out", "repeat"),
)


def test_silence_is_nothing() -> None:
    understood = heard("en", question=OFFER)

    assert (understood.intent, understood.candidates, understood.text) == ("none", (), "")


def test_noise_is_nothing_and_tells_what_was_heard() -> None:
    understood = heard("en", "The purple, giraffe!")

    assert (understood.intent, understood.text) == ("none", "the purple giraffe")


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("yes please", "want"),
        ("i'm interested", "want"),
        ("no", "decline"),
        ("not interested", "decline"),
        ("i don't need it", "decline"),
        ("the blue one", "want"),
        ("i'd take the big filter", "want"),
        ("big filter please", "want"),
        ("what is the capital of peru", None),
        ("say that again", None),
    ],
)
def test_option_of_an_answer(said: str, option: str | None) -> None:
    assert heard("en", said, question=OFFER).option == option


def test_phrase_of_the_author_under_a_negation_does_not_count() -> None:
    assert heard("en", "i do not want the blue one", question=OFFER).option != "want"


def test_phrase_of_the_author_in_chinese() -> None:
    question = Question("choice", options=(Option("red", phrases=("红色",)), Option("blue", phrases=("蓝色",))))

    assert heard("zh", "要那个蓝色的", question=question).option == "blue"


def test_opt_out_goes_before_what_the_question_listens_for() -> None:
    understood = heard("en", "yes i am interested but stop calling me", question=OFFER)

    assert understood.intent == "opt_out"
    assert understood.option is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_opt_out_in_any_hypothesis_is_a_candidate(language: str) -> None:
    texts = ("yes i am", "stop calling me") if language == "en" else ("是的", "别再打了")

    understood = heard(language, *texts, question=YES_NO)

    assert "opt_out" in [candidate.intent for candidate in understood.candidates]
    assert understood.uncertain


def test_low_confidence_makes_an_answer_doubtful_but_not_an_opt_out() -> None:
    assert heard("en", "yes", question=YES_NO, confidence=0.2).uncertain
    assert not heard("en", "yes", question=YES_NO, confidence=0.9).uncertain
    assert not heard("en", "stop calling me", question=YES_NO, confidence=0.2).uncertain


def test_hypotheses_that_contradict_each_other_are_doubtful() -> None:
    understood = heard("en", "yes", "no", question=YES_NO)

    assert understood.uncertain
    assert {candidate.intent for candidate in understood.candidates} == {"yes", "no"}


def test_first_hypothesis_that_means_something_is_taken() -> None:
    assert heard("en", "the giraffe", "wrong number").intent == "wrong_number"


def test_yes_and_no_together_are_doubtful() -> None:
    assert heard("en", "yes no", question=YES_NO).uncertain


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("yes i mean no", "no"),
        ("no i mean yes", "yes"),
        ("yes actually no", "no"),
        ("no wait yes", "yes"),
        ("yes no wait no", "no"),
    ],
)
def test_what_was_taken_back_does_not_count(said: str, intent: str) -> None:
    understood = heard("en", said, question=YES_NO)

    assert (understood.intent, understood.uncertain) == (intent, False)


def test_a_reason_says_more_than_no() -> None:
    assert heard("en", "no it's too expensive").intent == "too_expensive"


def test_a_reason_counts_as_its_broader_meaning_where_nothing_listens_for_it() -> None:
    understood = heard("en", "it's too expensive", question=OFFER)

    assert (understood.intent, understood.option) == ("not_interested", "decline")
    assert "too_expensive is not_interested here" in understood.candidates[0].rule


def test_rule_names_template_and_line() -> None:
    rule = heard("en", "stop calling").candidates[0].rule

    assert rule.startswith("en.yaml:")
    assert int(rule.split(":")[1].split(" ")[0]) > 0


def test_rule_names_repair_and_negation() -> None:
    assert "repair: cooling->calling" in heard("en", "stop cooling me").candidates[0].rule
    assert "negated yes" in heard("en", "i would never claim that is right", question=YES_NO).candidates[0].rule


@pytest.mark.parametrize(
    ("language", "said", "intent"),
    [
        ("en", "stop wringing me", "opt_out"),
        ("en", "please sees calling me", "opt_out"),
        ("en", "can you re peat that", "repeat"),
        ("en", "speak to a gent", "speak_to_agent"),
        ("en", "leave a massage after the tone", "voicemail"),
        ("en", "i want to make a complant", "complaint"),
        ("zh", "别在打了", "opt_out"),
        ("zh", "我要退定", "opt_out"),
        ("zh", "不敢兴趣", "not_interested"),
        ("zh", "你是水", "who_is_calling"),
    ],
)
def test_broken_words_are_mended(language: str, said: str, intent: str) -> None:
    assert heard(language, said).intent == intent


@pytest.mark.parametrize("said", ["know", "knot", "now", "note", "i know", "snow"])
def test_no_mend_makes_an_answer(said: str) -> None:
    assert heard("en", said, question=YES_NO).intent not in ("yes", "no")
