"""The one place that speaks to the provider's REST interface, by its own SDK.

Rule: nothing here tries twice. Error codes: https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import HttpClient, TwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from voicebot.phone.params import STATUSES
from voicebot.phone.provider import Detection, PhoneRefused, PhoneUnknown, RemoteCall, RemoteNumber
from voicebot.settings import Settings
from voicebot.timestamps import to_text

T = TypeVar("T")

ANSWER_SECONDS = 10.0
"""How long we wait for the provider's answer before we count it as lost."""

CONNECTIONS = 64
"""Connections that are kept for the next request: to open one takes longer than anything else that we do."""

STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]

DETECTION: dict[Detection, str] = {"detect": "Enable", "beep": "DetectMessageEnd"}

PERMANENT = frozenset({21201, 21211, 21214, 21215, 21216, 21217, 21219, 13223, 13224, 13225, 13226, 13227,
                       21408, 21602, 21604, 21606, 21610, 21612, 21614, 21617})  # fmt: skip
"""Refusals that concern the number and would be repeated: missing, invalid, unreachable, blocked, not permitted; of
messages also: no text or too long a one, a sender that cannot write to it, one who has unsubscribed, no mobile."""

SECONDS = len("2026-01-01T00:00:00")
"""The provider writes moments in whole seconds."""

NO_SUCH_THING = 20404

OVER = frozenset({NO_SUCH_THING, 21220})
"""No such call, and call not in progress: it has ended meanwhile."""


class PhoneClient:
    """Twilio, or whatever answers like it at `settings.api_url`. One client serves all threads."""

    def __init__(self, settings: Settings, http_client: HttpClient | None = None) -> None:
        client = http_client or _http_client(settings.api_url)
        self._client = Client(settings.account_sid, settings.auth_token, http_client=client)
        self._client.api.base_url = settings.api_url

    def place(  # noqa: PLR0913  (see Phone.place)
        self,
        *,
        to: str,
        from_: str,
        url: str,
        status_url: str,
        fallback_url: str,
        amd: Detection = "none",
        amd_url: str = "",
        timeout: int = 25,
        time_limit: int = 4 * 3600,
    ) -> str:
        """Ring `to`. Raises PhoneRefused when no call was made, PhoneUnknown when one may have been."""
        detection: dict[str, Any] = {}
        if amd != "none":
            detection = {
                "machine_detection": DETECTION[amd],
                "async_amd": "true",  # a text, by the API's own definition
                "async_amd_status_callback": amd_url,
                "async_amd_status_callback_method": "POST",
            }
        call = _asked(
            lambda: self._client.calls.create(
                to=to,
                from_=from_,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=STATUS_EVENTS,
                fallback_url=fallback_url,
                fallback_method="POST",
                timeout=timeout,
                time_limit=time_limit,
                **detection,
            )
        )
        if not call.sid:
            raise PhoneUnknown("it named no call.")
        return str(call.sid)

    def move(self, sid: str, url: str) -> bool:
        """Lead a live call to another document; False when it is over."""
        return self._update(sid, url=url, method="POST")

    def hang_up(self, sid: str) -> bool:
        """End a call; False when it was over."""
        return self._update(sid, status="completed")

    def cancel(self, sid: str) -> bool:
        """Take back a call that still waits or rings; False when it was answered or over."""
        return self._update(sid, status="canceled")

    def _update(self, sid: str, **change: str) -> bool:
        try:
            _asked(lambda: self._client.calls(sid).update(**change))
        except PhoneRefused as refusal:
            if refusal.code in OVER:
                return False
            raise
        return True

    def find(self, to: str, from_: str, after: str) -> list[RemoteCall]:
        """Calls between two numbers since a moment, at most 50."""
        # The provider can filter by the moment of the start only, which a queued call does not have yet.
        calls = _asked(lambda: self._client.calls.list(to=to, from_=from_, limit=50))
        found = [_remote(call) for call in calls]
        return [call for call in found if not call.created_at or call.created_at[:SECONDS] >= after[:SECONDS]]

    def account(self) -> str:
        """The account's status, `active` where all is well. Raises PhoneRefused when the credentials are wrong."""
        return str(_asked(lambda: self._client.api.accounts(self._client.username).fetch()).status)

    def numbers(self) -> list[RemoteNumber]:
        """The account's own numbers, and what is asked when somebody rings them; at most 200."""
        found = _asked(lambda: self._client.incoming_phone_numbers.list(limit=200))
        return [RemoteNumber(str(one.phone_number), str(one.voice_url or ""), str(one.sms_url or "")) for one in found]

    def fetch(self, sid: str) -> RemoteCall | None:
        """A call as it stands; None when there is none of that id."""
        try:
            return _remote(_asked(lambda: self._client.calls(sid).fetch()))
        except PhoneRefused as refusal:
            if refusal.code == NO_SUCH_THING:
                return None
            raise

    def send(self, *, to: str, from_: str, body: str, status_url: str) -> str:
        """Send a text message. Raises PhoneRefused when it was not sent, PhoneUnknown when it may have been."""
        message = _asked(
            lambda: self._client.messages.create(to=to, from_=from_, body=body, status_callback=status_url)
        )
        if not message.sid:
            raise PhoneUnknown("it named no message.")
        return str(message.sid)

    def delete_recording(self, sid: str) -> bool:
        """Delete a recording; False when there is none of that id."""
        try:
            return bool(_asked(lambda: self._client.recordings(sid).delete()))
        except PhoneRefused as refusal:
            if refusal.code == NO_SUCH_THING:
                return False
            raise


def _http_client(url: str) -> HttpClient:
    """The SDK's own, which keeps as many connections open as there are threads that may ask at once."""
    client = TwilioHttpClient(timeout=ANSWER_SECONDS)
    client.session.mount(url, HTTPAdapter(pool_maxsize=CONNECTIONS))
    return client


def _remote(call: Any) -> RemoteCall:
    created = call.date_created
    return RemoteCall(
        sid=str(call.sid),
        to=str(call.to or ""),
        from_=str(getattr(call, "_from", "") or ""),
        status=STATUSES.get(str(call.status), "queued"),
        created_at=to_text(created) if isinstance(created, datetime) else "",
    )


def _asked(request: Callable[[], T]) -> T:
    """The provider's answer. Its refusals and lost answers are told apart here and nowhere else."""
    try:
        return request()
    except TwilioRestException as error:
        if error.status >= 500:
            raise PhoneUnknown(f"status {error.status}.") from error
        code = error.code or 0
        raise PhoneRefused(code, str(error.msg), permanent=code in PERMANENT) from error
    except requests.exceptions.ConnectionError as error:
        if _never_sent(error):
            raise PhoneRefused(0, "it cannot be reached.", permanent=False) from error
        raise PhoneUnknown(type(error).__name__) from error
    except (requests.exceptions.RequestException, TwilioException, ValueError) as error:
        raise PhoneUnknown(type(error).__name__) from error


def _never_sent(error: requests.exceptions.ConnectionError) -> bool:
    """Whether not even a connection came about, so that the request cannot have arrived."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
