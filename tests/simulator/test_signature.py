"""Signatures, checked by Twilio's own validator (https://www.twilio.com/docs/usage/security)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from voicebot.simulator.signature import sign, signed_url


# Over HTTPS the port is dropped, over HTTP it is kept; a user and a fragment are always dropped.
@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://bot.example:8443/a?b=c", "https://bot.example/a?b=c"),
        ("http://bot.example:8080/a", "http://bot.example:8080/a"),
        ("https://user:word@bot.example/a#rc=2", "https://bot.example/a"),
        ("http://user@bot.example:80/", "http://bot.example:80/"),
        ("https://bot.example/a?q=%27x%27&r='y'", "https://bot.example/a?q=%27x%27&r='y'"),
    ],
)
def test_url_that_is_signed(url: str, signed: str) -> None:
    assert signed_url(url) == signed


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.text()), st.text(min_size=1))
def test_every_form_passes_the_validator(form: dict[str, str], token: str) -> None:
    url = "https://bot.example/voice?x=1"
    assert RequestValidator(token).validate(url, form, sign(token, url, form))
