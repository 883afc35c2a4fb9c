"""What a conversation took of a flow, part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.coverage import coverage, ways_taken
from voicebot.flows.load import load_flow
from voicebot.flows.rehearse import run_test

FLOW = """\
spec: 1
name: orders
version: "1"
type: outbound
purpose: service
languages: en-US
caller: Acme
noinput: Are you there?
nomatch: Sorry?
exhausted: bye
farewell: We must end here.
limits: {max_turns: 6}
machine: {action: leave_message, message: "This is {{ caller }}."}
anytime:
  who_is_calling: {say: "{{ caller }}."}
  opt_out: {say: Never again.}
steps:
  cups:
    collect:
      ask: This is {{ caller }}. How many cups?
      slot: cups
      type: number
      rules: [{check: value < 10, say: Too many.}]
      answers: {none: {keys: "#", hear: no}}
      low_confidence: {say: Did I hear you?}
  sure:
    confirm:
      ask: Sure?
      noinput: {say: Hello?}
      exhausted: {next: agent}
      yes: {next: sort}
      no: {next: agent}
  sort:
    branch:
      - {when: cups is defined and cups and cups > 5, next: bye}
  agent:
    transfer: {queue: q, whisper: W., hold: H., branches: {answered: bye, nobody: sure, otherwise: bye}}
  bye:
    hangup: {say: Goodbye., outcome: completed}
"""

TAKEN = {
    '[{press: "3"}, {press: "1"}]': ["cups.slot", "sure.yes", "sort.otherwise"],
    '[{press: "7"}, {press: "1"}]': ["cups.slot", "sure.yes", "sort.0"],
    '[{press: "77"}, {press: "3"}]': ["cups.rules.0", "cups.slot"],
    "[{hear: seven, confidence: 0.1}]": ["cups.low_confidence"],
    '[{press: "#"}, {hear: yes}]': ["cups.answers.none", "sure.yes", "sort.otherwise"],
    "[silence, {hear: blue fish}, silence]": ["noinput", "nomatch", "exhausted"],
    '[{press: "3"}, silence, silence]': ["cups.slot", "sure.noinput", "sure.exhausted"],
    '[{press: "3"}, {press: "2"}, {transfer: nobody}, {hear: blue fish}]': [
        "cups.slot", "sure.no", "agent.branches.nobody", "nomatch",
    ],
    '[{press: "3"}, {press: "2"}, {transfer: busy}]': ["cups.slot", "sure.no", "agent.branches.otherwise"],
    '[{press: "3"}, {press: "2"}, {transfer: accepted}, {transfer: ended}]': [
        "cups.slot", "sure.no", "agent.branches.answered",
    ],
    "[{hear: who are you}, {hear: who are you}, {hear: who are you}, {hear: who are you}, {hear: who are you}, "
    "{hear: who are you}, {hear: who are you}]": ["anytime.who_is_calling", "farewell"],
    '[{press: "*"}]': ["anytime.opt_out"],
    "[{machine: machine_beep}]": ["machine.message"],
}  # fmt: skip
"""What each conversation takes, steps left out."""


def _written(folder: Path, *turns: str) -> Path:
    file = folder / "orders.yaml"
    tests = "".join(f"  - {{name: one, turns: {one}, expect: {{outcome: completed}}}}\n" for one in turns)
    file.write_text(FLOW + ("tests:\n" if turns else "") + tests, encoding="utf-8")
    return file


def _taken(bundle: Bundle) -> set[tuple[str, tuple[str | int, ...]]]:
    calls = [run_test(bundle, test).rehearsal for test in bundle.flows[bundle.main].tests]
    return {way for call in calls for way in ways_taken(bundle, call.state.callee, [event for event, _ in call.log])}


def _branch(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, (path[1], *path[3:]) if path[0] == "steps" else path))


@pytest.mark.parametrize("turns", TAKEN)
def test_a_conversation_takes_its_branches(turns: str, tmp_path: Path) -> None:
    taken = _taken(bundle_from_files(_written(tmp_path, turns)))
    branches = {_branch(path) for _, path in taken if path[0] != "steps" or len(path) > 2}
    assert branches == set(TAKEN[turns])


def test_the_branches_of_a_flow_are_those_that_conversations_can_take(tmp_path: Path) -> None:
    file = _written(tmp_path, *TAKEN)
    whole = coverage(load_flow(file), _taken(bundle_from_files(file)))
    assert (whole.uncovered, whole.share) == ((), 1.0)
    assert (whole.steps, whole.branches) == (5, len({branch for taken in TAKEN.values() for branch in taken}))


def test_what_no_conversation_takes_is_told_by_line(tmp_path: Path) -> None:
    file = _written(tmp_path, '[{press: "3"}, {press: "1"}, {press: "2"}]')
    lacking = coverage(load_flow(file), _taken(bundle_from_files(file)))
    told = [str(one).removeprefix(str(file)) for one in lacking.uncovered]
    assert ':24: step "cups", collect.answers.none is never taken.' in told
    assert ":10: exhausted is never taken." in told
    assert lacking.steps_taken == 4
    assert lacking.branches_taken == 3
    assert 0 < lacking.share < 1


def test_the_ways_of_other_flows_do_not_count(tmp_path: Path) -> None:
    none = coverage(load_flow(_written(tmp_path)), {("other", ("steps", "cups"))})
    assert none.share == 0
