"""Fetching recordings: what comes late, comes wrong, comes in masses, or leads elsewhere."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from voicebot.phone.media import LARGEST, Media, MediaError, NotYetError, recording_sid
from voicebot.settings import Settings

RECORDING = "/2010-04-01/Accounts/AC1/Recordings/RE0123456789abcdef0123456789abcdef"
LIVE = Settings(account_sid="AC1", auth_token="sesame", api_url="https://api.twilio.com")


@dataclass
class Told:
    """One answer."""

    status_code: int = 200
    content: bytes = b"RIFF"
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: Exception | None = None

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        for place in range(0, len(self.content), chunk_size):
            yield self.content[place : place + chunk_size]
        if self.trouble:
            raise self.trouble


@dataclass
class Wire:
    """Gives each answer in turn, and remembers who was asked, and with what."""

    answers: list[Told]
    asked: list[tuple[str, tuple[str, str]]] = field(default_factory=list)

    @contextmanager
    def __call__(self, url: str, auth: tuple[str, str]) -> Iterator[Told]:
        self.asked.append((url, auth))
        yield self.answers.pop(0)


def fetched(*answers: Told, url: str = f"https://api.twilio.com{RECORDING}") -> tuple[bytes, Wire]:
    wire = Wire([*answers])
    return Media(LIVE, wire).fetch(url), wire


@pytest.mark.parametrize("end", ["", ".wav", ".mp3", ".json"])
def test_the_wav_is_asked_for_with_our_credentials(end: str) -> None:
    content, wire = fetched(Told(), url=f"https://api.twilio.com{RECORDING}{end}")
    assert content == b"RIFF"
    assert wire.asked == [(f"https://api.twilio.com{RECORDING}.wav", ("AC1", "sesame"))]


FOREIGN = [
    "https://evil.example/Recordings/RE1",
    "https://api.twilio.com.evil.example/Recordings/RE1",
    "https://evil-twilio.com/Recordings/RE1",
    "https://api.twilio.com@evil.example/Recordings/RE1",
    "https://user:word@api.twilio.com/Recordings/RE1",
    "https://api.twilio.com:8443/Recordings/RE1",
    "http://api.twilio.com/Recordings/RE1",  # in the clear
    "http://169.254.169.254/latest/meta-data",
    "http://localhost:8080/metrics",
    "https://[::1]/Recordings/RE1",
    "https://[bad/Recordings/RE1",
    "https://api.twilio.com:no/Recordings/RE1",
    "file:///etc/passwd",
    "//evil.example/Recordings/RE1",
    "/Recordings/RE1",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_nobody_but_the_provider_is_asked(url: str) -> None:
    wire = Wire([])
    with pytest.raises(MediaError, match="not the provider's address") as refused:
        Media(LIVE, wire).fetch(url)
    assert not isinstance(refused.value, NotYetError)
    assert wire.asked == []


@pytest.mark.parametrize("url", [url for url in FOREIGN if "://" in url])
def test_nor_is_anybody_to_whom_the_provider_redirects(url: str) -> None:
    wire = Wire([Told(302, headers={"Location": url})])
    with pytest.raises(MediaError, match="not the provider's address"):
        Media(LIVE, wire).fetch(f"https://api.twilio.com{RECORDING}")
    assert len(wire.asked) == 1


hosts = st.from_regex(r"[a-z0-9@:.\-\\#?]{1,40}", fullmatch=True)


@given(hosts)
def test_whatever_the_address_says_credentials_stay_with_the_provider(host: str) -> None:
    wire = Wire([Told()])
    try:
        Media(LIVE, wire).fetch(f"https://{host}/Recordings/RE1")
    except MediaError:
        return
    [(url, _)] = wire.asked
    real = requests.Request("GET", url).prepare().url or ""
    name = real.removeprefix("https://").split("/")[0].split("?")[0].split("#")[0].removesuffix(":443")
    assert name.endswith(".twilio.com")
    assert "@" not in name


def test_twilios_other_hosts_are_the_providers_where_it_is_twilio() -> None:
    url = f"https://api.ie1.twilio.com{RECORDING}"
    assert fetched(Told(), url=url)[0] == b"RIFF"
    wire = Wire([])
    with pytest.raises(MediaError):
        Media(Settings(api_url="https://space.signalwire.example"), wire).fetch(url)


def test_the_provider_may_redirect_to_itself_a_few_times() -> None:
    moved = Told(307, headers={"Location": "/elsewhere/RE1.wav"})
    content, wire = fetched(moved, moved, Told())
    assert content == b"RIFF"
    assert wire.asked[1][0] == "https://api.twilio.com/elsewhere/RE1.wav"
    with pytest.raises(MediaError, match="redirects without end"):
        fetched(*(moved for _ in range(9)))


@pytest.mark.parametrize("status", [404, 408, 409, 425, 429, 500, 502, 503, 504])
def test_another_try_may_succeed(status: int) -> None:
    with pytest.raises(NotYetError, match=f"status {status}"):
        fetched(Told(status))


@pytest.mark.parametrize("status", [204, 302, 400, 401, 403, 410])
def test_another_try_is_in_vain(status: int) -> None:
    with pytest.raises(MediaError, match=f"refused .status {status}") as refused:
        fetched(Told(status))
    assert not isinstance(refused.value, NotYetError)


@pytest.mark.parametrize("told", [{"Content-Length": "200000000"}, {}, {"Content-Length": "lots"}])
def test_masses_are_not_read(told: dict[str, str]) -> None:
    read = 0

    class Endless(Told):
        def iter_content(self, chunk_size: int) -> Iterator[bytes]:
            nonlocal read
            while read < 200_000_000:
                read += chunk_size
                yield b"x" * chunk_size

    with pytest.raises(MediaError, match="more than 10 MB"):
        fetched(Endless(headers=told))
    assert read <= LARGEST + 64 * 1024


def test_a_file_that_trickles_is_given_up_for_now() -> None:
    seconds = iter(range(0, 1000, 4))
    wire = Wire([Told(content=b"x" * 1_000_000)])
    with pytest.raises(NotYetError, match="too slowly"):
        Media(LIVE, wire, clock=lambda: next(seconds)).fetch(f"https://api.twilio.com{RECORDING}")


@pytest.mark.parametrize("trouble", [requests.ConnectionError("gone"), requests.exceptions.ChunkedEncodingError()])
def test_a_connection_that_breaks_midway_is_tried_again(trouble: Exception) -> None:
    with pytest.raises(NotYetError, match="cannot be fetched"):
        fetched(Told(trouble=trouble))


@pytest.mark.parametrize(
    ("url", "sid"),
    [
        (f"https://api.twilio.com{RECORDING}", RECORDING[-34:]),
        (f"https://api.twilio.com{RECORDING}.wav?RequestedChannels=1", RECORDING[-34:]),
        ("https://provider.example/media/7", ""),
        ("https://provider.example/Recordings/../Calls/CA1", ""),
        ("", ""),
    ],
)
def test_the_recordings_id(url: str, sid: str) -> None:
    assert recording_sid(url) == sid


# --- over a real connection -------------------------------------------------------------------------------------------


class Provider(BaseHTTPRequestHandler):
    """Answers by path: as it should, half of it, or with a way elsewhere."""

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "Basic " + base64.b64encode(b"AC1:sesame").decode()
        self.send_response(302 if self.path == "/away.wav" else 200 if allowed else 401)
        self.send_header("Location", "http://127.0.0.2:1/")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * (400 if self.path == "/torn.wav" else 1000))

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def real(provider: str) -> Media:
    return Media(Settings(account_sid="AC1", auth_token="sesame", api_url=provider))


def test_a_real_fetch(provider: str) -> None:
    assert real(provider).fetch(f"{provider}/whole") == b"x" * 1000


def test_a_file_cut_short_on_the_way_is_not_taken_for_whole(provider: str) -> None:
    with pytest.raises(NotYetError, match="cannot be fetched"):
        real(provider).fetch(f"{provider}/torn")


def test_a_real_redirect_is_not_followed_elsewhere(provider: str) -> None:
    with pytest.raises(MediaError, match=r"127\.0\.0\.2.*not the provider's"):
        real(provider).fetch(f"{provider}/away")


def test_nobody_there() -> None:
    with pytest.raises(NotYetError, match="ConnectionError"):
        Media(Settings(api_url="http://127.0.0.1:9")).fetch("http://127.0.0.1:9/Recordings/RE1")
