"""How a call comes into being: its row and the journal's first entry, which pins all that it will be replayed from.

Both functions work inside the caller's transaction.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import phonenumbers

from voicebot import __version__
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.flows.engine import begin
from voicebot.flows.state import Callee
from voicebot.leads.hashing import number_hash
from voicebot.leads.numbers import NumberRefusedError, NumberRules, read_number
from voicebot.leads.zones import zones_of
from voicebot.phone.urls import CallUrls, token
from voicebot.services import ring_back
from voicebot.services.centre import Centre, pin_bundle, pinned_bundle
from voicebot.store import calls, journal, people
from voicebot.store.database import Row
from voicebot.timestamps import plus

TALK_SECONDS = 3600
"""The longest talk with an agent within a call; the same figure as `Bridge.max_seconds`."""

GRACE_SECONDS = 60
"""Added to what a flow allows, so that the provider's own limit never cuts a goodbye."""


E164 = re.compile(r"\+[1-9][0-9]{3,14}")

WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+86282452253", "+8656696"})
"""What Twilio shows for callers who withhold their number: anonymous, restricted, blocked, unavailable, unknown, as
spelled on a telephone's keys."""


def time_limit(bundle: Bundle) -> int:
    """Seconds after which the provider is to end an answered call, whatever happens to us."""
    flow = bundle.flows[bundle.main]
    transfers = any(step.transfer for part in bundle.flows.values() for step in part.steps.values())
    return flow.limits.max_duration + GRACE_SECONDS + (TALK_SECONDS if transfers else 0)


def urls_of(call: Row) -> CallUrls:
    """The addresses of a call, at the base URL that it began with and in the language that it speaks now."""
    return CallUrls(call["base_url"], call["id"], call["token"], call["language"])


def open_outbound(centre: Centre, attempt_id: str, enrolment: Row, lead: Row, flow_pin: str, at: str) -> None:
    """The call that an attempt will place; it has the attempt's id. `lead` is a row of `store.leads.lead`."""
    _open(
        centre,
        attempt_id,
        _callee(centre, lead, enrolment),
        flow_pin,
        at,
        direction="outbound",
        attempt_id=attempt_id,
        enrolment_id=enrolment["id"],
        lead_id=lead["id"],
        person_id=lead["person_id"],
        number_hash=lead["hash"],
    )


def _callee(centre: Centre, lead: Row, enrolment: Row) -> Callee:
    zones: list[str] = json.loads(lead["zones"])
    return Callee(
        fields=lead_fields(lead),
        language=lead["language"],
        time_zone=lead["time_zone"] or next(iter(zones), "UTC"),
        opt_out_key=centre.settings.opt_out_key,
        callback_number=centre.settings.ring_back,
        message_left=bool(enrolment["message_left"]),
    )


def lead_fields(lead: Row) -> dict[str, Any]:
    """What a flow may speak of a lead: the columns of its list, and the person's name."""
    return {"name": lead["name"], **json.loads(lead["fields"])}


def open_inbound(centre: Centre, sid: str, caller: str, at: str) -> Row:
    """A call that rings us: it continues what the caller has missed, or goes through the centre's inbound flow.

    `caller` is E.164 where it is known; the person is made if new.
    """
    call_id = f"in-{sid}"
    number = _number_of(centre, caller, at)
    who = {
        "person_id": number["person_id"] if number else None,
        "number_hash": number["hash"] if number else hash_of(centre, caller),
    }
    missed = ring_back.missed(centre, number, at) if number else None
    if number and missed:
        ring_back.call_off(centre, number, at)
        callee, pin = _callee(centre, missed.lead, missed.enrolment), missed.flow_pin
        who |= {"enrolment_id": missed.enrolment["id"], "lead_id": missed.lead["id"]}
    else:
        bundle = bundle_from_files(Path(centre.settings.flows_dir) / f"{centre.settings.inbound_flow}.yaml")
        callee, pin = _caller(centre, number), pin_bundle(centre.db, bundle, at)
    deadline = plus(at, time_limit(pinned_bundle(centre.db, pin)) + GRACE_SECONDS)
    _open(
        centre, call_id, callee, pin, at, direction="inbound", status="ringing", sid=sid, deadline_at=deadline, **who
    )  # fmt: skip
    call = calls.load(centre.db, call_id)
    assert call is not None  # noqa: S101
    return call


def _caller(centre: Centre, number: Row | None) -> Callee:
    """Somebody of whom no campaign wants anything."""
    person = people.person(centre.db, number["person_id"]) if number else None
    zones: list[str] = json.loads(number["zones"]) if number else []
    return Callee(
        fields={"name": person["name"]} if person else {},
        language=person["language"] if person else "",
        time_zone=(person["time_zone"] if person else "") or next(iter(zones), "UTC"),
        opt_out_key=centre.settings.opt_out_key,
        callback_number=centre.settings.ring_back,
    )


def _open(centre: Centre, call_id: str, callee: Callee, pin: str, at: str, **columns: object) -> None:
    bundle, settings = pinned_bundle(centre.db, pin), centre.settings
    state = begin(bundle, callee)
    pinned = {"flow": pin, "base_url": settings.base_url, "token": token(settings.secret, call_id)}
    calls.insert(
        centre.db,
        id=call_id,
        token=pinned["token"],
        pin=pin,
        flow=bundle.main,
        language=state.language,
        base_url=settings.base_url,
        state=state.model_dump_json(),
        phase=state.phase,
        created_at=at,
        software=__version__,
        **columns,
    )
    journal.append(
        centre.db,
        ("call", call_id),
        "opened",
        at,
        {**pinned, "direction": columns["direction"], "settings": {"opt_out_key": settings.opt_out_key}},
        private={"callee": callee.model_dump(mode="json")},
        versions={"software": __version__, "flow": pin},
    )


def hash_of(centre: Centre, caller: str) -> str:
    """What the do-not-call record keeps of a number, also of one that we would not dial; empty for a withheld one."""
    shown = E164.fullmatch(caller) and caller not in WITHHELD
    return number_hash(caller, centre.settings.secret) if shown else ""


def _number_of(centre: Centre, caller: str, at: str) -> Row | None:
    """The caller's number, made known if it is new; None when it is withheld or none that could be called back."""
    if caller in WITHHELD:
        return None
    try:
        number = read_number(caller, NumberRules(centre.settings.country, phonenumbers.SUPPORTED_REGIONS))
    except NumberRefusedError:
        return people.number_by_hash(centre.db, number_hash(caller, centre.settings.secret))
    digest = number_hash(number.e164, centre.settings.secret)
    known = people.number_by_hash(centre.db, digest)
    if known is not None:
        return known
    person_id = people.add_person(centre.db, at)
    people.add_number(centre.db, person_id, number, digest, zones_of(number), at)
    return people.number_by_hash(centre.db, digest)
