"""The verb `check`: every fault of a flow."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from voicebot.cli.output import EPILOG, counted
from voicebot.errors import VoicebotError
from voicebot.flows.check import check_paths, paths_of
from voicebot.flows.findings import Finding


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
