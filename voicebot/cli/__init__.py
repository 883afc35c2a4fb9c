"""The command line: a thin skin. Each verb reads its options, calls one function, and prints.

Exit codes: 0 done; 1 done, and something was found (a fault in a flow, a failed test, a difference); 2 the input or a
setting is at fault; 3 something outside is (disk, database, network).
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from voicebot import __version__
from voicebot.errors import VoicebotError, did_you_mean

VERBS = {
    "import": "lists:import_list",
    "leads": "lists:leads",
    "suppress": "lists:suppress",
    "export": "exports:export",
    "retention": "erasing:retention",
    "purge": "erasing:purge",
    "check": "flows:check",
    "test": "rehearsing:test",
    "fuzz": "rehearsing:fuzz",
    "schema": "drawing:schema",
    "graph": "drawing:graph",
    "talk": "talk:talk",
    "understand": "understanding:understand",
    "dial": "dialing:dial",
    "serve": "dialing:serve",
    "simulator": "dialing:simulator",
    "calls": "calls:calls",
    "call": "calls:call",
    "replay": "calls:replay",
    "messages": "messages:messages",
    "cases": "cases:cases",
    "audit": "audit:audit",
    "doctor": "doctor:doctor",
    "backup": "backup:backup",
    "demo": "demo:demo",
}
"""Every verb and where it is written. Modules are imported only when their verb is called, so that each starts fast."""


class Verbs(click.Group):
    """The group of all verbs; it turns a user's mistake into one sentence and an exit code."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module, _, function = VERBS[name].partition(":")
        command = getattr(importlib.import_module(f"voicebot.cli.{module}"), function)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            remedy = did_you_mean(args[0], list(VERBS)) or "`voicebot --help` lists them."
            raise VoicebotError(args[0], "there is no such verb.", remedy)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VoicebotError as fault:
            click.echo(click.style("voicebot: ", fg="red") + str(fault), err=True)
            sys.exit(fault.exit_code)
        except BrokenPipeError:  # the reader of our output has gone: `voicebot calls | head`
            sys.stderr.close()
            sys.exit(0)


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="voicebot")
def main() -> None:
    """An outbound voice bot for small call centres.

    Try it: `voicebot demo`, or `voicebot talk flows/prescreen.yaml`. Settings are environment variables
    named VOICEBOT_... or lines of voicebot.toml (docs/settings.md).
    """
