"""The verbs that read calls: calls, call, replay."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG, counted, pad, table
from voicebot.errors import VoicebotError
from voicebot.leads.outcomes import OUTCOMES
from voicebot.services.as_test import as_test
from voicebot.services.campaigns import find_list
from voicebot.services.replay import ReplayReport
from voicebot.services.replay import replay as replayed
from voicebot.services.transcripts import Said, Spoken, transcript
from voicebot.store import documents, overview, recordings
from voicebot.store.database import Database, Row
from voicebot.timestamps import from_text

COLOURS = {"bot": "cyan", "callee": "green", "agent": "yellow", "line": "white", "note": "magenta"}


@click.command(epilog=EPILOG.format("voicebot calls --outcome transferred"))
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), metavar="N", help="How many, the latest first."
)
@click.option("--outcome", type=click.Choice(OUTCOMES), metavar="OUTCOME", help="Only calls that ended so.")
@click.option("--list", "list_name", default="", metavar="NAME", help="Only calls to leads of this list.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one call a line.")
def calls(limit: int, outcome: str | None, list_name: str, as_json: bool) -> None:
    """List the latest calls."""
    with opened() as board:
        if list_name:
            find_list(board.centre.db, list_name)
        rows = overview.recent_calls(board.centre.db, limit=limit, outcome=outcome or "", list_name=list_name)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_facts(row), ensure_ascii=False))
        return
    if not rows:
        click.echo("No such calls." if outcome or list_name else "No calls yet. Try: voicebot demo")
        return
    cells = [
        (row["sid"] or row["id"], row["started_at"][:19].replace("T", " "), row["direction"], row["other_number"],
         row["name"] or "", row["status"], row["outcome"])
        for row in rows
    ]  # fmt: skip
    click.echo(table(cells, ("call", "began (UTC)", "", "number", "name", "line", "outcome")))


def _facts(row: Row) -> dict[str, object]:
    names = ("sid", "id", "direction", "other_number", "name", "language", "flow", "status", "outcome", "answered_by")
    moments = ("created_at", "answered_at", "ended_at")
    return {name: row[name] for name in (*names, *moments)}


def find(db: Database, sid: str) -> Row:
    """The call of that SID, or of our own id. Raises VoicebotError with what it may have been."""
    row = overview.call_by_any_id(db, sid)
    if row is None:
        like = overview.call_names_like(db, sid[:8])
        remedy = f"Did you mean {' or '.join(like)}?" if like else "`voicebot calls` lists them."
        raise VoicebotError(sid, "there is no such call.", remedy)
    return row


@click.command(epilog=EPILOG.format("voicebot call CA0123456789abcdef0123456789abcdef --twiml"))
@click.argument("sid")
@click.option("--twiml", is_flag=True, help="Print the documents that were answered, too.")
@click.option("--words", is_flag=True, help="Print each recognized word with its seconds and confidence, too.")
@click.option("--as-test", "test", is_flag=True, help="Print it as a test, to be put under `tests:` of its flow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def call(sid: str, twiml: bool, words: bool, test: bool, as_json: bool) -> None:
    """Print one call, word by word: times, keys, words, how they were understood, the outcome, and the sound."""
    with opened() as board:
        row = find(board.centre.db, sid)
        if test:
            click.echo(as_test(board.centre.db, row["id"], f"call {row['sid'] or row['id']}"))
            return
        lines = transcript(board.centre.db, row["id"])
        bodies = documents.of_call(board.centre.db, row["id"]) if twiml else []
        sounds = [_sound(board.centre.db, one) for one in recordings.of_call(board.centre.db, row["id"])]
    if as_json:
        said = [asdict(line) for line in lines]
        answered = [{"number": one["number"], "twiml": one["body"]} for one in bodies]
        told = {**_facts(row), "transcript": said, "recordings": sounds, "documents": answered}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in (*printed(row, lines, words=words), *_sound_lines(sounds)):
        click.echo(line)
    for one in bodies:
        click.echo(f"\n--- document {one['number']}, {one['created_at']}\n{one['body']}")


def _sound(db: Database, row: Row) -> dict[str, Any]:
    """What is known of one recording. `file` is empty once it is erased."""
    file = recordings.folder(db.path) / row["file"] if row["file"] else None
    facts = {name: row[name] for name in ("kind", "document", "seconds", "bytes", "created_at", "erased_at")}
    return {"file": str(file or ""), "missing": bool(file and not file.exists()), **facts}


def _sound_lines(sounds: list[dict[str, Any]]) -> list[str]:
    """The recordings of a call below its transcript."""
    lines = []
    for one in sounds:
        where = f"erased on {one['erased_at'][:10]}" if one["erased_at"] else one["file"]
        missing = " (the file is missing)" if one["missing"] else ""
        lines.append(f"  recording: {one['kind']}, {one['seconds']:g} s  {where}{missing}")
    return lines


def printed(row: Row, lines: list[Said], *, words: bool = False) -> list[str]:
    """A transcript as a terminal shows it, on the callee's own clock; with `words` each of them has its times."""
    clock = ZoneInfo(row["clock"])
    began = from_text(row["created_at"]).astimezone(clock)
    title = f"{row['sid'] or row['id']} · {row['direction']} · {began:%Y-%m-%d} ({row['clock']})"
    who = f"{row['name'] or 'somebody'} {row['other_number']} · {row['language']} · flow {row['flow']}"
    out = [click.style(title, bold=True), who]
    for line in lines:
        moment = f"{from_text(line.at).astimezone(clock):%H:%M:%S}"
        note = click.style(f"   [{line.note}]", dim=True) if line.note else ""
        out.append(f"  {moment}  {click.style(pad(line.who, 6), fg=COLOURS[line.who])}  {line.text}{note}")
        if words and line.words:
            out.append(" " * 20 + click.style("  ".join(map(_word, line.words)), dim=True))
    return out


def _word(word: Spoken) -> str:
    """`yes 0.41-0.62 (0.98)`"""
    sure = "" if word.confidence is None else f" ({word.confidence:.2f})"
    return f"{word.text} {word.start:.2f}-{word.end:.2f}{sure}"


def _verdict(report: ReplayReport) -> str:
    """What came of running a call again, for people."""
    if report.erased:
        return "its private values were erased, so it cannot be run again; its journal is unbroken."
    return report.difference or f"the same, byte by byte: {counted(report.documents, 'document')}."


@click.command(epilog=EPILOG.format("voicebot replay CA0123456789abcdef0123456789abcdef"))
@click.argument("sids", nargs=-1, metavar="SID...")
@click.option("--all", "every", is_flag=True, help="Replay every call in the database.")
def replay(sids: tuple[str, ...], every: bool) -> None:
    """Run calls again from the journal and compare every document, byte by byte."""
    if not sids and not every:
        raise VoicebotError("replay", "no call is named.", "Give one or more SIDs, or --all.")
    with opened() as board:
        rows = (
            overview.recent_calls(board.centre.db, limit=sys.maxsize)
            if every
            else [find(board.centre.db, sid) for sid in sids]
        )
        reports = [(row, replayed(board.centre.db, row["id"])) for row in rows]
    different = [(row, report) for row, report in reports if not report.same]
    for row, report in different if every else reports:
        click.echo(f"{row['sid'] or row['id']}: {_verdict(report)}")
    if every:
        documents_seen = sum(report.documents for _, report in reports)
        click.echo(f"{counted(len(reports), 'call')}, {counted(documents_seen, 'document')}: {len(different)} differ.")
    sys.exit(1 if different else 0)
