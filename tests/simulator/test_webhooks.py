"""How webhooks are delivered: retries, redirects, fallback, content types, cookies."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Response

from tests.simulator.rig import ACCOUNT, BASE, OURS, THEIRS, TOKEN, Answer, Rig
from voicebot.simulator import EventQueue, World, load_callees
from voicebot.simulator.call import Source
from voicebot.simulator.overrides import read_overrides
from voicebot.simulator.transport import Response as Answered
from voicebot.simulator.transport import Timeouts, TransportError
from voicebot.simulator.webhooks import Webhook, deliver

OK = Answered(200, "text/xml", "<Response/>")


class Flaky:
    """A transport that goes through a list of answers and faults."""

    in_background = False

    def __init__(self, *outcomes: Answered | TransportError) -> None:
        self.outcomes = list(outcomes)
        self.urls: list[str] = []
        self.headers: list[Mapping[str, str]] = []

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Answered:
        self.urls.append(f"{method} {url}")
        self.headers.append(headers)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome


def refused() -> TransportError:
    return TransportError("connect", "refused")


def status(code: int) -> Answered:
    return Answered(code, "text/html", "")


# Connection overrides: by default a failed connection is tried once more, and nothing else is.
@pytest.mark.parametrize(
    ("fragment", "outcomes", "tries", "code"),
    [
        ("", [refused(), OK], 2, None),
        ("", [refused(), refused()], 2, 11205),
        ("", [TransportError("timeout", "slow", 15.0)], 1, 11200),
        ("", [status(500)], 1, 11200),
        ("#rc=3&rp=5xx", [status(500), status(503), OK], 3, None),
        ("#rc=2&rp=4xx", [status(500)], 1, 11200),
        ("#rc=2&rp=4xx,rt", [status(404), TransportError("timeout", "slow", 1.0), OK], 3, None),
        ("#rc=5&rp=all", [status(404), refused(), OK], 3, None),
        ("#rc=0", [refused()], 1, 11205),
        ("#rc=2&rp=all", [TransportError("broken", "reset")], 1, 11206),
        ("#rc=9", [], 0, 11100),
        ("#rp=sometimes", [], 0, 11100),
    ],
)
def test_retries(fragment: str, outcomes: list[Answered | TransportError], tries: int, code: int | None) -> None:
    transport = Flaky(*outcomes)
    delivery = deliver(transport, Webhook("POST", f"http://a/b{fragment}", {"x": "1"}), TOKEN, "token")
    assert transport.urls == ["POST http://a/b"] * tries
    assert (delivery.problem.code if delivery.problem else None) == code
    assert len({headers["I-Twilio-Idempotency-Token"] for headers in transport.headers}) <= 1


# A connection that fails costs its time before the retry.
def test_failed_connections_take_their_time() -> None:
    delivery = deliver(Flaky(refused(), refused()), Webhook("POST", "http://a/b#ct=2000", {}), TOKEN, "token")
    assert delivery.seconds == 4.0


def test_overrides_are_read_from_the_fragment() -> None:
    overrides = read_overrides("https://a/b?c=d#ct=100&rt=200&tt=300&rc=2&rp=rt,5xx")
    assert overrides.timeouts == Timeouts(0.1, 0.2, 0.3)
    assert (overrides.retries, overrides.reasons) == (2, frozenset({"rt", "5xx"}))


# Redirects: up to ten are followed, by GET, and the parameters of the POST are lost.
def test_redirect_loses_the_parameters() -> None:
    moved = Answered(302, "", "", {"Location": "/elsewhere"})
    transport = Flaky(moved, OK)
    assert deliver(transport, Webhook("POST", "http://a/b", {"Digits": "1"}), TOKEN, "token").response is OK
    assert transport.urls == ["POST http://a/b", "GET http://a/elsewhere"]
    endless = deliver(Flaky(*[moved] * 11), Webhook("POST", "http://a/b", {}), TOKEN, "token")
    assert endless.problem
    assert endless.problem.code == 11215


@pytest.mark.parametrize("url", ["ftp://a/b", "http://a_b.test/c", "nowhere", "http:///x"])
def test_impossible_urls_are_not_asked(url: str) -> None:
    delivery = deliver(Flaky(), Webhook("POST", url, {}), TOKEN, "token")
    assert delivery.problem
    assert delivery.problem.code == 11100


# Fallback URL: asked with ErrorCode and ErrorUrl when a document cannot be had or is faulty.
@pytest.mark.parametrize(
    ("answer", "code"),
    [(("", 500), "11200"), ("<Bad/>", "12200"), (Response("x", content_type="application/json"), "12300")],
)
def test_fallback_url_takes_over(answer: Answer, code: str) -> None:
    rig = Rig(voice=answer, fallback="<Say>One moment.</Say>")
    call = rig.run(fallback_url=f"{BASE}/fallback")
    (form,) = rig.app.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == (code, f"{BASE}/voice")
    assert call.entries("said") == ["One moment."]


# Without a fallback, or when it fails as well: the application error is spoken, and the call ends.
def test_failing_fallback_ends_the_call() -> None:
    rig = Rig(voice=("", 500), fallback=("", 500))
    call = rig.run(fallback_url=f"{BASE}/fallback")
    assert call.entries("application error")
    assert rig.codes() == [11200, 11200]
    assert len(rig.app.forms("/fallback")) == 1


# MIME types: three of XML, audio, plain text (TwiML if it is TwiML, else read aloud).
@pytest.mark.parametrize(
    ("kind", "body", "what", "texts"),
    [
        ("text/html", "<Response><Say>Hi.</Say></Response>", "said", ["Hi."]),
        ("text/plain", "<Response><Say>Hi.</Say></Response>", "said", ["Hi."]),
        ("text/plain", "Just words", "said", ["Just words"]),
        ("audio/mpeg", "...", "played", [f"{BASE}/voice"]),
    ],
)
def test_content_types(kind: str, body: str, what: str, texts: list[str]) -> None:
    rig = Rig(voice=Response(body, content_type=kind))
    assert rig.run().entries(what) == texts


# Cookies are kept for the length of a call, and sent again.
def test_cookies_are_kept() -> None:
    baked = Response("<Response><Redirect>/next</Redirect></Response>", content_type="text/xml")
    baked.set_cookie("turn", "1")
    rig = Rig(voice=baked, next="<Hangup/>")
    rig.run()
    assert rig.app.requests[1][2]["Cookie"] == "turn=1"


# Status callbacks: an answer that is neither 204 nor XML is warned of (15003).
def test_answer_to_a_status_callback() -> None:
    rig = Rig(voice="<Hangup/>", status=Response("ok", content_type="text/plain"))
    rig.run(status_callback=f"{BASE}/status")
    assert rig.codes() == [15003]


# An application that raises is an application that answers 500.
def test_raising_application_counts_as_500() -> None:
    rig = Rig()
    rig.app.wsgi.config["PROPAGATE_EXCEPTIONS"] = True
    rig.app.documents["/voice"] = lambda: 1 / 0
    call = rig.run()
    assert rig.codes() == [11200]
    assert call.entries("application error")


def test_unreachable_application_is_told_as_such() -> None:
    world = World(
        EventQueue(),
        Flaky(refused(), refused()),
        load_callees("personas: {a: {}}\npopulations: [{people: {a: 1}}]"),
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        seed=1,
    )
    call = world.call_out(OURS, THEIRS, Source("http://nobody/voice"))
    world.queue.run_all()
    assert [note.code for note in world.notifications] == [11205]
    asked, apologised = (next(e.at for e in call.log if e.what == what) for what in ("asked", "application error"))
    assert (apologised - asked).total_seconds() > 10
