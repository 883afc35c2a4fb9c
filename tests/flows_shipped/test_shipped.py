"""The flows that ship: they load, the lint finds nothing, and their own conversations hold and reach everything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from voicebot.flows.actions import OptOut, Speech
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.check import check_paths
from voicebot.flows.coverage import coverage, ways_taken
from voicebot.flows.load import load_flow
from voicebot.flows.model import FlowTest
from voicebot.flows.rehearse import Rehearsal, TestResult, example_fields, play, run_test
from voicebot.flows.state import Callee
from voicebot.flows.steps import Scalar
from voicebot.flows.turn import Way
from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import GRADES

FOLDER = Path("flows")
FILES = {file.stem: file for file in sorted(FOLDER.glob("*.yaml"))}
CALLS = [name for name, file in FILES.items() if load_flow(file).flow.type != "part"]
TESTS = {(name, test.name): test for name, file in FILES.items() for test in load_flow(file).flow.tests}

ALWAYS: set[Outcome] = {"opted_out", "partial", "silent", "hung_up"}
CALLED: set[Outcome] = {*ALWAYS, "transferred", "transfer_failed", "callback", "wrong_number"}
CUSTOMER: set[Outcome] = {*CALLED, "deceased", "third_party", "voicemail"}
ENDS: dict[str, set[Outcome]] = {
    "call_back": {"opted_out", "partial", "callback"},
    "callback_confirmation": {*CUSTOMER, "completed"},
    "data_check": {*CUSTOMER, "completed", "refused"},
    "notice": {*CALLED, "completed", "voicemail"} - {"callback"},
    "opt_out": {*CALLED, "deceased"},
    "order_confirmation": {*CUSTOMER, "completed", "refused"},
    "payment_reminder": {*CUSTOMER, "completed", "refused", "no_answer"},
    "prescreen": {*CUSTOMER, "screened", "refused", "busy", "no_answer", "invalid_number"},
    "retention": {*CUSTOMER, "refused"},
    "survey": {*CUSTOMER, "completed", "refused", "busy"},
    "welcome": {*CUSTOMER, "completed"},
}
"""What a conversation of each flow can end in."""

PACE = {"en-US": 170 / 60, "zh-CN": 290 / 60}
"""Words (English) and characters (Chinese) a second of a synthetic voice at its usual pace."""

NAMES = {"en-US": "Alex Kim", "zh-CN": "李小明"}

SAY_WHO_WITHIN = 15.0
"""Seconds in which who calls, why, and the first choice must have been said."""


@cache
def bundle(name: str) -> Bundle:
    return bundle_from_files(FILES[name])


@cache
def result(name: str, test: str) -> TestResult:
    return run_test(bundle(name), TESTS[name, test])


def results(name: str) -> list[TestResult]:
    return [result(flow, test) for flow, test in TESTS if flow == name]


def call(flow: str, language: str, **lead: Scalar) -> Rehearsal:
    fields = {**example_fields(bundle(flow).flows[flow]), "name": NAMES[language], **lead}
    callee = Callee(fields=fields, language=language, callback_number="+12025550100")
    rehearsal = Rehearsal.of(bundle(flow), callee, "2026-03-02T15:00:00.000Z")
    rehearsal.answer()
    return rehearsal


def seconds(speech: Speech) -> float:
    spoken = speech.text.split() if speech.language == "en-US" else [sign for sign in speech.text if sign.isalnum()]
    return len(spoken) / PACE[speech.language]


@pytest.mark.parametrize("file", sorted(Path("flows").glob("*.yaml")), ids=lambda file: file.stem)
def test_any_reader_of_yaml_reads_it_alike(file: Path) -> None:
    """Editors, and machines without the C library, read YAML with other programs than ours."""
    text = file.read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.BaseLoader) == yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506


def test_the_lint_finds_nothing() -> None:
    assert [str(finding) for finding in check_paths(list(FILES.values()))] == []


@pytest.mark.parametrize(("name", "test"), TESTS)
def test_the_conversations_in_the_flow_hold(name: str, test: str) -> None:
    assert result(name, test).problems == ()


@pytest.mark.parametrize("name", FILES)
def test_every_step_and_branch_is_taken_by_a_conversation(name: str) -> None:
    loaded = load_flow(FILES[name])
    assert [str(one) for one in coverage(loaded, taken(name)).uncovered] == []


def taken(name: str) -> set[Way]:
    """The steps and branches that the conversations of a flow took."""
    calls = [one.rehearsal for one in results(name)]
    return {
        way for call in calls for way in ways_taken(call.bundle, call.state.callee, [event for event, _ in call.log])
    }


def by_key(name: str) -> list[TestResult]:
    return [one for one in results(name) if not any(turn.hear for turn in one.test.turns)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", PACE)
def test_what_is_answered_by_key_ends_the_same_in_every_language(name: str, language: str) -> None:
    for one in by_key(name):
        silent = [turn.model_copy(update={"expect_say": None}) for turn in one.test.turns]
        test = one.test.model_copy(update={"language": language, "turns": tuple(silent)})
        assert run_test(bundle(name), test).problems == (), test.name


@pytest.mark.parametrize("name", FILES)
def test_every_end_of_a_conversation_is_reached(name: str) -> None:
    assert {one.test.expect.outcome for one in results(name)} == ENDS[name]


def test_every_grade_is_reached() -> None:
    assert {one.test.expect.grade for one in results("prescreen")} >= set(GRADES)


def test_every_end_of_a_transfer_is_met() -> None:
    met = {turn.transfer for one in results("prescreen") for turn in one.test.turns if turn.transfer}
    assert met == {"accepted", "ended", "declined", "busy", "no_answer", "failed", "nobody"}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("language", PACE)
def test_who_calls_is_said_at_once(name: str, language: str) -> None:
    rehearsal = call(name, language)
    caller = bundle(name).flows[name].caller[language]
    assert caller in rehearsal.said[:80]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("language", PACE)
def test_the_first_choice_comes_within_fifteen_seconds(name: str, language: str) -> None:
    opening = Speech(text=call(name, language).said, language=language)
    assert seconds(opening) <= SAY_WHO_WITHIN


def cut_short(name: str) -> Iterator[tuple[FlowTest, int]]:
    """Every moment of every conversation: each test with the number of turns after which it is cut short."""
    for one in results(name):
        if not any(turn.dial or turn.machine for turn in one.test.turns):
            yield from ((one.test, turns) for turns in range(len(one.test.turns)))


@pytest.mark.parametrize("name", FILES)
def test_the_opt_out_key_works_at_every_moment_of_every_conversation(name: str) -> None:
    for test, turns in cut_short(name):
        rehearsal = call(name, test.language, **test.lead)
        for turn in test.turns[:turns]:
            play(rehearsal, turn)
        already = rehearsal.state.opted_out
        actions = rehearsal.press("*")
        assert already or isinstance(actions[0], OptOut), (test.name, turns)
        assert rehearsal.state.opted_out, (test.name, turns)
