"""The verb `audit`: what must never happen, counted from this database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from voicebot.cli.database import opened
from voicebot.cli.output import EPILOG, table
from voicebot.services.replay import replay
from voicebot.services.reports import RULES, Breach, invariants
from voicebot.store import overview
from voicebot.store.database import Database

SHOWN = 20
"""Breaches that are told one by one; `--json` tells all."""


@click.command(epilog=EPILOG.format("voicebot audit --replay"))
@click.option("--replay", "with_replay", is_flag=True, help="Run every call again, too, and compare every document.")
@click.option("--json", "as_json", is_flag=True, help="Print every breach as JSON.")
def audit(with_replay: bool, as_json: bool) -> None:
    """Count what must never happen, each rule by a query of its own: all must be 0.

    Nobody dialled after opting out, nobody twice, nobody outside the hours or above a cap, no call without an outcome.
    Exit code 1 when something did happen.
    """
    with opened() as board:
        breaches = audited(board.centre.db, with_replay=with_replay)
    if as_json:
        click.echo(json.dumps([asdict(breach) for breach in breaches], ensure_ascii=False, indent=2))
    else:
        for line in audit_lines(breaches, with_replay=with_replay):
            click.echo(line)
    sys.exit(1 if breaches else 0)


def audited(db: Database, *, with_replay: bool) -> list[Breach]:
    """Every breach; with `with_replay` also each call whose replay differs. Erased calls cannot be run again."""
    breaches = invariants(db)
    if with_replay:
        for row in overview.recent_calls(db, limit=sys.maxsize):
            report = replay(db, row["id"])
            if report.difference:
                breaches.append(Breach(REPLAY, row["id"], report.difference))
    return breaches


REPLAY = "replay_differs"


def audit_lines(breaches: list[Breach], *, with_replay: bool) -> list[str]:
    """A table of all rules with how often each was broken, and the first breaches in words."""
    rules = (*RULES, REPLAY) if with_replay else RULES
    found = {rule: sum(breach.rule == rule for breach in breaches) for rule in rules}
    rows = [(rule.replace("_", " "), number, "BREACH" if number else "ok") for rule, number in found.items()]
    lines = table(rows, ("", "", "")).split("\n")[2:]
    lines += [f"  {one.rule.replace('_', ' ')}: {one.subject}: {one.detail}" for one in breaches[:SHOWN]]
    if len(breaches) > SHOWN:
        lines.append(f"  ... and {len(breaches) - SHOWN} more")
    return lines
