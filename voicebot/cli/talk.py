"""The verb `talk`: a call in the terminal, by typing words and keys."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import cast, get_args

import click

from voicebot.cli.output import EPILOG
from voicebot.errors import VoicebotError, did_you_mean
from voicebot.flows.actions import AnyAction, Conclude, Hold, Line, OptOut, Record, StartTransfer, Understood
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.events import Detected, Recorded, Transferred, TransferResult
from voicebot.flows.model import Flow
from voicebot.flows.rehearse import Rehearsal, example_fields
from voicebot.flows.state import Callee
from voicebot.flows.steps import Scalar
from voicebot.leads.zones import is_zone
from voicebot.settings import load_settings
from voicebot.timestamps import to_text

HELP = """\
  type words to say them, digits (or * and #) to press them, nothing (just Enter) to stay silent
  /hangup   hang up                       /machine  a machine answers, after its beep
  /agent X  what the agent does while you hold: accepted, declined, busy, no_answer, failed, nobody; later: ended
  /why      how your last words were understood
  /quit     leave without ending the call"""


@click.command(epilog=EPILOG.format("voicebot talk flows/prescreen.yaml --lang zh-CN --lead name=王芳"))
@click.argument("flow", type=click.Path())
@click.option("--lang", default="", help="The language of the callee; by default the flow's first.")
@click.option(
    "--lead", multiple=True, metavar="FIELD=VALUE", help="A field of the lead; others take the flow's examples."
)
@click.option("--time-zone", default="UTC", show_default=True, help="The callee's time zone.")
@click.option("--json", "as_json", is_flag=True, help="Print each action as JSON, one a line.")
def talk(flow: str, lang: str, lead: tuple[str, ...], time_zone: str, as_json: bool) -> None:
    """Converse with a flow in the terminal. No telephone, no database."""
    bundle = bundle_from_files(flow)
    main = bundle.flows[bundle.main]
    if lang and lang not in main.languages:
        raise VoicebotError("--lang", f'{flow} does not speak "{lang}".', f"Choose of {', '.join(main.languages)}.")
    if not is_zone(time_zone) and time_zone != "UTC":
        raise VoicebotError("--time-zone", f'"{time_zone}" is no time zone.', "Write it as America/New_York.")
    given: dict[str, Scalar] = dict(_field(text, main) for text in lead)
    callee = Callee(
        fields={**example_fields(main), **given},
        language=lang,
        time_zone=time_zone,
        opt_out_key=load_settings(with_secret=False).opt_out_key,
        callback_number="+12025550100",
    )
    call = Rehearsal.of(bundle, callee, to_text(datetime.now(UTC)))
    if sys.stdin.isatty():
        click.echo(HELP)
    _converse(call, as_json)


def _field(text: str, flow: Flow) -> tuple[str, Scalar]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise VoicebotError("--lead", f'"{text}" is not a field and its value.', "Write it as name=Ann.")
    if name not in flow.needs:
        raise VoicebotError("--lead", f'the flow has no field "{name}".', did_you_mean(name, list(flow.needs)))
    return name, value


def _converse(call: Rehearsal, as_json: bool) -> None:
    stream = sys.stdin
    show(call.answer(), as_json)
    while call.state.phase not in ("closing", "ended"):
        click.echo(click.style("you> ", fg="green"), nl=False, err=as_json)
        typed = stream.readline()
        if not typed or typed.strip() == "/quit":
            click.echo(err=as_json)
            break
        if not stream.isatty():
            click.echo(typed.rstrip("\n"), err=as_json)
        actions = respond(call, typed.strip())
        show(actions, as_json)
    if call.state.phase != "ended":
        show(call.hang_up(), as_json)


def respond(call: Rehearsal, typed: str) -> tuple[AnyAction, ...]:
    """What the bot does about one line that was typed."""
    if typed.startswith("/"):
        return _command(call, typed[1:].split())
    if not typed:
        return call.silence()
    if call.state.phase == "recording":
        return call.feed(Recorded(at=call.now, url="typed", seconds=float(len(typed)) / 15, key=""))
    if set(typed.replace(" ", "")) <= set("0123456789*#"):
        return call.press(typed.replace(" ", ""))
    return call.hear(typed)


def _command(call: Rehearsal, words: list[str]) -> tuple[AnyAction, ...]:
    match words:
        case ["hangup"]:
            return call.hang_up()
        case ["machine"]:
            return call.feed(Detected(at=call.now, answered_by="machine_beep"))
        case ["agent", result] if result in get_args(TransferResult):
            return _agent(call, cast("TransferResult", result))
        case ["why"]:
            notes = [action for _, actions in call.log for action in actions if isinstance(action, Understood)]
            click.echo("\n".join(f"  {one}" for one in (notes[-1].candidates if notes else ("nothing was said yet",))))
            return ()
        case _:
            click.echo(HELP)
            return ()


def _agent(call: Rehearsal, result: TransferResult) -> tuple[AnyAction, ...]:
    """What the agent does, where one can."""
    if call.state.phase != ("bridged" if result == "ended" else "holding"):
        click.echo("  no agent talks with you" if result == "ended" else "  no agent is being rung")
        return ()
    return call.feed(Transferred(at=call.now, result=result))


def show(actions: tuple[AnyAction, ...], as_json: bool) -> None:
    """Print what the bot did."""
    for action in actions:
        if as_json:
            click.echo(json.dumps(action.model_dump(mode="json"), ensure_ascii=False))
        else:
            for line in described(action):
                click.echo(line)


def described(action: AnyAction) -> list[str]:
    """An action in words for the terminal; what only the journal wants is left out."""
    lines = [click.style("bot> ", fg="cyan") + speech.text for speech in getattr(action, "prompts", ())]
    match action:
        case OptOut():
            lines.append(click.style("     [written down: never to be called again]", fg="magenta"))
        case StartTransfer():
            card = ", ".join(f"{name} {value}" for name, value in action.card.items() if value)
            whom = f"an agent of {action.queue}" if action.queue else action.number
            lines.append(
                click.style(f"     [{whom} is rung{card and '; card: '}{card}; /agent says how it ends]", dim=True)
            )
        case Hold() if not lines:
            lines.append("     [on hold]")
        case Record():
            lines.append(click.style("     [recording: type what you say]", dim=True))
        case Conclude():
            lines.append(click.style(f"     [the call is over: {_result(action)}]", bold=True))
        case Line() if action.kind == "bridge":
            lines.append(click.style("     [you are talking with the agent; /agent ended when done]", dim=True))
        case _:
            pass
    return lines


def _result(end: Conclude) -> str:
    parts = [f"outcome {end.outcome}"]
    parts += [f"{name} {value}" for name, value in (("grade", end.grade), ("reason", end.reason)) if value]
    parts += [f"call back at {end.callback_at}"] if end.callback_at else []
    parts += [f"{name}={value}" for name, value in end.values.items() if value not in ("", False, None)]
    parts += ["to be reviewed by a human"] if end.review else []
    return ", ".join(parts)
