"""What the provider posts, read into values: form -> event, form -> news of a line, form -> news of a room.

Rule: what a caller can influence (keys, words) is cut to size and never refused; what only the provider writes is held
to its documented shape and refused when it breaks it. https://www.twilio.com/docs/voice/twiml#request-parameters
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from voicebot.dialer.message_moves import OF_PROVIDER, MessageStatus
from voicebot.errors import VoicebotError
from voicebot.flows.events import AnsweredBy, Detected, EndStatus, Heard, Pressed, Recorded, Silence, Transferred
from voicebot.speech import recognizer

Form = Mapping[str, str]

KEYS = re.compile(r"[^0-9*#]")
DIGITS_LIMIT = 64
FIELD_LIMIT = 1000
"""Characters of any field that we read and the caller does not speak."""

SID = re.compile(r"[A-Za-z0-9:_.\-]{1,64}")
"""CA and 32 hexadecimal digits at Twilio; compatible carriers write other shapes."""


class RequestFault(VoicebotError):  # noqa: N818  (a fault, like a flow's)
    """A request that the provider would not send: a field is missing, oversized or of an unknown value."""


# --- the callee's answers ---------------------------------------------------------------------------------------------


def answer(form: Form, at: str) -> Pressed | Heard | Silence:
    """What a <Gather> brought in. `Confidence` may be absent; a request without keys and words is silence."""
    digits = keys(form.get("Digits", ""))
    if digits:
        return Pressed(at=at, digits=digits)
    utterance = recognizer.gathered(form.get("SpeechResult", ""), _confidence(form))
    return (recognizer.heard(utterance, at) if utterance else None) or Silence(at=at)


def keys(digits: str) -> str:
    """The keys of the telephone in `digits`, in order, at most 64.

    Of more than that, the beginning is kept and then each other key once, so that the opt-out key is never cut off.
    """
    pressed = KEYS.sub("", digits)
    if len(pressed) <= DIGITS_LIMIT:
        return pressed
    start = pressed[: DIGITS_LIMIT - 12]
    return start + "".join(sorted(set(pressed[len(start) :])))


def _confidence(form: Form) -> float | None:
    try:
        confidence = float(form.get("Confidence", ""))
    except ValueError:
        return None
    return confidence if 0 <= confidence <= 1 else None


def recorded(form: Form, at: str) -> Recorded:
    """What a <Record> brought in; `Digits` is the key that ended it, or `hangup`. Raises RequestFault."""
    url = _field(form, "RecordingUrl")
    return Recorded(at=at, url=url, seconds=_number(form, "RecordingDuration"), key=keys(form.get("Digits", ""))[:1])


@dataclass(frozen=True)
class RecordingNews:
    """A recording can be fetched, or came to nothing (`status`: completed, absent, failed)."""

    url: str
    status: str
    seconds: float


def recording(form: Form) -> RecordingNews:
    """A recording callback. Raises RequestFault."""
    return RecordingNews(
        url=form.get("RecordingUrl", "")[:FIELD_LIMIT],
        status=_field(form, "RecordingStatus"),
        seconds=_number(form, "RecordingDuration"),
    )


def parted(at: str) -> Transferred:
    """A <Dial> into a room is over, whatever its DialCallStatus says."""
    return Transferred(at=at, result="ended")


# --- the line ---------------------------------------------------------------------------------------------------------

LineStatus = Literal[
    "queued", "initiated", "ringing", "in_progress", "completed", "busy", "no_answer", "canceled", "failed"
]
STATUSES: dict[str, LineStatus] = {
    "queued": "queued",
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "in_progress",
    "answered": "in_progress",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "canceled",
    "failed": "failed",
}
"""The provider's word -> ours."""

NO_SUCH_NUMBER = frozenset({404, 410, 484, 604})
"""SIP answers that say the number is none: not found, gone, address incomplete, does not exist anywhere (RFC 3261)."""


@dataclass(frozen=True)
class StatusNews:
    """Progress of one line. `sequence` counts from 0 and may come in any order; None where the provider gave none."""

    sid: str
    status: LineStatus
    sequence: int | None
    sip_code: int | None
    seconds: int | None

    @property
    def end(self) -> EndStatus | None:
        """How the line ended, if it did."""
        match self.status:
            case "failed":
                return "invalid_number" if self.sip_code in NO_SUCH_NUMBER else "failed"
            case "completed" | "busy" | "no_answer" | "canceled":
                return self.status
            case _:
                return None

    @property
    def key(self) -> str:
        """What tells this news from any other."""
        return f"status:{self.sid}:{self.status if self.sequence is None else self.sequence}"


def status(form: Form) -> StatusNews:
    """A status callback. Raises RequestFault."""
    word = _field(form, "CallStatus")
    if word not in STATUSES:
        raise RequestFault("CallStatus", f'"{word}" is no status of a call.', f"Known are {', '.join(STATUSES)}.")
    return StatusNews(
        sid=sid(form),
        status=STATUSES[word],
        sequence=_whole(form, "SequenceNumber"),
        sip_code=_whole(form, "SipResponseCode"),
        seconds=_whole(form, "CallDuration"),
    )


ANSWERED_BY: dict[str, AnsweredBy] = {
    "human": "human",
    "machine_start": "machine_start",
    "machine_end_beep": "machine_beep",
    "machine_end_silence": "machine_silence",
    "machine_end_other": "machine_other",
    "fax": "fax",
    "unknown": "unknown",
}


def detected(form: Form, at: str) -> Detected:
    """The verdict on who answered; a word that is new to us counts as unknown. Raises RequestFault."""
    return Detected(at=at, answered_by=ANSWERED_BY.get(_field(form, "AnsweredBy"), "unknown"))


# --- the room ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoomNews:
    """Somebody came into a room or left it, or the room closed. `sid` is the participant's, empty for the room.

    `conference` is the room's own id: a room that closed and is entered again has another, under the same name.
    """

    event: str
    sid: str
    key: str
    conference: str


def room(form: Form) -> RoomNews:
    """A conference callback. Raises RequestFault."""
    event = _field(form, "StatusCallbackEvent")
    conference = _field(form, "ConferenceSid")
    number = _whole(form, "SequenceNumber")
    participant = form.get("CallSid", "")[:FIELD_LIMIT]
    key = f"room:{conference}:{event + participant if number is None else number}"
    return RoomNews(event, participant, key, conference)


# --- text messages ----------------------------------------------------------------------------------------------------

BODY_LIMIT = 1600
"""Characters of a message; the provider takes no more. https://www.twilio.com/docs/messaging/api/message-resource"""


@dataclass(frozen=True)
class ReceivedMessage:
    """A text message that somebody has sent us. `sender` may be a short code or a name, `opt_out` is the provider's
    own reading of it (STOP, START, HELP), empty where it does not read them. `media` counts pictures and the like."""

    sid: str
    sender: str
    to: str
    body: str
    opt_out: str
    media: int


def message(form: Form) -> ReceivedMessage:
    """A message that came in. Raises RequestFault."""
    return ReceivedMessage(
        sid=_sid(form, "MessageSid", "message"),
        sender=_field(form, "From"),
        to=form.get("To", "")[:FIELD_LIMIT],
        body=form.get("Body", "")[:BODY_LIMIT],
        opt_out=form.get("OptOutType", "")[:FIELD_LIMIT].upper(),
        media=_whole(form, "NumMedia") or 0,
    )


@dataclass(frozen=True)
class MessageNews:
    """What became of a message that we have sent; `code` tells why it was not delivered, 0 where nothing is told."""

    sid: str
    status: MessageStatus
    code: int


def message_status(form: Form) -> MessageNews:
    """A message's status callback. Raises RequestFault."""
    word = _field(form, "MessageStatus")
    if word not in OF_PROVIDER:
        raise RequestFault(
            "MessageStatus", f'"{word}" is no status of a message.', f"Known are {', '.join(OF_PROVIDER)}."
        )
    return MessageNews(_sid(form, "MessageSid", "message"), OF_PROVIDER[word], _whole(form, "ErrorCode") or 0)


# --- fields -----------------------------------------------------------------------------------------------------------


def sid(form: Form) -> str:
    """The provider's id of the call. Raises RequestFault."""
    return _sid(form, "CallSid", "call")


def _sid(form: Form, name: str, what: str) -> str:
    text = _field(form, name)
    if not SID.fullmatch(text):
        raise RequestFault(name, f"this is no id of a {what}.", "It is letters and digits, at most 64.")
    return text


def _field(form: Form, name: str) -> str:
    text = form.get(name, "")
    if not text:
        raise RequestFault(name, "the field is missing.", "Only the provider may ask this address.")
    if len(text) > FIELD_LIMIT:
        raise RequestFault(name, f"the field is longer than {FIELD_LIMIT} characters.", "")
    return text


def _whole(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise RequestFault(name, f"{text[:40]!r} is not a whole number.", "")
    return int(text)


def _number(form: Form, name: str) -> float:
    text = form.get(name, "") or "0"
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        raise RequestFault(name, f"{text[:40]!r} is not a number of seconds.", "")
    return float(text)
