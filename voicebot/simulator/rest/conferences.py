"""Conferences and their participants (https://www.twilio.com/docs/voice/api/conference-resource)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, request

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.conference import Conference, Participant
from voicebot.simulator.rest.calls import rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import Form, read_callback, read_flag, read_from, read_to, read_whole
from voicebot.simulator.world import World

Json = dict[str, Any]
# REST parameter of a new participant -> attribute of <Conference>
NOUN = {
    "Muted": "muted",
    "Beep": "beep",
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "Label": "participantLabel",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
}


def conferences_blueprint(world: World) -> Blueprint:
    """The routes of conferences and of their participants."""
    routes = Blueprint("conferences", __name__)

    @routes.get("/Conferences.json")
    def listing() -> Json:
        found = [one for one in reversed(world.conferences.by_sid.values()) if _fits(one)]
        return page_of("conferences", found, describe)

    @routes.get("/Conferences/<sid>.json")
    def fetch(sid: str) -> Json:
        return describe(_find(world, sid))

    @routes.post("/Conferences/<sid>.json")
    def update(sid: str) -> Json:
        conference = _find(world, sid)
        status = request.form.get("Status", "")
        if status not in ("", "completed"):
            refuse(20001, f"Status={status} must be completed")
        if status:
            conference.end("conference-ended-via-api")
        return describe(conference)

    @routes.get("/Conferences/<sid>/Participants.json")
    def participants(sid: str) -> Json:
        return page_of("participants", _find(world, sid).participants, _describe(_find(world, sid)))

    @routes.post("/Conferences/<sid>/Participants.json")
    def invite(sid: str) -> tuple[Json, int]:
        conference = world.conferences.find(sid) or world.conferences.open(sid, None)
        call = _invite(world, conference, request.form)
        return _describe(conference)(Participant(call, request.form.get("Label", ""))), 201

    @routes.get("/Conferences/<sid>/Participants/<who>.json")
    def participant(sid: str, who: str) -> Json:
        conference = _find(world, sid)
        return _describe(conference)(_participant(conference, who))

    @routes.post("/Conferences/<sid>/Participants/<who>.json")
    def switch(sid: str, who: str) -> Json:
        conference = _find(world, sid)
        one = _participant(conference, who)
        form = request.form
        one.ends = read_flag(form, "EndConferenceOnExit", default=one.ends)
        muted = read_flag(form, "Muted", default=one.muted)
        conference.switch(one, muted=muted, hold=read_flag(form, "Hold", default=one.hold))
        return _describe(conference)(one)

    @routes.delete("/Conferences/<sid>/Participants/<who>.json")
    def kick(sid: str, who: str) -> tuple[str, int]:
        conference = _find(world, sid)
        one = _participant(conference, who)
        conference.kick(one)
        return "", 204

    return routes


def _fits(conference: Conference) -> bool:
    fields = {"FriendlyName": conference.name, "Status": conference.status}
    return all(request.args.get(name, value) == value for name, value in fields.items())


def _find(world: World, sid: str) -> Conference:
    return world.conferences.find(sid) or refuse(20404, request.path)


def _participant(conference: Conference, who: str) -> Participant:
    """By the call's SID or by label."""
    found = (one for one in conference.participants if who in (one.call.sid, one.label))
    return next(found, None) or refuse(20404, request.path)


def _invite(world: World, conference: Conference, form: Form) -> SimCall:
    """Call somebody who enters the conference on answering."""
    attributes = {noun: form[name] for name, noun in NOUN.items() if name in form}
    if events := form.getlist("ConferenceStatusCallbackEvent"):
        attributes["statusCallbackEvent"] = " ".join(events)
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    twiml = f"<Response><Dial><Conference{given}>{escape(conference.name)}</Conference></Dial></Response>"
    call = world.call_out(
        read_from(form, list(world.numbers)),
        read_to(form),
        Source(twiml=twiml),
        ring_seconds=float(read_whole(form, "Timeout", 60, 1, 600, 21208)),
        time_limit=read_whole(form, "TimeLimit", 14400, 1, 86400),
    )
    callback = read_callback(form)[0]
    call.status_callback = callback
    return call


def _describe(conference: Conference) -> Callable[[Participant], Json]:
    """How a participant of `conference` is described."""
    world = conference.world

    def described(one: Participant) -> Json:
        path = f"/2010-04-01/Accounts/{world.account_sid}/Conferences/{conference.sid}/Participants/{one.call.sid}"
        status = {"in-progress": "connected", "completed": "complete"}.get(one.call.status, one.call.status)
        return {
            "account_sid": world.account_sid,
            "call_sid": one.call.sid,
            "conference_sid": conference.sid,
            "label": one.label or None,
            "muted": one.muted,
            "hold": one.hold,
            "coaching": False,
            "call_sid_to_coach": None,
            "start_conference_on_enter": one.starts,
            "end_conference_on_exit": one.ends,
            "status": status,
            "queue_time": None,
            "date_created": rfc2822(one.joined or one.call.created),
            "date_updated": rfc2822(one.joined or one.call.created),
            "uri": f"{path}.json",
        }

    return described


def describe(conference: Conference) -> Json:
    """The conference as Twilio's JSON."""
    path = f"/2010-04-01/Accounts/{conference.world.account_sid}/Conferences/{conference.sid}"
    return {
        "sid": conference.sid,
        "account_sid": conference.world.account_sid,
        "api_version": "2010-04-01",
        "friendly_name": conference.name,
        "status": conference.status,
        "region": "us1",
        "reason_conference_ended": conference.reason or None,
        "call_sid_ending_conference": conference.ended_by or None,
        "date_created": rfc2822(conference.created),
        "date_updated": rfc2822(conference.updated or conference.created),
        "uri": f"{path}.json",
        "subresource_uris": {"participants": f"{path}/Participants.json"},
    }
