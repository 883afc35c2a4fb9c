"""Twilio's codes for what goes wrong on a call, and the notification that records one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NOT_REPRODUCED, NO_SUCH_NUMBER, QUERY_LEFT_OUT = 99001, 99002, 99003
# code -> (level, what it says). From Twilio's error and warning dictionary (https://www.twilio.com/docs/api/errors).
# A warning is recorded and the call goes on; an error ends the document. From 99001 on they are the simulator's own.
PROBLEMS: dict[int, tuple[str, str]] = {
    11100: ("error", "Invalid URL format"),
    11200: ("error", "HTTP retrieval failure"),
    11205: ("error", "HTTP connection failure"),
    11206: ("error", "HTTP protocol violation"),
    11215: ("error", "HTTP too many redirects"),
    11750: ("error", "TwiML response body too large"),
    12100: ("error", "Document parse failure"),
    12101: ("error", "Invalid Twilio Markup XML version"),
    12102: ("error", "The root element must be Response"),
    12200: ("warning", "Schema validation warning"),
    12300: ("error", "Invalid Content-Type"),
    13201: ("error", "Dial: Cannot Dial out from a Dial Call Segment"),
    13210: ("error", "Dial: Invalid method value"),
    13212: ("error", "Dial: Invalid timeout value"),
    13213: ("error", "Dial: Invalid hangupOnStar value"),
    13214: ("error", "Dial: Invalid callerId value"),
    13215: ("error", "Dial: Invalid nested element"),
    13216: ("error", "Dial: Invalid timeLimit value"),
    13221: ("error", "Dial->Number: Invalid method value"),
    13222: ("error", "Dial->Number: Invalid sendDigits value"),
    13223: ("error", "Dial: Invalid phone number format"),
    13230: ("error", "Dial->Conference: Invalid muted value"),
    13231: ("error", "Dial->Conference: Invalid endConferenceOnExit value"),
    13232: ("error", "Dial->Conference: Invalid startConferenceOnEnter value"),
    13233: ("error", "Dial->Conference: Invalid waitUrl"),
    13234: ("error", "Dial->Conference: Invalid waitMethod value"),
    13235: ("error", "Dial->Conference: Invalid beep value"),
    13237: ("error", "Dial->Conference: Invalid Conference name"),
    13238: ("error", "Dial->Conference: Invalid verb in the waitUrl's TwiML"),
    13310: ("error", "Gather: Invalid finishOnKey value"),
    13312: ("error", "Gather: Invalid method value"),
    13313: ("error", "Gather: Invalid timeout value"),
    13314: ("error", "Gather: Invalid numDigits value"),
    13320: ("error", "Gather: Invalid nested verb"),
    13327: ("warning", "Gather: Invalid speechTimeout value"),
    13330: ("warning", "Gather: Invalid hints value"),
    13332: ("warning", "Gather: Invalid bargeIn value"),
    13335: ("error", "Gather: speechTimeout=auto does not go with a speechModel"),
    13338: ("error", "Gather: Invalid actionOnEmptyResult value"),
    13410: ("error", "Play: Invalid loop value"),
    13510: ("error", "Say: Invalid loop value"),
    13520: ("error", "Say: Invalid text"),
    13610: ("error", "Record: Invalid method value"),
    13611: ("error", "Record: Invalid timeout value"),
    13612: ("error", "Record: Invalid finishOnKey value"),
    13613: ("error", "Record: Invalid maxLength value"),
    13614: ("error", "Record: Invalid playBeep value"),
    13710: ("error", "Redirect: Invalid method value"),
    13910: ("error", "Pause: Invalid length value"),
    14103: ("warning", "Message: Invalid Body"),
    14202: ("error", "Enqueue: Invalid waitUrl"),
    14204: ("error", "Enqueue: Queue name too short"),
    14205: ("error", "Enqueue: Queue name too long"),
    14206: ("error", "Enqueue: Invalid waitUrlMethod value"),
    14212: ("error", "Dial->Queue: Queue name too short"),
    14213: ("error", "Dial->Queue: Queue name too long"),
    15003: ("warning", "Call Progress: Warning Response to Callback URL"),
    15004: ("error", "Call Progress: Relative URL in TwiML that came without a URL"),
    21262: ("warning", "Async AMD has no AsyncAmdStatusCallback"),
    21610: ("error", "Message: The recipient has opted out"),
    21626: ("warning", "Invalid statusCallbackEvents"),
    31901: ("error", "Stream: WebSocket: Connection Timeout"),
    31902: ("error", "Stream: WebSocket: Connection Refused"),
    31920: ("error", "Stream: WebSocket: Handshake Error"),
    31921: ("warning", "Stream: WebSocket: Close Error"),
    31922: ("error", "Stream: WebSocket: Schema not supported"),
    31923: ("error", "Stream: WebSocket: Malformed URL"),
    31924: ("error", "Stream: WebSocket: Protocol Error"),
    31930: ("warning", "Stream: Media buffer overflow"),
    31941: ("error", "Stream: Invalid Track configuration"),
    31950: ("error", "Stream: Protocol: Invalid payload"),
    31951: ("error", "Stream: Protocol: Invalid message"),
    NOT_REPRODUCED: ("error", "The simulator does not reproduce this"),
    NO_SUCH_NUMBER: ("error", "Somebody called a number that is not of this account"),
    QUERY_LEFT_OUT: ("warning", "Stream: The query of the URL is left out; pass a <Parameter>"),
}


@dataclass(frozen=True)
class Problem:
    """A fault found in a document or a request. `fatal` makes an error of what Twilio only warns of."""

    code: int
    detail: str
    fatal: bool = False

    @property
    def level(self) -> str:
        """`warning` or `error`."""
        return "error" if self.fatal else PROBLEMS[self.code][0]

    def __str__(self) -> str:
        return f"{PROBLEMS[self.code][1]}: {self.detail}" if self.detail else PROBLEMS[self.code][1]


@dataclass(frozen=True)
class Notification:
    """An entry of the account's debugger. `call_sid` is empty where no call is concerned."""

    at: datetime
    problem: Problem
    call_sid: str = ""
    sid: str = ""

    @property
    def code(self) -> int:
        return self.problem.code

    @property
    def message(self) -> str:
        return str(self.problem)

    @property
    def level(self) -> str:
        return self.problem.level
