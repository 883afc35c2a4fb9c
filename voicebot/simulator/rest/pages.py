"""Lists, page by page, as the SDK walks through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from voicebot.simulator.rest.errors import refuse

T = TypeVar("T")


def page_of(name: str, found: Sequence[T], describe: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """The page of `found` that the request asks for."""
    number, size = _whole("Page", 0), min(_whole("PageSize", 50), 1000) or 50
    shown = found[number * size : (number + 1) * size]
    last = (number + 1) * size >= len(found)
    return {
        name: [describe(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
        "uri": _uri(number, size),
        "first_page_uri": _uri(0, size),
        "next_page_uri": None if last else _uri(number + 1, size),
        "previous_page_uri": _uri(number - 1, size) if number else None,
    }


def _uri(number: int, size: int) -> str:
    args = [(name, value) for name, value in request.args.items(multi=True) if name not in ("Page", "PageSize")]
    return f"{request.path}?{urlencode([*args, ('PageSize', size), ('Page', number)])}"


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    return int(text) if text.isascii() and text.isdigit() else refuse(20001, f"{name}={text}")
