"""What all verbs have in common: their help, and how the program begins and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.rig import Cli
from voicebot import __version__
from voicebot.cli import VERBS

VOICEBOT = str(Path(sys.executable).with_name("voicebot"))


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_what_it_does_and_gives_an_example(cli: Cli, verb: str) -> None:
    shown = cli.out(verb, "--help")
    assert f"Example: voicebot {verb}" in shown
    assert shown == cli.out(verb, "-h")
    described = shown.partition("Options:")[2]
    assert all(len(line.split()) > 1 for line in described.splitlines() if line.strip().startswith("--"))


def test_help_names_every_verb(cli: Cli) -> None:
    shown = cli.out("--help")
    assert [verb for verb in VERBS if f"\n  {verb} " not in shown] == []


def test_version(cli: Cli) -> None:
    assert cli.out("--version") == f"voicebot, version {__version__}\n"


@pytest.mark.parametrize(
    ("verb", "remedy"), [("dail", 'Did you mean "dial"?'), ("frobnicate", "`voicebot --help` lists them.")]
)
def test_unknown_verb(cli: Cli, verb: str, remedy: str) -> None:
    assert cli.complaint(verb) == f"voicebot: {verb}: there is no such verb. {remedy}"


def test_unknown_option_is_told_with_the_nearest(cli: Cli) -> None:
    result = cli.run("calls", "--limt", "3")
    assert result.exit_code == 2
    assert "--limit" in result.stderr


def test_reader_who_leaves_early_is_no_error(town: Cli) -> None:
    talk = [VOICEBOT, "check", "tests/flows/broken"]
    with subprocess.Popen(talk, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_no_colours_where_nobody_looks(town: Cli) -> None:
    for words in (["calls"], ["leads"], ["check", "tests/flows/broken/dead_end.yaml"]):
        assert "\x1b[" not in town.run(*words).output
