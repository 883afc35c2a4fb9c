"""Whether this installation can go live: every check with what it found and the remedy. Nothing is dialled."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import requests
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from voicebot import __version__
from voicebot.errors import VoicebotError
from voicebot.flows.bundle import bundle_from_files
from voicebot.flows.check import check_paths
from voicebot.phone.provider import Account, PhoneRefused, RemoteNumber
from voicebot.services import suppression
from voicebot.services.centre import Centre
from voicebot.services.engines import wanted_engines
from voicebot.services.vitals import LEAST_DISK
from voicebot.settings import SIMULATOR_URL, secret_file
from voicebot.speech import models
from voicebot.speech.probe import probe
from voicebot.store import recordings

State = Literal["ok", "warning", "fault"]

SECONDS = 10.0
"""How long an answer over HTTP is waited for; Twilio itself waits 15."""

SKEW = 5.0
"""Seconds that this machine's clock may differ from the provider's before calling hours become doubtful."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    remedy: str = ""


def examine(centre: Centre, phone: Account, now: Callable[[], datetime]) -> Iterator[Check]:
    """Every check, in an order in which an earlier one explains a later."""
    for look in (_database, _secret, _spool, _disk, _recordings, _flows, _hearing, _agents):
        yield from look(centre)
    yield from _credentials(centre, phone)
    yield from _caller_ids(centre, phone)
    yield from _clock(centre, now)
    yield from _public_url(centre)
    yield from _signature(centre)


# --- here -------------------------------------------------------------------------------------------------------------


def _database(centre: Centre) -> Iterator[Check]:
    db = centre.db
    with db.transaction():
        problem = db.value("PRAGMA quick_check(1)")
    if problem != "ok":
        yield Check("database", "fault", f"{db.path} is damaged: {problem}", "Restore it from a backup.")
        return
    yield Check("database", "ok", f"{db.path} is whole and can be written")


def _secret(centre: Centre) -> Iterator[Check]:
    file = secret_file(Path(centre.settings.database))
    if not file.exists():
        yield Check("secret", "ok", "given as a setting, not kept in a file")
    elif file.stat().st_mode & 0o077:
        yield Check("secret", "fault", f"others can read {file}", f"chmod 600 {file}")
    else:
        yield Check("secret", "ok", f"{file} is its owner's alone; back it up with the database")


def _spool(centre: Centre) -> Iterator[Check]:
    if suppression.spool_pending(centre.db):
        remedy = "Start `voicebot serve`; its loop records them first of all."
        yield Check(
            "opt-outs", "fault", "some wait beside the database, and nobody is dialled until they are in", remedy
        )
    else:
        yield Check("opt-outs", "ok", "none waits to be recorded")


def _disk(centre: Centre) -> Iterator[Check]:
    free = shutil.disk_usage(centre.db.path.resolve().parent).free
    state: State = "ok" if free >= LEAST_DISK else "fault"
    yield Check("disk", state, f"{free // 1024**2} MB are free", "" if state == "ok" else "Free some space.")


def _recordings(centre: Centre) -> Iterator[Check]:
    """Whether sound is kept, how much of it there is, and whether it is its owner's alone."""
    place = recordings.folder(centre.db.path)
    number, size = recordings.kept(centre.db)
    there = f"{number} in {place}, {size / 1e6:.1f} MB"
    if place.is_dir() and place.stat().st_mode & 0o077:
        yield Check("recordings", "fault", f"others can read {place}", f"chmod 700 {place}")
    elif centre.settings.keep_recordings:
        yield Check("recordings", "ok", f"kept where flow and country allow it (docs/recordings.md); {there}")
    else:
        yield Check("recordings", "ok", f"no sound is kept{f'; from before there are {there}' if number else ''}")


def _flows(centre: Centre) -> Iterator[Check]:
    folder, inbound = Path(centre.settings.flows_dir), centre.settings.inbound_flow
    try:
        found = check_paths([folder], centre.settings.opt_out_key)
        flow = bundle_from_files(folder / f"{inbound}.yaml")
    except VoicebotError as fault:
        yield Check("flows", "fault", str(fault).rstrip("."), "Set VOICEBOT_FLOWS_DIR and VOICEBOT_INBOUND_FLOW.")
        return
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        yield Check("flows", "fault", f"{found[0]}{more}", f"Run `voicebot check {folder}`.")
    else:
        yield Check("flows", "ok", f"{folder} has no fault; whoever rings us hears {flow.main}")


def _hearing(centre: Centre) -> Iterator[Check]:
    """Who recognizes speech; each recognizer of ours is loaded once, in a process of its own, and hears a second."""
    try:
        wanted = wanted_engines(centre.settings)
    except VoicebotError as fault:
        yield Check("hearing", "fault", f"{fault.where}: {fault.problem}".rstrip("."), fault.remedy)
        return
    if not wanted:
        missing = centre.settings.hearing != "provider"
        found = "the provider recognizes all speech" + (", for no model is named" if missing else "")
        yield Check("hearing", "fault" if missing else "ok", found, models.REMEDY if missing else "")
    for one in dict.fromkeys(wanted.values()):
        languages = ", ".join(tag for tag, other in wanted.items() if other == one)
        try:
            proof = probe(one)
        except VoicebotError as fault:
            yield Check("hearing", "fault", f"{languages}: {fault.where}: {fault.problem}".rstrip("."), fault.remedy)
        else:
            yield Check("hearing", "ok", f"{languages}: {proof}")


def _agents(centre: Centre) -> Iterator[Check]:
    agents = centre.roster.agents
    if agents:
        queues = sorted({queue for agent in agents for queue in agent.queues})
        yield Check("agents", "ok", f"{len(agents)} in {centre.settings.agents_file}, for {', '.join(queues)}")
    else:
        remedy = f"List them in {centre.settings.agents_file} (docs/going-live.md)."
        yield Check("agents", "warning", "there are none: every transfer ends in `nobody`", remedy)


# --- at the provider --------------------------------------------------------------------------------------------------


def _credentials(centre: Centre, phone: Account) -> Iterator[Check]:
    try:
        status = phone.account()
    except VoicebotError as fault:
        remedy = "Check VOICEBOT_ACCOUNT_SID, VOICEBOT_AUTH_TOKEN and VOICEBOT_API_URL."
        if isinstance(fault, PhoneRefused) and not fault.code and centre.settings.api_url == SIMULATOR_URL:
            remedy = "Start `voicebot simulator`, or set VOICEBOT_API_URL and your account to go live."
        yield Check("credentials", "fault", str(fault).rstrip("."), remedy)
        return
    if status == "active":
        yield Check("credentials", "ok", "the account answers, and is active")
    else:
        yield Check("credentials", "fault", f"the account is {status}", "Look into Twilio's console.")


def _caller_ids(centre: Centre, phone: Account) -> Iterator[Check]:
    try:
        known = {number.e164: number for number in phone.numbers()}
    except VoicebotError:
        yield Check("caller ids", "warning", "they cannot be looked up at the provider", "Mend the credentials first.")
        return
    wanted = f"{centre.settings.base_url}/voice/inbound"
    for number in centre.settings.caller_ids:
        if number not in known:
            remedy = "Buy or verify it, or take it out of VOICEBOT_CALLER_IDS."
            yield Check("caller ids", "warning", f"{number} is not a number of this account", remedy)
        elif known[number].voice_url != wanted:
            asks = known[number].voice_url or "nothing"
            remedy = f"Set its voice webhook to {wanted}."
            yield Check("caller ids", "fault", f"whoever rings {number} back asks {asks}, not us", remedy)
        else:
            yield Check("caller ids", "ok", f"{number} is ours, and rings through to us")
            yield from _messages(known[number], f"{centre.settings.base_url}/voice/message")


def _messages(number: RemoteNumber, wanted: str) -> Iterator[Check]:
    """Whoever writes STOP must be heard; a number that receives no messages needs nothing."""
    if number.sms_url and number.sms_url != wanted:
        remedy = f"Set its messaging webhook to {wanted}."
        problem = f"whoever writes to {number.e164} is told to {number.sms_url}, not us: a STOP would be lost"
        yield Check("caller ids", "warning", problem, remedy)


def _clock(centre: Centre, now: Callable[[], datetime]) -> Iterator[Check]:
    try:
        date = requests.get(centre.settings.api_url, timeout=SECONDS, allow_redirects=False).headers.get("Date", "")
        skew = abs((parsedate_to_datetime(date) - now()).total_seconds())
    except (requests.RequestException, ValueError, TypeError):
        yield Check("clock", "warning", "the provider's clock could not be read", "Keep this machine's clock with NTP.")
        return
    if skew > SKEW:
        yield Check("clock", "fault", f"this machine is {skew:.0f} seconds off", "Set the clock, and keep it with NTP.")
    else:
        yield Check("clock", "ok", f"within {max(1, round(skew))} s of the provider's")


# --- from outside -----------------------------------------------------------------------------------------------------


def _public_url(centre: Centre) -> Iterator[Check]:
    url = centre.settings.base_url
    if not url.startswith("https://") and not url.startswith(("http://127.0.0.1", "http://localhost")):
        yield Check("public address", "warning", f"{url} is not encrypted", "Put a proxy with TLS before it.")
    try:
        answer = requests.get(f"{url}/health", timeout=SECONDS, allow_redirects=False)
        version = answer.json().get("version", "")
    except (requests.RequestException, ValueError, AttributeError):
        remedy = "Start `voicebot serve`, and see that VOICEBOT_BASE_URL leads to it."
        yield Check("public address", "warning", f"{url}/health could not be read from here", remedy)
        return
    if version != __version__:
        yield Check("public address", "fault", f"{url} runs version {version or 'of something else'}", "Restart it.")
    else:
        yield Check("public address", "ok", f"{url} leads to this program")


def _signature(centre: Centre) -> Iterator[Check]:
    """A webhook as the provider would send it, for a call that nobody has: it must pass the guard."""
    settings = centre.settings
    url = f"{settings.base_url}/voice/inbound/status"
    form = {"CallSid": "CA" + "d" * 32, "CallStatus": "completed", "SequenceNumber": "0"}
    signed = {"X-Twilio-Signature": RequestValidator(settings.auth_token).compute_signature(url, form)}
    try:
        status = requests.post(url, form, headers=signed, timeout=SECONDS, allow_redirects=False).status_code
    except requests.RequestException:
        yield Check("signature", "warning", "it could not be tried: the public address does not answer", "See above.")
        return
    if status in (200, 204):
        yield Check("signature", "ok", "a signed webhook passes through to us")
    elif 300 <= status < 400:
        yield Check("signature", "fault", f"{url} redirects, which loses pressed keys", "Set the final address.")
    else:
        remedy = "VOICEBOT_BASE_URL must be the address Twilio calls, and the proxy must pass path and query untouched."
        yield Check("signature", "fault", f"a signed webhook is answered with {status}", remedy)
