"""Messages: create, fetch, list, redact, delete (https://www.twilio.com/docs/messaging/api/message-resource)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator.messages import LONGEST_BODY, OptedOut, TextMessage
from voicebot.simulator.rest.calls import in_time, rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.magic import MESSAGE_FROM_ERRORS, MESSAGE_TO_ERRORS, VALID_FROM
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import Form, e164, read_callback
from voicebot.simulator.world import World

Json = dict[str, Any]
# Parameters that ask for what the simulator does not have.
NOT_REPRODUCED = ("MediaUrl", "MessagingServiceSid", "ContentSid", "SendAt", "ScheduleType")


def messages_blueprint(world: World) -> Blueprint:
    """The routes of messages."""
    routes = Blueprint("messages", __name__)

    @routes.post("/Messages.json")
    def create() -> tuple[Json, int]:
        return _describe(world, _create(world, request.form)), 201

    @routes.get("/Messages.json")
    def listing() -> Json:
        found = [one for one in reversed(world.post_office.by_sid.values()) if _fits(one)]
        return page_of("messages", found, lambda one: _describe(world, one))

    @routes.get("/Messages/<sid>.json")
    def fetch(sid: str) -> Json:
        return _describe(world, _find(world, sid))

    @routes.post("/Messages/<sid>.json")
    def update(sid: str) -> Json:
        message = _find(world, sid)
        if request.form.get("Status"):
            refuse(20001, "only a scheduled message can be canceled, and the simulator has none")
        if request.form.get("Body"):
            refuse(20001, "the body of a message can be made empty, and nothing else")
        message.body = ""
        return _describe(world, message)

    @routes.delete("/Messages/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        del world.post_office.by_sid[_find(world, sid).sid]
        return "", 204

    return routes


def _create(world: World, form: Form) -> TextMessage:
    for name in NOT_REPRODUCED:
        if form.get(name):
            refuse(20001, f"{name} is not reproduced by the simulator")
    to = form.get("To", "") or refuse(21604)
    if to in MESSAGE_TO_ERRORS:
        refuse(MESSAGE_TO_ERRORS[to], to)
    to = e164(to) or refuse(21211, to)
    from_ = form.get("From", "") or refuse(21603)
    if from_ in MESSAGE_FROM_ERRORS:
        refuse(MESSAGE_FROM_ERRORS[from_], from_)
    from_ = e164(from_) or refuse(21212, from_)
    if from_ not in world.numbers and from_ != VALID_FROM:
        refuse(21606, from_)
    body = form.get("Body", "") or refuse(21602)
    if len(body) > LONGEST_BODY:
        refuse(21617)
    callback = read_callback(form)[0]
    try:
        return world.post_office.send(from_, to, body, callback)
    except OptedOut:
        refuse(21610, to)


def _fits(message: TextMessage) -> bool:
    fields = {"To": message.to, "From": message.from_}
    same = all(request.args.get(name, value) == value for name, value in fields.items())
    return same and in_time(message.sent or message.created, "DateSent", request.args)


def _find(world: World, sid: str) -> TextMessage:
    return world.post_office.by_sid.get(sid) or refuse(20404, request.path)


def _describe(world: World, message: TextMessage) -> Json:
    path = f"/2010-04-01/Accounts/{world.account_sid}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "messaging_service_sid": None,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "num_segments": str(message.segments),
        "num_media": "0",
        "error_code": message.error_code or None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent or (message.created if message.direction == "inbound" else None)),
        "date_updated": rfc2822(message.updated or message.created),
        "uri": f"{path}.json",
        "subresource_uris": {"media": f"{path}/Media.json"},
    }
