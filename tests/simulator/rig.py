"""A world on virtual time, the official SDK in front of it, and an application whose answers a test writes down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request
from twilio.rest import Client  # type: ignore[import-untyped]

from voicebot.simulator import (
    DirectSocket,
    DirectSockets,
    EventQueue,
    Faults,
    InProcessTwilioHttp,
    RaceOrder,
    Voice,
    World,
    WsgiTransport,
    load_callees,
)
from voicebot.simulator.call import SimCall

ACCOUNT, TOKEN = "AC" + "0" * 32, "simulator"
OURS, THEIRS, AGENT = "+12025550100", "+12025550142", "+12025550199"
BASE, SOCKETS = "http://app.test", "wss://app.test"
QUIET = "personas: {quiet: {rings: 2, greeting: '', patience: 500}}\npopulations: [{people: {quiet: 1}}]"

Answer = str | Response | tuple[str, int] | Callable[[], Any]


def person(behaviour: str) -> str:
    """Callees who all behave so: a YAML flow mapping without its braces."""
    defaults = {"rings": "2", "greeting": "''", "patience": "500"}
    given = ", ".join(
        [f"{name}: {value}" for name, value in defaults.items() if f"{name}: " not in behaviour] + [behaviour]
    )
    return f"personas: {{one: {{{given}}}}}\npopulations: [{{people: {{one: 1}}}}]"


class App:
    """Answers a path with the TwiML written down for it, and remembers what it was asked."""

    def __init__(self, documents: Mapping[str, Answer]) -> None:
        self.documents = dict(documents)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.wsgi = Flask("app")
        self.wsgi.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])

    def answer(self, path: str) -> Response:
        self.asked.append((f"/{path}", dict(request.values)))
        self.requests.append((request.url, dict(request.form), dict(request.headers)))
        document = self.documents.get(f"/{path}", ("", 204))
        if callable(document) and not isinstance(document, Response):
            document = document()
        if isinstance(document, Response):
            return document
        if isinstance(document, tuple):
            return Response(document[0], document[1])
        return Response(f"<Response>{document}</Response>", content_type="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request for a path."""
        return [form for asked, form in self.asked if asked == path]

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Rig:
    """Everything a test of the simulator needs."""

    def __init__(  # noqa: PLR0917  (each is named by whoever sets it)
        self,
        callees: str = QUIET,
        seed: int = 1,
        rate: float = 100.0,
        more: Mapping[str, Answer] | None = None,
        faults: Faults | None = None,
        accept: Callable[[DirectSocket], object] | None = None,
        speaks: Voice | None = None,
        race: RaceOrder = RaceOrder.BOTH_IN_FLIGHT,
        idle_gather_asks: bool = False,
        **documents: Answer,
    ) -> None:
        named = {**documents, **(more or {})}
        self.app = App({f"/{name}": document for name, document in named.items()})
        self.queue = EventQueue()
        transport = WsgiTransport({BASE: self.app.wsgi})
        self.world = World(
            self.queue,
            transport,
            load_callees(callees),
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            seed=seed,
            calls_per_second=rate,
            faults=faults,
            sockets=DirectSockets(self.queue, {SOCKETS: accept} if accept else {}),
            voice=speaks,
            race=race,
            idle_gather_asks=idle_gather_asks,
        )
        self.world.own(OURS)
        self.client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilioHttp(self.world))

    def place(self, **parameters: Any) -> SimCall:
        """Create a call through the SDK, asking /voice unless told otherwise."""
        if not {"url", "twiml"} & set(parameters):
            parameters["url"] = f"{BASE}/voice"
        created = self.client.calls.create(**{"to": THEIRS, "from_": OURS} | parameters)
        return self.world.calls[created.sid]

    def run(self, **parameters: Any) -> SimCall:
        """Create a call and let everything happen."""
        call = self.place(**parameters)
        self.queue.run_all()
        return call

    def codes(self) -> list[int]:
        return [notification.code for notification in self.world.notifications]


def since_answer(call: SimCall, what: str) -> list[float]:
    """Seconds from the answer to each of the log's entries of this kind."""
    assert call.start
    return [round((entry.at - call.start).total_seconds(), 2) for entry in call.log if entry.what == what]
