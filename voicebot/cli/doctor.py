"""The verb `doctor`: whether this installation can go live."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG
from voicebot.phone.client import PhoneClient
from voicebot.services.doctor import examine

MARKS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "fault": ("FAULT", "red")}


@click.command(epilog=EPILOG.format("voicebot doctor"))
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def doctor(as_json: bool) -> None:
    """Check settings, database, flows, credentials, caller ids, clock, public address and signature.

    Nothing is dialled. Exit code 1 when something is at fault.
    """
    with opened() as board:
        checks = []
        for check in examine(board.centre, PhoneClient(board.centre.settings), lambda: datetime.now(UTC)):
            checks.append(check)
            if not as_json:
                mark, colour = MARKS[check.state]
                click.echo(f"{click.style(mark.ljust(6), fg=colour)}{check.name}: {check.found}.")
                if check.remedy:
                    click.echo(f"      {check.remedy}")
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    sys.exit(1 if any(check.state == "fault" for check in checks) else 0)
