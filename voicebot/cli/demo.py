"""The verb `demo`: days of calling on virtual time, and what came of them."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import click

from voicebot.cli.audit import audit_lines, audited
from voicebot.cli.calls import printed as printed_call
from voicebot.cli.dialing import enrolled_lines
from voicebot.cli.lists import printed as printed_report
from voicebot.cli.lists import with_progress
from voicebot.cli.output import EPILOG, counted, table
from voicebot.demo.town import CAMPAIGN, LEADS, START, Plan, Town
from voicebot.errors import VoicebotError
from voicebot.leads.tables import GRADES
from voicebot.services.intake import IntakeReport
from voicebot.services.reports import funnel
from voicebot.services.transcripts import transcript
from voicebot.store import overview
from voicebot.store.database import Database, Row

SHOWN_OUTCOMES = ("transferred", "callback", "screened", "opted_out", "refused")
"""Which call is printed as an example: the first of the first of these that the language has."""


@click.command(epilog=EPILOG.format("voicebot demo --seed 8 --days 3"))
@click.option("--folder", default="demo", show_default=True, type=click.Path(path_type=Path), metavar="FOLDER",
              help="The folder that is emptied and used.")  # fmt: skip
@click.option("--flow", default="flows/prescreen.yaml", show_default=True, type=click.Path(path_type=Path),
              metavar="FILE", help="The flow that the callees are led through.")  # fmt: skip
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same days.")
@click.option(
    "--days", default=5, show_default=True, type=click.IntRange(1, 60), metavar="N", help="How many days pass."
)
def demo(folder: Path, flow: Path, seed: int, days: int) -> None:
    """Screen a messy list of 300 leads against a town of virtual callees. No telephone rings, nothing leaves here."""
    if not flow.is_file():
        raise VoicebotError(
            str(flow), "there is no such flow.", "Run the demo in the project's folder, or name --flow."
        )
    _empty(folder)
    began = time.monotonic()
    town = Town(Plan(folder, flow, flow.parent, seed, days))
    try:
        breaches = _screen(town)
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


def _screen(town: Town) -> int:
    """The whole of it, told as it goes; how many breaches there were."""
    _heading("1  The list")
    town.remember_january()
    report = with_progress(town.load, LEADS)
    for line in printed_report(report):
        click.echo(line)
    _heading("2  The campaign")
    for line in enrolled_lines(town.start()):
        click.echo(line)
    _heading(f"3  {counted(town.plan.days, 'day')} of calling")
    with _days(town) as tell:
        town.live(tell)
    _heading("4  What came of it")
    for line in funnel_lines(town.db, report):
        click.echo(line)
    _heading("5  What must never happen (counted from the database, each by a query of its own)")
    breaches = _audit(town)
    _heading("6  Two calls")
    for language in ("en-US", "zh-CN"):
        _example(town.db, language)
    return breaches


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
            click.echo(f"  day {day}: {funnel(town.db, CAMPAIGN).counts['attempts']} attempts so far")

    yield tell


def funnel_lines(db: Database, report: IntakeReport) -> list[str]:
    """The funnel as a table, from the rows of the list on, with grades, outcomes and reasons below it."""
    came = funnel(db, CAMPAIGN)
    rows = [("rows", report.rows), ("refused", sum(report.refused.values()))]
    rows += [(name.replace("_", " "), number) for name, number in came.counts.items()]
    lines = [table(rows, ("", "")).split("\n", 2)[2]]
    grades = [f"{grade.replace('_', ' ')} {came.grades.get(grade, 0)}" for grade in GRADES]
    lines.append(f"grades:   {', '.join(grades)}")
    lines.append("outcomes: " + _most(came.outcomes))
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
