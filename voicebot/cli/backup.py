"""The verb `backup`: a copy of the centre while it works."""

from __future__ import annotations

from pathlib import Path

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG, counted
from voicebot.services.backup import back_up
from voicebot.store import recordings


@click.command(epilog=EPILOG.format("voicebot backup /backups/2026-03-02"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-recordings", is_flag=True, help="Copy the sound of calls, too; purging never reaches the copy.")
def backup(folder: Path, with_recordings: bool) -> None:
    """Copy the database, its secret and the waiting opt-outs into a new FOLDER, while calls go on.

    To restore: stop the server, and put the files back where they were.
    """
    with opened() as board:
        for file in back_up(board.centre, folder, with_recordings=with_recordings):
            click.echo(f"{file}  {file.stat().st_size:,} bytes")
        number, size = recordings.kept(board.centre.db)
    if number and not with_recordings:
        click.echo(f"Not copied: {counted(number, 'recording')}, {size:,} bytes (--with-recordings).")
