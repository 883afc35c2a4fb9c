from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.flows.texts import flow
from voicebot.errors import Place, VoicebotError
from voicebot.flows.bundle import bundle_from_files, bundle_from_text
from voicebot.flows.findings import FlowError
from voicebot.nlu.language_data import language_text
from voicebot.nlu.train import Line, train
from voicebot.nlu.voter import as_text, model_text

BYE = "  bye:\n    hangup:"


def _write(folder: Path, name: str, steps: str, kind: str = "part") -> Path:
    file = folder / f"{name}.yaml"
    text = flow(steps, name=name).replace("outbound", kind)
    file.write_text(text if "bye:" in steps else text.replace("exhausted: bye", ""), encoding="utf-8")
    return file


@pytest.fixture
def main(tmp_path: Path) -> Path:
    _write(tmp_path, "outer", "  inner:\n    call: {flow: inner}")
    _write(tmp_path, "inner", "  hello:\n    say: Hello.")
    _write(tmp_path, "unused", "  hello:\n    say: Hello.")
    return _write(
        tmp_path, "main", "  one:\n    call: {flow: outer}\n  two:\n    call: {flow: inner}\n" + BYE, "outbound"
    )


def test_a_bundle_holds_the_flow_and_all_it_calls(main: Path) -> None:
    bundle = bundle_from_files(main)
    assert bundle.main == "main"
    assert set(bundle.flows) == {"main", "outer", "inner"}
    assert list(bundle.languages) == ["en-US"]
    assert bundle.place("outer", "steps", "inner") == Place("outer.yaml", 13)


def test_a_bundle_is_read_back_from_its_text_and_kept(main: Path) -> None:
    bundle = bundle_from_files(main)
    assert bundle_from_text(bundle.text) is bundle
    bundle_from_text.cache_clear()
    again = bundle_from_text("".join(bundle.text))
    assert again is not bundle
    assert (again.flows, again.digest, again.main) == (bundle.flows, bundle.digest, bundle.main)


def test_the_digest_depends_on_the_texts_and_not_on_the_folder(main: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in tmp_path.glob("*.yaml"):
        (elsewhere / file.name).write_bytes(file.read_bytes())
    first = bundle_from_files(main)
    assert bundle_from_files(elsewhere / "main.yaml").digest == first.digest
    assert str(tmp_path) not in first.text
    inner = elsewhere / "inner.yaml"
    inner.write_text(inner.read_text(encoding="utf-8").replace("Hello.", "Hi."), encoding="utf-8")
    assert bundle_from_files(elsewhere / "main.yaml").digest != first.digest


def test_the_languages_are_pinned_as_text(main: Path) -> None:
    parts = json.loads(bundle_from_files(main).text)
    assert list(parts["languages"]) == ["en"]
    assert "opt_out" in parts["languages"]["en"]


def test_the_model_of_a_language_is_named_and_kept_beside(main: Path) -> None:
    bundle = bundle_from_files(main)
    model = model_text("en")
    assert bundle.models == {"en": hashlib.sha256(model.encode()).hexdigest()}
    assert len(bundle.text) < len(model)


def test_a_model_that_no_longer_ships_is_read_from_where_it_is_kept(main: Path) -> None:
    language = language_text("en")
    model = as_text(train([Line("yes", "short", "yes"), Line("no", "short", "no")], language))
    digest = hashlib.sha256(model.encode()).hexdigest()
    parts = {**json.loads(bundle_from_files(main).text), "models": {"en": digest}}
    voter = bundle_from_text(json.dumps(parts), {digest: model}.get).languages["en-US"].voter
    assert voter is not None
    assert voter.digest == digest
    with pytest.raises(VoicebotError, match='the model that understood "en" in this call is gone'):
        bundle_from_text(json.dumps(parts))


def test_a_call_from_before_there_were_models_goes_on_without(main: Path) -> None:
    parts = json.loads(bundle_from_files(main).text)
    del parts["models"]
    assert bundle_from_text(json.dumps(parts)).languages["en-US"].voter is None


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (
            "  a:\n    call: {flow: iner}",
            'calls the flow "iner", and there is no file iner.yaml beside this one. Did you',
        ),
        ("  a:\n    call: {flow: broken}", 'broken.yaml:13: step "a" must be keys and values, and is "x".'),
        ("  a:\n    call: {flow: main}", 'main.yaml:14: the flows call each other in a circle: "main" calls "main".'),
    ],
)
def test_what_it_calls_must_be_there_and_sound(main: Path, steps: str, problem: str) -> None:
    _write(main.parent, "broken", "  a: x")
    _write(main.parent, "main", steps + "\n" + BYE, "outbound")
    with pytest.raises(FlowError) as caught:
        bundle_from_files(main)
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"main": "x", "flows": {}, "languages": {}}', "not json"])
def test_a_text_that_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(VoicebotError, match="the text is no pinned flow"):
        bundle_from_text(text)
