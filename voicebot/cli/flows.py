"""The verbs of flow authors: check, understand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from voicebot.cli.output import EPILOG, clip, counted, table
from voicebot.errors import VoicebotError
from voicebot.flows.check import check_paths, paths_of
from voicebot.flows.findings import Finding
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import UNIVERSAL_INTENTS, Hypothesis, Option, Question, QuestionKind
from voicebot.nlu.understand import understand as understood


def flow_files(paths: Iterable[str]) -> list[Path]:
    """The flows named: files as they are, of folders every *.yaml directly in them."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found += sorted(path.glob("*.yaml"))
        elif path.exists():
            found.append(path)
        else:
            raise VoicebotError(str(path), "there is no such file or folder.", "Check the path.")
    if not found:
        raise VoicebotError(", ".join(paths), "there are no flows (*.yaml).", "Name a file or a folder with flows.")
    return found


@click.command(epilog=EPILOG.format("voicebot check flows/"))
@click.argument("paths", nargs=-1, required=True, metavar="FLOW_OR_FOLDER...")
@click.option("--paths", "with_paths", is_flag=True, help="Walk every way through each flow, and print the longest.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for editors.")
def check(paths: tuple[str, ...], with_paths: bool, as_json: bool) -> None:
    """Find every fault of a flow: what cannot load (error), and what should not ship (issue)."""
    files = flow_files(paths)
    findings = check_paths(files)
    if as_json:
        told: object = [_facts(finding) for finding in findings]
        if with_paths:
            told = {"findings": told, "paths": [asdict(paths_of(file)) for file in _sound(files, findings)]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{click.style(finding.severity, fg=COLOURS[finding.severity])} {finding}")
        for file in _sound(files, findings) if with_paths else ():
            click.echo(paths_of(file))
        errors, issues = (sum(one.severity == severity for one in findings) for severity in COLOURS)
        click.echo(f"{counted(len(files), 'flow')} checked, {counted(errors, 'error')}, {counted(issues, 'issue')}.")
    sys.exit(1 if findings else 0)


def _sound(files: list[Path], findings: list[Finding]) -> list[Path]:
    """The files without errors: only these can be walked."""
    faulty = {finding.place.file for finding in findings if finding.severity == "error"}
    return [file for file in files if str(file) not in faulty]


COLOURS = {"error": "red", "issue": "yellow"}


def _facts(finding: Finding) -> dict[str, object]:
    facts = asdict(finding)
    return {**facts.pop("place"), **facts}


@click.command(epilog=EPILOG.format('voicebot understand "no thanks, take me off your list" --explain'))
@click.argument("words")
@click.option("--lang", default="en", show_default=True, help="The language: " + ", ".join(LANGUAGES) + ".")
@click.option("--question", default="open", show_default=True, type=click.Choice(get_args(QuestionKind)),
              metavar="KIND",
              help="What was asked, which is half of what an answer means.")  # fmt: skip
@click.option("--hear", multiple=True, help="An intent the question listens for; may be given several times.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="How sure the recognizer was.")
@click.option("--explain", is_flag=True, help="Show every reading, its score and its rule.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole understanding as JSON.")
def understand(
    words: str, lang: str, question: QuestionKind, hear: tuple[str, ...], confidence: float | None, explain: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Show how a caller's words are understood."""
    data = next((known.data for tag, known in LANGUAGES.items() if lang in (tag, known.data)), None)
    if data is None:
        raise VoicebotError("--lang", f'the language "{lang}" is not known.', f"Choose of {', '.join(LANGUAGES)}.")
    options = tuple(Option(intent, (intent,)) for intent in hear)
    asked = Question(kind=question, options=options, intents=UNIVERSAL_INTENTS)
    meant = understood([Hypothesis(words, confidence)], load_language(data), asked)
    if as_json:
        click.echo(json.dumps(asdict(meant), ensure_ascii=False, indent=2))
        return
    sure = "uncertain, so the flow would ask" if meant.uncertain else "certain"
    click.echo(f"{meant.intent} ({meant.score:.2f}, {sure})")
    if explain:
        rows = [(one.intent, one.option or "", f"{one.score:.2f}", clip(one.rule, 90)) for one in meant.candidates]
        click.echo(table(rows, ("intent", "answer", "score", "because")))
