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
