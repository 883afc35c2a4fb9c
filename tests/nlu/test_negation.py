"""How far a negation reaches."""

from __future__ import annotations

import pytest

from voicebot.nlu.language_data import load_language
from voicebot.nlu.negation import outer_negations


@pytest.mark.parametrize(
    ("language", "text", "word", "times"),
    [
        ("en", "i am interested", "interested", 0),
        ("en", "i am not interested", "interested", 1),
        ("en", "i'm not not interested", "interested", 2),
        ("en", "i wouldn't say i'm not interested", "interested", 2),
        ("en", "i don't think i am interested", "interested", 1),
        ("en", "not now. i am interested", "interested", 0),
        ("en", "not now but i am interested", "interested", 0),
        ("en", "not for me i am interested", "interested", 0),
        ("en", "not tomorrow not friday call", "call", 0),
        ("en", "i can't talk now call me", "call", 0),
        ("en", "i do not want you to call", "call", 1),
        ("en", "that's not a problem call", "call", 0),
        ("en", "why not interested", "interested", 0),
        ("zh", "我不想要", "要", 1),
        ("zh", "我不是不想要", "要", 2),
        ("zh", "没问题我要", "要", 0),
        ("zh", "明天别打后天打", "天", 0),
        ("zh", "能不能要", "要", 0),
    ],
)
def test_negations_that_reach_a_word(language: str, text: str, word: str, times: int) -> None:
    data = load_language(language)
    utterance = data.spelling.utterance(text)
    place = max(place for place, found in enumerate(utterance.words) if found == word)

    assert outer_negations(utterance, data.negation)[place] == times


def test_negation_does_not_reach_for_ever() -> None:
    data = load_language("en")
    utterance = data.spelling.utterance("not a b c d e f g h interested")

    assert outer_negations(utterance, data.negation)[-1] == 0


def test_a_meaning_cannot_begin_inside_a_phrase_that_only_looks_negated() -> None:
    data = load_language("zh")

    assert data.negation.inside_harmless(data.spelling.utterance("能不能找").words) == {1, 2}
