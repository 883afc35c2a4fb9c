"""The verbs that help to write and to see a flow: schema, graph."""

from __future__ import annotations

import json
from pathlib import Path

import click

from voicebot.cli.output import EPILOG
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.graph.chart import chart_of
from voicebot.flows.graph.mermaid import mermaid
from voicebot.flows.graph.svg import svg
from voicebot.flows.load import load_flow
from voicebot.flows.schema import schema as schema_of_flows

OUTPUT = click.option("--output", default="", metavar="FILE", help="Write it into this file instead of printing it.")


@click.command(epilog=EPILOG.format("voicebot schema --output voicebot.schema.json"))
@OUTPUT
def schema(output: str) -> None:
    """Print the JSON Schema of flows, for editors: they complete, explain and underline while you write."""
    _give(json.dumps(schema_of_flows(), ensure_ascii=False, indent=2) + "\n", output)


@click.command(epilog=EPILOG.format("voicebot graph flows/prescreen.yaml --svg --output prescreen.svg"))
@click.argument("flow", type=click.Path())
@click.option("--svg", "as_svg", is_flag=True, help="Draw a picture (SVG) instead of Mermaid's text.")
@click.option("--lang", default="", help="The language of the prompts shown; by default the flow's first.")
@OUTPUT
def graph(flow: str, as_svg: bool, lang: str, output: str) -> None:
    """Draw a flow: a box for each step, an arrow for each way, with the key or answer that takes it."""
    loaded = load_flow(flow)
    known = loaded.flow.languages
    if lang and lang not in known:
        raise VoicebotError("--lang", f'{flow} does not speak "{lang}".', f"Choose of {', '.join(known)}.")
    chart = chart_of(loaded.flow, lang)
    _give(svg(chart) if as_svg else mermaid(chart), output)


def _give(text: str, output: str) -> None:
    if not output:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise OutsideError(output, f"the file cannot be written: {fault.strerror}.", "Check the path.") from None
