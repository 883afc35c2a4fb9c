"""What a text message is answered with. Pure."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]


def reply(text: str) -> str:
    """The answer to a message: `text`, or nothing."""
    response = MessagingResponse()
    if text:
        response.message(text)
    return str(response)
