"""The streams of a call (https://www.twilio.com/docs/voice/api/stream-resource)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator.call import Callback
from voicebot.simulator.rest.calls import find, rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.parameters import Form, is_url, read_method
from voicebot.simulator.streams import TRACKS, Stream, StreamPlan, start_stream
from voicebot.simulator.world import World

Json = dict[str, Any]
MOST_PARAMETERS = 99


def streams_blueprint(world: World) -> Blueprint:
    """The routes of unidirectional streams: start one, stop one."""
    routes = Blueprint("streams", __name__)

    @routes.post("/Calls/<sid>/Streams.json")
    def create(sid: str) -> tuple[Json, int]:
        call = find(world, sid)
        if call.status != "in-progress":
            refuse(21220, f"It is {call.status}.")
        return _describe(start_stream(call, _plan(request.form))), 201

    @routes.post("/Calls/<sid>/Streams/<which>.json")
    def update(sid: str, which: str) -> Json:
        found = [one for one in find(world, sid).streams if which in (one.sid, one.plan.name)]
        if not found:
            refuse(20404, request.path)
        if request.form.get("Status") != "stopped":
            refuse(20001, "Status must be stopped")
        found[0].stop()
        return _describe(found[0])

    return routes


def _plan(form: Form) -> StreamPlan:
    track = form.get("Track", "inbound_track")
    if track not in TRACKS:
        refuse(20001, f"Track={track} must be one of {', '.join(TRACKS)}")
    callback = None
    if url := form.get("StatusCallback", ""):
        callback = Callback(url, read_method(form, "StatusCallbackMethod")) if is_url(url) else refuse(21205, url)
    numbers = [str(number) for number in range(1, MOST_PARAMETERS + 1) if f"Parameter{number}.Name" in form]
    parameters = {form[f"Parameter{n}.Name"]: form.get(f"Parameter{n}.Value", "") for n in numbers}
    return StreamPlan(form.get("Url", ""), form.get("Name", ""), track, parameters, callback)


def _describe(stream: Stream) -> Json:
    call = stream.call
    path = f"/2010-04-01/Accounts/{call.world.account_sid}/Calls/{call.sid}/Streams/{stream.sid}.json"
    return {
        "sid": stream.sid,
        "account_sid": call.world.account_sid,
        "call_sid": call.sid,
        "name": stream.plan.name or None,
        "status": stream.status,
        "date_updated": rfc2822(stream.updated or call.world.queue.now()),
        "uri": path,
    }
