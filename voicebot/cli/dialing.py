"""The verbs that run: serve, dial, simulator."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from voicebot import logs
from voicebot.cli.database import now, opened
from voicebot.cli.output import EPILOG, counted
from voicebot.services import campaigns
from voicebot.services.campaigns import Enrolled, Progress
from voicebot.services.switchboard import Switchboard
from voicebot.settings import load_settings
from voicebot.store import campaigns as campaign_store

LOOK_EVERY = 2.0
"""Seconds between two looks at a campaign."""

QUIET = 20.0
"""Seconds with work due and nobody on the line after which `dial` asks whether anybody serves."""


@click.command(epilog=EPILOG.format("voicebot serve --port 8080"))
@click.option("--host", help="The address to listen on; by default VOICEBOT_HOST.")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="PORT", help="The port to listen on; by default VOICEBOT_PORT."
)
@click.option(
    "--threads", default=16, show_default=True, type=click.IntRange(1), metavar="N", help="Webhooks answered at once."
)
def serve(host: str | None, port: int | None, threads: int) -> None:
    """Answer Twilio and dial whatever campaign runs, in one process."""
    from voicebot.cli.server import run_server  # noqa: PLC0415  (only this verb needs the server)

    settings = load_settings()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    logs.set_up(settings.log_format, settings.log_level)
    run_server(settings, threads)


@click.command(epilog=EPILOG.format("voicebot dial flows/prescreen.yaml --list spring"))
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--list", "list_name", required=True, metavar="NAME", help="The list to ring.")
@click.option(
    "--campaign", "name", default="", metavar="NAME", help="The campaign's name; by default the flow's and the list's."
)
@click.option("--trial", type=click.FloatRange(0, 1, min_open=True), metavar="SHARE",
              help="Only this share first, such as 0.05.")  # fmt: skip
@click.option("--pause", is_flag=True, help="Pause the campaign instead; calls under way go on.")
@click.option("--no-wait", is_flag=True, help="Start the campaign and return at once.")
def dial(flow: Path, list_name: str, name: str, trial: float | None, pause: bool, no_wait: bool) -> None:
    """Start a campaign, or go on with it, and watch it. `voicebot serve` places its calls."""
    name = name or f"{flow.stem}-{list_name}"
    with opened() as board:
        if pause:
            campaigns.move(board.centre.db, name, "paused", now())
            click.echo(f"{name} is paused. Calls under way go on.")
            return
        campaigns.find_list(board.centre.db, list_name)
        if campaign_store.by_name(board.centre.db, name) is None:
            campaigns.create(board.centre, name, flow, now())
        for line in enrolled_lines(campaigns.enrol(board.centre, name, list_name, now(), trial=trial)):
            click.echo(line)
        if campaigns.progress(board.centre.db, name).status != "running":
            campaigns.move(board.centre.db, name, "running", now())
        click.echo(f"{name} is running.")
        if no_wait:
            click.echo(progress_line(campaigns.progress(board.centre.db, name), now()))
        else:
            _watch(board, name)


def enrolled_lines(done: Enrolled) -> list[str]:
    """What became of a list, for people."""
    lines = [
        f"{counted(done.new, 'lead')} enrolled" + (f", {done.already} had been already" if done.already else "") + "."
    ]
    lines += [f"  {number} kept back for after the trial" for number in [done.kept_back] if number]
    lines += [f"  {number} left out: {why}" for why, number in done.left_out.most_common()]
    lines += [f"  {number} held: {why}" for why, number in done.held.most_common()]
    return lines


def _watch(board: Switchboard, name: str) -> None:
    """Print a line whenever something changed, until all is done or the reader has seen enough (Ctrl-C)."""
    _end_politely()
    click.echo("Watching; Ctrl-C stops watching, the campaign goes on.")
    last, changed, warned = "", time.monotonic(), False
    try:
        while True:
            seen = campaigns.progress(board.centre.db, name)
            line = progress_line(seen, now())
            if line != last:
                click.echo(f"{now()[11:19]}  {line}")
                last, changed, warned = line, time.monotonic(), False
            if seen.status == "finished" or not _open(seen):
                click.echo("Nothing more to dial. `voicebot leads` and `voicebot calls` tell what came of it.")
                return
            idle = "" < seen.next_at <= now() and not seen.enrolments.get("in_call")
            if idle and not warned and time.monotonic() - changed > QUIET:
                click.echo("Calls are due and none is placed: is `voicebot serve` running on this database?")
                warned = True
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        click.echo()


def _end_politely() -> None:
    """Let SIGTERM, and a SIGINT that a shell had us ignore, end this program as Ctrl-C does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def _open(seen: Progress) -> int:
    return sum(number for status, number in seen.enrolments.items() if status not in ("done", "review"))


def progress_line(seen: Progress, at: str) -> str:
    """Where a campaign stands at this moment, in a line."""
    counts = ", ".join(f"{status.replace('_', ' ')} {number}" for status, number in sorted(seen.enrolments.items()))
    moment = "now" if seen.next_at <= at else f"{seen.next_at[:16].replace('T', ' ')} UTC"
    following = f"; next call {moment}" if seen.next_at else ""
    return f"{seen.status}: {counts or 'nobody enrolled'}{following}"


@click.command(epilog=EPILOG.format("voicebot simulator --callees voicebot/demo/callees.yaml"))
@click.option("--callees", type=click.Path(path_type=Path), metavar="FILE",
              help="Who lives at the other end (docs/simulator.md); by default the demo's town.")  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="By default the port of VOICEBOT_API_URL.")
@click.option(
    "--voice-url", default="", help="Asked when somebody rings our numbers; by default BASE_URL/voice/inbound."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same callees.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.1, 1000),
    metavar="TIMES",
    help="How many times as fast as a clock.",
)
@click.option("--calls-per-second", default=1.0, show_default=True, type=click.FloatRange(0.01, 1000), metavar="RATE",
              help="The account's limit; calls above it wait in the queue.")  # fmt: skip
@click.option(
    "--sms-url", default="", help="Asked when somebody writes to our numbers; by default BASE_URL/voice/message."
)
@click.option("--faults", default="0", show_default=True, metavar="FAULTS",
              help="Trouble on purpose: of every kind, such as 0.2, or of some: dropped=0.1,slow=0.3.")  # fmt: skip
@click.option("--recording-delay", default=1.0, show_default=True, type=click.FloatRange(0), metavar="SECONDS",
              help="Until the file of a recording is there.")  # fmt: skip
@click.option("--plain-websockets", is_flag=True, help="Let media streams go to ws:// on this machine.")
@click.option(
    "--voice",
    default="best",
    show_default=True,
    type=click.Choice(["best", "espeak", "tone", "carried", "none"]),
    help="How callees sound in streams and recordings. best: espeak-ng where it is installed, else a hum; "
    "carried: in a sound that the mock recognizer can tell the words of.",
)
@click.option(
    "--race",
    default="both_in_flight",
    show_default=True,
    type=click.Choice(["action_first", "update_first", "both_in_flight"]),
    help="Who comes first when REST moves a call whose action is under way.",
)
@click.option(
    "--idle-gather-asks", is_flag=True, help="Ask the action of a Gather that only waits when REST moves the call."
)
def simulator(  # noqa: PLR0913, PLR0917  (click hands over every option)
    callees: Path | None,
    port: int | None,
    voice_url: str,
    seed: int,
    speed: float,
    calls_per_second: float,
    sms_url: str,
    faults: str,
    recording_delay: float,
    plain_websockets: bool,
    voice: str,
    race: str,
    idle_gather_asks: bool,
) -> None:
    """Run the local Twilio: REST on a port, virtual callees, a line for every event."""
    from voicebot.demo.voice import CarriedVoice  # noqa: PLC0415  (each of these only for this verb)
    from voicebot.simulator import EspeakVoice, Faults, RaceOrder, ToneVoice, Voice, best_voice  # noqa: PLC0415
    from voicebot.simulator.server import SimulatorOptions, run_simulator  # noqa: PLC0415

    voices: dict[str, Callable[[], Voice]] = {
        "best": best_voice,
        "espeak": EspeakVoice,
        "tone": ToneVoice,
        "carried": CarriedVoice,
    }
    settings = load_settings(with_secret=False)
    url = voice_url or f"{settings.base_url}/voice/inbound"
    options = SimulatorOptions(
        callees=callees or Path(__file__).parent.parent / "demo" / "callees.yaml",
        numbers=dict.fromkeys(settings.caller_ids, url),
        port=port or urlsplit(settings.api_url).port or 8090,
        account_sid=settings.account_sid,
        auth_token=settings.auth_token,
        seed=seed,
        speed=speed,
        calls_per_second=calls_per_second,
        sms_url=sms_url or f"{settings.base_url}/voice/message",
        faults=Faults.read(faults, seed),
        recording_delay=recording_delay,
        plain_sockets=plain_websockets,
        voice=voices[voice]() if voice in voices else None,
        race=RaceOrder(race),
        idle_gather_asks=idle_gather_asks,
    )
    _end_politely()
    run_simulator(options, click.echo)
