"""The verbs that rehearse flows without a telephone: test, fuzz."""

from __future__ import annotations

import difflib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from voicebot.cli.flows import flow_files
from voicebot.cli.output import EPILOG, counted, table
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.coverage import Coverage, coverage, ways_taken
from voicebot.flows.fuzz import fuzz as random_calls
from voicebot.flows.load import load_flow
from voicebot.flows.rehearse import TestResult, run_test
from voicebot.flows.turn import Way
from voicebot.flows.update import updated


@dataclass(frozen=True)
class _Played:
    """The results of one file's tests, by their position in it."""

    file: Path
    bundle: Bundle
    results: dict[int, TestResult]

    @property
    def failed(self) -> list[TestResult]:
        return [result for result in self.results.values() if result.problems]


def _play(file: Path, only: str = "") -> _Played:
    bundle = bundle_from_files(file)
    tests = enumerate(bundle.flows[bundle.main].tests)
    return _Played(file, bundle, {index: run_test(bundle, test) for index, test in tests if only in test.name})


@click.command(epilog=EPILOG.format("voicebot test flows/ --coverage"))
@click.argument("paths", nargs=-1, required=True, metavar="FLOW_OR_FOLDER...")
@click.option("--only", default="", help="Run only the tests whose name contains this.")
@click.option("--verbose", "-v", is_flag=True, help="Print what was said in failed tests.")
@click.option("--coverage", "with_coverage", is_flag=True, help="List every step and branch that no test takes.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="With --coverage: fail if a flow is covered less.")  # fmt: skip
@click.option("--update", is_flag=True, help="Rewrite what failed tests expect into what happened, in the files.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def test(
    paths: tuple[str, ...], only: str, verbose: bool, with_coverage: bool, fail_under: float | None, update: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Run the tests that stand inside flows."""
    played = [_play(file, only) for file in flow_files(paths)]
    if update:
        played = [_updated(one, only) for one in played]
    covered = _coverages(played) if with_coverage or fail_under is not None else []
    low = [one for one in covered if one.share * 100 < (fail_under or 0)]
    if as_json:
        click.echo(json.dumps(_facts(played, covered), ensure_ascii=False, indent=2))
    else:
        for line in (*_printed(played, verbose=verbose), *_printed_coverage(covered)):
            click.echo(line)
        for one in low:
            click.echo(f"{one.flow} is covered by {one.share:.1%}, which is less than {fail_under:g}%.")
    sys.exit(1 if low or any(one.failed for one in played) else 0)


def _updated(played: _Played, only: str) -> _Played:
    """Rewrite the expectations in the file, show what changed, and run its tests again."""
    before = played.file.read_bytes().decode("utf-8")
    after = updated(before.removeprefix(BOM), dict(played.results))
    if after == before.removeprefix(BOM):
        return played
    name = str(played.file)
    difference = difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name} (updated)", lineterm="")
    click.echo("\n".join(difference))
    played.file.write_bytes((BOM * before.startswith(BOM) + after).encode())
    return _play(played.file, only)


BOM = "\ufeff"


def _printed(played: list[_Played], *, verbose: bool) -> Iterator[str]:
    for one in played:
        for result in one.failed:
            yield f"{click.style('failed', fg='red')} {one.file}: {result.test.name}"
            yield from (f"    {problem}" for problem in result.problems)
            if verbose:
                yield from (f"      {line}" for line in transcript(result))
    failed, results = sum(len(one.failed) for one in played), sum(len(one.results) for one in played)
    yield f"{results - failed} passed, {failed} failed"


def transcript(result: TestResult) -> list[str]:
    """The conversation of a test, a line for each thing that happened."""
    lines = []
    for event, actions in result.rehearsal.log:
        lines.append(f"> {event.model_dump_json(exclude={'at'})}")
        lines += [f"< {action.model_dump_json(exclude_defaults=True)}" for action in actions]
    return lines


def _coverages(played: list[_Played]) -> list[Coverage]:
    """The coverage of each flow by the tests of all of them: parts are taken in the calls of their callers."""
    taken: set[Way] = set()
    for one in played:
        for result in one.results.values():
            call = result.rehearsal
            taken |= ways_taken(one.bundle, call.state.callee, [event for event, _ in call.log])
    return [coverage(load_flow(one.file), taken) for one in played]


def _printed_coverage(covered: list[Coverage]) -> Iterator[str]:
    if covered:
        yield from (str(uncovered) for one in covered for uncovered in one.uncovered)
        yield ""
        rows = [
            (
                one.flow,
                f"{one.steps_taken} of {one.steps}",
                f"{one.branches_taken} of {one.branches}",
                f"{one.share:.1%}",
            )
            for one in covered
        ]
        yield table([*rows, _total(covered)], ("flow", "steps", "branches", "covered"))


def _total(covered: list[Coverage]) -> tuple[str, str, str, str]:
    steps, steps_taken = sum(one.steps for one in covered), sum(one.steps_taken for one in covered)
    branches, branches_taken = sum(one.branches for one in covered), sum(one.branches_taken for one in covered)
    share = (steps_taken + branches_taken) / (steps + branches)
    return "all", f"{steps_taken} of {steps}", f"{branches_taken} of {branches}", f"{share:.1%}"


def _facts(played: list[_Played], covered: list[Coverage]) -> object:
    tests = [
        {"file": str(one.file), "test": result.test.name, "problems": result.problems}
        for one in played
        for result in one.results.values()
    ]
    if not covered:
        return tests
    return {"tests": tests, "coverage": [{**asdict(one), "share": round(one.share, 4)} for one in covered]}


@click.command(epilog=EPILOG.format("voicebot fuzz flows/prescreen.yaml --calls 10000"))
@click.argument("flow", type=click.Path())
@click.option("--calls", default=1000, show_default=True, type=click.IntRange(1), help="How many calls to make.")
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="Which calls: a seed, the same calls."
)
@click.option("--from", "first", default=0, show_default=True, type=click.IntRange(0),
              help="The number of the first call; with `--calls 1` it makes one of them again.")  # fmt: skip
def fuzz(flow: str, calls: int, seed: int, first: int) -> None:
    """Call a flow with callers who do anything, and look for what breaks."""
    bundle = bundle_from_files(flow)
    began = time.perf_counter()
    report = random_calls(bundle, range(first, first + calls), seed)
    seconds = time.perf_counter() - began
    for call in report.faults.values():
        click.echo(f"{click.style('broken', fg='red')} call {call.number}: {call.problem}\n{call.script}\n")
    click.echo(table(((name, count) for name, count in report.outcomes.most_common()), ("outcome", "calls")))
    longest = f", the longest of {report.longest.turns} turns (call {report.longest.number})" if report.longest else ""
    click.echo(f"{counted(report.calls, 'call')} in {seconds:.1f} s, {report.calls / seconds:.0f} a second{longest}.")
    click.echo(f"{counted(report.faulty, 'call')} broken, in {counted(len(report.faults), 'way')}.")
    sys.exit(1 if report.faulty else 0)
