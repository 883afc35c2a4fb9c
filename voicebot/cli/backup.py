"""The verb `backup`: a copy of the centre while it works."""

from __future__ import annotations

from pathlib import Path

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG
from voicebot.services.backup import back_up


@click.command(epilog=EPILOG.format("voicebot backup /backups/2026-03-02"))
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy the database, its secret and the waiting opt-outs into a new FOLDER, while calls go on.

    To restore: stop the server, and put the files back where they were.
    """
    with opened() as board:
        for file in back_up(board.centre, folder):
            click.echo(f"{file}  {file.stat().st_size:,} bytes")
