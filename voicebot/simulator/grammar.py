"""What TwiML may say: for every element its attributes, what may stand in it, and Twilio's code for each fault.

The tables are read by `twiml`; nesting follows the classes of Twilio's own SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Attribute:
    """What an attribute's value must be (`expected`, in words), and the code when it is not."""

    expected: str
    check: Check
    code: int = 12200


@dataclass(frozen=True)
class Element:
    """The rule of one element. `nesting_code` is told when a child stands in it that may not."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: tuple[str, ...] = ()
    has_text: bool = False
    nesting_code: int = 12200


def one_of(*values: str, code: int = 12200) -> Attribute:
    """One of some words, letter for letter."""
    return Attribute("one of " + ", ".join(values), lambda text: text in values, code)


def some_of(*values: str, code: int = 12200) -> Attribute:
    """Some of these words, with spaces between."""
    return Attribute("some of " + ", ".join(values), lambda text: set(text.split()) <= set(values), code)


def whole(low: int, high: int = 10**9, code: int = 12200) -> Attribute:
    """A whole number within bounds."""

    def check(text: str) -> bool:
        return text.isascii() and text.isdigit() and low <= int(text) <= high

    return Attribute(f"a whole number from {low}" + (f" to {high}" if high < 10**9 else ""), check, code)


def method(code: int = 12200) -> Attribute:
    return Attribute("GET or POST", lambda text: text.upper() in ("GET", "POST"), code)


def flag(code: int = 12200) -> Attribute:
    return one_of("true", "false", code=code)


def keys(code: int, *, several: bool) -> Attribute:
    """Telephone keys: any number of them, or one at the most."""

    def check(text: str) -> bool:
        return set(text) <= set("0123456789*#") and (several or len(text) <= 1)

    return Attribute("keys 0-9 * #" if several else "one key of 0-9 * #, or empty", check, code)


def _hints(text: str) -> bool:
    entries = text.split(",")
    return len(entries) <= 500 and all(len(entry.strip()) <= 100 for entry in entries)


TEXT = Attribute("a text", lambda _: True)
URL = Attribute("a URL", lambda text: not any(sign.isspace() for sign in text), 11100)
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
CONFERENCE_EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
SPEECH_MODELS = (
    "default", "numbers_and_commands", "phone_call", "experimental_conversations", "experimental_utterances",
    "googlev2_long", "googlev2_short", "googlev2_telephony", "googlev2_telephony_short", "deepgram_nova-2",
    "deepgram_nova-3",
)  # fmt: skip
_RECORDING = {
    "recordingStatusCallback": URL,
    "recordingStatusCallbackMethod": method(),
    "recordingStatusCallbackEvent": some_of("in-progress", "completed", "absent"),
    "recordingConfigurationId": TEXT,
}
_DETECTION = {
    "machineDetection": one_of("Enable", "DetectMessageEnd"),
    "machineDetectionTimeout": whole(3, 60),
    "machineDetectionSpeechThreshold": whole(1000, 6000),
    "machineDetectionSpeechEndThreshold": whole(500, 5000),
    "machineDetectionSilenceTimeout": whole(2000, 10000),
    "amdStatusCallback": URL,
    "amdStatusCallbackMethod": method(),
}
SSML = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
# Real verbs and nouns of Twilio that the simulator knows by name only.
NOT_REPRODUCED = (
    "Echo", "Pay", "Prompt", "Refer", "Sms", "Application", "Client", "Sim", "Sip", "WhatsApp", "ConversationRelay",
    "Room", "VirtualAgent", "Recording", "Siprec", "Transcription",
)  # fmt: skip

RESPONSE_VERBS = (
    "Say", "Play", "Pause", "Gather", "Record", "Dial", "Enqueue", "Leave", "Start", "Stop", "Connect", "Redirect",
    "Hangup", "Reject",
)  # fmt: skip

GRAMMAR: dict[str, Element] = {
    "Response": Element(children=RESPONSE_VERBS),
    "Say": Element(
        {"voice": TEXT, "language": TEXT, "loop": whole(0, code=13510)},
        children=SSML,
        has_text=True,
        nesting_code=13520,
    ),
    "Play": Element(
        {
            "loop": whole(0, code=13410),
            "digits": Attribute("keys 0-9 * # and w", lambda text: set(text) <= set("0123456789*#wW")),
        },
        has_text=True,
    ),
    "Pause": Element({"length": whole(0, code=13910)}),
    "Gather": Element(
        {
            "action": URL,
            "method": method(13312),
            "input": some_of("dtmf", "speech"),
            "timeout": whole(0, code=13313),
            "finishOnKey": keys(13310, several=False),
            "numDigits": whole(1, code=13314),
            "speechTimeout": Attribute(
                "auto or a whole number from 1", lambda text: text == "auto" or whole(1).check(text), 13327
            ),
            "maxSpeechTime": whole(1, 60),
            "speechModel": one_of(*SPEECH_MODELS),
            "language": TEXT,
            "hints": Attribute("at most 500 phrases of at most 100 characters, with commas between", _hints, 13330),
            "partialResultCallback": URL,
            "partialResultCallbackMethod": method(),
            "profanityFilter": flag(),
            "bargeIn": flag(13332),
            "debug": flag(),
            "enhanced": flag(),
            "actionOnEmptyResult": flag(13338),
        },
        children=("Say", "Play", "Pause"),
        nesting_code=13320,
    ),
    "Record": Element(
        {
            "action": URL,
            "method": method(13610),
            "timeout": whole(0, code=13611),
            "finishOnKey": keys(13612, several=True),
            "maxLength": whole(1, 14400, code=13613),
            "playBeep": flag(13614),
            "trim": one_of("trim-silence", "do-not-trim"),
            "transcribe": flag(),
            "transcribeCallback": URL,
            **_RECORDING,
        }
    ),
    "Dial": Element(
        {
            "action": URL,
            "method": method(13210),
            "timeout": whole(1, 600, code=13212),
            "timeLimit": whole(1, code=13216),
            "hangupOnStar": flag(13213),
            "callerId": TEXT,
            "answerOnBridge": flag(),
            "ringTone": TEXT,
            "sequential": flag(),
            "record": TEXT,
            "recordingTrack": one_of("inbound", "outbound", "both"),
            "trim": one_of("trim-silence", "do-not-trim"),
            "referUrl": URL,
            "referMethod": method(),
            **_RECORDING,
        },
        children=("Number", "Conference", "Queue"),
        has_text=True,
        nesting_code=13215,
    ),
    "Number": Element(
        {
            "url": URL,
            "method": method(13221),
            "sendDigits": Attribute("keys 0-9 * # and w", lambda text: set(text) <= set("0123456789*#wW"), 13222),
            "statusCallback": URL,
            "statusCallbackMethod": method(),
            "statusCallbackEvent": some_of(*CALL_EVENTS, code=21626),
            "byoc": TEXT,
            **_DETECTION,
        },
        has_text=True,
        nesting_code=13215,
    ),
    "Conference": Element(
        {
            "muted": flag(13230),
            "beep": one_of("true", "false", "onEnter", "onExit", code=13235),
            "startConferenceOnEnter": flag(13232),
            "endConferenceOnExit": flag(13231),
            "waitUrl": URL,
            "waitMethod": method(13234),
            "maxParticipants": whole(2, 250),
            "participantLabel": TEXT,
            "statusCallback": URL,
            "statusCallbackMethod": method(),
            "statusCallbackEvent": some_of(*CONFERENCE_EVENTS),
            "eventCallbackUrl": URL,
            "coach": TEXT,
            "region": TEXT,
            "jitterBufferSize": one_of("off", "small", "medium", "large"),
            "record": TEXT,
            "trim": one_of("trim-silence", "do-not-trim"),
            **_RECORDING,
        },
        has_text=True,
        nesting_code=13215,
    ),
    "Queue": Element(
        {"url": URL, "method": method(), "reservationSid": TEXT, "postWorkActivitySid": TEXT},
        has_text=True,
        nesting_code=13215,
    ),
    "Enqueue": Element(
        {
            "action": URL,
            "method": method(),
            "waitUrl": Attribute(URL.expected, URL.check, 14202),
            "waitUrlMethod": method(14206),
            "maxQueueSize": whole(1, 5000),
            "workflowSid": TEXT,
        },
        has_text=True,
    ),
    "Leave": Element(),
    "Start": Element({"action": URL, "method": method()}, children=("Stream",)),
    "Connect": Element({"action": URL, "method": method()}, children=("Stream",)),
    "Stop": Element(children=("Stream",)),
    "Stream": Element(
        {
            "name": TEXT,
            "url": TEXT,
            "track": one_of("inbound_track", "outbound_track", "both_tracks", code=31941),
            "statusCallback": URL,
            "statusCallbackMethod": method(),
        },
        children=("Parameter",),
    ),
    "Parameter": Element({"name": TEXT, "value": TEXT}),
    "Redirect": Element({"method": method(13710)}, has_text=True),
    "Hangup": Element(),
    "Reject": Element({"reason": one_of("rejected", "busy")}),
}
# TwiML that answers a message (https://www.twilio.com/docs/messaging/twiml).
MESSAGING_GRAMMAR: dict[str, Element] = {
    "Response": Element(children=("Message", "Redirect")),
    "Message": Element(
        {"to": TEXT, "from": TEXT, "action": URL, "method": method(), "statusCallback": URL},
        children=("Body", "Media"),
        has_text=True,
    ),
    "Body": Element(has_text=True),
    "Media": Element(has_text=True),
    "Redirect": Element({"method": method()}, has_text=True),
}
