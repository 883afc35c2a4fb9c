"""Queues and their members (https://www.twilio.com/docs/voice/api/queue-resource, .../member-resource)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from voicebot.simulator import execution, lifecycle
from voicebot.simulator.call import Source
from voicebot.simulator.queues import DEFAULT_SIZE, LARGEST_SIZE, CallQueue, Member
from voicebot.simulator.rest.calls import rfc2822
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.pages import page_of
from voicebot.simulator.rest.parameters import is_url, read_method, read_whole
from voicebot.simulator.twiml import LONGEST_QUEUE_NAME
from voicebot.simulator.world import World

Json = dict[str, Any]


def queues_blueprint(world: World) -> Blueprint:
    """The routes of queues and of those who wait in them."""
    routes = Blueprint("queues", __name__)

    @routes.get("/Queues.json")
    def listing() -> Json:
        return page_of("queues", list(world.queues.by_sid.values()), lambda one: _describe(world, one))

    @routes.post("/Queues.json")
    def create() -> tuple[Json, int]:
        name = _name(world)
        size = read_whole(request.form, "MaxSize", DEFAULT_SIZE, 1, LARGEST_SIZE)
        return _describe(world, world.queues.open(name, size)), 201

    @routes.get("/Queues/<sid>.json")
    def fetch(sid: str) -> Json:
        return _describe(world, _find(world, sid))

    @routes.post("/Queues/<sid>.json")
    def update(sid: str) -> Json:
        queue = _find(world, sid)
        if request.form.get("FriendlyName", queue.name) != queue.name:
            queue.name = _name(world)
        queue.max_size = read_whole(request.form, "MaxSize", queue.max_size, 1, LARGEST_SIZE)
        queue.updated = world.queue.now()
        return _describe(world, queue)

    @routes.delete("/Queues/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        if _find(world, sid).members:
            refuse(20001, "a queue can be deleted when nobody waits in it")
        del world.queues.by_sid[sid]
        return "", 204

    @routes.get("/Queues/<sid>/Members.json")
    def members(sid: str) -> Json:
        queue = _find(world, sid)
        return page_of("queue_members", queue.members, lambda one: _describe_member(world, queue, one))

    @routes.get("/Queues/<sid>/Members/<who>.json")
    def member(sid: str, who: str) -> Json:
        queue = _find(world, sid)
        return _describe_member(world, queue, _member(queue, who))

    @routes.post("/Queues/<sid>/Members/<who>.json")
    def dequeue(sid: str, who: str) -> Json:
        queue = _find(world, sid)
        found = _member(queue, who)
        url = request.form.get("Url", "")
        if not is_url(url):
            refuse(21205, url)
        described = _describe_member(world, queue, found)
        found.call.note("line", "redirected", url)
        lifecycle.redirect(
            found.call, execution.redirected(found.call, Source(url, read_method(request.form, "Method")))
        )
        return described

    return routes


def _name(world: World) -> str:
    """The FriendlyName of a queue that is to be made or renamed."""
    name = request.form.get("FriendlyName", "")
    if not 1 <= len(name) <= LONGEST_QUEUE_NAME:
        refuse(20001, f"FriendlyName must have 1 to {LONGEST_QUEUE_NAME} characters")
    if world.queues.named(name):
        refuse(20001, f'there is a queue "{name}" already')
    return name


def _find(world: World, sid: str) -> CallQueue:
    """By SID only: Twilio does not know a queue by its name here."""
    return world.queues.by_sid.get(sid) or refuse(20404, request.path)


def _member(queue: CallQueue, who: str) -> Member:
    """By the call's SID, or `Front` for the one who is next."""
    if who == "Front" and queue.members:
        return queue.members[0]
    return next((one for one in queue.members if one.call.sid == who), None) or refuse(20404, request.path)


def _path(world: World, queue: CallQueue) -> str:
    return f"/2010-04-01/Accounts/{world.account_sid}/Queues/{queue.sid}"


def _describe(world: World, queue: CallQueue) -> Json:
    return {
        "sid": queue.sid,
        "account_sid": world.account_sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.max_size,
        "average_wait_time": queue.average_wait,
        "date_created": rfc2822(queue.created),
        "date_updated": rfc2822(queue.updated or queue.created),
        "uri": f"{_path(world, queue)}.json",
        "subresource_uris": {"members": f"{_path(world, queue)}/Members.json"},
    }


def _describe_member(world: World, queue: CallQueue, member: Member) -> Json:
    return {
        "queue_sid": queue.sid,
        "call_sid": member.call.sid,
        "date_enqueued": rfc2822(member.joined),
        "position": queue.position(member),
        "wait_time": round(queue.waited(member)),
        "uri": f"{_path(world, queue)}/Members/{member.call.sid}.json",
    }
