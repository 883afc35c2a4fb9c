"""Recordings and their files (https://www.twilio.com/docs/voice/api/recording)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from voicebot.simulator.recordings import Recording
from voicebot.simulator.rest.calls import find as find_call
from voicebot.simulator.rest.calls import in_time, rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.world import World

Json = dict[str, Any]


def recordings_blueprint(world: World) -> Blueprint:
    """The routes of recordings, of an account and of a call, and of the files."""
    routes = Blueprint("recordings", __name__)

    def page(call_sid: str) -> Json:
        found = [
            one
            for one in reversed(world.recordings.values())
            if call_sid in ("", one.call_sid) and in_time(one.started, "DateCreated", request.args)
        ]
        return page_of("recordings", found, lambda one: _describe(world, one))

    @routes.get("/Recordings.json")
    def listing() -> Json:
        return page(request.args.get("CallSid", ""))

    @routes.get("/Calls/<call_sid>/Recordings.json")
    def of_call(call_sid: str) -> Json:
        return page(find_call(world, call_sid).sid)

    @routes.get("/Recordings/<sid>.json")
    @routes.get("/Calls/<call_sid>/Recordings/<sid>.json")
    def fetch(sid: str, call_sid: str = "") -> Json:
        return _describe(world, _find(world, sid, call_sid))

    @routes.delete("/Recordings/<sid>.json")
    @routes.delete("/Calls/<call_sid>/Recordings/<sid>.json")
    def delete(sid: str, call_sid: str = "") -> tuple[str, int]:
        del world.recordings[_find(world, sid, call_sid).sid]
        return "", 204

    @routes.get("/Recordings/<sid>")
    @routes.get("/Recordings/<sid>.wav")
    def file(sid: str) -> Response:
        """Not there until it has been processed, and later or never by a fault; an mp3 never is."""
        recording = _find(world, sid, "")
        if not recording.has_file(world.queue.now()):
            refuse(20404, request.path)
        return Response(recording.wav(), content_type="audio/x-wav")

    return routes


def _find(world: World, sid: str, call_sid: str) -> Recording:
    found = world.recordings.get(sid)
    return found if found and call_sid in ("", found.call_sid) else refuse(20404, request.path)


def _describe(world: World, recording: Recording) -> Json:
    now = world.queue.now()
    path = f"/2010-04-01/Accounts/{world.account_sid}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "status": recording.status(now),
        "duration": str(recording.seconds) if recording.available else "-1",
        "channels": 1,
        "source": "RecordVerb",
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "date_created": rfc2822(recording.started),
        "date_updated": rfc2822(min(now, recording.available) if recording.available else recording.started),
        "start_time": rfc2822(recording.started),
        "media_url": f"{world.api_url}{path}",
        "uri": f"{path}.json",
    }
