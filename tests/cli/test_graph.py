"""`voicebot graph`."""

from __future__ import annotations

from tests.cli.rig import FLOW, Cli


def test_mermaid_is_printed_and_a_picture_on_wish(cli: Cli) -> None:
    assert cli.out("graph", FLOW).startswith("flowchart TD\n")
    assert cli.out("graph", FLOW, "--svg", "--lang", "zh-CN").startswith("<svg ")


def test_into_a_file(cli: Cli) -> None:
    file = cli.folder / "flow.svg"
    assert cli.out("graph", FLOW, "--svg", "--output", file) == ""
    assert file.read_text(encoding="utf-8") == cli.out("graph", FLOW, "--svg")
    nowhere = cli.folder / "no" / "folder.svg"
    assert "the file cannot be written" in cli.complaint("graph", FLOW, "--output", nowhere, code=3)


def test_a_language_that_the_flow_lacks(cli: Cli) -> None:
    assert cli.complaint("graph", FLOW, "--lang", "fr-FR").endswith("Choose of en-US, zh-CN.")
