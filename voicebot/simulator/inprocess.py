"""Lets Twilio's SDK talk to a world in the same process, without a socket."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

from voicebot.simulator.faults import PATIENCE, lose_answer
from voicebot.simulator.rest import create_rest_app
from voicebot.simulator.rest.trouble import LOST, SECONDS
from voicebot.simulator.world import World


class InProcessTwilioHttp(HttpClient):  # type: ignore[misc]
    """`Client(sid, token, http_client=InProcessTwilioHttp(world))`: whatever host is asked, the world answers."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._app = create_rest_app(world)

    def request(  # noqa: PLR0913, PLR0917  (the signature is the SDK's)
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make one REST request. Raises what `requests` raises where a fault of the world swallows the answer."""
        parts = urlsplit(uri)
        query: Any = _form(params) or parts.query
        answer = self._app.test_client().open(
            parts.path, method=method, query_string=query, data=_form(data), headers=_plain(headers), auth=auth
        )
        patience = timeout or PATIENCE
        if LOST in answer.headers or float(answer.headers.get(SECONDS, "0")) > patience:
            lose_answer(waited=LOST not in answer.headers)
        return Response(answer.status_code, answer.get_data(as_text=True), answer.headers)


def _form(data: dict[str, object] | None) -> dict[str, Any] | None:
    """What is given, as text; lists stay lists, each of their values a parameter."""
    if data is None:
        return None
    given = {name: value for name, value in data.items() if value is not None}
    return {name: value if isinstance(value, list) else str(value) for name, value in given.items()}


def _plain(headers: dict[str, str] | None) -> dict[str, str]:
    return {name: value for name, value in (headers or {}).items() if name != "Content-Type"}
