"""The verb understand, where the question asks for a value, and where it is asked wrongly."""

from __future__ import annotations

import json

import pytest

from tests.cli.rig import Cli

NOW = ("--now", "2026-03-02T15:00")


@pytest.mark.parametrize(
    ("words", "options", "value"),
    [
        ("tomorrow at three", ("--question", "datetime"), "2026-03-03T15:00"),
        ("tomorrow", ("--question", "datetime"), "2026-03-03T10:00"),
        ("next friday", ("--question", "date"), "2026-03-13"),
        ("七分", ("--question", "rating", "--lang", "zh-CN"), "7"),
        ("fifty", ("--question", "rating"), None),
        ("forty nine dollars", ("--question", "money"), "49 USD"),
    ],
)
def test_value_is_told(cli: Cli, words: str, options: tuple[str, ...], value: str | None) -> None:
    facts = json.loads(cli.out("understand", words, *options, *NOW, "--json"))
    assert facts["value"] == value
    told = cli.out("understand", words, *options, *NOW)
    assert told.startswith(f"{value} (") if value else told == "nothing was understood, so the flow would ask again\n"


def test_wrong_options_are_told(cli: Cli) -> None:
    assert 'there is no intent "yess". Did you mean "yes"?' in cli.complaint("understand", "sure", "--hear", "yess")
    assert "Write it as 2026-03-02T15:00." in cli.complaint("understand", "sure", "--now", "soon")


ASKED = """\
{"id": "a", "text": "take me off your list", "lang": "en"}
{"id": "b", "text": "fifty dollars", "lang": "en", "ask": "money"}

{"id": "c", "text": "tomorrow at three", "lang": "en-US", "ask": "datetime", "reference": "2026-03-02T15:00:00"}
{"id": "d", "text": "嗯", "lang": "zh", "question": "yes_no"}
{"id": "e", "text": "it's too expensive", "lang": "en", "question": "Would you like one?"}
{"id": 6, "text": "seven", "lang": "en", "ask": "rating_0_10"}
{"id": 7, "text": "no idea", "lang": "en", "ask": "number"}
"""


def test_lines_are_answered_in_order(cli: Cli) -> None:
    (cli.folder / "asked.jsonl").write_text(ASKED, encoding="utf-8")

    told = [json.loads(line) for line in cli.out("understand", str(cli.folder / "asked.jsonl"), "--jsonl").splitlines()]

    assert [(one["id"], one["label"], one["value"]) for one in told[:5]] == [
        ("a", "opt_out", None),
        ("b", told[1]["label"], 50),
        ("c", told[2]["label"], "2026-03-03T15:00:00"),
        ("d", "yes", None),
        ("e", "not_interested", None),
    ]
    assert [(one["id"], one["value"]) for one in told[5:]] == [(6, 7), (7, None)]
    assert all(set(one) == {"id", "label", "score", "uncertain", "value"} for one in told)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "x"', "this is no JSON"),
        ("[1]", "it is no object."),
        ('{"id": "x", "lang": "en"}', '"text": it is missing.'),
        ('{"id": "x", "text": 3, "lang": "en"}', '"text": text is expected here.'),
        ('{"id": "x", "text": "yes", "lang": "fr"}', 'the language "fr" is not known.'),
        ('{"id": "x", "text": "yes", "lang": "en", "ask": "nmber"}', 'Did you mean "number"?'),
        ('{"id": "x", "text": "2", "lang": "en", "ask": "date", "reference": "soon"}', '"soon" is no moment.'),
    ],
)
def test_bad_line_is_answered_and_the_others_still_are(cli: Cli, line: str, problem: str) -> None:
    good = '{"id": "y", "text": "yes", "lang": "en"}'
    (cli.folder / "asked.jsonl").write_text(f"{line}\n{good}\n", encoding="utf-8")

    result = cli.run("understand", str(cli.folder / "asked.jsonl"), "--jsonl")

    bad, answered = (json.loads(told) for told in result.stdout.splitlines())
    assert result.exit_code == 1
    assert problem in bad["error"]
    assert f"line 1: {bad['error']}" in result.stderr
    assert answered["label"] == "yes"
