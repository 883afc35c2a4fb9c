"""Log lines: one form for people, one for machines, and no telephone number in either."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot import logs


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def written(form: str, root: logging.Logger, message: str) -> str:
    stream = io.StringIO()
    logs.set_up(form, "info", stream)
    with logs.about("12-1"):
        try:
            raise ValueError("no answer from +12025550143")
        except ValueError:
            root.getChild("phone").error(message, exc_info=True)
    return stream.getvalue()


def test_people_read_a_line(root: logging.Logger) -> None:
    first, *trace = written("text", root, "ringing +1 202 and +12025550143").splitlines()
    moment, rest = first.split(" ", 1)
    assert len(moment) == len("2026-03-02T15:00:00.000Z")
    assert rest == "ERROR phone [12-1] ringing +1 202 and +1202****43"
    assert trace[-1] == "ValueError: no answer from +1202****43"


def test_machines_read_json(root: logging.Logger) -> None:
    line = json.loads(written("json", root, "ringing +12025550143"))
    assert line["call"] == "12-1"
    assert line["message"] == "ringing +1202****43"
    assert line["level"] == "error"
    assert "+12025550143" not in line["trace"]


@pytest.mark.parametrize(
    "text",
    ["CA84876cb0780a42e0e37a2228f453ea80", "2026-03-02T15:00:00.000Z", "attempt 12-1", "port 8080", "line 1234",
     "127.0.0.1:8080", "code 21220"],
)  # fmt: skip
def test_what_is_no_number_stays(text: str) -> None:
    assert logs.masked(text) == text


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True), st.sampled_from(["", " ", "(", '"', "to=", ", "]))
def test_no_number_gets_through(number: str, before: str) -> None:
    assert number not in logs.masked(f"x {before}{number}, y")
