"""Notifications: what Twilio's debugger shows (https://www.twilio.com/docs/usage/api/notifications)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator.problems import Notification
from voicebot.simulator.rest.calls import find as find_call
from voicebot.simulator.rest.calls import in_time, rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.world import World

Json = dict[str, Any]
LOG = {"error": "0", "warning": "1"}


def notifications_blueprint(world: World) -> Blueprint:
    """The routes of notifications, of an account and of a call."""
    routes = Blueprint("notifications", __name__)

    def page(call_sid: str) -> Json:
        level = request.args.get("Log", "")
        found = [
            one
            for one in reversed(world.notifications)
            if call_sid in ("", one.call_sid)
            and level in ("", LOG[one.level])
            and in_time(one.at, "MessageDate", request.args)
        ]
        return page_of("notifications", found, lambda one: _describe(world, one))

    @routes.get("/Notifications.json")
    def listing() -> Json:
        return page("")

    @routes.get("/Calls/<call_sid>/Notifications.json")
    def of_call(call_sid: str) -> Json:
        return page(find_call(world, call_sid).sid)

    @routes.get("/Notifications/<sid>.json")
    @routes.get("/Calls/<call_sid>/Notifications/<sid>.json")
    def fetch(sid: str, call_sid: str = "") -> Json:
        found = (one for one in world.notifications if one.sid == sid and call_sid in ("", one.call_sid))
        one = next(found, None) or refuse(20404, request.path)
        return _describe(world, one) | {"request_variables": "", "response_headers": "", "response_body": ""}

    return routes


def _describe(world: World, one: Notification) -> Json:
    return {
        "sid": one.sid,
        "account_sid": world.account_sid,
        "api_version": "2010-04-01",
        "call_sid": one.call_sid or None,
        "error_code": str(one.code),
        "log": LOG[one.level],
        "message_text": one.message,
        "message_date": rfc2822(one.at),
        "date_created": rfc2822(one.at),
        "date_updated": rfc2822(one.at),
        "more_info": f"https://www.twilio.com/docs/api/errors/{one.code}",
        "request_method": None,
        "request_url": "",
        "uri": f"/2010-04-01/Accounts/{world.account_sid}/Notifications/{one.sid}.json",
    }
