"""The verb `talk`: whole conversations by typing, in both languages, to every outcome one can end in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.rig import FLOW, Cli

CONVERSATIONS = yaml.safe_load((Path(__file__).parent / "conversations.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk["name"])
def test_conversation(cli: Cli, talk: dict[str, Any]) -> None:
    out = cli.out("talk", FLOW, "--lang", talk["lang"], typed="".join(f"{line}\n" for line in talk["typed"]))
    assert re.findall(r"the call is over: outcome (\w+)", out) == [talk["outcome"]], out
    assert talk.get("sees", "") in out


def test_both_languages_reach_every_outcome_of_a_conversation() -> None:
    ends = {lang: {talk["outcome"] for talk in CONVERSATIONS if talk["lang"] == lang} for lang in ("en-US", "zh-CN")}
    assert ends["en-US"] == ends["zh-CN"]
    assert len(ends["en-US"]) == 13


def test_words_and_keys_are_shown_in_their_order(cli: Cli) -> None:
    lines = cli.out("talk", FLOW, typed="yes\n/hangup\n").splitlines()
    assert [line[:5] for line in lines] == ["bot> ", "you> ", "bot> ", "you> ", "     "]
    assert lines[1] == "you> yes"


def test_lead_is_named(cli: Cli) -> None:
    assert "Is this Grace?" in cli.out("talk", FLOW, "--lead", "name=Grace", typed="/hangup\n")


def test_why_explains_the_last_words(cli: Cli) -> None:
    out = cli.out("talk", FLOW, typed="/why\nyes\n/why\n/hangup\n")
    assert "nothing was said yet" in out
    assert "en.yaml" in out.partition("you> yes")[2]


def test_unknown_command_is_answered_with_the_help(cli: Cli) -> None:
    assert "/agent X" in cli.out("talk", FLOW, typed="/dance\n/quit\n")


def test_agent_who_is_not_rung_cannot_answer(cli: Cli) -> None:
    out = cli.out("talk", FLOW, typed="/agent accepted\n/agent ended\n/hangup\n")
    assert "no agent is being rung" in out
    assert "no agent talks with you" in out
    assert "outcome hung_up" in out


@pytest.mark.parametrize("typed", ["", "/quit\n"])
def test_leaving_ends_the_call(cli: Cli, typed: str) -> None:
    assert "outcome hung_up" in cli.out("talk", FLOW, typed=typed)


def test_json_has_an_action_a_line(cli: Cli) -> None:
    out = cli.out("talk", FLOW, "--json", typed="*\n")
    actions = [json.loads(line) for line in out.splitlines()]
    assert [action["kind"] for action in actions].count("opt_out") == 1
    assert actions[-1]["outcome"] == "opted_out"


def test_nothing_is_left_behind(cli: Cli) -> None:
    cli.out("talk", FLOW, typed="*\n")
    assert list(cli.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("flows/nowhere.yaml",), "flows/nowhere.yaml"),
        ((FLOW, "--lang", "fr-FR"), 'does not speak "fr-FR". Choose of en-US, zh-CN.'),
        ((FLOW, "--lead", "name"), '"name" is not a field and its value. Write it as name=Ann.'),
        ((FLOW, "--lead", "nmae=Ann"), 'has no field "nmae". Did you mean "name"?'),
        ((FLOW, "--time-zone", "Nowhere"), '"Nowhere" is no time zone.'),
    ],
)
def test_mistake(cli: Cli, options: tuple[str, ...], problem: str) -> None:
    assert problem in cli.complaint("talk", *options)
