"""The verbs of flow authors: check, test, understand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.rig import Cli
from voicebot.cli.flows import flow_files

BROKEN = Path("tests/flows/broken")


def test_flows_that_ship_have_no_fault(cli: Cli) -> None:
    assert cli.out("check", "flows/").endswith(" flows checked, 0 errors, 0 issues.\n")


def test_every_fault_is_named_with_file_and_line(cli: Cli) -> None:
    told = cli.out("check", BROKEN, code=1).splitlines()
    findings = json.loads(cli.out("check", BROKEN, "--json", code=1))
    assert {finding["severity"] for finding in findings} == {"error", "issue"}
    assert all(finding["problem"] and Path(finding["file"]).is_file() for finding in findings)
    assert [line.split()[1].partition(":")[0] for line in told[:-1]] == [finding["file"] for finding in findings]
    assert told[-1].startswith(f"{len(flow_files([str(BROKEN)]))} flows checked, ")


@pytest.mark.parametrize("verb", ["check", "test"])
def test_nothing_to_look_at(cli: Cli, verb: str) -> None:
    assert cli.complaint(verb, "nowhere").endswith("nowhere: there is no such file or folder. Check the path.")
    assert "there are no flows (*.yaml)." in cli.complaint(verb, cli.folder)


def test_tests_inside_flows(cli: Cli) -> None:
    assert cli.out("test", "flows/prescreen.yaml").endswith(" passed, 0 failed\n")
    results = json.loads(cli.out("test", "flows/", "--only", "by word", "--json"))
    assert results
    assert all("by word" in one["test"] and one["problems"] == [] for one in results)


def test_failed_test_says_what_was_expected_and_what_came(cli: Cli) -> None:
    flow = cli.folder / "tea.yaml"
    flow.write_text(TEA, encoding="utf-8")
    told = cli.out("test", flow, "-v", code=1)
    assert f"failed {flow}: says no" in told
    assert "expected outcome 'refused', but got 'completed'" in told
    assert '"digits":"2"' in told
    assert told.endswith("1 passed, 1 failed\n")
    assert "digits" not in cli.out("test", flow, code=1)


TEA = """
spec: 1
name: tea
version: "1"
type: outbound
purpose: survey
languages: en-US
caller: Springwood Tea
exhausted: bye
steps:
  question:
    menu:
      ask: "Hello, this is {{ caller }}. Press {{ opt_out_key | key }} to end all calls. Do you drink tea?"
      answers:
        yes: {keys: "1", hear: yes}
        no: {keys: "2", hear: no}
  bye:
    hangup: {say: "Goodbye.", outcome: completed}
tests:
  - {name: says yes, turns: [{hear: yes}], expect: {outcome: completed}}
  - {name: says no, turns: [{press: "2"}], expect: {outcome: refused}}
"""


@pytest.mark.parametrize(
    ("words", "lang", "intent"),
    [
        ("no thanks, take me off your list", "en", "opt_out"),
        ("别再打了", "zh", "opt_out"),
        ("call me back later", "en-US", "call_back_later"),
        ("打错了", "zh-CN", "wrong_number"),
    ],
)
def test_understanding(cli: Cli, words: str, lang: str, intent: str) -> None:
    assert cli.out("understand", words, "--lang", lang).startswith(f"{intent} (")
    explained = cli.out("understand", words, "--lang", lang, "--explain").splitlines()
    assert explained[1].split() == ["intent", "answer", "score", "because"]
    assert f"{lang[:2]}.yaml:" in explained[3]
    assert json.loads(cli.out("understand", words, "--lang", lang, "--json"))["intent"] == intent


def test_understanding_depends_on_the_question(cli: Cli) -> None:
    asked = ("--question", "yes_no", "--hear", "yes", "--hear", "no")
    assert cli.out("understand", "sure", *asked).startswith("yes (")


def test_language_that_is_not_known(cli: Cli) -> None:
    assert cli.complaint("understand", "bonjour", "--lang", "fr").endswith("Choose of en-US, zh-CN, es-US.")
