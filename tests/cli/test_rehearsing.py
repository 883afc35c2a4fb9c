"""The verbs that rehearse: coverage, updated expectations, random callers."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.rig import Cli
from tests.cli.test_flows import TEA


def _tea(cli: Cli, text: str = TEA) -> Path:
    return cli.list_file(text, "tea.yaml")


def test_coverage_lists_what_no_test_takes_and_totals(cli: Cli) -> None:
    told = cli.out("test", _tea(cli, TEA.partition("  - {name: says no")[0]), "--coverage")
    assert 'tea.yaml:16: step "question", menu.answers.no is never taken.' in told
    assert told.splitlines()[-4:] == [
        "flow  steps   branches  covered",
        "----  ------  --------  -------",
        "tea   2 of 2  1 of 3    60.0%",
        "all   2 of 2  1 of 3    60.0%",
    ]


def test_too_little_coverage_fails(cli: Cli) -> None:
    file = _tea(cli, TEA.partition("  - {name: says no")[0])
    assert cli.out("test", file, "--fail-under", "60")
    assert cli.out("test", file, "--fail-under", "61", code=1).endswith(
        "tea is covered by 60.0%, which is less than 61%.\n"
    )
    facts = json.loads(cli.out("test", file, "--coverage", "--json"))
    assert facts["coverage"][0]["share"] == 0.6
    assert facts["coverage"][0]["uncovered"][0]["place"]["line"] == 9


def test_a_part_is_covered_by_the_calls_of_its_callers(cli: Cli) -> None:
    _tea(cli, TEA.replace("  bye:\n", "  ask_more:\n    call: {flow: more}\n  bye:\n"))
    more = TEA.replace("name: tea\n", "name: more\n").replace("type: outbound", "type: part").partition("tests:")[0]
    cli.list_file(
        more.replace("exhausted: bye\n", "").replace('  bye:\n    hangup: {say: "Goodbye.", outcome: completed}\n', ""),
        "more.yaml",
    )
    lines = cli.out("test", cli.folder, "--coverage", code=1).splitlines()
    assert next(line.split() for line in lines if line.startswith("more "))[1:4] == ["1", "of", "1"]


def test_update_rewrites_the_file_and_shows_what_changed(cli: Cli) -> None:
    file = _tea(cli)
    told = cli.out("test", file, "--update")
    assert '-  - {name: says no, turns: [{press: "2"}], expect: {outcome: refused}}' in told
    assert '+  - {name: says no, turns: [{press: "2"}], expect: {outcome: completed}}' in told
    assert told.endswith("2 passed, 0 failed\n")
    assert file.read_text(encoding="utf-8") == TEA.replace("outcome: refused", "outcome: completed")
    assert cli.out("test", file, "--update") == "2 passed, 0 failed\n"


def test_update_keeps_byte_order_mark_and_line_ends_and_leaves_other_tests_alone(cli: Cli) -> None:
    windows = ("\ufeff" + TEA.lstrip()).replace("\n", "\r\n").encode()
    file = cli.list_file(windows, "tea.yaml")
    cli.out("test", file, "--update", "--only", "yes")
    assert file.read_bytes() == windows
    cli.out("test", file, "--update")
    assert file.read_bytes() == windows.replace(b"refused", b"completed")


def test_fuzz_counts_and_finds_nothing_in_a_sound_flow(cli: Cli) -> None:
    told = cli.out("fuzz", "flows/opt_out.yaml", "--calls", "40").splitlines()
    assert told[0].split() == ["outcome", "calls"]
    assert told[-2].startswith("40 calls in ")
    assert "a second, the longest of " in told[-2]
    assert told[-1] == "0 calls broken, in 0 ways."


def test_fuzz_prints_what_breaks_as_a_test(cli: Cli) -> None:
    file = _tea(cli, TEA.replace('say: "Goodbye."', 'say: "{{ milk }}"'))
    told = cli.out("fuzz", file, "--calls", "30", "--seed", "4", code=1)
    assert 'tea.yaml:17: "milk" has no value here.' in told
    number = told.partition("broken call ")[2].partition(":")[0]
    again = cli.out("fuzz", file, "--calls", "1", "--seed", "4", "--from", number, code=1)
    script = again.partition("here.\n")[2].partition("\n\n")[0]
    assert script in told
    assert script.startswith(f'  - name: "call {number} of seed 4"')
