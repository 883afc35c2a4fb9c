from __future__ import annotations

import json

import pytest

from tests.cli.rig import Cli


def test_everything_that_is_over_is_erased_and_told(town: Cli) -> None:
    counts = town.out("purge", "--older-than", "0d", "--dry-run")
    assert counts.endswith("would be erased.\n")
    done = town.out("purge", "--older-than", "0d", "--rewrite")
    assert done.splitlines()[0] == counts.strip().replace("would be erased", "erased")
    assert "Files outside the database are yours to erase" in done
    assert town.out("purge", "--older-than", "0d", "--dry-run").startswith("0 calls")
    assert "erased" in town.out("replay", "--all", code=1)
    town.out("audit")


def test_one_person_is_erased_and_never_called_again(town: Cli) -> None:
    phone = json.loads(town.out("export", "leads", "--format", "json"))[0]["phone"]
    assert "is never called again" in town.out("purge", "--person", phone)
    left = json.loads(town.out("export", "leads", "--format", "json"))
    assert phone not in {row["phone"] for row in left}
    assert "on the do-not-call record already" in town.out("suppress", phone, "--why", "again")


def test_somebody_unknown_is_suppressed(cli: Cli) -> None:
    assert "Nothing was known of this number." in cli.out("purge", "--person", "+12025550199")
    assert json.loads(cli.out("export", "suppressions", "--format", "json"))[0]["phone"] == ""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "it is not said what to erase. Give one of --due"),
        (("--due", "--older-than", "1d"), "it is not said what to erase."),
        (("--older-than", "soon"), '"soon" is no span of time. Write it as 180d, 26w, 6m or 1y.'),
        (("--person", "911"), '"911": this is a short or emergency number.'),
    ],
)
def test_mistakes(cli: Cli, words: tuple[str, ...], problem: str) -> None:
    assert problem in cli.complaint("purge", *words)
