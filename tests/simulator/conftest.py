"""A world on virtual time, and a small application that answers with the TwiML a test gives it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response, request
from twilio.rest import Client

from voicebot.simulator import Callees, EventQueue, InProcessTwilioHttp, World, WsgiTransport, load_callees

ACCOUNT, TOKEN = "AC" + "0" * 32, "simulator"
OURS, THEIRS = "+12025550100", "+12025550142"
BASE = "http://app.test"


class App:
    """Answers each path with its TwiML (or Flask response), and remembers what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, object] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.wsgi = Flask("app")
        self.wsgi.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])

    def _answer(self, path: str) -> object:
        self.asked.append((f"/{path}", dict(request.values)))
        self.headers.append(dict(request.headers))
        document = self.documents.get(f"/{path}", ("", 204))
        if callable(document):
            document = document()
        return Response(document, content_type="text/xml") if isinstance(document, str) else document

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for asked, form in self.asked if asked == path]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def make_world(app: App) -> Callable[..., World]:
    def make(
        callees: str | Callees = "populations: [{people: {nobody: 1}}]\npersonas: {nobody: {}}", seed: int = 1
    ) -> World:
        known = load_callees(callees) if isinstance(callees, str) else callees
        world = World(
            EventQueue(),
            WsgiTransport({BASE: app.wsgi}),
            known,
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            seed=seed,
            calls_per_second=100.0,
        )
        world.own(OURS)
        return world

    return make


@pytest.fixture
def connect() -> Callable[[World], Client]:
    return lambda world: Client(ACCOUNT, TOKEN, http_client=InProcessTwilioHttp(world))
