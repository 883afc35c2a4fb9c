"""Loads an engine once and lets it hear a second of sound, to prove that it can.

A model of this machine is tried in a process of its own: on a corrupt one the library may end the process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from voicebot.errors import VoicebotError
from voicebot.speech.engines import EngineSettings, engine
from voicebot.speech.models import ModelError
from voicebot.speech.recognizer import Engine, RecognizerError

PATIENCE = 180.0
"""Seconds within which the largest model is loaded."""


@dataclass(frozen=True)
class Proof:
    """An engine that heard a second of sound. Times are in seconds, memory in bytes."""

    source: str
    name: str
    rate: int
    dynamic: bool
    loading: float
    hearing: float
    """How long it took over one second of sound."""
    memory: int | None = None
    """What the library and the model added to the process that loaded them; None where that is not known."""

    def __str__(self) -> str:
        held = "" if self.memory is None else f" and {self.memory // 1024**2} MB"
        return (
            f"{self.source} on {self.name}, {'with' if self.dynamic else 'without'} grammars; loading took "
            f"{self.loading:.1f} s{held}, hearing one second of sound {1000 * self.hearing:.0f} ms"
        )


def probe(settings: EngineSettings) -> Proof:
    """Load the engine of these settings once and let it hear a second of sound.

    Raises ModelError, RecognizerError, or VoicebotError, each with the reason and the remedy.
    """
    return _aside(settings) if settings.kind == "vosk" else _proved(settings)


def _proved(settings: EngineSettings) -> Proof:
    before, begin = _resident(), perf_counter()
    loaded = engine(settings)
    loading = perf_counter() - begin
    hearing = _heard(loaded)
    after = _resident()
    memory = after - before if settings.kind == "vosk" and before is not None and after is not None else None
    return Proof(loaded.source, loaded.name, loaded.rate, loaded.dynamic, loading, hearing, memory)


def _heard(loaded: Engine) -> float:
    """Seconds over one second of a murmur, at whose end the recognizer is asked what it was."""
    murmur = (np.random.default_rng(0).standard_normal(loaded.rate) * 300).astype("<i2").tobytes()
    recognizer = loaded.open()
    try:
        begin = perf_counter()
        recognizer.feed(murmur)
        recognizer.end_of_speech()
        return perf_counter() - begin
    finally:
        recognizer.close()


def _resident() -> int | None:
    """What this process has in memory now; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * resource.getpagesize()


# --- aside ----------------------------------------------------------------------------------------------------------


def _aside(settings: EngineSettings) -> Proof:
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, json.dumps(asdict(settings))]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise RecognizerError(settings.model, f"the model was not loaded within {PATIENCE:g} s.") from None
    lines = ended.stdout.splitlines()
    if ended.returncode or not lines:
        told = ended.stderr.strip().splitlines()[-1:] or ["no reason was given"]
        raise RecognizerError(
            settings.model, f"loading the model ended the process ({ended.returncode}): {told[0]}.", "Unpack it anew."
        )
    answer = json.loads(lines[-1])
    if "proof" in answer:
        return Proof(**answer["proof"])
    kind = RecognizerError if answer["outside"] else ModelError
    raise kind(answer["where"], answer["problem"], answer["remedy"])


def main(text: str) -> str:
    """What the process aside answers: the proof, or the fault, as JSON."""
    try:
        return json.dumps({"proof": asdict(_proved(EngineSettings(**json.loads(text))))})
    except VoicebotError as error:
        outside = isinstance(error, RecognizerError)
        told = {"where": str(error.where), "problem": error.problem, "remedy": error.remedy}
        return json.dumps(told | {"outside": outside})


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
