"""Text messages over the wire: who may tell of them, what they are answered with, and a failing database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.phone.test_webhooks import Line
from tests.services.rig import new_rig
from voicebot.errors import OutsideError
from voicebot.phone.urls import MessageUrls, token
from voicebot.services.suppression import drain_spool, spool_pending
from voicebot.store import messages
from voicebot.store.database import Database

ANN = "+12025550150"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    rig = new_rig(tmp_path)
    yield Line(rig)
    rig.db.close()


def form(body: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "From": ANN, "To": "+12025550100", "Body": body, "NumMedia": "0", **more}


def url(line: Line) -> str:
    return f"{line.settings.base_url}/voice/message"


def sent(line: Line) -> MessageUrls:
    """A message that has been sent; its addresses."""
    call_id = line.rig.open("text", e164=ANN)
    line.rig.answer(call_id)
    line.rig.press(call_id, "1")
    message_id = f"{call_id}-m1"
    return MessageUrls(line.settings.base_url, message_id, token(line.settings.secret, message_id))


def status(line: Line) -> Any:
    return line.rig.db.value("SELECT status FROM messages")


def test_stop_is_answered_with_nothing(line: Line) -> None:
    line.rig.open(e164=ANN)
    answer = line.post(url(line), form("STOP", OptOutType="STOP"))
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response />")
    assert line.rig.suppressed(ANN)


def test_help_is_answered_the_same_twice(line: Line) -> None:
    first = line.post(url(line), form("help"))
    assert "<Response><Message>This is " in first.text
    assert line.post(url(line), form("help")).data == first.data


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_message_without_its_fields_is_refused(line: Line, missing: str) -> None:
    fields = form("hello")
    del fields[missing]
    assert line.post(url(line), fields).status_code == 400


def test_an_unsigned_message_opts_nobody_out(line: Line) -> None:
    assert line.post(url(line), form("STOP"), signature="x").status_code == 403
    assert not line.rig.suppressed(ANN)


def test_a_huge_text_is_cut(line: Line) -> None:
    line.post(url(line), form("x" * 5000))
    assert line.rig.db.value("SELECT length(body) FROM messages") == 1600


def test_delivery_is_told(line: Line) -> None:
    urls = sent(line)
    for word in ("queued", "delivered", "sent", "failed"):
        assert line.post(urls.status(), {"MessageSid": "SM-1", "MessageStatus": word}).status_code == 204
    assert status(line) == "delivered"


def test_a_refusal_of_the_carrier_is_told(line: Line) -> None:
    news = {"MessageSid": "SM-1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    line.post(sent(line).status(), news)
    row = line.rig.db.one("SELECT * FROM messages")
    assert row is not None
    assert (row["status"], row["error"]) == ("undelivered", "code 30003")


def test_the_token_is_that_of_the_message(line: Line) -> None:
    urls = sent(line)
    other = MessageUrls(urls.base_url, urls.message_id, token(line.settings.secret, "another"))
    assert line.post(other.status(), {"MessageSid": "SM-1", "MessageStatus": "delivered"}).status_code == 403
    assert status(line) == "sent"


@pytest.mark.parametrize("word", ["", "exploded"])
def test_an_unknown_status_is_refused(line: Line, word: str) -> None:
    assert line.post(sent(line).status(), {"MessageSid": "SM-1", "MessageStatus": word}).status_code == 400


# --- while something is broken ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "name", "fault", "code"),
    [
        (Database, "transaction", OutsideError("x.db", "the disk is full."), 503),
        (messages, "load", ZeroDivisionError(), 500),
    ],
)
def test_stopping_is_spooled_and_the_rest_is_to_be_told_again(
    line: Line, monkeypatch: pytest.MonkeyPatch, broken: Any, name: str, fault: Exception, code: int
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(broken, name, fails)
        assert line.post(url(line), form("hello")).status_code == code
        assert line.post(url(line), form("请不要再打了")).status_code == 200
    assert spool_pending(line.rig.db)
    drain_spool(line.rig.db)
    assert line.rig.suppressed(ANN)
    assert line.rig.db.value("SELECT source FROM suppressions") == "message"
