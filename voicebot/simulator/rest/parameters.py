"""Reads the parameters of REST requests, and refuses them with Twilio's codes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from voicebot.simulator.call import Callback, Detection, Source
from voicebot.simulator.grammar import CALL_EVENTS
from voicebot.simulator.rest.errors import refuse
from voicebot.simulator.rest.magic import FROM_ERRORS, TO_ERRORS, VALID_FROM

Form = MultiDict[str, str]
MAX_TWIML = 4000


def read_to(form: Form) -> str:
    to = form.get("To", "") or refuse(21201)
    if to in TO_ERRORS:
        refuse(TO_ERRORS[to], to)
    return e164(to) or refuse(21211, to)


def read_from(form: Form, ours: list[str]) -> str:
    """One of our numbers, or the magic number that is always right."""
    from_ = form.get("From", "") or refuse(21213)
    if from_ in FROM_ERRORS:
        refuse(FROM_ERRORS[from_], from_)
    number = e164(from_) or refuse(21212, from_)
    return number if number in ours or number == VALID_FROM else refuse(21210, number)


def read_source(form: Form) -> Source:
    """`Url` or `Twiml`, one of the two; with the fallback URL."""
    url, twiml = form.get("Url", ""), form.get("Twiml", "")
    if form.get("ApplicationSid"):
        refuse(21218, "the simulator has no applications; give Url or Twiml")
    if url and twiml:
        refuse(20001, "Url and Twiml exclude each other")
    if not twiml and not is_url(url):
        refuse(21205, url)
    if len(twiml) > MAX_TWIML:
        refuse(32018, f"{len(twiml)}")
    fallback = form.get("FallbackUrl", "")
    if fallback and not is_url(fallback):
        refuse(21205, fallback)
    return Source(url, read_method(form, "Method"), fallback, read_method(form, "FallbackMethod"), twiml)


def read_callback(form: Form, name: str = "StatusCallback") -> tuple[Callback | None, str]:
    """The status callback, and the events that were named but do not exist.

    With an event that does not exist (several in one parameter, with spaces between, are one that does not) Twilio
    creates the call, and sends no callbacks.
    """
    url = form.get(name, "")
    if not url:
        return None, ""
    if not is_url(url):
        refuse(21205, url)
    events = form.getlist(f"{name}Event") or ["completed"]
    unknown = [event for event in events if event not in CALL_EVENTS]
    callback = Callback(url, read_method(form, f"{name}Method"), frozenset() if unknown else frozenset(events))
    return callback, ", ".join(f'"{event}"' for event in unknown)


def read_detection(form: Form) -> Detection | None:
    """Answering machine detection; it is off when keys are sent after the answer."""
    kind = form.get("MachineDetection", "")
    if not kind or form.get("SendDigits"):
        return None
    if kind not in ("Enable", "DetectMessageEnd"):
        refuse(20001, f"MachineDetection={kind} must be Enable or DetectMessageEnd")
    timeout = read_whole(form, "MachineDetectionTimeout", 30, 3, 60)
    url = form.get("AsyncAmdStatusCallback", "")
    callback = Callback(url, read_method(form, "AsyncAmdStatusCallbackMethod")) if url else None
    return Detection(kind == "DetectMessageEnd", form.get("AsyncAmd", "false") == "true", callback, float(timeout))


def read_whole(form: Form, name: str, default: int, low: int, high: int, code: int = 20001) -> int:
    text = form.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        refuse(code, f"{name}={text} must be a whole number from {low} to {high}")
    return int(text)


def read_method(form: Form, name: str) -> str:
    method = form.get(name, "POST").upper()
    return method if method in ("GET", "POST") else refuse(21209, method)


def read_flag(form: Form, name: str, *, default: bool) -> bool:
    text = form.get(name, str(default)).lower()
    return text == "true" if text in ("true", "false") else refuse(20001, f"{name}={text} must be true or false")


def is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")


def e164(text: str) -> str:
    """The number without its ornaments; empty if it is none."""
    number = re.sub(r"[\s().-]", "", text)
    return number if re.fullmatch(r"\+[1-9]\d{6,14}", number) else ""
