"""The voter's model belongs to its lines, and the same lines give the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.errors import VoicebotError
from voicebot.nlu.intents import LABELS
from voicebot.nlu.language_data import language_data, language_text
from voicebot.nlu.train import Line, digest_of, lines_of, names_of, read_lines, train
from voicebot.nlu.voter import as_text, model_path, read, shipped

MODELLED = ("en", "zh")
LINES = [
    Line("opt_out", "short", "stop calling me"),
    Line("opt_out", "short", "never call me again"),
    Line("yes", "short", "yes please"),
    Line("yes", "short", "yes of course"),
    Line("none", "smalltalk", "nice weather today", ("goodbye",)),
]
MOST_BYTES = 4_000_000


def test_same_lines_give_the_same_bytes() -> None:
    text = language_text("en")

    assert train(LINES, text) == train(list(LINES), text)
    assert train(LINES, text) != train(LINES[:-1], text)


@pytest.mark.parametrize("language", MODELLED)
def test_shipped_model_belongs_to_the_shipped_lines(language: str) -> None:
    voter = shipped(language)

    assert voter is not None
    assert voter.intents == LABELS
    assert voter.lines == digest_of(lines_of(language), language_text(language)), "run python -m voicebot.nlu.train"
    assert model_path(language).stat().st_size < MOST_BYTES


@pytest.mark.parametrize("language", MODELLED)
def test_no_line_stands_twice(language: str) -> None:
    texts = [line.text for line in lines_of(language)]

    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("language", MODELLED)
def test_every_label_has_lines_of_several_authors(language: str) -> None:
    for label in LABELS:
        assert len({line.author for line in lines_of(language) if line.label == label}) > 2


def test_a_trained_voter_knows_its_lines_and_says_why() -> None:
    text = language_text("en")
    voter = read(as_text(train(LINES, text)))

    for line in LINES:
        votes = voter.votes(names_of(line, language_data(text)))
        assert max(votes.shares, key=lambda intent: votes.shares[intent]) == line.label
        assert sum(votes.shares.values()) == pytest.approx(1)
        assert votes.reasons(line.label) != "voter"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("yes\tshort", "a line is label, kind, text"),
        ("yes\tshort\t ", "a line is label, kind, text"),
        ("yess\tshort\tyes", 'no label is called "yess"'),
        ("yes\tshort\tyes\tmaybee", 'no label is called "maybee"'),
    ],
)
def test_faulty_line_is_told_with_its_place(tmp_path: Path, row: str, problem: str) -> None:
    file = tmp_path / "someone.tsv"
    file.write_text(f"no\tshort\tno\n{row}\n", encoding="utf-8")

    with pytest.raises(VoicebotError) as caught:
        list(read_lines(file))

    assert problem in str(caught.value)
    assert f"{file}:2" in str(caught.value)


@pytest.mark.parametrize("text", ["", "bm9uZQ==", "not base 64"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(VoicebotError, match="these bytes are none"):
        read(text)
