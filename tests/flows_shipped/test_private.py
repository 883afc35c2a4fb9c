"""Nothing private is heard before the person has said who they are, whatever anybody presses or says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.flows.test_engine_laws import NOW, bundle_of, callers, event_of, languages
from voicebot.flows.model import Flow
from voicebot.flows.rehearse import Rehearsal, example_fields
from voicebot.flows.spoken import spoken
from voicebot.flows.state import Callee

TELLING: dict[str, str | int] = {
    "text": "Zanzibar", "number": 7777, "money": "777.77", "date": "2026-03-27", "datetime": "2026-03-27T07:07",
    "digits": "7913",
}  # fmt: skip
"""Values that no prompt holds by itself."""


def flow_of(file: str) -> Flow:
    bundle = bundle_of(file)
    return bundle.flows[bundle.main]


FLOWS = [
    file
    for file in map(str, sorted(Path("flows").glob("*.yaml")))
    if any(need.private for need in flow_of(file).needs.values())
]


def secrets(flow: Flow) -> dict[str, str | int]:
    return {name: TELLING[need.type] for name, need in flow.needs.items() if need.private}


def aloud(flow: Flow) -> set[str]:
    """Every private value as it is spoken, in every language."""
    return {
        spoken(flow.needs[name].type, value, language)
        for name, value in secrets(flow).items()
        for language in flow.languages
    }


def test_most_flows_have_something_private() -> None:
    assert {Path(file).stem for file in FLOWS} >= {"payment_reminder", "order_confirmation", "callback_confirmation"}


@pytest.mark.parametrize("file", FLOWS, ids=lambda file: Path(file).stem)
@settings(max_examples=40, deadline=None)
@given(caller=callers, language=languages)
def test_nothing_private_before_identity(file: str, caller: list[tuple[str, object]], language: str) -> None:
    flow = flow_of(file)
    fields = {**example_fields(flow), **secrets(flow)}
    call = Rehearsal.of(bundle_of(file), Callee(fields=fields, language=language), NOW)
    call.answer()
    told = aloud(flow)
    for doing in [*caller, None]:
        if call.state.identity != "confirmed":
            assert not [words for words in told if words in call.said], call.said
        if doing is None or call.state.phase == "closing":
            break
        call.feed(event_of(call, doing))


def test_the_year_of_birth_is_proof_and_a_wrong_one_is_none() -> None:
    file = "flows/payment_reminder.yaml"
    flow = flow_of(file)
    for year, heard in (("7913", True), ("1984", False)):
        fields = {**example_fields(flow), **secrets(flow)}
        call = Rehearsal.of(bundle_of(file), Callee(fields=fields, language="en-US"), NOW)
        call.answer()
        call.press("1")
        call.press(year)
        assert (spoken("money", "777.77", "en-US") in call.said) is heard
        assert (call.state.identity == "confirmed") is heard
