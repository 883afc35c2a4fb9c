"""A small linear model over words, sounds and what the templates found: how likely each meaning is.

It is trained from the lines in `lines/` by `voicebot.nlu.train`, and ships beside its language as data.
Rule: it only weighs; what is done with its weights is decided in `decide.py`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zlib import adler32, crc32

import numpy as np
from numpy.typing import NDArray

from voicebot.errors import VoicebotError

Floats = NDArray[np.float32]

SHARE_OF_KIND: Mapping[str, float] = {"w": 2.0, "c": 1.0, "p": 1.0, "n": 0.6, "s": 1.0, "l": 0.1, "t": 0.02}
"""What share of the likeness of two utterances each kind of feature has; chosen by leaving out one author at a time."""

UNSCALED = frozenset("t")
"""Kinds whose features count one by one: their number says something, too."""

SHARPNESS = 10.0
"""Turns scores into probabilities; chosen so that of all votes of 0.8 four fifths are right (authors left out)."""


SUFFIX = ".model"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The known features, by the codes of their names (see `code_of`) in rising order: names take ten times the room.

    `rarity` grows as fewer lines have one; `unknown` is that of a new one.
    """

    codes: NDArray[np.uint64]
    rarity: Floats
    unknown: float

    def amounts(self, names: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
        """Which of `names` are known, their places, and how much each counts.

        Every kind of feature has its share, however many features it has.
        """
        codes = np.fromiter(map(code_of, names), np.uint64, len(names))
        kinds = np.fromiter((_KIND[name[0]] for name in names), np.intp, len(names))
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        is_known = self.codes[places] == codes
        squares = np.bincount(kinds, np.where(is_known, self.rarity[places], self.unknown), len(_KIND))
        scale = np.sqrt(_SHARES / np.where(_IS_SCALED, np.maximum(squares, 1.0), 1.0))
        known = np.flatnonzero(is_known)
        return known, places[known], scale[kinds[known]].astype(np.float32)


def code_of(name: str) -> int:
    """64 bits for the name of a feature: two checksums, which no two names share."""
    told = name.encode()
    return crc32(told) << 32 | adler32(told)


_KIND = {kind: place for place, kind in enumerate(SHARE_OF_KIND)}
_SHARES = np.array(list(SHARE_OF_KIND.values()))
_IS_SCALED = np.array([kind not in UNSCALED for kind in SHARE_OF_KIND])


@dataclass(frozen=True, eq=False)
class Votes:
    """How likely each meaning is (shares of 1), and what spoke for it."""

    shares: Mapping[str, float]
    names: Sequence[str] = ()
    parts: Mapping[str, Floats] = field(default_factory=dict)

    def reasons(self, intent: str) -> str:
        """The features that speak most for a meaning, strongest first."""
        parts = self.parts.get(intent)
        if parts is None:
            return "voter"
        best = [at for at in np.argsort(-parts, kind="stable")[:_REASONS] if parts[at] > 0]
        return f"voter: {', '.join(self.names[at] for at in best)}"


_REASONS = 4


@dataclass(frozen=True, eq=False)
class Voter:
    """The trained model. `digest` is the SHA-256 of its text; `lines` that of what it was trained from."""

    intents: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.int8]
    steps: Floats
    """What a weight of 1 in a row is worth: kept apart, the weights are a quarter of the size."""
    bias: Floats
    lines: str
    digest: str

    def votes(self, names: Sequence[str]) -> Votes:
        """How likely each intent is by the features of an utterance."""
        known, places, amounts = self.vocabulary.amounts(names)
        weights = self.weights[places] * self.steps[places]
        scores = SHARPNESS * (amounts @ weights + self.bias)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        likeliest = int(shares.argmax())
        return Votes(
            dict(zip(self.intents, shares.tolist(), strict=True)),
            [names[at] for at in known],
            {self.intents[likeliest]: weights[:, likeliest] * amounts},
        )


def written(intents: Sequence[str], vocabulary: Vocabulary, weights: Floats, bias: Floats, lines: str) -> bytes:
    """The bytes of a model. Weights are kept to a 127th of each row."""
    steps = (np.abs(weights).max(axis=1, keepdims=True) / 127 + 1e-9).astype(np.float16)
    target = io.BytesIO()
    np.savez_compressed(
        target,
        text=np.frombuffer("\n".join((lines, " ".join(intents))).encode(), dtype=np.uint8),
        codes=vocabulary.codes,
        rarity=vocabulary.rarity.astype(np.float16),
        steps=steps,
        weights=np.rint(weights / steps.astype(np.float32)).astype(np.int8),
        bias=bias.astype(np.float32),
        unknown=np.array([vocabulary.unknown], dtype=np.float32),
    )
    return target.getvalue()


def as_text(model: bytes) -> str:
    """The bytes of a model as text, which is what a call pins."""
    return base64.b64encode(model).decode()


def read(text: str) -> Voter:
    """The voter of a model that was written `as_text`. Raises `VoicebotError` where it is none."""
    try:
        with np.load(io.BytesIO(base64.b64decode(text, validate=True)), allow_pickle=False) as arrays:
            lines, intents = bytes(arrays["text"]).decode().split("\n")
            return Voter(
                intents=tuple(intents.split()),
                vocabulary=Vocabulary(
                    arrays["codes"], arrays["rarity"].astype(np.float32), float(arrays["unknown"][0])
                ),
                weights=arrays["weights"],
                steps=arrays["steps"].astype(np.float32),
                bias=arrays["bias"],
                lines=lines,
                digest=hashlib.sha256(text.encode()).hexdigest(),
            )
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        raise VoicebotError("the model of a language", "these bytes are none.", REMEDY) from None


REMEDY = "Train it anew: python -m voicebot.nlu.train en."


def model_path(name: str) -> Path:
    """Where the model of a language is kept."""
    return Path(__file__).with_name(f"{name}{SUFFIX}")


def model_text(name: str) -> str:
    """The model that ships for a language, as text."""
    return as_text(model_path(name).read_bytes())


@lru_cache(maxsize=8)
def shipped(name: str) -> Voter | None:
    """The voter that ships for a language ("en", "zh"); a language may do without one."""
    return read(model_text(name)) if model_path(name).is_file() else None
