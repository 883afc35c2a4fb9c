"""What all tests share."""

from __future__ import annotations

import os
from importlib import metadata

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine fails nobody; `make bench` measures time
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden conversations in tests/calls")


def pytest_report_header() -> str:
    """Who is held to the contract of speech recognition (tests/speech/contract) in this run."""
    given = os.environ.get("VOSK_MODEL_PATH") or "no further model (VOSK_MODEL_PATH is not set)"
    return f"speech contract: the mock; vosk {metadata.version('vosk')} on the tiny model; {given}"


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(request.config.getoption("--update"))
