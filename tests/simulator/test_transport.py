"""How requests reach an application."""

from __future__ import annotations

import pytest
from flask import Flask, request

from tests.simulator.rig import BASE
from voicebot.errors import VoicebotError
from voicebot.simulator import WsgiTransport
from voicebot.simulator.transport import Timeouts, TransportError, WsgiApp


def echo() -> Flask:
    app = Flask("echo")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> dict[str, object]:
        return {
            "url": request.url,
            "path": path,
            "form": dict(request.form),
            "signature": request.headers["X-Twilio-Signature"],
        }

    return app


def test_application_sees_the_request_as_it_was_sent() -> None:
    apps: dict[str, WsgiApp] = {}
    transport = WsgiTransport(apps)
    apps[BASE] = echo()
    headers = {"X-Twilio-Signature": "abc", "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    form = {"SpeechResult": "是的 & more", "Digits": "*#"}
    answer = transport.send("POST", f"{BASE}/a%20b/c?x=%26", form, headers, Timeouts())
    assert answer.status == 200
    seen = Flask("reader").json.loads(answer.body)
    assert (seen["path"], seen["form"], seen["signature"]) == ("a b/c", form, "abc")
    assert seen["url"].endswith("x=%26")


def test_unknown_host_cannot_be_connected_to() -> None:
    with pytest.raises(TransportError, match="no application is served"):
        WsgiTransport({BASE: echo()}).send("GET", "http://elsewhere.test/", {}, {}, Timeouts())


@pytest.mark.parametrize("base", ["bot.example", "http://bot.example/", "http://bot.example/path"])
def test_base_url_is_no_more_than_that(base: str) -> None:
    with pytest.raises(VoicebotError, match="is no base URL"):
        WsgiTransport({base: echo()})
