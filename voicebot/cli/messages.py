"""The verb `messages`: text messages, both ways."""

from __future__ import annotations

import json

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG, table
from voicebot.store import messages as store
from voicebot.store.database import Row


@click.command(epilog=EPILOG.format("voicebot messages --limit 50"))
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), metavar="N", help="How many, the latest first."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one message a line.")
def messages(limit: int, as_json: bool) -> None:
    """List the latest text messages: those that flows have sent, and those that people wrote to us."""
    with opened() as board:
        rows = store.latest(board.centre.db, limit)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_facts(row), ensure_ascii=False))
        return
    if not rows:
        click.echo("No messages yet.")
        return
    cells = [
        (row["id"], row["created_at"][:19].replace("T", " "), _other(row), row["name"] or "", row["status"],
         str(row["case_id"] or ""), row["body"] or "(erased)")
        for row in rows
    ]  # fmt: skip
    click.echo(table(cells, ("message", "at (UTC)", "number", "name", "status", "case", "text")))


def _other(row: Row) -> str:
    """The number of the other side."""
    number: str = row["to_number"] if row["direction"] == "outbound" else row["from_number"]
    return number


def _facts(row: Row) -> dict[str, object]:
    names = ("id", "sid", "direction", "to_number", "from_number", "name", "status", "error", "body", "reply")
    return {name: row[name] for name in (*names, "call_id", "case_id", "created_at", "posted_at", "ended_at")}
