"""The verbs that read calls: calls, call, replay."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.rig import Cli

ENDS = {
    "Ann Able": "opted_out",
    "Ben Best": "transferred",
    "Dee Dunn": "voicemail",
    "Eve Eliot": "refused",
    "王芳": "opted_out",
}


def listed(cli: Cli, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in cli.out("calls", "--json", *options).splitlines()]


def sid_of(cli: Cli, name: str) -> str:
    return next(str(call["sid"]) for call in listed(cli, "--limit", "1000") if call["name"] == name)


def test_calls_are_listed_the_latest_first(town: Cli) -> None:
    calls = listed(town, "--limit", "1000")
    assert {call["name"]: call["outcome"] for call in calls}.items() >= ENDS.items()
    assert [call["created_at"] for call in calls] == sorted((call["created_at"] for call in calls), reverse=True)
    head, ruler, *rows = town.out("calls", "--limit", "1000").splitlines()
    assert head.split()[:2] == ["call", "began"]
    assert len(ruler.split()) == 7
    assert [row.split()[0] for row in rows] == [call["sid"] for call in calls]


def test_calls_can_be_narrowed(town: Cli) -> None:
    assert {call["name"] for call in listed(town, "--outcome", "opted_out")} == {"Ann Able", "王芳"}
    assert len(listed(town, "--limit", "2")) == 2
    assert len(listed(town, "--list", "spring", "--limit", "1000")) == len(listed(town, "--limit", "1000"))
    assert town.out("calls", "--outcome", "deceased") == "No such calls.\n"


def test_no_calls_yet(cli: Cli) -> None:
    assert cli.out("calls") == "No calls yet. Try: voicebot demo\n"
    assert cli.out("calls", "--json") == ""


def test_call_is_told_word_by_word(town: Cli) -> None:
    told = town.out("call", sid_of(town, "Ben Best"))
    order = ["answered", "Is this Ben Best?", "pressed 1   [answer yes_it_is]", "said: yes, that's right",
             "an agent is asked for (queue sales); card: name Ben Best", "Dana took the call", "the talk is over",
             "outcome transferred, grade ready"]  # fmt: skip
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert "(America/New_York)" in told


def test_chinese_call_is_told_on_the_callees_clock(town: Cli) -> None:
    told = town.out("call", sid_of(town, "王芳"))
    assert "(Asia/Shanghai)" in told
    assert "said: 别再打了" in told
    assert "written down: never to be called again" in told


def test_documents_of_a_call(town: Cli) -> None:
    sid = sid_of(town, "Eve Eliot")
    shown = town.out("call", sid, "--twiml")
    assert "--- document 1, 2026-" in shown
    assert "<Gather" in shown
    told = json.loads(town.out("call", sid, "--twiml", "--json"))
    assert told["outcome"] == "refused"
    assert told["transcript"][0]["text"] == "answered"
    assert [one["number"] for one in told["documents"]] == list(range(1, len(told["documents"]) + 1))
    assert all(one["twiml"].startswith("<?xml") for one in told["documents"])
    assert json.loads(town.out("call", sid, "--json"))["documents"] == []


def test_call_is_found_by_our_own_id_too(town: Cli) -> None:
    call = listed(town)[0]
    assert town.out("call", call["id"]) == town.out("call", call["sid"])


def test_unknown_call(town: Cli) -> None:
    sid = sid_of(town, "Ann Able")
    assert f"Did you mean {sid}?" in town.complaint("call", sid[:-1] + "?")
    assert town.complaint("call", "CAnope").endswith("there is no such call. `voicebot calls` lists them.")
    assert "there is no such call." in town.complaint("replay", sid, "CAnope")


def test_replay_gives_the_same_bytes(town: Cli) -> None:
    sid = sid_of(town, "Ben Best")
    assert town.out("replay", sid).startswith(f"{sid}: the same, byte by byte: ")
    calls = len(listed(town, "--limit", "1000"))
    assert town.out("replay", "--all").startswith(f"{calls} calls, ")
    assert town.out("replay", "--all").endswith(": 0 differ.\n")


def test_replay_tells_the_first_difference(town: Cli) -> None:
    sid = sid_of(town, "Ben Best")
    with closing(sqlite3.connect(town.database)) as db, db:
        db.execute(
            "UPDATE documents SET body = replace(body, 'Thank you', 'Thank me') WHERE number = 2 AND call_id = "
            "(SELECT id FROM calls WHERE sid = ?)",
            (sid,),
        )
    told = town.out("replay", sid, code=1)
    assert f"{sid}: document 2, character " in told
    assert "Thank me" in told
    assert sid in town.out("replay", "--all", code=1)
    assert "1 differ." in town.out("replay", "--all", code=1)


def test_replay_of_nothing(cli: Cli) -> None:
    assert cli.complaint("replay").endswith("no call is named. Give one or more SIDs, or --all.")
    assert cli.out("replay", "--all") == "0 calls, 0 documents: 0 differ.\n"


@pytest.mark.parametrize("options", [("--outcome", "great"), ("--limit", "0")])
def test_choices_are_told(town: Cli, options: tuple[str, ...]) -> None:
    result = town.run("calls", *options)
    assert result.exit_code == 2
    assert f"Invalid value for '{options[0]}'" in result.stderr


def test_unknown_list(town: Cli) -> None:
    assert town.complaint("calls", "--list", "sprng").endswith('there is no such list. Did you mean "spring"?')
