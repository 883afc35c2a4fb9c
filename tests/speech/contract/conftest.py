from __future__ import annotations

from pathlib import Path

import pytest

from tests.speech import tiny_model
from tests.speech.contract.subjects import GIVEN_MODEL, Subject, mocked, real
from voicebot.speech import mock
from voicebot.speech.models import examine

KNOWN_WORDS = ("mock", "vosk-tiny")
"""Who hears the words that a case says."""

ALL = (*KNOWN_WORDS, "vosk-given") if GIVEN_MODEL else KNOWN_WORDS
"""With any other model, of which only states, texts of silence and errors can be foretold."""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny model."""
    return tiny_model.write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def subjects(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> dict[str, Subject]:
    """By name: everyone who is held to the contract here."""
    mock.SetLogLevel(-1)
    fixed = tiny_model.write(tmp_path_factory.mktemp("static"), dynamic=False)
    found = {
        "mock": mocked(),
        "mock-static": mocked(dynamic=False),
        "vosk-tiny": real(tiny, "vosk on the tiny model"),
        "vosk-static": real(fixed, "vosk on the tiny model with a graph of its own", dynamic=False),
    }
    return found | (
        {"vosk-given": real(Path(GIVEN_MODEL), GIVEN_MODEL, examine(Path(GIVEN_MODEL)).rate)} if GIVEN_MODEL else {}
    )


@pytest.fixture(params=ALL)
def subject(request: pytest.FixtureRequest, subjects: dict[str, Subject]) -> Subject:
    """Each of them."""
    return subjects[request.param]


@pytest.fixture(params=KNOWN_WORDS)
def hearing(request: pytest.FixtureRequest, subjects: dict[str, Subject]) -> Subject:
    """Each one that hears the words of a case."""
    return subjects[request.param]


@pytest.fixture(params=["mock-static", "vosk-static"])
def static(request: pytest.FixtureRequest, subjects: dict[str, Subject]) -> Subject:
    """Each one whose model takes no grammar."""
    return subjects[request.param]
