from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import create_app
from tests.services.rig import Rig, new_rig
from voicebot.phone.urls import CallUrls, LegUrls, token
from voicebot.services.suppression import drain_spool, spool_pending
from voicebot.timestamps import from_text

SID = "CA" + "1" * 32


class Line:
    """The provider's side: posts signed forms to the addresses it was given."""

    call_id = ""

    def __init__(self, rig: Rig, **settings: Any) -> None:
        self.rig = rig
        self.settings = replace(rig.centre.settings, **settings)
        app = create_app(self.settings, clock=lambda: from_text(rig.tick()), phone=rig.phone, db=rig.db)
        app.testing = True
        self.client: FlaskClient = app.test_client()

    def post(
        self, url: str, form: Any = None, *, signed: str | None = None, signature: str | None = None
    ) -> TestResponse:
        url = url.partition("#")[0]  # what follows it is meant for the provider
        fields = MultiDict({"CallSid": SID} if form is None else form)
        made = RequestValidator(self.settings.auth_token).compute_signature(signed or url, fields)
        parts = urlsplit(url)
        headers = {"X-Twilio-Signature": made if signature is None else signature}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return self.client.post(path, data=fields, headers=headers, buffered=True)  # read to its end, as a server does

    def urls(self, call_id: str) -> CallUrls:
        return CallUrls(self.settings.base_url, call_id, token(self.settings.secret, call_id))

    def refusals(self) -> int:
        return int(self.rig.db.value("SELECT count(*) FROM journal WHERE kind = 'refused_webhook'"))


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    rig = new_rig(tmp_path, busy_seconds=0.05)
    agents = tmp_path / "agents.yaml"
    agents.write_text("agents: [{name: mei, number: '+12025550111', queues: [sales]}]", encoding="utf-8")
    yield Line(rig, agents_file=agents)
    rig.db.close()


def test_a_call_over_the_wire(line: Line) -> None:
    call_id = line.rig.open()
    urls = line.urls(call_id)
    answer = line.post(urls.answer())
    assert answer.content_type == "text/xml; charset=utf-8"
    assert "Hello Ann" in answer.text
    again = line.post(urls.answer())
    assert again.data == answer.data
    assert "Goodbye" in line.post(urls.turn(1, "en-US"), {"CallSid": SID, "Digits": "3"}).text
    news = {"CallSid": SID, "CallStatus": "completed", "SequenceNumber": "3"}
    assert line.post(urls.status(), news).status_code == 204
    assert line.post(urls.status(), news).status_code == 204
    assert line.rig.call(call_id)["outcome"] == "completed"
    assert line.rig.call(call_id)["sid"] == SID


def test_side_effects_follow_the_answer(line: Line) -> None:
    call_id = line.rig.open()
    line.post(line.urls(call_id).answer())
    line.post(line.urls(call_id).turn(1, "en-US"), {"CallSid": SID, "Digits": "1"})
    assert len(line.rig.phone.of("place")) == 1
    leg = f"{call_id}-1-1"
    urls = LegUrls(line.settings.base_url, leg, token(line.settings.secret, leg))
    assert "Press 1 to take the call" in line.post(urls.answer()).text
    assert "</Conference>" in line.post(urls.key(1), {"CallSid": "CAleg", "Digits": "1"}).text
    assert "</Conference>" in line.post(line.urls(call_id).document(3)).text
    assert line.post(urls.status(), {"CallSid": "CAleg", "CallStatus": "completed"}).status_code == 204


def test_an_inbound_call_over_the_wire(line: Line) -> None:
    url = f"{line.settings.base_url}/voice/inbound"
    form = {"CallSid": SID, "From": "+12025550177", "To": "+12025550100", "Direction": "inbound"}
    first = line.post(url, form)
    assert "Springwood Water" in first.text
    assert line.post(url, form).data == first.data
    news = {"CallSid": SID, "CallStatus": "completed"}
    assert line.post(f"{url}/status", news).status_code == 204
    assert line.rig.call(f"in-{SID}")["status"] == "completed"


# --- who asks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signature", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_a_wrong_signature_is_refused_and_counted(line: Line, signature: str) -> None:
    call_id = line.rig.open()
    before = line.rig.everything()
    answer = line.post(line.urls(call_id).answer(), signature=signature)
    assert answer.status_code == 403
    assert line.rig.everything() == before
    assert line.refusals() == 1


def test_a_wrong_token_is_refused_although_the_provider_signed(line: Line) -> None:
    call_id = line.rig.open()
    other = CallUrls(line.settings.base_url, call_id, token(line.settings.secret, "another"))
    assert line.post(other.answer()).status_code == 403
    assert line.post(other.answer().partition("?")[0] + "?d=0").status_code == 403
    assert line.refusals() == 2


def test_a_flood_of_refusals_is_written_as_a_number(line: Line) -> None:
    url = f"{line.settings.base_url}/voice/inbound"
    line.rig.tick = lambda seconds=1: line.rig.now  # type: ignore[method-assign]
    for _ in range(80):
        line.post(url, signature="no")
    line.rig.now = "2026-03-02T16:00:00.000Z"
    line.post(url, signature="no")
    rows = line.rig.db.rows("SELECT body FROM journal WHERE kind = 'refused_webhook'")
    assert len(rows) == 61
    assert '"count":21' in rows[-1]["body"]


def test_repeated_fields_are_part_of_the_signature(line: Line) -> None:
    call_id = line.rig.open()
    form = MultiDict([("CallSid", SID), ("StatusCallbackEvent", "b"), ("StatusCallbackEvent", "a")])
    assert line.post(line.urls(call_id).answer(), form).status_code == 200


@pytest.mark.parametrize(
    ("base", "signed_base"),
    [
        ("https://bot.example:8443", "https://bot.example:8443"),
        ("https://bot.example:8443", "https://bot.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://bot.example", "https://bot.example"),
    ],
)
def test_the_provider_signs_with_or_without_the_port(tmp_path: Path, base: str, signed_base: str) -> None:
    rig = new_rig(tmp_path)
    line = Line(rig, base_url=base)
    call_id = rig.open()
    url = line.urls(call_id).answer()
    assert line.post(url, signed=url.replace(base, signed_base)).status_code == 200
    assert line.post(url, signed=url.replace(base, "https://other.example")).status_code == 403
    rig.db.close()


def test_the_signature_is_judged_by_the_public_address_not_by_headers(line: Line) -> None:
    call_id = line.rig.open()
    url = line.urls(call_id).answer()
    signature = RequestValidator(line.settings.auth_token).compute_signature(
        url.replace("bot.example", "evil.example"), MultiDict({"CallSid": SID})
    )
    headers = {"X-Twilio-Signature": signature, "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    path = url.removeprefix(line.settings.base_url)
    assert line.client.post(path, data={"CallSid": SID}, headers=headers).status_code == 403


def test_only_posts_are_answered(line: Line) -> None:
    assert line.client.get("/voice/inbound").status_code == 405
    assert line.client.get("/voice/7-1/turn").status_code == 405


# --- what the caller hears when something is wrong --------------------------------------------------------------------


@pytest.mark.parametrize("what", ["answer", "turn", "recorded", "bridge", "document", "fallback"])
def test_an_unknown_call_hears_an_apology(line: Line, what: str) -> None:
    url = f"{line.settings.base_url}/voice/999-9/{what}?d=1&l=zh-CN&t={token(line.settings.secret, '999-9')}"
    answer = line.post(url, {"CallSid": SID, "RecordingUrl": "https://x.example/RE1"})
    assert answer.status_code == 200
    assert "<Hangup />" in answer.text
    assert "非常抱歉" in answer.text
    assert "Traceback" not in answer.text


def test_news_of_an_unknown_call_is_taken_in_silence(line: Line) -> None:
    status = {"CallSid": SID, "CallStatus": "completed"}
    assert line.post(line.urls("999-9").status(), status).status_code == 204
    assert line.post(line.urls("999-9").amd(), {"CallSid": SID, "AnsweredBy": "human"}).status_code == 204


@pytest.mark.parametrize("query", ["", "d=x", "d=-1", "d=99999999999", "d=%31%30x"])
def test_a_broken_address_hears_an_apology(line: Line, query: str) -> None:
    call_id = line.rig.open()
    url = f"{line.settings.base_url}/voice/{call_id}/turn?{query}&t={token(line.settings.secret, call_id)}"
    answer = line.post(url)
    assert answer.status_code == 200
    assert "went wrong on our side" in answer.text
    assert line.rig.db.value("SELECT count(*) FROM journal WHERE kind = 'fault'") == 1


BAD_NEWS = [
    {"CallSid": SID},
    {"CallSid": SID, "CallStatus": "sleeping"},
    {"CallSid": "x" * 5000, "CallStatus": "completed"},
    {"CallSid": SID, "CallStatus": "completed", "SequenceNumber": "many"},
]


@pytest.mark.parametrize("form", BAD_NEWS)
def test_broken_news_is_refused_and_written_down(line: Line, form: dict[str, str]) -> None:
    call_id = line.rig.open()
    assert line.post(line.urls(call_id).status(), form).status_code == 400
    assert line.rig.db.value("SELECT count(*) FROM journal WHERE kind = 'fault'") == 1
    assert line.rig.call(call_id)["status"] == "queued"


def test_a_body_without_end_is_not_read(line: Line) -> None:
    call_id = line.rig.open()
    assert line.post(line.urls(call_id).answer(), {"CallSid": "x" * 100_000}).status_code == 413


def test_a_caller_who_shouts_and_hammers_is_still_a_caller(line: Line) -> None:
    call_id = line.rig.open()
    line.post(line.urls(call_id).answer())
    url = line.urls(call_id).turn(1, "en-US")
    assert line.post(url, {"CallSid": SID, "SpeechResult": "ab " * 5000}).status_code == 200
    assert (
        "off the list"
        in line.post(line.urls(call_id).turn(2, "en-US"), {"CallSid": SID, "Digits": "7" * 900 + "*"}).text
    )


def test_a_fault_of_ours_is_an_apology_with_a_reference(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    call_id = line.rig.open()
    monkeypatch.setattr("voicebot.services.conversation.carry", lambda *_: 1 / 0)
    answer = line.post(line.urls(call_id).answer())
    assert "went wrong on our side" in answer.text
    assert "ZeroDivisionError" not in answer.text
    [entry] = line.rig.db.rows("SELECT body FROM journal WHERE kind = 'fault' AND subject_id = :id", id=call_id)
    assert "ZeroDivisionError" in entry["body"]


LEAVES = {"Digits": "*", "To": "+12025550150"}


@pytest.mark.parametrize("form", [{"CallSid": SID, **LEAVES}, LEAVES], ids=["well formed", "without its id"])
@pytest.mark.parametrize("fault", ["ours", "unknown call", ""])
def test_whatever_breaks_an_opting_out_is_kept(
    line: Line, monkeypatch: pytest.MonkeyPatch, form: dict[str, str], fault: str
) -> None:
    call_id = line.rig.open()
    line.post(line.urls(call_id).answer())
    if fault == "ours":
        monkeypatch.setattr("voicebot.services.conversation.carry", lambda *_: 1 / 0)
    url = line.urls("99-1" if fault == "unknown call" else call_id).turn(1, "en-US")
    assert any(word in line.post(url, form).text for word in ("off the list", "not be called again"))
    drain_spool(line.rig.db)
    assert line.rig.suppressed()


def test_an_agents_key_never_opts_the_agent_out(line: Line) -> None:
    urls = LegUrls(line.settings.base_url, "9-1-1-1", token(line.settings.secret, "9-1-1-1"))
    answer = line.post(urls.key(1), {"CallSid": SID, "Digits": "*", "To": "+12025550111"})
    assert "went wrong on our side" in answer.text
    assert not spool_pending(line.rig.db)


def test_the_journal_keeps_addresses_and_recordings_where_they_can_be_erased(line: Line) -> None:
    call_id = line.rig.open()
    urls = line.urls(call_id)
    line.post(urls.answer())
    line.post(urls.fallback(), {"CallSid": SID, "ErrorCode": "11205", "ErrorUrl": urls.turn(1, "en-US")})
    line.post(
        urls.recording(), {"CallSid": SID, "RecordingUrl": "https://x.example/RE1", "RecordingStatus": "completed"}
    )
    bodies = " ".join(row["body"] for row in line.rig.db.rows("SELECT body FROM journal WHERE kind <> 'opened'"))
    assert urls.token not in bodies
    assert "RE1" not in bodies
    private = " ".join(row["body"] for row in line.rig.db.rows("SELECT body FROM private_values"))
    assert urls.token in private
    assert "RE1" in private


def test_a_flow_that_cannot_be_loaded_apologises_to_inbound_callers(line: Line, tmp_path: Path) -> None:
    broken = Line(line.rig, flows_dir=tmp_path / "nowhere")
    form = {"CallSid": SID, "From": "+12025550177"}
    assert "went wrong on our side" in broken.post(f"{line.settings.base_url}/voice/inbound", form).text


# --- a database that cannot be written --------------------------------------------------------------------------------


@pytest.fixture
def locked(line: Line) -> Iterator[Line]:
    """A call under way whose database somebody else keeps locked."""
    line.call_id = line.rig.open()
    line.post(line.urls(line.call_id).answer())
    holder = sqlite3.connect(line.rig.db.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield line
    if holder.in_transaction:
        holder.execute("ROLLBACK")
    holder.close()


def test_the_caller_is_asked_to_wait_and_then_gets_an_apology(locked: Line) -> None:
    url = locked.urls(locked.call_id).turn(1, "en-US")
    for tried in (1, 2):
        body = locked.post(url, {"CallSid": SID, "Digits": "1"}).text
        url = body.partition('<Redirect method="POST">')[2].partition("</Redirect>")[0].replace("&amp;", "&")
        assert url.endswith(f"r={tried}")
    assert "went wrong on our side" in locked.post(url).text


def test_somebody_who_rings_us_is_asked_to_wait(locked: Line) -> None:
    url = f"{locked.settings.base_url}/voice/inbound"
    assert "/voice/inbound?r=1" in locked.post(url, {"CallSid": SID, "From": "+12025550177"}).text


def test_after_the_wait_the_call_goes_on(locked: Line, line: Line) -> None:
    url = locked.urls(locked.call_id).turn(1, "en-US", silence=True)
    assert "r=1" in locked.post(url).text


@pytest.mark.parametrize("form", [{"Digits": "1*"}, {"SpeechResult": "stop calling me"}])
def test_opting_out_is_kept_outside_the_database(locked: Line, form: dict[str, str]) -> None:
    url = locked.urls(locked.call_id).turn(1, "en-US")
    answer = locked.post(url, {"CallSid": SID, "To": "+12025550150", "Direction": "outbound-api", **form})
    assert "You will not be called again" in answer.text
    assert spool_pending(locked.rig.db)


def test_what_was_kept_is_recorded_afterwards(line: Line) -> None:
    call_id = line.rig.open()
    line.post(line.urls(call_id).answer())
    holder = sqlite3.connect(line.rig.db.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    line.post(line.urls(call_id).turn(1, "en-US"), {"CallSid": SID, "Digits": "*", "To": "+12025550150"})
    holder.close()
    assert not line.rig.suppressed()
    drain_spool(line.rig.db)
    assert line.rig.suppressed()


def test_news_is_to_be_told_again(locked: Line) -> None:
    url = locked.urls(locked.call_id).status()
    assert locked.post(url, {"CallSid": SID, "CallStatus": "completed"}).status_code == 503


def test_the_fallback_goes_on_where_the_call_stands(line: Line) -> None:
    call_id = line.rig.open()
    present = line.post(line.urls(call_id).answer()).text
    form = {"CallSid": SID, "ErrorCode": "11200", "ErrorUrl": line.urls(call_id).turn(1, "en-US")}
    assert line.post(line.urls(call_id).fallback(), form).text == present
    assert "went wrong" in line.post(line.urls(call_id).fallback(), form | {"ErrorCode": "12100"}).text
    assert line.rig.db.value("SELECT count(*) FROM journal WHERE kind = 'fallback'") == 2


def test_the_health_page_says_whether_the_database_answers(line: Line) -> None:
    answer = line.client.get("/health")
    assert (answer.status_code, answer.json and answer.json["status"]) == (200, "ok")


def test_moments_come_from_the_given_clock(line: Line) -> None:
    call_id = line.rig.open()
    line.post(line.urls(call_id).answer())
    answered = from_text(line.rig.call(call_id)["answered_at"])
    assert answered.date() == datetime(2026, 3, 2, tzinfo=UTC).date()
