"""Golden conversations: each file in tests/calls is a call, turn by turn, with all that the engine did.

`pytest tests/test_calls.py --update` rewrites what was heard; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from voicebot.flows.actions import AnyAction, Understood
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.model import TestTurn
from voicebot.flows.rehearse import Rehearsal, example_fields, play
from voicebot.flows.state import Callee

CALLS = sorted(Path("tests/calls").glob("*.yaml"))
NOW = "2026-03-02T15:00:00.000Z"


def _compact(action: AnyAction) -> dict[str, Any]:
    """An action without what stands at its default, nor how words were weighed: what a reader wants to see."""
    kept = action.model_dump(mode="json", exclude_defaults=True, exclude=_weighing(action))
    for name in ("prompts", "whisper"):
        if isinstance(kept.get(name), list):
            kept[name] = [speech["text"] for speech in kept[name]]
        elif name in kept:
            kept[name] = kept[name]["text"]
    return {action.kind: kept}


def _weighing(action: AnyAction) -> set[str]:
    """Fields that change with every line of language data; tests/nlu holds them."""
    return {"candidates", "score", "text"} if isinstance(action, Understood) else set()


def _turns(call: dict[str, Any]) -> list[TestTurn]:
    return [TestTurn.model_validate(turn) for turn in call["turns"]]


def _play(call: dict[str, Any]) -> list[list[dict[str, Any]]]:
    bundle = bundle_from_files(call["flow"])
    callee = Callee(
        fields={**example_fields(bundle.flows[bundle.main]), **call.get("lead", {})},
        language=call.get("language", ""),
        time_zone=call.get("time_zone", "America/New_York"),
        callback_number="+12025550100",
        message_left=call.get("message_left", False),
    )
    rehearsal = Rehearsal.of(bundle, callee, NOW)
    turns = _turns(call)
    if not any(turn.dial for turn in turns):
        rehearsal.answer()
    for turn in turns:
        play(rehearsal, turn)
    if rehearsal.state.phase != "ended":
        rehearsal.hang_up()
    return [[_compact(action) for action in actions] for _, actions in rehearsal.log]


def test_there_are_calls() -> None:
    assert CALLS


@pytest.mark.parametrize("file", CALLS, ids=lambda file: file.stem)
def test_call_goes_as_written(file: Path, update: bool) -> None:
    call = yaml.safe_load(file.read_text(encoding="utf-8"))
    happened = _play(call)
    if update:
        call["heard"] = happened
        text = yaml.safe_dump(call, allow_unicode=True, sort_keys=False, width=120)
        file.write_text(text, encoding="utf-8")
    assert call["heard"] == happened
