"""Logs: a line for each event, for people or as JSON for machines, with the call it belongs to and nothing private.

Rule: whatever looks like a telephone number is masked as the line is written, tracebacks included, so that no careless
message can leak one. Names and words of callees are never logged; they stand in the journal, where they can be erased.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from voicebot.timestamps import to_text

CALL: ContextVar[str] = ContextVar("call", default="")
"""The call (or an agent's leg) whose request this thread is answering; it stands in every line written meanwhile."""

NUMBER = re.compile(r"(?<![0-9A-Za-z.:-])\+?\d{7,15}(?![0-9A-Za-z:-])")
"""What may be a telephone number. Identifiers of the provider have letters in them, moments have hyphens and colons."""


def masked(text: str) -> str:
    """The text with the middle of every number left out: +1202****43."""
    return NUMBER.sub(lambda found: f"{found[0][:5]}****{found[0][-2:]}", text)


@contextmanager
def about(call: str) -> Iterator[None]:
    """Everything logged within is about this call."""
    token = CALL.set(call)
    try:
        yield
    finally:
        CALL.reset(token)


class TextLines(logging.Formatter):
    """`2026-03-02T15:00:00.000Z INFO voicebot.phone [12-1] message`"""

    def format(self, record: logging.LogRecord) -> str:
        call = f" [{CALL.get()}]" if CALL.get() else ""
        line = f"{_moment(record)} {record.levelname} {record.name}{call} {record.getMessage()}"
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return masked(line + trace)


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, call, message, and trace where something broke."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        if CALL.get():
            line["call"] = CALL.get()
        line["message"] = masked(record.getMessage())
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


FORMATS: dict[str, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}


def set_up(form: str, level: str, stream: TextIO = sys.stderr) -> None:
    """Write the logs of this process to `stream`, as one of FORMATS, from `level` (a name of logging's) on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATS[form]())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("twilio").setLevel(logging.WARNING)  # its SDK would tell every header of every request


def _moment(record: logging.LogRecord) -> str:
    return to_text(datetime.fromtimestamp(record.created, UTC))
