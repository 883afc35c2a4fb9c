"""Rewriting expectations touches the values that differ, and nothing else."""

from __future__ import annotations

from pathlib import Path

from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.rehearse import TestResult, run_test
from voicebot.flows.update import updated

FLOW = """\
spec: 1
name: tea
version: "1"
type: outbound
purpose: survey
languages: en-US
caller: 泉林
exhausted: bye
steps:
  question:
    menu:
      ask: "Hello, this is {{ caller }}. Press {{ opt_out_key | key }} to end all calls. Do you drink tea?"
      answers:
        yes: {keys: "1", hear: yes, set: {tea: green, cups: 2}, grade: interested}
        no: {keys: "2", hear: no, reason: no_need}
  bye:
    hangup: {say: "Goodbye.", outcome: completed}
tests:
  - name: twice named
    turns: [{press: "1"}]
    expect:               # what a tea drinker comes to
      outcome: refused    # not so
      grade:   "never"
      values: {tea: 'black', cups: 3}
  - {name: twice named, turns: [hear: no], expect: {outcome: completed, grade: ready, reason: "price", callback: true}}
  - {name: holds, turns: [{press: "2"}], expect: {outcome: completed}}
"""

MENDED = (
    FLOW.replace("outcome: refused ", "outcome: completed ")
    .replace('grade:   "never"', "grade:   interested")
    .replace("{tea: 'black', cups: 3}", "{tea: green, cups: 2}")
    .replace('grade: ready, reason: "price", callback: true', "grade: null, reason: no_need, callback: false")
)


def _results(folder: Path, text: str) -> dict[int, TestResult]:
    file = folder / "tea.yaml"
    file.write_text(text, encoding="utf-8")
    bundle = bundle_from_files(file)
    return {index: run_test(bundle, test) for index, test in enumerate(bundle.flows["tea"].tests)}


def test_what_differs_is_rewritten_and_the_rest_stays(tmp_path: Path) -> None:
    mended = updated(FLOW, _results(tmp_path, FLOW))
    assert mended == MENDED
    assert [result.problems for result in _results(tmp_path, mended).values()] == [(), (), ()]


def test_what_holds_is_left_alone(tmp_path: Path) -> None:
    assert updated(MENDED, _results(tmp_path, MENDED)) == MENDED


def test_only_the_tests_given_are_rewritten(tmp_path: Path) -> None:
    results = _results(tmp_path, FLOW)
    second = updated(FLOW, {1: results[1]})
    assert "refused" in second
    assert "reason: no_need, callback: false" in second
