"""The verb that hands out what the database knows: export."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG
from voicebot.errors import OutsideError, VoicebotError
from voicebot.services.campaigns import find_list
from voicebot.services.export import EXPORTS, Form, What
from voicebot.services.export import export as exported


@click.command(epilog=EPILOG.format("voicebot export leads --list spring --out spring.csv --bom"))
@click.argument("what", type=click.Choice(list(EXPORTS)))
@click.option(
    "--format", "form", default="csv", show_default=True, type=click.Choice(["csv", "json"]), help="The kind of file."
)
@click.option("--list", "list_name", default="", help="Only leads of this list, or calls to them.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; by default standard output.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark: Excel then reads it as UTF-8.")
def export(what: What, form: Form, list_name: str, out: Path | None, bom: bool) -> None:
    """Hand out leads, calls or the do-not-call record. No cell of it is executed by a spreadsheet."""
    if list_name and what == "suppressions":
        raise VoicebotError("--list", "the do-not-call record is one for all lists.", "Leave the list out.")
    with opened() as board:
        if list_name:
            find_list(board.centre.db, list_name)
        try:
            with _writing(out) as stream:
                if bom and form == "csv":
                    stream.write("\ufeff")
                count = exported(board.centre.db, what, form, stream, list_name=list_name)
        except BrokenPipeError:
            raise
        except OSError as error:
            problem = f"the export cannot be written: {error.strerror}."
            raise OutsideError(str(out or "standard output"), problem, "Check the folder and its space.") from None
    if out:
        click.echo(f"{count} {what} written to {out}")


def _writing(out: Path | None) -> AbstractContextManager[IO[str]]:
    """The file, or standard output; either with the line ends that the format wants."""
    if out is None:
        return nullcontext(sys.stdout)
    return out.open("w", encoding="utf-8", newline="")
