"""A speech model small enough to be written from scratch in a moment: what the real recognizer is tested on.

It is a whole Kaldi model in the layout that Vosk loads - features, network, lexicon, grammar, word boundaries,
end-pointing - whose weights are set, not trained, because its words are chords (`words.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.speech.tiny_model.kaldi import Affine, Rectifier, acoustic_model, again, forward
from tests.speech.tiny_model.mfcc import cosines
from tests.speech.tiny_model.openfst import Arc, Transducer
from tests.speech.tiny_model.words import CHORDS, HIGH_FREQUENCY, LOW_FREQUENCY, MEL_BINS, TONE_BINS, UNKNOWN

SILENCE = 1
"""The number of the phone of silence."""

PHONES_PER_WORD = 3
"""How many phones a word has, of at least one frame of 30 ms each."""

CONTRAST = 4.0
"""How far above the mean of all bins, in natural logarithms, a tone must stand out to be one; twice is surely one."""

SURENESS = 8.0
"""By how much the right word's score exceeds the others', per frame of 30 ms, in natural logarithms."""

SILENCE_COST = 5.0
"""What silence costs to begin, more than the lattice's beam: else it could begin anew in each frame, as likely as not,
and all those ways through nothing would be kept."""

MODEL_CONF = {
    "beam": 13.0,
    "lattice-beam": 4.0,
    "max-active": 2000,
    "min-active": 50,
    "acoustic-scale": 1.0,
    "frame-subsampling-factor": 3,
    "endpoint.silence-phones": SILENCE,
    "endpoint.rule2.min-trailing-silence": 0.5,
    "endpoint.rule3.min-trailing-silence": 0.75,
    "endpoint.rule4.min-trailing-silence": 1.0,
}
"""End-pointing as in the small English model; subsampling must be 3, and the phones of silence must be named."""


def write(folder: Path, *, rate: int = 8000, dynamic: bool = True) -> Path:
    """Write the model into `folder` and give the folder back.

    `rate` is what its features are made from, in samples per second. A dynamic one takes a grammar at run time; the
    other has its graph built in.
    """
    words = list(CHORDS)
    outputs = [0, *(output for output, _ in enumerate(words, 1) for _ in range(PHONES_PER_WORD))]
    network = acoustic_model(outputs, _layers(words))
    return assemble(folder, words, network, features(rate) | {"cepstral-lifter": 0}, dynamic=dynamic)


def assemble(
    folder: Path, words: list[str], network: str, mfcc: dict[str, object], *, dynamic: bool = True, scale: float = 1.0
) -> Path:
    """Write a model of these words, each of PHONES_PER_WORD phones behind the one of silence, and its network.

    `scale` is what the network's scores are multiplied with.
    """
    for part in ("am", "conf", "graph/phones"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "am/final.mdl").write_text(network, encoding="utf-8")
    (folder / "conf/model.conf").write_text(_options(MODEL_CONF | {"acoustic-scale": scale}), encoding="utf-8")
    (folder / "conf/mfcc.conf").write_text(_options(mfcc), encoding="utf-8")
    symbols = ["<eps>", *words]
    (folder / "graph/words.txt").write_text(
        "".join(f"{symbol} {number}\n" for number, symbol in enumerate(symbols)), encoding="utf-8"
    )
    (folder / "graph/phones/word_boundary.int").write_text(_boundaries(len(words)), encoding="utf-8")
    if dynamic:
        _lexicon(len(words), 0.0).write(folder / "graph/HCLr.fst", by="writes")
        _any_words(len(words)).write(folder / "graph/Gr.fst", by="reads")
        (folder / "graph/disambig_tid.int").write_text("", encoding="utf-8")
    else:
        _lexicon(len(words), float(np.log(len(words) + 1))).write(folder / "graph/HCLG.fst", by="reads")
    return folder


def features(rate: int) -> dict[str, object]:
    """As many cepstra as bins, so that the bins can be had back; no dither, so that runs are equal."""
    return {
        "sample-frequency": rate,
        "num-mel-bins": MEL_BINS,
        "num-ceps": MEL_BINS,
        "low-freq": LOW_FREQUENCY,
        "high-freq": HIGH_FREQUENCY,
        "use-energy": "false",
        "dither": 0,
    }


def _options(options: Mapping[str, object]) -> str:
    return "".join(f"--{name}={value}\n" for name, value in options.items())


# --- the network ----------------------------------------------------------------------------------------------------


def _layers(words: list[str]) -> list[Affine | Rectifier]:
    """Cepstra to tones that are there (0..1, by two rectifiers) to one score for silence and for each word."""
    tones = len(TONE_BINS)
    bins = cosines().T  # the inverse of an orthonormal transform
    stands_out = bins[list(TONE_BINS)] - bins.mean(axis=0)
    is_there = np.vstack([stands_out, stands_out]) / CONTRAST
    bends = np.repeat([-1.0, -2.0], tones)  # 0 at CONTRAST, 1 at twice that
    scores = np.array([_score(word) for word in ["", *words]])
    return [
        Affine(is_there, bends),
        Rectifier(2 * tones),
        Affine(SURENESS * np.hstack([scores, -scores]), SURENESS * np.array([_offset(word) for word in ["", *words]])),
    ]


def _score(word: str) -> list[float]:
    """What each tone adds to a word's score: its own two speak for it, any other against it."""
    if not word:
        return [-1.0] * len(TONE_BINS)
    if word == UNKNOWN:
        return [0.3] * len(TONE_BINS)
    return [1.0 if tone in CHORDS[word] else -1.0 for tone in range(len(TONE_BINS))]


def _offset(word: str) -> float:
    """The score with no tone at all: 1 for silence, nothing for the unknown word, -1 for any other."""
    return 1.0 if not word else 0.0 if word == UNKNOWN else -1.0


# --- the graph ------------------------------------------------------------------------------------------------------


def _phones(word: int) -> list[int]:
    return [SILENCE + 1 + (word - 1) * PHONES_PER_WORD + part for part in range(PHONES_PER_WORD)]


def _lexicon(words: int, cost: float) -> Transducer:
    """Transitions in, words out: silence and words in any order, round and round, each word at `cost`."""
    graph = Transducer()
    _chain(graph, [SILENCE], 0, SILENCE_COST)
    for word in range(1, words + 1):
        _chain(graph, _phones(word), word, cost)
    return graph


def _chain(graph: Transducer, phones: list[int], word: int, cost: float) -> None:
    """From the hub through phones and back; the word stands on the first arc, so that what cannot follow is cut."""
    state = 0
    for position, phone in enumerate(phones):
        following = graph.state()
        graph.add(state, Arc(forward(phone), 0 if position else word, 0.0 if position else cost, following))
        graph.add(following, Arc(again(phone), 0, 0.0, following))
        state = following
    graph.add(state, Arc(0, 0, 0.0, 0))


def _any_words(words: int) -> Transducer:
    """A grammar in which any word may follow any other."""
    grammar = Transducer()
    for word in range(1, words + 1):
        grammar.add(0, Arc(word, word, float(np.log(words + 1)), 0))
    return grammar


def _boundaries(words: int) -> str:
    """By phone: where in a word it stands."""
    places = ["begin", *["internal"] * (PHONES_PER_WORD - 2), "end"]
    lines = [f"{SILENCE} nonword"]
    lines += [
        f"{phone} {place}" for word in range(1, words + 1) for phone, place in zip(_phones(word), places, strict=True)
    ]
    return "\n".join(lines) + "\n"
