from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError

from voicebot.phone.client import PhoneClient
from voicebot.phone.provider import PhoneRefused, PhoneUnknown
from voicebot.settings import Settings
from voicebot.simulator import EventQueue, InProcessTwilioHttp, World, WsgiTransport, load_callees
from voicebot.simulator.recordings import Recording

TO, FROM = "+12025550150", "+12025550100"
PLACEMENT: dict[str, Any] = {
    "to": TO,
    "from_": FROM,
    "url": "https://bot.example/voice/7-1/answer?d=0&t=x",
    "status_url": "https://bot.example/voice/7-1/status?t=x",
    "fallback_url": "https://bot.example/voice/7-1/fallback?t=x",
}


class Wire(HttpClient):  # type: ignore[misc]
    """Notes each request, and answers as it is told."""

    def __init__(self, answer: Callable[[], Response]) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self.answer, self.requests = answer, list[tuple[str, str, Any]]()

    def request(self, method: str, uri: str, **rest: Any) -> Response:
        self.requests.append((method, uri, rest.get("data")))
        return self.answer()


def _client(answer: Callable[[], Response], **settings: Any) -> tuple[PhoneClient, Wire]:
    wire = Wire(answer)
    return PhoneClient(Settings(**settings), wire), wire


def _raise(error: Exception) -> Callable[[], Response]:
    def answer() -> Response:
        raise error

    return answer


def _refusal(status: int, code: int) -> Callable[[], Response]:
    return lambda: Response(status, f'{{"code": {code}, "message": "no", "status": {status}}}')


def test_what_is_asked_when_a_call_is_placed() -> None:
    client, wire = _client(lambda: Response(201, '{"sid": "CA1"}'), api_url="http://127.0.0.1:9999")
    assert client.place(**PLACEMENT, amd="beep", amd_url="https://bot.example/amd", timeout=20, time_limit=600) == "CA1"
    [(method, uri, data)] = wire.requests
    assert (method, urlsplit(uri).netloc) == ("POST", "127.0.0.1:9999")
    assert {name: data[name] for name in ("To", "From", "Url", "Timeout", "TimeLimit")} == {
        "To": TO, "From": FROM, "Url": PLACEMENT["url"], "Timeout": 20, "TimeLimit": 600,
    }  # fmt: skip
    assert data["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert (data["MachineDetection"], data["AsyncAmd"]) == ("DetectMessageEnd", "true")


def test_machines_are_detected_only_on_request() -> None:
    client, wire = _client(lambda: Response(201, '{"sid": "CA1"}'))
    client.place(**PLACEMENT)
    assert not {"MachineDetection", "AsyncAmd"} & set(wire.requests[0][2])


NEVER_SENT = [
    requests.exceptions.ConnectTimeout(),
    requests.exceptions.ConnectionError(
        MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    ),
    requests.exceptions.ConnectionError(MaxRetryError(None, "/", ConnectTimeoutError("slow"))),  # type: ignore[arg-type]
]
LOST = [
    requests.exceptions.ReadTimeout(),
    requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError())),
    requests.exceptions.ConnectionError(),
    requests.exceptions.ChunkedEncodingError(),
]


@pytest.mark.parametrize("error", NEVER_SENT)
def test_a_provider_that_cannot_be_reached_has_not_placed_anything(error: Exception) -> None:
    client, wire = _client(_raise(error))
    with pytest.raises(PhoneRefused) as refusal:
        client.place(**PLACEMENT)
    assert not refusal.value.permanent
    assert len(wire.requests) == 1


@pytest.mark.parametrize("error", LOST)
def test_a_lost_answer_is_unknown_and_never_asked_for_twice(error: Exception) -> None:
    client, wire = _client(_raise(error))
    with pytest.raises(PhoneUnknown):
        client.place(**PLACEMENT)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("answer", [_refusal(500, 20500), _refusal(503, 20503), lambda: Response(201, "{}"),
                                    lambda: Response(201, "<html>")])  # fmt: skip
def test_an_answer_that_says_nothing_is_unknown(answer: Callable[[], Response]) -> None:
    client, _ = _client(answer)
    with pytest.raises(PhoneUnknown):
        client.place(**PLACEMENT)


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [(400, 21211, True), (400, 21216, True), (400, 21215, True), (401, 20003, False), (429, 20429, False)],
)
def test_a_refusal_is_definite(status: int, code: int, *, permanent: bool) -> None:
    client, _ = _client(_refusal(status, code))
    with pytest.raises(PhoneRefused) as refusal:
        client.place(**PLACEMENT)
    assert (refusal.value.code, refusal.value.permanent) == (code, permanent)


@pytest.mark.parametrize(("status", "code"), [(400, 21220), (404, 20404)])
def test_a_call_that_is_over_cannot_be_moved_and_that_is_no_fault(status: int, code: int) -> None:
    client, _ = _client(_refusal(status, code))
    assert [client.move("CA1", "https://x"), client.hang_up("CA1"), client.cancel("CA1")] == [False] * 3


def test_an_unknown_call_is_none() -> None:
    assert _client(_refusal(404, 20404))[0].fetch("CA1") is None


# --- against the simulator ------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    made = World(
        EventQueue(),
        WsgiTransport({}),
        load_callees(f'numbers: {{"{TO}": {{rings: 9}}}}'),
        account_sid=Settings().account_sid,
        auth_token=Settings().auth_token,
        seed=1,
    )
    made.own(FROM)
    return made


def test_a_placed_call_is_found_fetched_and_canceled(world: World) -> None:
    client = PhoneClient(Settings(), InProcessTwilioHttp(world))
    sid = client.place(**PLACEMENT)
    world.queue.run_for(2)
    [found] = client.find(TO, FROM, "2026-01-01T00:00:00.000Z")
    assert (found.sid, found.status, found.to, found.from_) == (sid, "ringing", TO, FROM)
    assert client.find(TO, FROM, "2099-01-01T00:00:00.000Z") == []
    assert client.fetch(sid) == found
    assert client.cancel(sid)
    assert not client.move(sid, "https://bot.example/elsewhere")


def test_a_number_that_is_not_ours_is_refused_for_good(world: World) -> None:
    client = PhoneClient(Settings(), InProcessTwilioHttp(world))
    with pytest.raises(PhoneRefused) as refusal:
        client.place(**PLACEMENT | {"to": "+15005550001"})
    assert (refusal.value.code, refusal.value.permanent) == (21217, True)


# --- text messages ----------------------------------------------------------------------------------------------------

MESSAGE = {
    "to": TO,
    "from_": FROM,
    "body": "Our address: 1 Main Street",
    "status_url": "https://bot.example/m?t=x#rc=2",
}


def test_what_is_asked_when_a_message_is_sent() -> None:
    client, wire = _client(lambda: Response(201, '{"sid": "SM1"}'))
    assert client.send(**MESSAGE) == "SM1"
    [(method, uri, data)] = wire.requests
    assert (method, uri.rpartition("/")[2]) == ("POST", "Messages.json")
    assert {name: data[name] for name in ("To", "From", "Body", "StatusCallback")} == {
        "To": TO, "From": FROM, "Body": MESSAGE["body"], "StatusCallback": MESSAGE["status_url"],
    }  # fmt: skip


@pytest.mark.parametrize(("code", "permanent"), [(21610, True), (21614, True), (21211, True), (20429, False)])
def test_a_refused_message(code: int, permanent: bool) -> None:
    client, wire = _client(_refusal(400, code))
    with pytest.raises(PhoneRefused) as refusal:
        client.send(**MESSAGE)
    assert (refusal.value.code, refusal.value.permanent) == (code, permanent)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "answer", [_refusal(503, 0), _raise(requests.exceptions.ReadTimeout()), lambda: Response(201, "{}")]
)
def test_a_message_of_which_nobody_knows(answer: Callable[[], Response]) -> None:
    client, wire = _client(answer)
    with pytest.raises(PhoneUnknown):
        client.send(**MESSAGE)
    assert len(wire.requests) == 1


# --- recordings -------------------------------------------------------------------------------------------------------


def test_a_recording_is_deleted_once(world: World) -> None:
    client = PhoneClient(Settings(), InProcessTwilioHttp(world))
    world.recordings["RE1"] = Recording("RE1", "CA1", world.queue.now())
    assert client.delete_recording("RE1")
    assert world.recordings == {}
    assert not client.delete_recording("RE1")


def test_a_deletion_of_which_nobody_knows() -> None:
    client, wire = _client(_refusal(503, 0))
    with pytest.raises(PhoneUnknown):
        client.delete_recording("RE1")
    [(method, uri, _)] = wire.requests
    assert (method, uri.rpartition("/")[2]) == ("DELETE", "RE1.json")


def test_a_deletion_that_is_refused() -> None:
    client, _ = _client(_refusal(401, 20003))
    with pytest.raises(PhoneRefused):
        client.delete_recording("RE1")
