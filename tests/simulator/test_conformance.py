"""What Twilio's documentation says, case by case: see conformance.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.rig import THEIRS, Rig

CASES = yaml.safe_load((Path(__file__).parent / "conformance.yaml").read_text(encoding="utf-8"))
DEFAULTS = "rings: 1, greeting: '', patience: 200"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['page']}: {case['section']}: {case['says']}")
def test_documentation_holds(case: dict[str, Any]) -> None:
    callee, others = case.get("callee", ""), case.get("others", "line: answers")
    callees = f"numbers: {{'{THEIRS}': {{{DEFAULTS}, {callee}}}}}\npopulations: [{{people: {{other: 1}}}}]"
    rig = Rig(f"personas: {{other: {{{others}}}}}\n{callees}", voice=case["voice"], done="<Hangup/>", leave="<Leave/>")
    call = rig.run()
    seen = {
        "said": call.entries("said"),
        "tones": call.entries("tones"),
        "seconds": call.duration,
        "done": [{name: form.get(name) for name in wanted} for form, wanted in _told(rig, case)],
    }
    for what in seen.keys() & case.keys():
        assert seen[what] == case[what], what
    assert rig.codes() == case.get("codes", [])
    assert call.status == "completed"


def _told(rig: Rig, case: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, str]]]:
    """What the action was told, beside what it should have been told."""
    forms, wanted = rig.app.forms("/done"), case.get("done", [])
    assert len(forms) == len(wanted) or "done" not in case
    return list(zip(forms, wanted, strict=False))


def test_every_case_sees_something() -> None:
    assert len(CASES) >= 20
    assert all({"said", "tones", "seconds", "done"} & case.keys() for case in CASES)
