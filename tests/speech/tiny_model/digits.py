"""A model of the ten digits, trained within seconds, on takes of people who speak them.

Frames are learnt one by one (no alignment is searched for): each take is cut into as many equal parts as a word has
phones, and what is around it is silence.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.speech.tiny_model import PHONES_PER_WORD, assemble, features
from tests.speech.tiny_model.kaldi import Affine, Rectifier, acoustic_model
from tests.speech.tiny_model.mfcc import RATE, SHIFT, WINDOW, Frames, cepstra

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CONTEXT = tuple(range(-12, 13, 3))
"""The frames that the network sees, of 10 ms each, about the one that it judges."""

OUTPUTS = 1 + len(DIGITS) * PHONES_PER_WORD
HIDDEN = 96
ROUNDS, BATCH, STEP = 6, 512, 4e-3
SCALE = 0.25
"""What scores of a network that judges single frames are multiplied with: neighbours say the same twice."""

Samples = NDArray[np.float32]
Weights = list[NDArray[np.float32]]


@dataclass(frozen=True)
class Take:
    """One digit said by one speaker."""

    digit: int
    speaker: str
    number: int
    samples: Samples


def takes(folder: Path) -> list[Take]:
    """All takes of a folder of `{digit}_{speaker}_{number}.wav`, 8,000 samples a second."""
    found = []
    for path in sorted(folder.glob("*_*_*.wav")):
        digit, speaker, number = path.stem.split("_")
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32)
        found.append(Take(int(digit), speaker, int(number), samples))
    return found


def train(given: Sequence[Take], seed: int = 0) -> str:
    """The text of final.mdl, learnt from takes."""
    chance = np.random.default_rng(seed)
    material = [_example(some, chance) for some in _groups(given, chance)]
    inputs = np.concatenate([_context(frames) for frames, _ in material])
    labels = np.concatenate([labels for _, labels in material])
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-3
    weights = _learn((inputs - mean) / spread, labels, chance)
    return acoustic_model(range(OUTPUTS), _layers(weights, mean, spread, labels), CONTEXT)


def write(folder: Path, network: str) -> Path:
    """Write the model with this network into `folder` and give the folder back."""
    return assemble(folder, list(DIGITS), network, features(RATE) | {"cepstral-lifter": 0}, scale=SCALE)


# --- what is learnt from --------------------------------------------------------------------------------------------


def _groups(given: Sequence[Take], chance: np.random.Generator) -> Iterator[list[Take]]:
    """Every take alone, and every take once more among three others of its speaker."""
    yield from ([take] for take in given)
    for speaker in sorted({take.speaker for take in given}):
        own = [take for take in given if take.speaker == speaker]
        order = chance.permutation(len(own))
        yield from ([own[place] for place in order[begin : begin + 4]] for begin in range(0, len(own), 4))


def _example(some: list[Take], chance: np.random.Generator) -> tuple[Frames, NDArray[np.int64]]:
    """The frames of takes with silence around them, and for each third frame what it is; louder or softer, in noise."""
    pieces: list[NDArray[np.floating]] = [np.zeros(int(chance.uniform(0.1, 0.5) * RATE))]
    marks = []
    for take in some:
        begin = sum(map(len, pieces))
        marks.append((begin, begin + len(take.samples), take.digit))
        pieces += [take.samples, np.zeros(int(chance.uniform(0.0, 0.3) * RATE))]
    sound = np.concatenate([*pieces, np.zeros(int(0.3 * RATE))]) * 10 ** chance.uniform(-0.6, 0.3)
    sound += chance.standard_normal(len(sound)) * 10 ** chance.uniform(-2.0, 1.7)
    frames = cepstra(np.rint(sound))  # the softest noise is none at all, as on a digital line
    middles = np.arange(0, len(frames), 3) * SHIFT + WINDOW // 2
    labels = np.zeros(len(middles), dtype=np.int64)
    for begin, end, digit in marks:
        inside = (middles >= begin) & (middles < end)
        part = ((middles[inside] - begin) * PHONES_PER_WORD) // (end - begin)
        labels[inside] = 1 + digit * PHONES_PER_WORD + part
    return frames, labels


def _context(frames: Frames) -> Frames:
    """Every third frame with those about it; beyond both ends the first and the last go on."""
    places = np.arange(0, len(frames), 3)[:, None] + np.array(CONTEXT)[None, :]
    return np.asarray(frames[np.clip(places, 0, len(frames) - 1)].reshape(len(places), -1))


# --- learning -------------------------------------------------------------------------------------------------------


def _learn(inputs: Frames, labels: NDArray[np.int64], chance: np.random.Generator) -> Weights:
    """Two hidden layers by Adam on the cross-entropy of frames."""
    widths = [inputs.shape[1], HIDDEN, HIDDEN, OUTPUTS]
    weights: Weights = []
    for before, after in pairwise(widths):
        weights.append((chance.standard_normal((before, after)) * np.sqrt(2 / before)).astype(np.float32))
        weights.append(np.zeros(after, dtype=np.float32))
    moments = [(np.zeros_like(one), np.zeros_like(one)) for one in weights]
    steps = ROUNDS * (len(inputs) // BATCH)
    order = np.concatenate([chance.permutation(len(inputs)) for _ in range(ROUNDS)])
    for step in range(1, steps + 1):
        chosen = order[(step - 1) * BATCH : step * BATCH]
        rate = STEP * (1 - step / steps)
        slopes = _slopes(weights, inputs[chosen], labels[chosen])
        for place, (slope, (first, second)) in enumerate(zip(slopes, moments, strict=True)):
            np.add(first, 0.1 * (slope - first), out=first)
            np.add(second, 0.001 * (slope * slope - second), out=second)
            weights[place] -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def _slopes(weights: Weights, inputs: Frames, labels: NDArray[np.int64]) -> Weights:
    first, first_bias, second, second_bias, last, last_bias = weights
    lower = np.maximum(inputs @ first + first_bias, 0)
    upper = np.maximum(lower @ second + second_bias, 0)
    scores = upper @ last + last_bias
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    likely[np.arange(len(labels)), labels] -= 1
    error = likely / len(labels)
    upper_error = (error @ last.T) * (upper > 0)
    lower_error = (upper_error @ second.T) * (lower > 0)
    return [
        *(inputs.T @ lower_error, lower_error.sum(axis=0)),
        *(lower.T @ upper_error, upper_error.sum(axis=0)),
        *(upper.T @ error, error.sum(axis=0)),
    ]


def _layers(weights: Weights, mean: Frames, spread: Frames, labels: NDArray[np.int64]) -> list[Affine | Rectifier]:
    """The network as Kaldi has it, which takes raw cepstra and gives log likelihoods but for a constant."""
    first, first_bias, second, second_bias, last, last_bias = (one.astype(np.float64) for one in weights)
    how_often = np.bincount(labels, minlength=OUTPUTS) / len(labels)
    scaled = first / spread[:, None]
    return [
        Affine(scaled.T, first_bias - mean @ scaled),
        Rectifier(HIDDEN),
        Affine(second.T, second_bias),
        Rectifier(HIDDEN),
        Affine(last.T, last_bias - np.log(how_often)),
    ]
