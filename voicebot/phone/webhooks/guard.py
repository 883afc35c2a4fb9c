"""Who may ask: the provider's signature over the public address, and the token of the call in it.

Rule: the address that was signed is the configured base URL and the path and query exactly as they came in; nothing of
it is rebuilt, and no header of a proxy is believed.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from voicebot.phone.urls import same_token, token
from voicebot.settings import Settings

SIGNATURE = "X-Twilio-Signature"

TALLY_SECONDS = 60.0
TALLY_LIMIT = 60
"""Refused requests per minute and process that are written down one by one; a flood of more is written as a number."""


def is_signed(request: Request, settings: Settings) -> bool:
    """Whether the provider signed this request."""
    signature = request.headers.get(SIGNATURE, "")
    # The form itself is passed on: a plain dict would lose repeated fields, and with them the signature.
    return bool(RequestValidator(settings.auth_token).validate(signed_url(request, settings), request.form, signature))


def signed_url(request: Request, settings: Settings) -> str:
    """The address as the provider wrote it."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    if raw:
        parts = urlsplit(raw)
        path, query = parts.path, parts.query
    else:
        path, query = quote(request.path), request.query_string.decode("latin-1")
    return settings.base_url + path + (f"?{query}" if query else "")


def has_token(request: Request, settings: Settings, subject: str) -> bool:
    """Whether the address carries the token of the call or leg it names."""
    return same_token(request.args.get("t", ""), token(settings.secret, subject))


class Tally:
    """Counts refused requests, so that a flood of them does not flood the journal. One per process."""

    def __init__(self) -> None:
        self._since = 0.0
        self._written = 0
        self._unwritten = 0

    def add(self, seconds: float) -> int:
        """Count one at a moment (seconds on any clock); how many to write down now, 0 for later."""
        if seconds - self._since >= TALLY_SECONDS:
            self._since, self._written = seconds, 0
        self._unwritten += 1
        if self._written >= TALLY_LIMIT:
            return 0
        self._written += 1
        count, self._unwritten = self._unwritten, 0
        return count
