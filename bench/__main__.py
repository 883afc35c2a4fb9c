"""`python -m bench`: measure everything side by side, print the table, store it as JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import click

from bench import accuracy, calls, claims, hearing, intake, memory, streams, understanding, webhooks
from bench.figures import Figure
from voicebot import __version__
from voicebot.cli.output import table

PARTS = {
    "webhooks": webhooks,
    "understanding": understanding,
    "accuracy": accuracy,
    "calls": calls,
    "intake": intake,
    "claims": claims,
    "memory": memory,
    "streams": streams,
    "hearing": hearing,
}
STORED = Path("bench/last.json")


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--json", "target", default=STORED, type=click.Path(path_type=Path), help="Where the figures are stored.")
def main(parts: tuple[str, ...], target: Path) -> None:
    """Measure PARTS (all of them by default) in one run on this machine."""
    began, figures = time.time(), []
    for name in parts or PARTS:
        click.echo(f"measuring {name} ...", err=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=Path.cwd() / "bench") as folder:
            figures += list(PARTS[name].measure(Path(folder)))
    click.echo(table(map(_row, figures), ("figure", "measured", "unit", "budget", "", "")))
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    stored = {"voicebot": __version__, "at": began, "machine": machine, "figures": [asdict(one) for one in figures]}
    target.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if any(one.kept is False for one in figures) else 0)


def _row(one: Figure) -> tuple[str, ...]:
    kept = {True: "kept", False: "MISSED", None: ""}[one.kept]
    value = f"{one.value:,.0f}" if one.value >= 100 else f"{one.value:.2f}"
    return one.name, value, one.unit, one.budget, kept, one.note


if __name__ == "__main__":
    main()
