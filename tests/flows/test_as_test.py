"""Any call can be written as a test that goes the same way."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voicebot.flows.as_test import scalar, transcribed, written
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.callers import Caller
from voicebot.flows.chance import Chance
from voicebot.flows.events import Ended, Pressed, Recorded, Transferred
from voicebot.flows.load import load_text
from voicebot.flows.model import FlowTest, TestTurn
from voicebot.flows.rehearse import Rehearsal, play, run_test
from voicebot.flows.state import Callee
from voicebot.flows.yaml_text import parse

HERE = Path(__file__).parent
NOW = "2026-03-02T15:00:00.000Z"

FLOW = """\
spec: 1
name: reminder
version: "1"
type: outbound
purpose: debt
languages: [en-US, zh-CN]
caller: {en-US: Acme, zh-CN: 安康}
exhausted: bye
limits: {max_turns: 30, max_duration: 120}
needs:
  name: {type: text, example: Ann Lee}
  account: {type: digits, private: true, example: "4711"}
  city: {type: text, required: false, example: Rome}
  rank: {type: number}
steps:
  who:
    menu:
      ask: {en-US: "This is {{ caller }}. {{ name }}?", zh-CN: "这里是{{ caller }}。{{ name }}？"}
      answers:
        me: {keys: "1", hear: yes, phrases: {en-US: [this is ann lee], zh-CN: [我是李安]}}
  number:
    collect:
      ask: {en-US: Your account?, zh-CN: 账号？}
      slot: given
      type: digits
      private: true
      rules: [{check: value == account, say: {en-US: No., zh-CN: 不对。}}]
  where:
    branch:
      - {when: city, next: agent}
  comment:
    record: {ask: {en-US: Speak., zh-CN: 请说。}, slot: comment}
  agent:
    transfer:
      queue: q
      timeout: 20
      whisper: {en-US: W., zh-CN: 请接。}
      hold: {en-US: Wait., zh-CN: 请稍等。}
      branches: {answered: bye, otherwise: bye}
  bye:
    hangup: {say: {en-US: Bye., zh-CN: 再见。}, outcome: completed}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    file = tmp_path / "reminder.yaml"
    file.write_text(FLOW, encoding="utf-8")
    return bundle_from_files(file)


def _call(bundle: Bundle, fields: dict[str, str], *turns: dict[str, object], language: str = "") -> Rehearsal:
    call = Rehearsal.of(bundle, Callee(fields=fields, language=language), NOW)
    call.answer()
    for turn in turns:
        play(call, TestTurn.model_validate(turn))
    call.hang_up()
    return call


def _told(call: Rehearsal) -> str:
    return str(transcribed(call.bundle, call.state.callee, [event for event, _ in call.log], "a call"))


def _read(text: str) -> FlowTest:
    return load_text(f"{FLOW}tests:\n{text}\n", "reminder.yaml").flow.tests[0]


BOB = {"name": "Bob Ray", "account": "9038", "city": "Oslo", "rank": "3"}


def test_a_call_is_written_with_the_examples_instead_of_its_own_values(bundle: Bundle) -> None:
    call = _call(bundle, BOB, {"hear": "this is Bob Ray", "confidence": 0.93}, {"press": "1"}, {"press": "9038"},
                 {"transfer": "busy"})  # fmt: skip
    told = _told(call)
    assert not {"Bob", "9038", "Oslo"} & set(told.replace('"', " ").split())
    assert (
        told
        == """\
  - name: "a call"
    lead: {rank: "3"}
    turns:
      - {hear: "this is Ann Lee", confidence: 0.93}
      - {press: "1"}
      - {press: "4711"}
      - {transfer: busy}
    expect: {outcome: transfer_failed}"""
    )
    assert run_test(bundle, _read(told)).problems == ()


def test_a_call_that_no_example_goes_like_keeps_its_own_values_and_says_so(bundle: Bundle) -> None:
    call = _call(bundle, {**BOB, "account": "9"}, {"press": "1"}, {"press": "9"}, {"transfer": "nobody"})
    told = _told(call)
    assert told.startswith("# This holds values of a real person")
    assert 'account: "9"' in told
    assert run_test(bundle, _read(told)).problems == ()


def test_a_field_that_the_callee_lacks_is_empty_in_the_test(bundle: Bundle) -> None:
    call = _call(bundle, {"name": "Bob Ray", "account": "9038", "rank": "3"}, {"press": "1"}, {"press": "9038"},
                 {"recorded": 7})  # fmt: skip
    told = _told(call)
    assert 'lead: {city: null, rank: "3"}' in told
    assert "- {recorded: 7}" in told
    assert "recordings.example" not in told
    assert run_test(bundle, _read(told)).problems == ()


def test_times_are_written_where_the_way_hangs_on_them(bundle: Bundle) -> None:
    slow = _call(bundle, BOB, {"press": "1", "after": 110}, {"press": "9038", "after": 30})
    told = _told(slow)
    assert '- {press: "4711", after: 30}' in told
    assert run_test(bundle, _read(told)).problems == ()
    quick = _told(_call(bundle, BOB, {"press": "1", "after": 10}, {"press": "9038", "after": 9}))
    assert "after" not in quick


def test_silences_in_a_row_are_one_line_and_hanging_up_is_told(bundle: Bundle) -> None:
    told = _told(_call(bundle, BOB, {"silence": 1}, {"press": "1"}, {"silence": 1}, language="zh-CN"))
    assert "language: zh-CN" in told
    assert told.count("- silence") == 2
    assert told.splitlines()[-2].strip() == "- hangup"


def test_the_key_that_opts_out_counts_on_a_recording_too(bundle: Bundle) -> None:
    call = _call(bundle, {**BOB, "city": ""}, {"press": "1"}, {"press": "9038"})
    events = [*(event for event, _ in call.log[:-1]), Recorded(at=call.now, url="x", seconds=1, key="*")]
    told = str(transcribed(bundle, call.state.callee, [*events, Ended(at=call.now, status="completed")], "one"))
    assert '{press: "*"}' in told
    assert "outcome: opted_out" in told


@pytest.mark.parametrize("status", ["busy", "no_answer", "failed", "invalid_number"])
def test_calls_that_nobody_answers(bundle: Bundle, status: str) -> None:
    ended = Ended.model_validate({"at": NOW, "status": status})
    told = str(transcribed(bundle, Callee(fields=BOB), [ended], "one"))
    assert f"- {{dial: {status}}}" in told
    assert f"outcome: {status}" in told


def test_what_no_test_can_say_is_owned_up_to(bundle: Bundle) -> None:
    call = _call(bundle, BOB, {"press": "1"})
    events = [event for event, _ in call.log]
    events.insert(1, Pressed(at=NOW, digits="77"))
    events.insert(1, Transferred(at=NOW, result="ended"))
    callee = call.state.callee.model_copy(update={"opt_out_key": "7"})
    assert "outcome: opted_out" in str(transcribed(bundle, callee, events, "one"))
    left = Callee(fields=BOB, message_left=True, language="xx-XX")
    assert str(transcribed(bundle, left, [], "one")).startswith("# This does not go quite as the call went")


def test_random_calls_go_the_same_way_as_their_tests() -> None:
    bundle = bundle_from_files(HERE / "engine_flow.yaml")
    for number in range(25):
        caller = Caller(bundle, Chance(number), "*")
        call = Rehearsal.of(bundle, caller.callee, caller.answers_at)
        while call.state.phase != "ended":
            call.feed(caller.does(call.state, call.now))
        made = transcribed(bundle, caller.callee, [event for event, _ in call.log], "random")
        assert made.exact, str(made)
        data, _ = parse("tests:\n" + written(made.test), "random.yaml")
        assert isinstance(data, dict)
        tests = data["tests"]
        assert isinstance(tests, list)
        assert run_test(bundle, FlowTest.model_validate(tests[0])).problems == (), str(made)


VALUES = ("yes", "true", "null", "1", "012", "a: b", "#", "", "zh-CN", "machine_start", "-", "~", 'say "hi"', "五",
          3, 2.0, 2.5, True, None)  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_back_as_it_was(value: object) -> None:
    data, _ = parse(f"key: {scalar(value)}", "one.yaml")
    assert data == {"key": value}
    assert yaml.safe_load(f"[{scalar(value)}]") == [value] or value == "yes"
