from __future__ import annotations

import pytest

from voicebot.phone.urls import CallUrls, LegUrls, room, same_token, token

SECRET = "0123456789abcdef0123456789abcdef"


def test_a_token_belongs_to_one_call_and_one_secret() -> None:
    made = token(SECRET, "7-1")
    assert made == token(SECRET, "7-1")
    assert len(made) == 32
    assert len({made, token(SECRET, "7-2"), token(SECRET + "0", "7-1")}) == 3


@pytest.mark.parametrize("given", ["", "tok ", "TOK", "tök"])
def test_another_token_is_refused(given: str) -> None:
    assert same_token("tok", "tok")
    assert not same_token(given, "tok")


def test_every_address_of_a_call_carries_its_token() -> None:
    call, leg = CallUrls("https://b.example", "7-1", "tok"), LegUrls("https://b.example", "7-1-1-1", "tok")
    addresses = [call.answer(), call.turn(3, "en-US"), call.recorded(3, "en-US"), call.bridged(3, "en-US"),
                 call.document(3), call.status(), call.amd(), call.recording(), call.conference(1), call.fallback(),
                 leg.answer(), leg.key(1), leg.document(1), leg.status(), leg.fallback()]  # fmt: skip
    assert all(address.partition("#")[0].endswith("t=tok") for address in addresses)
    assert len(set(addresses)) == len(addresses)


def test_an_address_names_the_language_to_apologize_in() -> None:
    call = CallUrls("https://b.example", "7-1", "tok", "zh-CN")
    assert all("l=zh-CN" in address for address in (call.answer(), call.document(3), call.fallback()))
    assert "l=" not in CallUrls("https://b.example", "7-1", "tok").answer()


def test_news_of_a_line_is_told_again_when_we_fail_to_take_it() -> None:
    assert CallUrls("https://b.example", "7-1", "tok").status().endswith("#rc=2&rp=5xx,ct,rt")


def test_a_room_holds_nothing_personal() -> None:
    assert room("7-1", 2) == "call-7-1-2"
