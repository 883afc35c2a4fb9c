"""A flow in a language that is nothing but data and a row of the table: it is checked, rehearsed and apologized for."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.engine import advance
from voicebot.flows.events import Faulted
from voicebot.flows.load import load_flow
from voicebot.flows.model import FlowTest
from voicebot.flows.rehearse import Rehearsal, example_fields, run_test
from voicebot.flows.state import Callee
from voicebot.phone import static_twiml

FILE = Path("tests/flows/spanish.yaml")
NOW = "2026-03-02T15:00:00.000Z"


@pytest.mark.parametrize("test", load_flow(FILE).flow.tests, ids=lambda test: test.name)
def test_call_in_spanish_goes_as_written(test: FlowTest) -> None:
    assert run_test(bundle_from_files(FILE), test).problems == ()


def test_fault_is_apologized_for_in_spanish() -> None:
    bundle = bundle_from_files(FILE)
    call = Rehearsal.of(bundle, Callee(fields=example_fields(load_flow(FILE).flow)), NOW)
    call.answer()

    _, actions = advance(bundle, call.state, Faulted(at=NOW, problem="a fault of ours"))

    assert "Lo sentimos" in str(actions)


def test_last_words_are_spanish() -> None:
    assert 'language="es-US"' in static_twiml.apology("es-US")
    assert "Lo sentimos" in static_twiml.apology("es-US")
