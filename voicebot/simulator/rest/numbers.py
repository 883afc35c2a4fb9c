"""The account's own numbers, and the recordings made on its calls."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator.call import Source
from voicebot.simulator.rest.calls import rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import Form, is_url, read_callback, read_method
from voicebot.simulator.world import OurNumber, World

Json = dict[str, Any]


def numbers_blueprint(world: World) -> Blueprint:
    """The routes of IncomingPhoneNumbers and Recordings."""
    routes = Blueprint("numbers", __name__)

    @routes.get("/IncomingPhoneNumbers.json")
    def listing() -> Json:
        wanted = request.args.get("PhoneNumber", "")
        found = [ours for ours in world.numbers.values() if wanted in ours.number]
        return page_of("incoming_phone_numbers", found, lambda ours: _describe(world, ours))

    @routes.post("/IncomingPhoneNumbers.json")
    def create() -> tuple[Json, int]:
        number = request.form.get("PhoneNumber", "") or refuse(21201)
        ours = world.own(number)
        _configure(ours, request.form)
        return _describe(world, ours), 201

    @routes.get("/IncomingPhoneNumbers/<sid>.json")
    def fetch(sid: str) -> Json:
        return _describe(world, _find(world, sid))

    @routes.post("/IncomingPhoneNumbers/<sid>.json")
    def update(sid: str) -> Json:
        ours = _find(world, sid)
        _configure(ours, request.form)
        return _describe(world, ours)

    @routes.delete("/IncomingPhoneNumbers/<sid>.json")
    def release(sid: str) -> tuple[str, int]:
        del world.numbers[_find(world, sid).number]
        return "", 204

    @routes.get("/Recordings/<sid>.json")
    def recording(sid: str) -> Json:
        found = world.recordings.get(sid) or refuse(20404, request.path)
        return {
            "sid": sid,
            "account_sid": world.account_sid,
            "call_sid": found.call_sid,
            "duration": str(found.seconds),
            "date_created": rfc2822(found.started),
            "start_time": rfc2822(found.started),
            "status": "completed",
            "channels": 1,
            "source": "RecordVerb",
            "uri": request.path,
        }

    return routes


def _find(world: World, sid: str) -> OurNumber:
    return next((ours for ours in world.numbers.values() if ours.sid == sid), None) or refuse(20404, request.path)


def _configure(ours: OurNumber, form: Form) -> None:
    """Change what is named, leave the rest."""
    for name in ("VoiceUrl", "VoiceFallbackUrl"):
        if form.get(name) and not is_url(form[name]):
            refuse(21205, form[name])
    old = ours.source
    ours.source = Source(
        form.get("VoiceUrl", old.url),
        read_method(form, "VoiceMethod") if "VoiceMethod" in form else old.method,
        form.get("VoiceFallbackUrl", old.fallback_url),
        read_method(form, "VoiceFallbackMethod") if "VoiceFallbackMethod" in form else old.fallback_method,
    )
    if "StatusCallback" in form:
        ours.status_callback = read_callback(form)[0]
    ours.friendly_name = form.get("FriendlyName", ours.friendly_name)


def _describe(world: World, ours: OurNumber) -> Json:
    return {
        "sid": ours.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "phone_number": ours.number,
        "friendly_name": ours.friendly_name or ours.number,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "voice_url": ours.source.url,
        "voice_method": ours.source.method,
        "voice_fallback_url": ours.source.fallback_url,
        "voice_fallback_method": ours.source.fallback_method,
        "status_callback": ours.status_callback.url if ours.status_callback else "",
        "status_callback_method": ours.status_callback.method if ours.status_callback else "POST",
        "status": "in-use",
        "beta": False,
        "uri": f"/2010-04-01/Accounts/{world.account_sid}/IncomingPhoneNumbers/{ours.sid}.json",
    }
