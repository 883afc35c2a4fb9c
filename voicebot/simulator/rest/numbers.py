"""The account's own numbers (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator.call import Source
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import Form, is_url, read_callback, read_method
from voicebot.simulator.world import OurNumber, World

Json = dict[str, Any]


def numbers_blueprint(world: World) -> Blueprint:
    """The routes of IncomingPhoneNumbers."""
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

    return routes


def _find(world: World, sid: str) -> OurNumber:
    return next((ours for ours in world.numbers.values() if ours.sid == sid), None) or refuse(20404, request.path)


def _configure(ours: OurNumber, form: Form) -> None:
    """Change what is named, leave the rest."""
    for name in ("VoiceUrl", "VoiceFallbackUrl", "SmsUrl", "SmsFallbackUrl"):
        if form.get(name) and not is_url(form[name]):
            refuse(21205, form[name])
    ours.source = _source(form, "Voice", ours.source)
    ours.sms_source = _source(form, "Sms", ours.sms_source)
    if "StatusCallback" in form:
        ours.status_callback = read_callback(form)[0]
    ours.friendly_name = form.get("FriendlyName", ours.friendly_name)


def _source(form: Form, kind: str, old: Source) -> Source:
    return Source(
        form.get(f"{kind}Url", old.url),
        read_method(form, f"{kind}Method") if f"{kind}Method" in form else old.method,
        form.get(f"{kind}FallbackUrl", old.fallback_url),
        read_method(form, f"{kind}FallbackMethod") if f"{kind}FallbackMethod" in form else old.fallback_method,
    )


def _describe(world: World, ours: OurNumber) -> Json:
    return {
        "sid": ours.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "phone_number": ours.number,
        "friendly_name": ours.friendly_name or ours.number,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "voice_url": ours.source.url,
        "voice_method": ours.source.method,
        "voice_fallback_url": ours.source.fallback_url,
        "voice_fallback_method": ours.source.fallback_method,
        "sms_url": ours.sms_source.url,
        "sms_method": ours.sms_source.method,
        "sms_fallback_url": ours.sms_source.fallback_url,
        "sms_fallback_method": ours.sms_source.fallback_method,
        "status_callback": ours.status_callback.url if ours.status_callback else "",
        "status_callback_method": ours.status_callback.method if ours.status_callback else "POST",
        "status": "in-use",
        "beta": False,
        "uri": f"/2010-04-01/Accounts/{world.account_sid}/IncomingPhoneNumbers/{ours.sid}.json",
    }
