"""Fetching the sound of a recording from the provider, with our credentials and within bounds.

Rule: credentials go to the provider and nowhere else: not where an address or a redirect happens to lead. One fetch is
one try; `NotYet` says that another may succeed. https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import requests

from voicebot.errors import OutsideError
from voicebot.settings import Settings

LARGEST = 10_000_000
"""Bytes of a file: two minutes of 16-bit stereo at 16 kHz, and more than any answer that we have recorded."""

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 5.0, 10.0
"""How long a connection, the next piece, and the whole file are waited for."""

REDIRECTS = 3
"""How often the provider may send us from one of its addresses to another."""

PIECE = 64 * 1024

PASSING = frozenset({404, 408, 409, 425, 429})
"""Statuses that say "not yet": the file of a recording comes later than the news of it. So do all from 500 on."""

TWILIO = ".twilio.com"
"""Twilio has hosts for regions, and recordings may be on another than calls were placed at."""

SID = re.compile(r"/Recordings/([A-Za-z0-9-]{1,64})(?:\.\w+)?$")


class MediaError(OutsideError):
    """The sound cannot be had, now or later."""


class NotYetError(MediaError):
    """The sound cannot be had now; a moment later it may be there."""


class Answer(Protocol):
    """What an address answers: as much of `requests.Response` as is needed."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def iter_content(self, chunk_size: int) -> Iterator[bytes]: ...


Get = Callable[[str, tuple[str, str]], AbstractContextManager[Answer]]
"""Asks an address with an account and its token. What goes wrong on the way is a requests.RequestException."""


@contextmanager
def over_http(url: str, auth: tuple[str, str]) -> Iterator[Answer]:
    """Ask an address over the network; redirects are not followed, and nothing is read before it is wanted."""
    timeout = (CONNECT_SECONDS, READ_SECONDS)
    with closing(requests.get(url, auth=auth, timeout=timeout, stream=True, allow_redirects=False)) as answer:
        yield answer


@dataclass(frozen=True)
class Media:
    """The provider's recordings. One serves all threads. `clock` counts seconds, for the time that a file takes."""

    settings: Settings
    get: Get = over_http
    clock: Callable[[], float] = monotonic

    def fetch(self, url: str) -> bytes:
        """The WAV file of the recording at `url`, as the provider named it. Raises NotYetError, MediaError."""
        address = _as_wav(self._address(url))
        for _ in range(REDIRECTS + 1):
            try:
                with self.get(address, (self.settings.account_sid, self.settings.auth_token)) as answer:
                    status = answer.status_code
                    if status == 200:
                        return self._read(address, answer)
                    leads_to = answer.headers.get("Location", "")
            except requests.RequestException as fault:
                raise NotYetError(address, f"it cannot be fetched: {type(fault).__name__}.") from None
            if status in PASSING or status >= 500:
                raise NotYetError(address, f"it is not there (status {status}).")
            if not (300 <= status < 400 and leads_to):
                raise MediaError(address, f"it is refused (status {status}).")
            address = self._address(leads_to, address)
        raise MediaError(address, "it redirects without end.")

    def _address(self, url: str, base: str = "") -> str:
        """The address, or the one that it is on the page `base`, if that is the provider's."""
        try:
            parts = urlsplit(urljoin(base, url))
            if _is_providers(parts, urlsplit(self.settings.api_url)):
                return urlunsplit(parts)
        except ValueError:  # no address at all
            pass
        raise MediaError(url[:200], "this is not the provider's address, and is not asked.")

    def _read(self, address: str, answer: Answer) -> bytes:
        """The body, within its bounds. A file that is cut short raises what the connection raises."""
        length = answer.headers.get("Content-Length", "")
        began, content = self.clock(), bytearray()
        if not (length.isascii() and length.isdigit() and int(length) > LARGEST):
            for piece in answer.iter_content(PIECE):
                content += piece
                if len(content) > LARGEST:
                    break
                if self.clock() - began > WHOLE_SECONDS:
                    raise NotYetError(address, "it comes too slowly.")
            else:
                return bytes(content)
        raise MediaError(address, f"it has more than {LARGEST // 1_000_000} MB.")


def recording_sid(url: str) -> str:
    """The provider's id of the recording at `url`; empty where the address shows none."""
    found = SID.search(url.partition("?")[0])
    return found[1] if found else ""


def _as_wav(url: str) -> str:
    """The address of the recording's WAV file."""
    parts = urlsplit(url)
    path = re.sub(r"\.(?:wav|mp3|json)$", "", parts.path)
    return urlunsplit(parts._replace(path=f"{path}.wav"))


def _is_providers(parts: SplitResult, api: SplitResult) -> bool:
    """Whether an address is the provider's: where its interface is, or another host of Twilio's over TLS."""
    if parts.username is not None or parts.password is not None or not parts.hostname:
        return False
    if _origin(parts) == _origin(api):
        return True
    both_twilios = all((one.hostname or "").endswith(TWILIO) for one in (parts, api))
    return both_twilios and parts.scheme == "https" and _origin(parts)[2] == 443


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
