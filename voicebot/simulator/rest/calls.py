"""The Calls resource: create, fetch, list, update, delete (https://www.twilio.com/docs/voice/api/call-resource)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from voicebot.simulator import execution, lifecycle
from voicebot.simulator.call import TERMINAL, SimCall, Source
from voicebot.simulator.problems import Problem
from voicebot.simulator.races import in_turn
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import (
    Form,
    read_callback,
    read_detection,
    read_from,
    read_source,
    read_to,
    read_whole,
)
from voicebot.simulator.world import World

Json = dict[str, Any]
MAX_RING, MAX_TIME = 600, 86400


def calls_blueprint(world: World) -> Blueprint:
    """The routes of calls."""
    calls = Blueprint("calls", __name__)

    @calls.post("/Calls.json")
    def create() -> tuple[Json, int]:
        return describe(create_call(world, request.form)), 201

    @calls.get("/Calls.json")
    def listing() -> Json:
        return page_of("calls", list_calls(world, request.args), describe)

    @calls.get("/Calls/<sid>.json")
    def fetch(sid: str) -> Json:
        return describe(find(world, sid))

    @calls.post("/Calls/<sid>.json")
    def update(sid: str) -> Json:
        call = find(world, sid)
        update_call(call, request.form)
        return describe(call)

    @calls.delete("/Calls/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        call = find(world, sid)
        if not call.is_over:
            refuse(20004, "a call can be deleted when it is over")
        del world.calls[sid]
        return "", 204

    return calls


def find(world: World, sid: str) -> SimCall:
    """A call by its SID. Raises RestError 20404."""
    return world.calls.get(sid) or refuse(20404, f"/2010-04-01/Accounts/{world.account_sid}/Calls/{sid}.json")


def create_call(world: World, form: Form) -> SimCall:
    """Queue the call that the parameters describe. Raises RestError."""
    to = read_to(form)
    from_ = read_from(form, list(world.numbers))
    source = read_source(form)
    digits = form.get("SendDigits", "")
    if not set(digits) <= set("0123456789*#wW"):
        refuse(21206, digits)
    callback, unknown = read_callback(form)
    if world.dial_queue.is_full:
        refuse(22005)
    call = world.call_out(
        from_,
        to,
        source,
        status_callback=callback,
        detection=read_detection(form),
        ring_seconds=float(read_whole(form, "Timeout", 60, 1, MAX_RING, 21208)),
        time_limit=read_whole(form, "TimeLimit", 14400, 1, MAX_TIME),
    )
    if unknown:
        world.notify(Problem(21626, f"{unknown}; repeat StatusCallbackEvent for each event"), call)
    return call


def update_call(call: SimCall, form: Form) -> None:
    """End or redirect a call. Raises RestError 21220 when it is not in a state for that."""
    if call.is_over:
        refuse(21220, f"It is {call.status}.")
    status = form.get("Status", "")
    if status:
        _end(call, status)
        return
    if form.get("StatusCallback"):
        call.status_callback = read_callback(form)[0]
    if "TimeLimit" in form:
        seconds = read_whole(form, "TimeLimit", 14400, 1, MAX_TIME)
        spent = (call.world.queue.now() - call.start).total_seconds() if call.start else 0.0
        call.plan(max(0.0, seconds - spent), lambda: lifecycle.finish(call, "completed"))
    if form.get("Url") or form.get("Twiml") or not {"StatusCallback", "TimeLimit"} & set(form):
        if call.status != "in-progress":
            refuse(21220, f"It is {call.status}.")
        given = MultiDict(form)
        given.setdefault("FallbackUrl", call.source.fallback_url)
        source = read_source(given)
        call.source = source
        call.note("line", "redirected", source.url or "inline TwiML")
        in_turn(call, lambda: _redirect(call, source))


def _redirect(call: SimCall, source: Source) -> None:
    if not call.is_over:
        lifecycle.redirect(call, execution.redirected(call, source))


def _end(call: SimCall, status: str) -> None:
    if status not in ("canceled", "completed"):
        refuse(20001, f"Status={status} must be canceled or completed")
    if status == "canceled" and call.status == "in-progress":
        refuse(21220, "It is in-progress; write Status=completed to hang up.")
    in_progress = call.status == "in-progress"
    call.note("line", "hung up by REST", status)
    lifecycle.finish(call, "completed" if in_progress else "canceled", 200 if in_progress else 487)


def list_calls(world: World, query: MultiDict[str, str]) -> list[SimCall]:
    """The calls that fit the filters, the youngest first."""
    found = []
    for call in reversed(world.calls.values()):
        parent = call.parent.sid if call.parent else ""
        fields = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": parent}
        if all(query[name] == value for name, value in fields.items() if name in query) and _in_time(call, query):
            found.append(call)
    return found


def _in_time(call: SimCall, query: MultiDict[str, str]) -> bool:
    return in_time(call.start or call.created, "StartTime", query) and in_time(call.end, "EndTime", query)


def in_time(moment: datetime | None, name: str, query: MultiDict[str, str]) -> bool:
    """Whether a moment lies in the bounds that the query sets by `name`, `name<` and `name>`.

    A day is a whole day, as the upper bound, too.
    """
    for sign in ("", "<", ">"):
        if not (text := query.get(name + sign, "")):
            continue
        start, length = _moment(text)
        if moment is None:
            return False
        inside = start <= moment < start + length
        if not (inside or (sign == "<" and moment < start) or (sign == ">" and moment >= start)):
            return False
    return True


def _moment(text: str) -> tuple[datetime, timedelta]:
    """A moment of the query, and how long it is: a day, or a second."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(20001, f"{text} is no date")
    length = timedelta(days=1) if len(text) == len("2026-01-01") else timedelta(seconds=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), length


def describe(call: SimCall) -> Json:
    """The call as Twilio's JSON."""
    world = call.world
    uri = f"/2010-04-01/Accounts/{world.account_sid}/Calls/{call.sid}"
    ours = world.numbers.get(call.to if call.direction == "inbound" else call.from_)
    return {
        "sid": call.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "parent_call_sid": call.parent.sid if call.parent else None,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "phone_number_sid": ours.sid if ours else None,
        "status": call.status,
        "direction": call.direction,
        "answered_by": call.answered_by or None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated or call.created),
        "start_time": rfc2822(call.start or (call.created if call.status in TERMINAL else None)),
        "end_time": rfc2822(call.end),
        "duration": str(call.duration) if call.end else None,
        "queue_time": str(round(call.queue_seconds * 1000)),
        "price": None,
        "price_unit": "USD",
        "forwarded_from": None,
        "caller_name": None,
        "group_sid": None,
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"notifications": f"{uri}/Notifications.json", "recordings": f"{uri}/Recordings.json"},
    }


def rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None
