"""The addresses under which the provider reaches one call or one agent's leg, and the tokens that guard them.

Rule: a token is an HMAC over the subject's id, never random, so that the same call renders the same bytes again.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

PREFIX = "/voice"
TOLD_AGAIN = "#rc=2&rp=5xx,ct,rt"
"""Asks the provider to repeat news of a line, twice, when we fail to take it (connection overrides; not signed).
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""

TOKEN_LENGTH = 32
"""Hexadecimal digits of a token: 128 bits."""


def token(secret: str, subject: str) -> str:
    """The token of the call, leg or message with the id `subject`."""
    return hmac.new(secret.encode(), f"url:{subject}".encode(), sha256).hexdigest()[:TOKEN_LENGTH]


def same_token(given: str, wanted: str) -> bool:
    """Whether two tokens are the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


@dataclass(frozen=True)
class CallUrls:
    """The addresses of one call. `d` is the number of the document they stand in, `l` the language spoken in it.

    The language is there for the apology that is heard when not even the call can be looked up; `language` is the one
    to begin with.
    """

    base_url: str
    call_id: str
    token: str
    language: str = ""

    def answer(self) -> str:
        """Asked for when somebody picks up."""
        return self._url("answer", d=0, **self._spoken())

    def turn(self, document: int, language: str, *, silence: bool = False) -> str:
        """Asked with the keys or words that answer a document, or with neither."""
        return self._url("turn", d=document, l=language, **({"silence": 1} if silence else {}))

    def recorded(self, document: int, language: str) -> str:
        """Asked when a recording has ended."""
        return self._url("recorded", d=document, l=language)

    def bridged(self, document: int, language: str) -> str:
        """Asked when the callee comes out of the room in which they talked with an agent."""
        return self._url("bridge", d=document, l=language)

    def document(self, document: int) -> str:
        """Where a live call is sent when the line must be told something new."""
        return self._url("document", d=document, **self._spoken())

    def status(self) -> str:
        """Told about the progress of the line."""
        return self._url("status") + TOLD_AGAIN

    def amd(self) -> str:
        """Told whether a human or a machine has answered."""
        return self._url("amd")

    def recording(self) -> str:
        """Told when a recording can be fetched."""
        return self._url("recording")

    def stream(self) -> str:
        """Where the provider brings what is heard on the line. It takes no query, so the token goes beside it."""
        scheme, _, rest = self.base_url.partition("://")
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}{PREFIX}/{self.call_id}/stream"

    def streamed(self) -> str:
        """Told about the progress of the stream."""
        return self._url("streamed")

    def conference(self, transfer: int) -> str:
        """Told about the room of a transfer."""
        return self._url("conference", n=transfer)

    def fallback(self) -> str:
        """Asked when we failed to answer in time."""
        return self._url("fallback", **self._spoken())

    def _spoken(self) -> dict[str, str]:
        return {"l": self.language} if self.language else {}

    def _url(self, what: str, **query: str | int) -> str:
        return f"{self.base_url}{PREFIX}/{self.call_id}/{what}?{urlencode({**query, 't': self.token})}"


@dataclass(frozen=True)
class LegUrls:
    """The addresses of one agent's leg."""

    base_url: str
    leg_id: str
    token: str

    def answer(self) -> str:
        """Asked for when the agent picks up."""
        return self._url("answer", d=0)

    def key(self, document: int, *, silence: bool = False) -> str:
        """Asked with the key that the agent pressed, or with none."""
        return self._url("key", d=document, **({"silence": 1} if silence else {}))

    def document(self, document: int) -> str:
        """Where the leg is sent when the caller is gone."""
        return self._url("document", d=document)

    def status(self) -> str:
        """Told about the progress of the leg."""
        return self._url("status") + TOLD_AGAIN

    def fallback(self) -> str:
        """Asked when we failed to answer in time."""
        return self._url("fallback")

    def _url(self, what: str, **query: str | int) -> str:
        return f"{self.base_url}{PREFIX}/agents/{self.leg_id}/{what}?{urlencode({**query, 't': self.token})}"


@dataclass(frozen=True)
class MessageUrls:
    """The address of one text message that we send."""

    base_url: str
    message_id: str
    token: str

    def status(self) -> str:
        """Told what becomes of the message."""
        return f"{self.base_url}{PREFIX}/messages/{self.message_id}/status?t={self.token}{TOLD_AGAIN}"


def room(call_id: str, transfer: int) -> str:
    """The name of the conference in which a transfer's caller and agent meet; it holds nothing personal."""
    return f"call-{call_id}-{transfer}"
