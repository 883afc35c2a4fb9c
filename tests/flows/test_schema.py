"""The schema for editors accepts what the loader accepts, and refuses what has no shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.flows.test_document import EXAMPLES, _whole
from voicebot.flows import schema as told
from voicebot.flows.findings import FlowError
from voicebot.flows.load import load_flow
from voicebot.flows.schema import schema
from voicebot.flows.yaml_text import parse

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
SHIPPED = sorted(Path("flows").glob("*.yaml"))

SHAPE = {"shape", "unknown-key", "missing-key", "type", "not-listed", "pattern", "bounds", "unknown-language",
         "two-kinds", "no-kind", "reserved", "unknown-intent", "spec"}  # fmt: skip
"""Codes of faults that a schema can see."""


def _faults(data: object) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def _data(file: Path) -> object:
    return parse(file.read_text(encoding="utf-8-sig"), file.name)[0]


def _codes(file: Path) -> set[str]:
    try:
        load_flow(file)
    except FlowError as fault:
        return {finding.code for finding in fault.findings}
    return set()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_flows_that_ship_validate(file: Path) -> None:
    assert _faults(_data(file)) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_of_the_document_validate(example: str) -> None:
    assert _faults(parse(_whole(example), "example.yaml")[0]) == []


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_file_without_the_right_shape_fails_and_any_other_validates(file: Path) -> None:
    codes = _codes(file)
    if codes & {"yaml", "file", "quotes", "duplicate-key"}:
        return  # no editor gets so far as to validate it
    faults = _faults(_data(file))
    if codes & SHAPE:
        assert faults
    else:
        assert faults == []


def _parts() -> dict[str, Any]:
    parts: dict[str, Any] = SCHEMA["$defs"]
    return parts


@pytest.mark.parametrize("name", _parts())
def test_every_part_and_key_is_described_and_every_example_of_it_validates(name: str) -> None:
    part = _parts()[name]
    assert part["description"]
    assert all(key["description"] for key in part["properties"].values())
    examples = part["examples"]
    assert examples
    inside = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})
    assert [error.message for example in examples for error in inside.iter_errors(example)] == []


@pytest.mark.parametrize("name", told.OF_FLOW)
def test_examples_of_the_flow_itself_validate(name: str) -> None:
    key = Draft202012Validator({**SCHEMA["properties"][name], "$defs": SCHEMA["$defs"]})
    assert [error.message for error in key.iter_errors(told.OF_FLOW[name])] == []


STEP = {"menu": {"ask": "Tea?", "answers": {"yes": {"keys": "1"}}}}
FLOW = {"spec": 1, "name": "tea", "version": "1", "type": "outbound", "purpose": "survey", "languages": "en-US",
        "caller": "Acme", "steps": {"ask": STEP}}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sound"),
    [
        ({}, True),
        ({"languages": ["en-US"]}, True),
        ({"caller": {"en-US": "Acme"}}, True),
        ({"noinput": "Hm?"}, True),
        ({"noinput": ["Hm?", {"en-US": "Hm?"}]}, True),
        ({"steps": {"bye": {"hangup": None}}}, True),
        ({"steps": {"bye": {"say": "Bye.", "goto": "bye"}}}, False),
        ({"steps": {"bye": {"next": "bye"}}}, False),
        ({"steps": {"bye": {"say": "Bye.", "grade": "ready"}}}, True),
        ({"steps": {"bye": {"say": "Bye.", "case": "complaint"}}}, True),
        ({"steps": {"bye": {"say": "Bye.", "case": {"kind": "complaint", "within": "2d"}}}}, True),
        ({"steps": {"bye": {"say": "Bye.", "case": "trouble"}}}, False),
        ({"steps": {"return": STEP}}, False),
        ({"steps": {"Bye": STEP}}, False),
        ({"steps": {}}, False),
        ({"spec": 2}, False),
        ({"languages": []}, False),
        ({"languages": "fr-FR"}, False),
        ({"anytime": {"no_such_intent": {}}}, False),
        ({"tests": [{"name": "n", "turns": ["silence", "hangup", {"press": "1"}], "expect": {"outcome": "completed"}}]},
         True),
        ({"tests": [{"name": "n", "turns": ["shout"], "expect": {"outcome": "completed"}}]}, False),
    ],
)  # fmt: skip
def test_the_schema_takes_what_may_be_written_in_two_ways(change: dict[str, Any], sound: bool) -> None:
    assert (_faults({**FLOW, **change}) == []) == sound


def test_a_key_that_hears_offers_the_intents() -> None:
    hear = _parts()["Answer"]["properties"]["hear"]
    assert "opt_out" in hear["anyOf"][0]["enum"]
    assert "none" not in json.dumps(hear)
