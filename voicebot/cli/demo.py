"""The verb `demo`: days of calling on virtual time, and what came of them."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import click

from voicebot.cli.audit import audit_lines, audited
from voicebot.cli.calls import printed as printed_call
from voicebot.cli.dialing import enrolled_lines
from voicebot.cli.lists import printed as printed_report
from voicebot.cli.lists import with_progress
from voicebot.cli.output import EPILOG, counted, table
from voicebot.demo.town import ROUNDS, START, Plan, Round, Speech, Town
from voicebot.errors import VoicebotError
from voicebot.leads.tables import GRADES
from voicebot.services.intake import IntakeReport
from voicebot.services.reports import funnel
from voicebot.services.transcripts import transcript
from voicebot.simulator.faults import Faults
from voicebot.store import overview
from voicebot.store.database import Database, Row

SHOWN_OUTCOMES = ("transferred", "callback", "screened", "opted_out", "refused")
"""Which call is printed as an example: the first of the first of these that the language has."""


@click.command(epilog=EPILOG.format("voicebot demo --seed 8 --days 3"))
@click.option(
    "--folder", default="demo", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
    help="The folder that is emptied and used.",
)  # fmt: skip
@click.option(
    "--flows", default="flows", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
    help="The folder of the flows that are rung with.",
)  # fmt: skip
@click.option("--seed", default=7, show_default=True, metavar="N", help="The same seed gives the same days.")
@click.option(
    "--days", default=5, show_default=True, type=click.IntRange(1, 60), metavar="N", help="How many days pass."
)
@click.option("--faults", default="0", metavar="FAULTS",
              help="A nasty network: 0.2 for every kind, or dropped=0.1,slow=0.3 (docs/simulator.md).")  # fmt: skip
@click.option("--speech", default="text", show_default=True, type=click.Choice(["text", "vosk"]),
              help="Callees hand over their words, or speak on media streams to vosk (here its mock).")  # fmt: skip
@click.option("--mishears", type=click.FloatRange(0, 1), metavar="0..1", help="How often a word is misheard.")
def demo(
    folder: Path, flows: Path, seed: int, days: int, faults: str, speech: Speech, mishears: float | None
) -> None:  # fmt: skip
    """Screen a messy list of 300 leads in a town of virtual callees; ring customers about a visit, a bill, a date.

    No telephone rings, and nothing leaves this machine.
    """
    for one in ROUNDS:
        if not (flows / f"{one.flow}.yaml").is_file():
            problem = f"there is no {one.flow}.yaml here."
            raise VoicebotError(str(flows), problem, "Run it in the project folder, or name --flows.")
    _empty(folder)
    began = time.monotonic()
    plan = Plan(folder, flows, seed, days, faults=Faults.read(faults, seed), speech=speech, mishears=mishears)
    town = Town(plan)
    try:
        breaches = _ring(town)
    finally:
        town.close()
    click.echo(f"\n{counted(days, 'day')} passed in {time.monotonic() - began:.0f} seconds.")
    for line in _next_steps(folder):
        click.echo(line)
    sys.exit(1 if breaches else 0)


def _empty(folder: Path) -> None:
    """Make the folder anew. One that was not made by the demo is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "voicebot.db").exists():
        raise VoicebotError(str(folder), "this folder holds something else.", "Name another --folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _ring(town: Town) -> int:
    """The whole of it, told as it goes; how many breaches there were."""
    _heading("1  The lists")
    town.remember_january()
    reports = _load(town)
    _heading("2  The campaigns")
    for one in town.plan.rounds:
        for line in enrolled_lines(town.enrol(one)):
            click.echo(f"{one.campaign}: {line}")
    _heading(f"3  {counted(town.plan.days, 'day')} of calling")
    town.start()
    with _days(town) as tell:
        town.live(tell)
    _heading("4  What came of it")
    for line in funnel_lines(town.db, reports):
        click.echo(line)
    _heading("5  What must never happen (counted from the database, each by a query of its own)")
    breaches = _audit(town)
    _heading("6  Two calls")
    for language in ("en-US", "zh-CN"):
        _example(town.db, language)
    return breaches


def _load(town: Town) -> dict[Round, IntakeReport]:
    reports = {}
    for one in town.plan.rounds:
        reports[one] = with_progress(partial(town.load, one), one.file)
        for line in printed_report(reports[one]):
            click.echo(line)
    return reports


def _heading(text: str) -> None:
    click.echo("\n" + click.style(text, bold=True))


@contextmanager
def _days(town: Town) -> Iterator[Callable[[datetime], object]]:
    """A progress bar over the days; without a terminal, a line for each day."""
    if sys.stderr.isatty():
        with click.progressbar(length=town.plan.days * 96, label="calling", file=sys.stderr) as bar:
            yield lambda _now: bar.update(1)
        return
    told: set[int] = set()

    def tell(now: datetime) -> None:
        day = (now - START) // timedelta(days=1)
        if day not in told and day > 0:
            told.add(day)
            click.echo(f"  day {day}: {_attempts(town)} attempts so far")

    yield tell


def _attempts(town: Town) -> int:
    return sum(funnel(town.db, one.campaign).counts["attempts"] for one in town.plan.rounds)


def funnel_lines(db: Database, reports: Mapping[Round, IntakeReport]) -> list[str]:
    """The funnels side by side, from the rows of the lists on; below them grades, outcomes and reasons of each."""
    funnels = {one: funnel(db, one.campaign) for one in reports}
    rows: list[list[object]] = [
        ["rows", *(report.rows for report in reports.values())],
        ["refused", *(sum(report.refused.values()) for report in reports.values())],
    ]
    for name in next(iter(funnels.values())).counts:
        rows.append([name.replace("_", " "), *(came.counts[name] for came in funnels.values())])
    lines = table(rows, ("", *(one.flow.replace("_", " ") for one in reports))).split("\n")
    for one, came in funnels.items():
        lines.append(click.style(f"\n{one.flow.replace('_', ' ')}", bold=True))
        if came.grades:
            grades = [f"{grade.replace('_', ' ')} {came.grades.get(grade, 0)}" for grade in GRADES]
            lines.append(f"grades:   {', '.join(grades)}")
        lines.append("outcomes: " + _most(came.outcomes))
        if came.reasons:
            lines.append("refused because of: " + _most(came.reasons))
    return lines


def _most(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in ordered) or "none"


def _audit(town: Town) -> int:
    breaches = audited(town.db, with_replay=True)
    for line in audit_lines(breaches, with_replay=True):
        click.echo(line)
    return len(breaches)


def _example(db: Database, language: str) -> None:
    row = _chosen(db, language)
    if row is None:
        click.echo(f"no call in {language}")
        return
    for line in printed_call(row, transcript(db, row["id"])):
        click.echo(line)
    click.echo()


def _chosen(db: Database, language: str) -> Row | None:
    for outcome in SHOWN_OUTCOMES:
        calls = overview.recent_calls(db, limit=sys.maxsize, outcome=outcome)
        spoken = [row for row in calls if row["language"] == language and row["direction"] == "outbound"]
        if spoken:
            return overview.call_by_any_id(db, spoken[-1]["id"])
    return None


def _next_steps(folder: Path) -> list[str]:
    prefix = f"VOICEBOT_DATABASE={folder}/voicebot.db .venv/bin/voicebot"
    return [
        "\nWhere to look next:",
        f"  {prefix} calls                     # every call; `call SID` tells one word by word",
        f"  {prefix} leads --grade interested  # who is worth a second call",
        f"  {prefix} replay --all              # run every call again, byte by byte",
        "  .venv/bin/voicebot talk flows/prescreen.yaml                # talk with the flow yourself",
        "  README.md                                                   # how to change the flow, and to go live",
    ]
