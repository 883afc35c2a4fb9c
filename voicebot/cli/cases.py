"""The verb `cases`: complaints and reviews that wait for a human."""

from __future__ import annotations

import json

import click

from voicebot.cli.database import now, opened
from voicebot.cli.output import EPILOG, counted, table
from voicebot.errors import VoicebotError
from voicebot.store import cases as store
from voicebot.store import journal
from voicebot.store.database import Database

COLUMNS = ("id", "kind", "owner", "due_at", "name", "number", "call_id", "note")


@click.command(epilog=EPILOG.format("voicebot cases --owner service"))
@click.option("--owner", default="", help="Only those of one owner: a name or a queue, as the flow names it.")
@click.option("--close", type=int, default=None, metavar="ID", help="Close this case: it has been seen to.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
def cases(owner: str, close: int | None, as_json: bool) -> None:
    """List what waits for a human, soonest due first: complaints, and calls that somebody must look at.

    A case is opened by a flow (`case: complaint`), or when it stayed uncertain whether somebody opted out.
    """
    with opened() as board:
        db = board.centre.db
        if close is not None:
            _close(db, close)
            click.echo(f"Case {close} is closed.")
            return
        rows = [{column: row[column] for column in COLUMNS} for row in store.listed(db, owner)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo("No open cases.")
    else:
        click.echo(
            table([tuple(row.values()) for row in rows], ("id", "kind", "owner", "due", *COLUMNS[4:6], "call", "note"))
        )
        click.echo(counted(len(rows), "open case"))


def _close(db: Database, case: int) -> None:
    with db.transaction():
        if not store.close_case(db, case):
            raise VoicebotError("--close", f"there is no open case {case}.", "`voicebot cases` lists them.")
        journal.append(db, ("centre", "cases"), "case_closed", now(), {"case": case})
