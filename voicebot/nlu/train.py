"""`python -m voicebot.nlu.train en zh`: the voter's model, from the lines in `lines/<language>/`.

Rule: the same lines, templates and features give the same bytes; nothing here is left to chance.
Each line is `label, kind, text` and, where other labels are right as well, those, with tabs between them.
Each file is one author's. The lines of `known.tsv` were written beside the templates, so what templates find in
them proves nothing.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.nlu import voter
from voicebot.nlu.features import evidence, features
from voicebot.nlu.found import find
from voicebot.nlu.intents import LABELS
from voicebot.nlu.language_data import LanguageData, language_data, language_text
from voicebot.nlu.meaning import Question
from voicebot.nlu.negation import outer_negations
from voicebot.nlu.voter import Floats, Vocabulary

LINES = Path(__file__).with_name("lines")
KNOWN = "known"

_RIDGE, _LEVEL = 0.5, 0.3
"""How much weights are held back, and how freely the general level of each label moves (authors left out)."""

_ALSO = 0.25
"""The share of a line that its other right labels get."""

_ROUNDS = 120
"""Steps of conjugate gradients; more change no vote. A third of them costs one line in a hundred, on others' lists."""

_COMMON = 2
"""A feature that fewer lines have is left out. To keep but half of the others cost two lines in a hundred, on lists of
authors who are not trained from."""


@dataclass(frozen=True)
class Line:
    """One labelled utterance, and which author (file) it comes from."""

    label: str
    kind: str
    text: str
    also: tuple[str, ...] = ()
    author: str = ""


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of one author. A fault raises `VoicebotError` with its line."""
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        label, *rest = row.split("\t")
        if len(rest) not in (2, 3) or not rest[1].strip():
            raise VoicebotError(Place(str(path), number), "a line is label, kind, text and perhaps other labels.")
        also = tuple(rest[2].split(",")) if len(rest) == 3 else ()
        for name in (label, *also):
            if name not in LABELS:
                raise VoicebotError(
                    Place(str(path), number), f'no label is called "{name}".', did_you_mean(name, LABELS)
                )
        yield Line(label, rest[0], rest[1], also, path.stem)


def lines_of(name: str) -> list[Line]:
    """Every line of a language, author by author."""
    return [line for path in sorted((LINES / name).glob("*.tsv")) for line in read_lines(path)]


def digest_of(lines: Iterable[Line], language: str) -> str:
    """What a model belongs to: its lines and the YAML text of its language."""
    told = "\n".join(repr(line) for line in lines)
    return hashlib.sha256(f"{told}\n{language}".encode()).hexdigest()


def names_of(line: Line, language: LanguageData) -> list[str]:
    """The features of a line."""
    utterance = language.spelling.utterance(line.text)
    if not utterance.words:
        return []
    negations = outer_negations(utterance, language.negation)
    names = features(utterance, negations)
    if line.author != KNOWN:
        names += evidence(find(utterance, negations, language, Question()))
    return names


def train(lines: Sequence[Line], text: str) -> bytes:
    """The model of the language that the YAML `text` describes, from these lines."""
    language = language_data(text)
    told = [names_of(line, language) for line in lines]
    vocabulary = _vocabulary(told)
    table = _Table([vocabulary.amounts(one)[1:] for one in told], vocabulary)
    share = _solved(table, _wanted(lines))
    weights = table.spread(share) * np.sqrt(vocabulary.rarity)[:, None]
    return voter.written(LABELS, vocabulary, weights, _LEVEL * share.sum(axis=0), digest_of(lines, text))


def _vocabulary(told: Sequence[Sequence[str]]) -> Vocabulary:
    """Every feature that is common enough."""
    lines_with = Counter(name for one in told for name in one)
    names = {voter.code_of(name): name for name, lines in lines_with.items() if lines >= _COMMON}
    codes = sorted(names)
    rarity = [
        1.0 if names[code][0] in voter.UNSCALED else _rarity(lines_with[names[code]], len(told)) for code in codes
    ]
    return Vocabulary(np.array(codes, np.uint64), np.array(rarity, np.float32), _rarity(1, len(told)))


def _rarity(lines_with: int, lines: int) -> float:
    return float((np.log((1 + lines) / (1 + lines_with)) + 1) ** 2)


def _wanted(lines: Sequence[Line]) -> Floats:
    wanted = np.zeros((len(lines), len(LABELS)), dtype=np.float32)
    for row, line in enumerate(lines):
        also = [name for name in line.also if name != line.label]
        wanted[row, LABELS.index(line.label)] = 1 - _ALSO * bool(also)
        for name in also:
            wanted[row, LABELS.index(name)] = _ALSO / len(also)
    return wanted


class _Table:
    """Which line has how much of which feature; multiplied from either side in pieces that fit a processor's cache."""

    def __init__(self, amounts: Sequence[tuple[NDArray[np.intp], Floats]], vocabulary: Vocabulary) -> None:
        self._lines = len(amounts)
        line = np.repeat(np.arange(self._lines), [len(places) for places, _ in amounts])
        place = np.concatenate([places for places, _ in amounts])
        amount = np.concatenate([amount for _, amount in amounts])
        amount *= np.sqrt(vocabulary.rarity)[place]
        self._by_line = _Sums(line, place, amount, self._lines)
        turned = np.argsort(place, kind="stable")
        self._by_feature = _Sums(place[turned], line[turned], amount[turned], len(vocabulary.rarity))

    def spread(self, shares: Floats) -> Floats:
        """For each feature the sum of its lines' shares."""
        return self._by_feature.of(shares)

    def likeness(self, shares: Floats) -> Floats:
        """For each line the sum of all lines' shares, by how much they have in common with it."""
        likeness: Floats = self._by_line.of(self.spread(shares)) + _LEVEL * shares.sum(axis=0) + _RIDGE * shares
        return likeness


class _Sums:
    """Sums of rows of a matrix, weighted: a sparse product without a library for it."""

    def __init__(self, target: NDArray[np.intp], source: NDArray[np.intp], amount: Floats, targets: int) -> None:
        self._source, self._amount, self._targets = source, amount[:, None], targets
        self._rows, self._starts = np.unique(target, return_index=True)

    def of(self, rows: Floats) -> Floats:
        result = np.zeros((self._targets, rows.shape[1]), dtype=np.float32)
        for first in range(0, len(self._rows), _PIECE):
            starts = self._starts[first : first + _PIECE]
            last = first + _PIECE
            end = self._starts[last] if last < len(self._starts) else len(self._source)
            piece = slice(starts[0], end)
            summed = np.add.reduceat(rows[self._source[piece]] * self._amount[piece], starts - starts[0], axis=0)
            result[self._rows[first:last]] = summed
        return result


_PIECE = 128


def _solved(table: _Table, wanted: Floats) -> Floats:
    """The lines' shares whose likeness is what is wanted: ridge regression by conjugate gradients."""
    share = np.zeros_like(wanted)
    rest, step = wanted.copy(), wanted.copy()
    size = (rest * rest).sum(axis=0)
    for _ in range(_ROUNDS):
        reached = table.likeness(step)
        length = size / np.maximum((step * reached).sum(axis=0), _TINY)
        share += length * step
        rest -= length * reached
        before, size = size, (rest * rest).sum(axis=0)
        step = rest + size / np.maximum(before, _TINY) * step
    return share


_TINY = 1e-12


def main(names: Sequence[str]) -> None:
    """Train the languages named and write their models beside their YAML."""
    for name in names:
        model = train(lines_of(name), language_text(name))
        voter.model_path(name).write_bytes(model)
        print(f"{name}: {len(model):,} bytes")  # noqa: T201  (what this command is for)


if __name__ == "__main__":
    main(sys.argv[1:])
