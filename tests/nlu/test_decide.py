"""Which meaning is taken when templates and the voter speak for different ones."""

from __future__ import annotations

import pytest

from tests.nlu.sentences import heard
from voicebot.nlu.decide import DOUBTFUL, OPT_OUT_PERHAPS, OPT_OUT_SURE, SURE, candidates, is_close
from voicebot.nlu.found import Findings, find
from voicebot.nlu.intents import LABELS
from voicebot.nlu.language_data import load_language
from voicebot.nlu.meaning import Candidate, Option, Question
from voicebot.nlu.negation import outer_negations
from voicebot.nlu.voter import Votes

ASKED = "how much is it and where is the purple giraffe"
YES_NO = Question("yes_no", (Option("yes", ("yes",)), Option("no", ("no",))))


def votes(**shares: float) -> Votes:
    """Votes with these shares; what is left over is shared by the rest."""
    rest = (1 - sum(shares.values())) / (len(LABELS) - len(shares))
    return Votes({label: shares.get(label, rest) for label in LABELS})


def findings(said: str, question: Question = YES_NO) -> Findings:
    """What the English templates find."""
    language = load_language("en")
    utterance = language.spelling.utterance(said)
    return find(utterance, outer_negations(utterance, language.negation), language, question)


def taken(said: str, voted: Votes, question: Question = YES_NO) -> tuple[Candidate, ...]:
    """The candidates for words and votes."""
    return candidates(findings(said, question), voted, question)


def test_template_that_reads_every_word_decides() -> None:
    assert taken("no", votes(yes=0.9))[0].intent == "no"


def test_voter_decides_where_templates_are_silent() -> None:
    assert taken("purple giraffe", votes(complaint=0.8))[0].intent == "complaint"


def test_phrase_of_the_author_decides() -> None:
    question = Question("choice", (Option("pets", phrases=("purple giraffe",)),))

    assert taken("i have a purple giraffe", votes(complaint=0.8), question)[0].option == "pets"


@pytest.mark.parametrize(
    ("share", "first", "doubtful"),
    [(OPT_OUT_PERHAPS - 0.05, "complaint", False), (OPT_OUT_SURE - 0.05, "complaint", True),
     (OPT_OUT_SURE + 0.05, "opt_out", True), (0.9, "opt_out", False)],
)  # fmt: skip
def test_opt_out_needs_less_than_the_others(share: float, first: str, doubtful: bool) -> None:
    ranked = taken("purple giraffe", votes(opt_out=share, complaint=(1 - share) * 0.9), Question())

    assert ranked[0].intent == first
    assert is_close(ranked, 0.0) is doubtful


def test_a_refusal_found_is_not_outvoted_by_an_agreement() -> None:
    assert taken("no way purple giraffe", votes(yes=SURE / 3))[0].intent == "no"


def test_an_agreement_that_the_voter_is_sure_of_is_doubtful_beside_a_refusal_found() -> None:
    ranked = taken("no way purple giraffe", votes(yes=0.9))

    assert ranked[0].intent == "yes"
    assert is_close(ranked, 0.0)


def test_a_yes_under_a_negation_that_nothing_explains_is_doubtful() -> None:
    ranked = taken("never purple giraffe", votes(yes=0.9))

    assert ranked[0].intent == "yes"
    assert is_close(ranked, 0.0)


def test_meaning_that_only_templates_know_stands_for_its_broader_one() -> None:
    listens = Question("choice", (Option("price", ("how_much",)),))

    assert taken(ASKED, votes(interested=0.9), listens)[0].intent == "how_much"
    assert taken(ASKED, votes(interested=0.9))[0].intent == "interested"
    assert taken(ASKED, votes(complaint=0.9), listens)[0].intent == "complaint"


def test_a_question_for_yes_or_no_makes_them_likelier() -> None:
    near = votes(yes=0.3, none=0.4)

    assert taken("purple giraffe", near, Question())[0].intent == "none"
    assert taken("purple giraffe", near)[0].intent == "yes"


def test_reasons_of_the_voter_are_told() -> None:
    assert "voter: " in heard("en", "my ears are burning from all this ringing of yours").candidates[0].rule


def test_what_is_listened_for_goes_before_what_is_not_unless_it_is_worse_found() -> None:
    assert heard("zh", "再说", question=YES_NO).intent == "maybe"


def test_an_opt_out_that_is_not_likely_is_never_the_first() -> None:
    ranked = taken("purple giraffe", votes(opt_out=OPT_OUT_SURE - 0.05), Question())

    assert ranked[0].intent != "opt_out"
    assert is_close(ranked, 0.0)


def test_what_is_but_little_likely_is_asked_about() -> None:
    assert is_close(taken("purple giraffe", votes(complaint=DOUBTFUL - 0.05), Question()), 0.0)
    assert not is_close(taken("purple giraffe", votes(complaint=DOUBTFUL + 0.3), Question()), 0.0)
