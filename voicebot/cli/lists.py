"""The verbs of lists and people: import, leads, suppress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import phonenumbers

from voicebot.cli.database import now, opened
from voicebot.cli.output import EPILOG, clip, counted, table
from voicebot.errors import VoicebotError, did_you_mean
from voicebot.leads.columns import ROLES, Column, Role
from voicebot.leads.consent import CONSENT_KINDS, Consent
from voicebot.leads.dates import Order
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRefusedError, NumberRules, PhoneNumber, read_number
from voicebot.leads.tables import GRADES
from voicebot.services import intake
from voicebot.services.campaigns import find_list
from voicebot.services.do_not_call import suppress_by_hand
from voicebot.services.intake import IntakeOptions, IntakeReport
from voicebot.services.list_file import sheets_of
from voicebot.services.suppression import OptingOut
from voicebot.settings import Settings
from voicebot.store import overview

SHOWN = 12
"""Refused rows that are printed; all of them stand in the rejects file."""


def number_rules(settings: Settings) -> NumberRules:
    """What this centre may dial."""
    return NumberRules(settings.country, settings.countries, settings.caller_ids)


def _roles(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, Role | None]:
    """`role=heading` as heading -> role; the role `field` keeps a column as it is."""
    chosen: dict[str, Role | None] = {}
    for value in values:
        role, equals, heading = value.partition("=")
        if not equals or not heading:
            remedy = 'Write it as role=heading, such as phone="Backup line".'
            raise VoicebotError("--column", f'"{value}" names no heading.', remedy)
        if role not in (*ROLES, "field"):
            remedy = did_you_mean(role, [*ROLES, "field"]) or f"There are {', '.join(ROLES)} and field."
            raise VoicebotError("--column", f'there is no role "{role}".', remedy)
        chosen[heading] = next((known for known in ROLES if known == role), None)
    return chosen


def any_number(text: str, settings: Settings) -> PhoneNumber:
    """A number that somebody has typed, of whatever country. Raises VoicebotError."""
    try:
        return read_number(text, NumberRules(settings.country, phonenumbers.SUPPORTED_REGIONS))
    except NumberRefusedError as refused:
        raise VoicebotError(f'"{text}"', f"this {refused.problem}.", refused.remedy) from None


@click.command("import", epilog=EPILOG.format("voicebot import leads.xlsx --list spring --dry-run"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "list_name", default="", help="The list's name; by default the file's.")
@click.option("--sheet", default="", help="One sheet of a spreadsheet; by default each becomes a list of its own.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_roles,
    metavar="ROLE=HEADING",
    help="What a column means, where guessing fails; may be repeated.",
)
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="The order of day and month in the list's dates.")
@click.option("--hidden", is_flag=True, help="Load the rows that are hidden in the spreadsheet, too.")
@click.option("--consent-kind", type=click.Choice(CONSENT_KINDS), help="Consent declared for the whole list: its kind,")
@click.option("--consent-date", default="", metavar="YYYY-MM-DD", help="its day,")
@click.option("--consent-source", default="", help="and where it is documented.")
@click.option("--dry-run", is_flag=True, help="Judge every row, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_list(  # noqa: PLR0913, PLR0917  (one argument per option)
    file: Path, list_name: str, sheet: str, columns: dict[str, Role | None], dates: Order | None, hidden: bool,
    consent_kind: str | None, consent_date: str, consent_source: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Load a list of leads: CSV, XLSX or JSON. Refused rows are told by line, and kept in FILE.rejects.csv."""
    consent = Consent(consent_kind or "", consent_date, consent_source)
    with opened() as board:
        settings = board.centre.settings
        options = IntakeOptions(
            number_rules(settings), settings.secret, list_name=list_name, sheet=sheet, consent=consent,
            columns=columns, orders=frozenset({dates} if dates else ()), hidden=hidden, dry_run=dry_run,
        )  # fmt: skip
        reports = [
            with_progress(lambda tell, part=part: intake.run(board.centre.db, file, part, now(), tell), file)  # type: ignore[misc]
            for part in _parts(file, options)
        ]
    if as_json:
        facts = [_facts(report) for report in reports]
        click.echo(json.dumps(facts[0] if len(facts) == 1 else facts, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            for line in printed(report):
                click.echo(line)
    sys.exit(1 if any(report.refused for report in reports) else 0)


def _parts(file: Path, options: IntakeOptions) -> list[IntakeOptions]:
    """A spreadsheet with several sheets is several lists, named after them."""
    sheets = () if options.sheet else sheets_of(file)
    if len(sheets) < 2:
        return [options]
    name = options.list_name or file.stem
    return [replace(options, sheet=sheet, list_name=f"{name} {sheet}") for sheet in sheets]


def with_progress(load: Callable[[intake.Progress], IntakeReport], file: Path) -> IntakeReport:
    """Load with a progress bar on standard error, where somebody looks at it."""
    with click.progressbar(
        length=1, label=f"reading {file.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def told(_rows: int, done: int, size: int) -> None:
            bar.length = max(size, 1)
            bar.update(done - bar.pos)

        return load(told)


def printed(report: IntakeReport) -> list[str]:
    """A report for people: how the file was read, what came of it, the first refusals."""
    columns = ", ".join(f"{one.heading.strip()} → {_meaning(one)}" for one in report.columns)
    known = f", {report.known} of them people we knew" if report.known else ""
    form = f"sheet {report.sheet}" if report.sheet else report.encoding
    if report.format == "csv":
        form += f", separated by {SEPARATORS[report.separator]}"
    lines = [f"{report.file}: {counted(report.rows, 'row')}, {form}", f"  columns: {columns}"]
    lines += [f"  {note}" for note in report.notes]
    if report.resumed:
        lines.append(f"  went on behind {counted(report.resumed, 'row')} of a run that was cut short")
    lines.append(f'  {counted(report.added, "lead")} added to the list "{report.list_name}"{known}')
    if report.further or report.unusable:
        unusable = f", {report.unusable} cannot be dialled" if report.unusable else ""
        lines.append(f"  {counted(report.further, 'further number')} kept{unusable}")
    if report.already:
        lines.append(f"  {report.already} were in the list already")
    refused = sum(report.refused.values())
    if refused:
        kinds = ", ".join(f"{kind.replace('_', ' ')} {number}" for kind, number in report.refused.most_common())
        lines.append(f"  {refused} refused ({kinds}):")
        lines += [f"    {report.file}:{one.line}: {one.problem} {one.remedy}" for one in report.refusals[:SHOWN]]
        if refused > SHOWN:
            lines.append(f"    ... and {refused - SHOWN} more")
    if report.rejects:
        lines.append(f"  all refused rows, each with its reason: {report.rejects}")
    if report.dry_run:
        lines.append("  this was a dry run: nothing was written")
    return lines


def _meaning(column: Column) -> str:
    """What a column was taken for."""
    kind = "" if column.kind == "text" else f" ({column.kind})"
    return column.role or f"field {column.field}{kind}"


SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _facts(report: IntakeReport) -> dict[str, object]:
    return {
        "file": report.file, "list": report.list_name, "format": report.format, "sheet": report.sheet,
        "encoding": report.encoding, "separator": report.separator, "notes": list(report.notes),
        "columns": {column.heading: column.role or column.field for column in report.columns},
        "rows": report.rows, "added": report.added, "already": report.already, "known": report.known,
        "further": report.further, "unusable": report.unusable, "resumed": report.resumed,
        "refused": dict(report.refused), "rejects": report.rejects, "dry_run": report.dry_run,
        "refusals": [{"line": one.line, "kind": one.kind, "problem": one.problem, "remedy": one.remedy}
                     for one in report.refusals],
    }  # fmt: skip


@click.command(epilog=EPILOG.format("voicebot leads --list spring --grade interested"))
@click.option("--list", "list_name", default="", metavar="NAME", help="Only leads of this list.")
@click.option("--grade", type=click.Choice(GRADES), help="Only leads of this grade.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), metavar="N", help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one lead a line.")
def leads(list_name: str, grade: str | None, limit: int, as_json: bool) -> None:
    """List leads: grade, stage, last outcome, when they are rung next, or why they are not."""
    with opened() as board:
        if list_name:
            find_list(board.centre.db, list_name)
        rows = overview.leads_with_work(board.centre.db, list_name=list_name, grade=grade or "", limit=limit)
    if as_json:
        for row in rows:
            click.echo(json.dumps(dict(row), ensure_ascii=False))
        return
    if not rows:
        click.echo("No such leads." if grade else "No leads. Load a list: voicebot import leads.csv --list spring")
        return
    cells = [
        (row["name"], row["e164"], row["priority"], row["grade"], row["stage"], row["outcome"] or "",
         row["attempts"] or 0, _next(row["status"], row["next_at"], row["blocked_why"] or row["reason"]))
        for row in rows
    ]  # fmt: skip
    click.echo(table(cells, ("name", "number", "priority", "grade", "stage", "last outcome", "dials", "next")))


def _next(status: str | None, next_at: str | None, why: str) -> str:
    if status is None:
        return "in no campaign"
    if status == "due" and next_at:
        return f"{next_at[:16].replace('T', ' ')} UTC" + (f" ({clip(why, 40)})" if why else "")
    return f"{status}" + (f" ({clip(why, 50)})" if why else "")


@click.command(epilog=EPILOG.format('voicebot suppress "+1 202 555 0143" --why "asked by letter, 3 March"'))
@click.argument("number")
@click.option("--why", required=True, help="The evidence that is kept: who asked, how, when.")
def suppress(number: str, why: str) -> None:
    """Never call this person again: all their numbers, in every campaign, from now on."""
    if not why.strip():
        raise VoicebotError("--why", "this is empty.", "Say who asked, how, and when: it is the evidence.")
    with opened() as board:
        settings = board.centre.settings
        read = any_number(number, settings)
        wish = OptingOut(number_hash(read.e164, settings.secret), "manual", now(), why)
        done = suppress_by_hand(board, wish)
    if not done.new:
        click.echo(f"{read.e164} was on the do-not-call record already.")
        return
    ended = f" {counted(len(done.enrolments), 'campaign')} ended for this person." if done.enrolments else ""
    click.echo(f"{read.e164} is never called again.{ended}")
