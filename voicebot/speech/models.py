"""What a folder holds that is said to be a speech model, and why it cannot be one: before the library looks.

The library answers a faulty model with one sentence for everything, with its log, or by ending the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voicebot.errors import VoicebotError

DEFAULT_RATE = 16000
"""Samples per second of features where nothing says otherwise."""

REMEDY = "docs/speech-models.md tells where models come from."

FST = (2125659606).to_bytes(4, "little")
NETWORK = (b"\0B<TransitionModel>", b"<TransitionModel>")
"""How transducers begin, and acoustic models, in the binary form and as text."""


class ModelError(VoicebotError):
    """The folder holds no speech model that can be loaded."""


@dataclass(frozen=True)
class Layout:
    """Where a model keeps its parts; the library knows two ways."""

    network: str
    features: tuple[str, ...]
    options: str
    graph: str

    def words(self, folder: Path) -> Path:
        """The list of words."""
        return folder / self.graph / "words.txt"


LAYOUTS = (
    Layout("am/final.mdl", ("conf/mfcc.conf", "conf/fbank.conf"), "conf/model.conf", "graph"),
    Layout("final.mdl", ("mfcc.conf", "fbank.conf"), "", "."),
)


@dataclass(frozen=True)
class SpeechModel:
    """A model that has all its parts. `rate` is in samples per second, `size` in bytes."""

    path: Path
    rate: int
    dynamic: bool
    """Whether it takes a grammar at run time."""
    size: int

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.path.name


def examine(path: Path) -> SpeechModel:
    """The model in a folder. Raises ModelError when there is none, or one with parts missing or broken."""
    layout = _layout(path)
    _check_network(path / layout.network)
    if layout.options:
        _check_options(path / layout.options)
    dynamic = _check_graph(path, layout)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return SpeechModel(path.resolve(), _rate(path, layout), dynamic, size)


def _layout(path: Path) -> Layout:
    if path.is_file():
        remedy = "Unpack it and name the folder." if path.suffix == ".zip" else REMEDY
        raise ModelError(str(path), "it is a file; a speech model is a folder.", remedy)
    if not path.is_dir():
        raise ModelError(str(path), "there is no such folder.", REMEDY)
    for layout in LAYOUTS:
        if (path / layout.network).exists():
            return layout
    within = sorted(one.parent.parent for one in path.glob("*/am/final.mdl"))
    remedy = f"Name {within[0]} instead." if within else REMEDY
    raise ModelError(str(path), "the folder holds no speech model: am/final.mdl is missing.", remedy)


def _check_network(file: Path) -> None:
    if not _head(file, 20).startswith(NETWORK):
        raise _broken(file, "it is no acoustic model of Kaldi.")


def _check_options(file: Path) -> None:
    if not _options(file).get("endpoint.silence-phones"):  # the library ends the process at the first sound
        raise _broken(file, "it does not say --endpoint.silence-phones.")


def _check_graph(path: Path, layout: Layout) -> bool:
    folder = path / layout.graph
    if not _head(layout.words(path), 1):
        raise _broken(layout.words(path), "it is empty.")
    dynamic = not (folder / "HCLG.fst").exists()
    for name in ("HCLr.fst", "Gr.fst") if dynamic else ("HCLG.fst",):
        if _head(folder / name, 4) != FST:
            raise _broken(folder / name, "it is no transducer of OpenFst.")
    if dynamic:
        _head(folder / "disambig_tid.int", 1)  # it may be empty
    return dynamic


def _rate(path: Path, layout: Layout) -> int:
    file = next((path / name for name in layout.features if (path / name).exists()), path / layout.features[0])
    given = _options(file).get("sample-frequency", str(DEFAULT_RATE))
    try:
        return int(float(given))
    except ValueError:
        raise _broken(file, f"--sample-frequency={given} is no number.") from None


def _options(file: Path) -> dict[str, str]:
    """By name: the options of one of Kaldi's files, `--name=value` on each line, `#` before a comment."""
    try:
        lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(file, "it is missing, or cannot be read.") from error
    return {name: value for name, _, value in (line.removeprefix("--").partition("=") for line in lines if line)}


def _head(file: Path, size: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except OSError as error:
        raise _broken(file, "it is missing, or cannot be read.") from error


def _broken(file: Path, problem: str) -> ModelError:
    return ModelError(str(file), problem, "Unpack the model anew.")
