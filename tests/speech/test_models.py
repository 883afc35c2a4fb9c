from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.speech import tiny_model
from voicebot.speech.models import ModelError, examine


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("models") / "tiny")


def test_a_model_is_told_by_its_parts(tiny: Path, tmp_path: Path) -> None:
    model = examine(tiny)
    assert (model.name, model.rate, model.dynamic) == ("tiny", 8000, True)
    assert 10_000 < model.size < 40_000
    fixed = examine(tiny_model.write(tmp_path, rate=16000, dynamic=False))
    assert (fixed.rate, fixed.dynamic) == (16000, False)


def test_the_old_layout_is_one_folder(tiny: Path, tmp_path: Path) -> None:
    for file in (one for one in tiny.rglob("*") if one.is_file() and one.name != "model.conf"):
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "mfcc.conf").write_text("# no rate is the usual one\n--dither=0\n")
    assert examine(tmp_path).rate == 16000


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "model.zip"
    archive.write_bytes(b"PK")
    with pytest.raises(ModelError, match="no such folder"):
        examine(tmp_path / "nothing")
    with pytest.raises(ModelError, match="Unpack it"):
        examine(archive)


def test_a_folder_around_a_model_names_it(tiny: Path) -> None:
    with pytest.raises(ModelError, match=f"Name {tiny} instead"):
        examine(tiny.parent)


def _without(text: str) -> Callable[[Path], None]:
    return lambda file: _rewrite(file, "\n".join(line for line in file.read_text().split("\n") if text not in line))


def _rewrite(file: Path, text: str) -> None:
    file.write_text(text)


def _missing(file: Path) -> None:
    file.unlink()


def _garbage(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00garbage")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("part", "spoil", "problem"),
    [
        ("am/final.mdl", _missing, "holds no speech model"),
        ("am/final.mdl", _garbage, "no acoustic model"),
        ("conf/model.conf", _missing, "missing"),
        ("conf/model.conf", _garbage, "cannot be read"),
        ("conf/model.conf", _without("silence-phones"), "silence-phones"),
        ("conf/mfcc.conf", _missing, "missing"),
        ("conf/mfcc.conf", lambda file: _rewrite(file, "--sample-frequency=high\n"), "no number"),
        ("graph/words.txt", _missing, "missing"),
        ("graph/words.txt", _empty, "empty"),
        ("graph/HCLr.fst", _missing, "missing"),
        ("graph/Gr.fst", _garbage, "no transducer"),
        ("graph/disambig_tid.int", _missing, "missing"),
    ],
)
def test_a_part_that_is_missing_or_broken_is_named(
    tiny: Path, tmp_path: Path, part: str, spoil: Callable[[Path], None], problem: str
) -> None:
    model = shutil.copytree(tiny, tmp_path / "copy")
    spoil(model / part)
    with pytest.raises(ModelError, match=problem) as caught:
        examine(model)
    assert part.partition("/")[0] in str(caught.value)
