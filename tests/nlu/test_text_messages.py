"""What people write back: words that stand alone, free words, and what nobody need read."""

from __future__ import annotations

import pytest

from voicebot.nlu.text_messages import WORDS, Kind, read_message

STOPS = [
    "STOP", " stop. ", "Stop!!", "ＳＴＯＰ", "STOPALL", "unsubscribe", "Cancel", "END", "quit", "revoke", "opt-out",
    "退订", "TD", "t", "ｔｄ", "回T", "please stop calling me", "Stop texting me", "remove me from your list",
    "never contact me again", "别再打了", "别再给我发短信了", "hello, 不要再打给我",
]  # fmt: skip


@pytest.mark.parametrize("body", STOPS)
@pytest.mark.parametrize("language", ["", "en-US", "zh-CN", "xx"])
def test_opting_out_is_heard_in_every_language(body: str, language: str) -> None:
    assert read_message(body, language=language).kind == "stop"


@pytest.mark.parametrize(
    ("body", "kind", "intent"),
    [
        ("START", "start", "none"),
        ("Unstop", "start", "none"),
        ("help", "help", "none"),
        ("INFO?", "help", "none"),
        ("帮助", "help", "none"),
        ("don't stop", "words", "none"),
        ("call me tomorrow", "words", "call_back_later"),
        ("who are you?", "words", "who_is_calling"),
        ("terrible service, I want to complain", "words", "complaint"),
        ("明天再打", "words", "call_back_later"),
        ("goodbye", "quiet", "goodbye"),
        ("👍", "quiet", "none"),
        ("", "quiet", "none"),
    ],
)
def test_what_else_is_written(body: str, kind: Kind, intent: str) -> None:
    meant = read_message(body)
    assert (meant.kind, meant.intent) == (kind, intent)


@pytest.mark.parametrize(
    ("body", "opt_out", "kind"),
    [
        ("arrêt", "STOP", "stop"),
        ("yes", "START", "start"),
        ("???", "HELP", "help"),
        ("stop", "HELP", "stop"),
        ("yes", "", "words"),
        ("please stop calling me", "SOMETHING NEW", "stop"),
    ],
)
def test_the_provider_may_know_words_that_we_do_not(body: str, opt_out: str, kind: Kind) -> None:
    assert read_message(body, opt_out=opt_out).kind == kind


def test_a_picture_without_words_is_for_a_human() -> None:
    assert read_message("", media=1).kind == "words"


def test_the_script_tells_the_language() -> None:
    assert read_message("您好", language="en-US").language == "zh-CN"
    assert read_message("hello", language="zh-CN").language == "zh-CN"
    assert read_message("hello").language == "en-US"


def test_no_word_has_two_meanings() -> None:
    listed = [word for words in WORDS.values() for word in words]
    assert len(listed) == len(set(listed))
