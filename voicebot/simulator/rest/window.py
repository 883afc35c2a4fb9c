"""A look into the simulator for people and programs: pages that Twilio does not have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template_string

from voicebot.simulator.call import SimCall
from voicebot.simulator.rest.calls import find
from voicebot.simulator.world import World

PAGE = """<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>Simulator</title>
<style>body{font:15px system-ui;margin:2em;max-width:70em}td,th{padding:.2em .8em;text-align:left;vertical-align:top}
.error{color:#a00}.warning{color:#850}</style>
<h1>Simulator</h1><p>{{ world.calls|length }} calls, {{ world.notifications|length }} notifications. As JSON:
<a href="/simulator/calls.json">calls</a>, <a href="/simulator/messages.json">messages</a>,
<a href="/simulator/notifications.json">notifications</a>.</p>
<h2>Notifications</h2><table>{% for one in world.notifications[-20:]|reverse %}
<tr class="{{ one.level }}"><td>{{ one.at.strftime("%H:%M:%S") }}<td>{{ one.code }}<td>{{ one.message }}
<td>{{ one.call_sid }}{% else %}<tr><td>None.{% endfor %}</table>
<h2>Messages</h2><table>{% for one in messages %}
<tr><td>{{ one.created.strftime("%H:%M:%S") }}<td>{{ one.from_ }} to {{ one.to }}<td>{{ one.status }}<td>{{ one.body }}
{% else %}<tr><td>None.{% endfor %}</table>
<h2>Calls</h2>{% for call in calls %}
<h3>{{ call.from_ }} to {{ call.to }}: {{ call.status }}, {{ call.duration }} s</h3>
<p>{{ call.sid }} {{ call.mind.persona.name if call.mind }}</p><table>{% for entry in call.log %}
<tr class="{{ entry.what }}"><td>{{ entry.at.strftime("%H:%M:%S") }}<td>{{ entry.who }}<td>{{ entry.what }}
<td>{{ entry.text }}{% endfor %}</table>{% endfor %}"""
SHOWN = 20


def window_blueprint(world: World) -> Blueprint:
    """`/` for people, `/simulator/*.json` for programs; these need no credentials."""
    routes = Blueprint("window", __name__)

    @routes.get("/")
    def page() -> str:
        calls, messages = (list(reversed(found.values()))[:SHOWN] for found in (world.calls, world.post_office.by_sid))
        return render_template_string(PAGE, world=world, calls=calls, messages=messages)

    @routes.get("/simulator/calls.json")
    def calls() -> dict[str, Any]:
        return {"calls": [_summary(call) for call in world.calls.values()]}

    @routes.get("/simulator/calls/<sid>.json")
    def call(sid: str) -> dict[str, Any]:
        found = find(world, sid)
        entries = [
            {"at": entry.at.isoformat(), "who": entry.who, "what": entry.what, "text": entry.text}
            for entry in found.log
        ]
        return _summary(found) | {"log": entries}

    @routes.get("/simulator/messages.json")
    def messages() -> dict[str, Any]:
        fields = ("sid", "from_", "to", "body", "direction", "status")
        found = world.post_office.by_sid.values()
        return {"messages": [{name.strip("_"): getattr(one, name) for name in fields} for one in found]}

    @routes.get("/simulator/notifications.json")
    def notifications() -> dict[str, Any]:
        entries = [
            {
                "at": one.at.isoformat(),
                "level": one.level,
                "code": one.code,
                "message": one.message,
                "call": one.call_sid,
            }
            for one in world.notifications
        ]
        return {"notifications": entries}

    return routes


def _summary(call: SimCall) -> dict[str, Any]:
    persona = call.mind.persona.name if call.mind else ""
    return {
        "sid": call.sid, "from": call.from_, "to": call.to, "direction": call.direction, "status": call.status,
        "seconds": call.duration, "callee": persona,
    }  # fmt: skip
