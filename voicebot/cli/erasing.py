"""The verbs that let private values go: retention, purge."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import click

from voicebot.cli.database import now, opened
from voicebot.cli.lists import any_number
from voicebot.cli.output import EPILOG, counted, table
from voicebot.errors import VoicebotError
from voicebot.leads.hashing import number_hash
from voicebot.services.erasure import forget_person, standings
from voicebot.services.erasure import purge as purged

UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
"""Days in a unit of `--older-than`."""


@click.command(epilog=EPILOG.format("voicebot retention"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retention(as_json: bool) -> None:
    """Show what is kept for how long, and how much of it is due to be erased."""
    with opened() as board:
        rows = standings(board.centre.db, datetime.now(UTC))
    if as_json:
        facts = [
            {"what": row.rule.what, "days": row.rule.days, "why": row.rule.why, "kept": row.kept, "due": row.due}
            for row in rows
        ]
        click.echo(json.dumps(facts, indent=2))
        return
    cells = [
        (row.rule.what, "for good" if row.rule.days is None else f"{row.rule.days} days",
         "" if row.kept is None else row.kept, "" if row.due is None else row.due, row.rule.why)
        for row in rows
    ]  # fmt: skip
    click.echo(table(cells, ("what", "kept", "now", "due", "why")))
    if any(row.due for row in rows):
        click.echo("\nErase what is due: voicebot purge --due")


@click.command(epilog=EPILOG.format("voicebot purge --older-than 180d --dry-run"))
@click.option("--due", is_flag=True, help="Erase what `voicebot retention` shows as due.")
@click.option(
    "--older-than", metavar="180d", help="Erase what ended longer ago: days (d), weeks (w), months (m), years (y)."
)
@click.option("--person", metavar="NUMBER", help="Erase one person, whatever the age, and never call them again.")
@click.option("--dry-run", is_flag=True, help="Count what would go, erase nothing.")
@click.option(
    "--rewrite", is_flag=True, help="Write the whole database file anew afterwards; nobody can dial meanwhile."
)
def purge(due: bool, older_than: str | None, person: str | None, dry_run: bool, rewrite: bool) -> None:
    """Erase private values for good: words, sound, collected values, names, numbers. The do-not-call record stays."""
    if sum((due, older_than is not None, person is not None)) != 1:
        remedy = "Give one of --due, --older-than 180d or --person NUMBER; --dry-run only counts."
        raise VoicebotError("purge", "it is not said what to erase.", remedy)
    days = _days(older_than) if older_than is not None else None
    with opened() as board:
        if person is not None:
            read = any_number(person, board.centre.settings)
            counts = forget_person(board, number_hash(read.e164, board.centre.settings.secret), now(), dry_run=dry_run)
        else:
            counts = purged(board.centre.db, datetime.now(UTC), days, dry_run=dry_run)
        if rewrite and not dry_run:
            board.centre.db.rewrite()
    done = "would be erased" if dry_run else "erased"
    listed = ", ".join((*(counted(counts[f"{noun}s"], noun) for noun in ("call", "lead", "recording")),
                        _people(counts["people"])))  # fmt: skip
    click.echo(f"{listed} {done}.")
    if person is not None and not counts["people"]:
        click.echo("Nothing was known of this number.")
    if dry_run:
        return
    if person is not None:
        click.echo("The number is on the do-not-call record by its hash, and is never called again.")
    click.echo(
        "Files outside the database are yours to erase: lists, their rejects, exports, backups; and what Twilio keeps."
    )


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _days(text: str) -> int:
    found = re.fullmatch(r"(\d{1,5})\s*([dwmy])", text.strip().lower())
    if not found:
        raise VoicebotError("--older-than", f'"{text}" is no span of time.', "Write it as 180d, 26w, 6m or 1y.")
    return int(found[1]) * UNITS[found[2]]
