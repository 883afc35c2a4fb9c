"""What the values of settings look like: text -> value. A parser refuses with `UnusableError`: problem and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers

SECRET_LENGTH = 32
"""The least length of a given secret, in characters: 128 bits when written in hexadecimal."""


class UnusableError(Exception):
    """A value that a parser refuses: what is wrong with it, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


def number_in(least: float, most: float, kind: type[int] | type[float]) -> Callable[[str], float]:
    noun = "a whole number" if kind is int else "a number"

    def parse(text: str) -> float:
        with suppress(ValueError):
            if least <= (value := kind(text)) <= most:
                return value
        raise UnusableError(f"{text!r} is not {noun} from {least:g} to {most:g}.", f"Write {noun} in that range.")

    return parse


def some_path(text: str) -> Path:
    if not text:
        raise UnusableError("the path is empty.", "Name a file or folder, or leave the setting out.")
    return Path(text)


def optional_path(text: str) -> Path | None:
    return Path(text) if text else None


def path_per_language(text: str) -> tuple[tuple[str, Path], ...]:
    return tuple((tag, Path(path)) for tag, path in _per_language(text, "en-US=/models/en"))


def url_per_language(text: str) -> tuple[tuple[str, str], ...]:
    given = _per_language(text, "en-US=ws://127.0.0.1:2700")
    for _, address in given:
        if not re.fullmatch(r"wss?://[^\s/?#]+[^\s?#]*", address):
            raise UnusableError(f"{address!r} is no WebSocket's address.", "Write it like ws://127.0.0.1:2700.")
    return given


def _per_language(text: str, example: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in re.split(r",\s*", text) if part]
    for tag, _, value in pairs:
        if not re.fullmatch(r"\s*[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\s*", tag) or not value.strip():
            raise UnusableError(f"{text!r} does not say which language is meant.", f"Write it like {example}.")
    return tuple((tag.strip(), value.strip()) for tag, _, value in pairs)


def some_text(text: str) -> str:
    if not text:
        raise UnusableError("the value is empty.", "Give a value, or leave the setting out.")
    return text


def one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() in words:
            return text.lower()
        raise UnusableError(f"{text!r} is none of {', '.join(words)}.", f"Write one of {', '.join(words)}.")

    return parse


def switch(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise UnusableError(f"{text!r} is neither true nor false.", "Write true or false.")
    return words[text.lower()]


def url(text: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(text)
        plain = not (parts.query or parts.fragment or parts.username or parts.password)
        if parts.scheme in ("http", "https") and parts.hostname and plain and (parts.port is None or parts.port):
            if "_" in parts.hostname:  # Twilio refuses such hosts in callback URLs
                raise UnusableError(f"the host of {text!r} has an underscore.", "Use a host name without underscores.")
            return text.rstrip("/")
    raise UnusableError(f"{text!r} is not an http or https address.", "Write it like https://bot.example.com.")


def e164(text: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", text):
        raise UnusableError(f"{text!r} is not an international number.", "Write it like +12025550123, without spaces.")
    return text


def optional_e164(text: str) -> str:
    return e164(text) if text else ""


def e164_list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e164(part) for part in _parts(text)))


def country(text: str) -> str:
    if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise UnusableError(f"{text!r} is not a country.", "Write its two letters (ISO 3166), such as US, GB or CN.")
    return text.upper()


def countries(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(country(part) for part in _parts(text)))


def telephone_key(text: str) -> str:
    if not re.fullmatch(r"[0-9*#]", text):
        raise UnusableError(f"{text!r} is not one key of a telephone.", 'Write one of 0-9, "*" or "#".')
    return text


def account(text: str) -> str:
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise UnusableError(
            "this is not an account SID.", "It is AC and 32 hexadecimal digits, shown in Twilio's console."
        )
    return text


def long_secret(text: str) -> str:
    if len(text) < SECRET_LENGTH:
        raise UnusableError(
            f"the secret is shorter than {SECRET_LENGTH} characters.",
            "Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return text


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", text) if part]
