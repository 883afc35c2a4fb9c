"""Calls that are heard on their streams, in real time: how many at once, how soon they are answered, and at what price.

The simulator and `voicebot serve` are processes of their own on this machine; callees speak sound that carries their
words, and the mock hears it. The recognizer's own figures are vosk's, on the model that VOSK_MODEL_PATH names or on the
tiny one that the tests write.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figure, at_least, at_most, percentile
from bench.talk.centre import Run, talk
from bench.talk.latency import answers, cuts
from tests.speech.tiny_model import write
from voicebot.speech.engines import EngineSettings, engine
from voicebot.speech.pool import LOAD
from voicebot.speech.recognizer import Engine

PER_CORE, MOST, FEW = 25, 100, 4
ANSWERED, CUT = 50, 150
SECONDS, ROUNDS = 30, 3


def measure(folder: Path) -> Iterator[Figure]:
    """A quiet run with few calls, a full one, and the recognizer beside the bare library."""
    many = min(PER_CORE * (os.cpu_count() or 1), MOST)
    for callees in (FEW, many):
        place = folder / f"talk-{callees}"
        place.mkdir()
        yield from _figures(talk(place, callees), callees)
    yield from _recognizer(folder)


def _figures(run: Run, callees: int) -> Iterator[Figure]:
    at_once, seconds = run.at_once
    load = f"load {run.load:.1f} before"
    yield at_least(f"{callees} calls, streams at once", at_once, "streams", callees, f"for {seconds:.0f} s; {load}")
    wrong = sum(sum(call.lost.values()) + sum(call.doubled.values()) + call.has_gaps for call in run.calls)
    yield at_most(f"{callees} calls, turns lost or doubled", wrong, "turns", 0)
    yield at_most(f"{callees} calls, no longer heard", sum(call.is_deafened for call in run.calls), "calls", 0)
    yield at_most(f"{callees} calls, breaches and differences", len(run.breaches) + len(run.differences), "", 0)
    waits = [one for call in run.calls for one in answers(call)]
    yield from _spread(f"{callees} calls, answer after the pause", waits, ANSWERED)
    yield from _spread(f"{callees} calls, prompt cut", [one for call in run.calls for one in cuts(call)], CUT)
    for verb, cores in run.cores.items():
        yield Figure(f"{callees} calls, {verb}", cores, "cores")


def _spread(name: str, seconds: Iterable[float], bound: float) -> Iterator[Figure]:
    taken = [1000 * one for one in seconds]
    yield at_most(f"{name}, p50", percentile(taken, 0.5), "ms", bound, f"{len(taken)} times")
    yield Figure(f"{name}, p95", percentile(taken, 0.95), "ms")


def _recognizer(folder: Path) -> Iterator[Figure]:
    """Ours around vosk, and vosk alone, over the same sound in the same stretches."""
    given = os.environ.get("VOSK_MODEL_PATH", "")
    path = Path(given) if given else write(folder / "tiny")
    ours = engine(EngineSettings("vosk", model=str(path)))
    stretch = 2 * ours.rate // 5
    sound = (np.random.default_rng(0).standard_normal(ours.rate * SECONDS) * 300).astype("<i2").tobytes()
    stretches = [sound[start : start + stretch] for start in range(0, len(sound), stretch)]
    factors = [_through(ours, stretches) / SECONDS for _ in range(ROUNDS)]
    alone = [_alone(path, ours.rate, stretches) / SECONDS for _ in range(ROUNDS)]
    yield Figure("vosk through us, a second of sound", 1000 * min(factors), "ms", note=path.name)
    yield Figure("vosk alone, a second of sound", 1000 * min(alone), "ms", note=path.name)
    yield Figure("vosk, streams a core", LOAD / min(factors), "streams", note=f"at {LOAD:.0%} of the core")


def _through(ours: Engine, stretches: list[bytes]) -> float:
    recognizer = ours.open()
    began = time.perf_counter()
    for stretch in stretches:
        recognizer.feed(stretch)
    recognizer.end_of_speech()
    return time.perf_counter() - began


def _alone(path: Path, rate: int, stretches: list[bytes]) -> float:
    import vosk  # noqa: PLC0415  (only where it is measured)

    recognizer: Any = vosk.KaldiRecognizer(vosk.Model(str(path)), rate)
    recognizer.SetWords(True)
    began = time.perf_counter()
    for stretch in stretches:
        if recognizer.AcceptWaveform(stretch):
            recognizer.Result()
        recognizer.PartialResult()
    recognizer.FinalResult()
    return time.perf_counter() - began
