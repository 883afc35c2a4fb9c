"""The addresses that the provider asks: translate, hand to the switchboard, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, request

from voicebot.flows.events import Answered
from voicebot.phone import message_twiml, params, static_twiml
from voicebot.phone.params import RequestFault
from voicebot.phone.urls import PREFIX
from voicebot.phone.webhooks.border import Border
from voicebot.services import legs, messages, replies
from voicebot.services.switchboard import Switchboard

LONGEST_COUNT = 9
"""Digits of a number in an address."""


def webhooks(board: Switchboard, clock: Callable[[], datetime]) -> Blueprint:
    """All addresses below /voice."""
    blueprint = Blueprint("voice", __name__, url_prefix=PREFIX)
    border = Border(board, clock)
    for path, view in _voice_views(board).items():
        blueprint.add_url_rule(path, f"voice {path}", border.voice(view), methods=["POST"])
    blueprint.add_url_rule("/message", "message", border.message(_message_view(board)), methods=["POST"])
    for path, listener in _news_views(board).items():
        blueprint.add_url_rule(path, f"news {path}", border.news(listener), methods=["POST"])
    return blueprint


def _voice_views(board: Switchboard) -> dict[str, Callable[..., str]]:
    """What is heard, by address. `at` is the moment of the request."""

    def answer(call_id: str, at: str) -> str:
        return board.handle(call_id, _count("d"), Answered(at=at), params.sid(request.form))

    def inbound(at: str) -> str:
        return board.inbound(params.sid(request.form), request.form.get("From", "")[: params.FIELD_LIMIT], at)

    def turn(call_id: str, at: str) -> str:
        return board.handle(call_id, _count("d"), params.answer(request.form, at), params.sid(request.form))

    def recorded(call_id: str, at: str) -> str:
        return board.handle(call_id, _count("d"), params.recorded(request.form, at), params.sid(request.form))

    def bridge(call_id: str, at: str) -> str:
        return board.handle(call_id, _count("d"), params.parted(at), params.sid(request.form))

    def document(call_id: str, at: str) -> str:
        return board.document(call_id, at)

    def fallback(call_id: str, at: str) -> str:
        code, url = (request.form.get(name, "")[:200] for name in ("ErrorCode", "ErrorUrl"))
        board.note(call_id, "fallback", at, code=code, private={"url": url})
        body = board.recover(call_id, params.answer(request.form, at))
        return body if code.startswith("112") else static_twiml.apology(request.args.get("l", ""))

    def agent_answer(leg_id: str, at: str) -> str:
        return legs.answer(board.centre, leg_id, at)

    def agent_key(leg_id: str, at: str) -> str:
        return legs.press(board.centre, leg_id, _count("d"), params.keys(request.form.get("Digits", "")), at)

    def agent_document(leg_id: str, at: str) -> str:
        return legs.document(board.centre, leg_id, at)

    return {
        "/inbound": inbound,
        "/<call_id>/answer": answer,
        "/<call_id>/turn": turn,
        "/<call_id>/recorded": recorded,
        "/<call_id>/bridge": bridge,
        "/<call_id>/document": document,
        "/<call_id>/fallback": fallback,
        "/agents/<leg_id>/answer": agent_answer,
        "/agents/<leg_id>/key": agent_key,
        "/agents/<leg_id>/document": agent_document,
        "/agents/<leg_id>/fallback": agent_document,
    }


def _message_view(board: Switchboard) -> Callable[..., str]:
    """What a text message that came in is answered with."""

    def message(at: str) -> str:
        return message_twiml.reply(replies.receive(board.centre, params.message(request.form), at))

    return message


def _news_views(board: Switchboard) -> dict[str, Callable[..., None]]:
    """What we are told, by address."""

    def status(call_id: str, at: str) -> None:
        board.status(call_id, params.status(request.form), at)

    def inbound_status(at: str) -> None:
        board.status_of_sid(params.status(request.form), at)

    def amd(call_id: str, at: str) -> None:
        board.detected(call_id, params.detected(request.form, at), params.sid(request.form))

    def recording(call_id: str, at: str) -> None:
        news = params.recording(request.form)
        board.note(call_id, "recording", at, status=news.status, seconds=news.seconds, private={"url": news.url})

    def conference(call_id: str, at: str) -> None:
        legs.room(board.centre, call_id, _count("n"), params.room(request.form), at)

    def agent_status(leg_id: str, at: str) -> None:
        legs.status(board.centre, leg_id, params.status(request.form), at)

    def message_status(message_id: str, at: str) -> None:
        messages.status(board.centre, message_id, params.message_status(request.form), at)

    return {
        "/inbound/status": inbound_status,
        "/messages/<message_id>/status": message_status,
        "/<call_id>/status": status,
        "/<call_id>/amd": amd,
        "/<call_id>/recording": recording,
        "/<call_id>/conference": conference,
        "/agents/<leg_id>/status": agent_status,
    }


def _count(name: str) -> int:
    """A number in the address. Raises RequestFault."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT):
        raise RequestFault(name, f"{text[:40]!r} is no number of a document.", "")
    return int(text)
