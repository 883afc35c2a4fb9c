"""Every fault has a small broken flow that gives its message exactly: `# expect: <code> <line>: <message>`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from voicebot.flows.check import check_paths
from voicebot.flows.findings import CODES, Finding

FOLDER = Path(__file__).parents[1] / "broken"
FILES = sorted(FOLDER.glob("*.yaml"))

SOUND = {"missing_variable_in_part", "sound_part", "calls_unloadable"}
"""Flows that are only there to be called, or whose fault lies in the flow they call."""

ELSEWHERE = {"opt-out-key"}
"""Codes that need a centre's own setting: see test_check.py."""


@lru_cache(maxsize=1)
def _found() -> dict[str, list[Finding]]:
    found = defaultdict(list)
    for finding in check_paths([FOLDER]):
        found[Path(finding.place.file).name].append(finding)
    return dict(found)


def _expected(file: Path) -> list[str]:
    lines = file.read_bytes().decode("utf-8", errors="replace").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


def _told(finding: Finding) -> str:
    return f"{finding.code} {finding.place.line}: {finding.problem} {finding.remedy}".rstrip()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_broken_flow_is_told_exactly(file: Path) -> None:
    expected = _expected(file)
    assert [_told(finding) for finding in _found().get(file.name, [])] == expected
    assert bool(expected) != (file.stem in SOUND)


def test_every_code_has_a_broken_flow() -> None:
    seen = {finding.code for findings in _found().values() for finding in findings}
    assert seen | ELSEWHERE == set(CODES)


def test_findings_name_file_line_and_what_is_wrong() -> None:
    for finding in (finding for findings in _found().values() for finding in findings):
        assert str(finding).startswith(f"{finding.place}: ")
        assert finding.problem.endswith((".", "?")), finding
        assert not finding.remedy or finding.remedy.endswith((".", "?")), finding
