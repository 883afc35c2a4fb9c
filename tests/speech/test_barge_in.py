from __future__ import annotations

import pytest

from voicebot.nlu.languages import LANGUAGES
from voicebot.speech.barge_in import BargeIn, cuts, is_idle, length, without_backchannels

EN = "Hello, this is Test Centre. Press one to confirm, or say no."
ZH = "您好，这里是测试中心。确认请按一，不方便请按二。"


@pytest.mark.parametrize(
    ("said", "voiced", "language", "prompt", "wanted"),
    [
        ("no thanks", 500, "en-US", EN, True),
        ("no", 300, "en-US", EN, False),
        ("wednesday", 1300, "en-US", EN, True),
        ("", 1300, "en-US", EN, True),
        ("", 900, "en-US", EN, False),
        ("mhm", 2000, "en-US", EN, False),
        ("uh huh mhm oh", 3000, "en-US", EN, False),
        ("hello hello", 2000, "en-US", EN, False),
        ("hello who is this", 600, "en-US", EN, True),
        ("喂 喂 喂", 2000, "zh-CN", ZH, False),
        ("uh huh who is this", 600, "en-US", EN, True),
        ("press one to confirm", 3000, "en-US", EN, False),
        ("test centre press one", 3000, "en-US", EN, False),
        ("press two to confirm", 600, "en-US", EN, True),
        ("stop", 300, "en-US", EN, True),
        ("嗯", 2000, "zh-CN", ZH, False),
        ("嗯 哦", 2000, "zh-CN", ZH, False),
        ("嗯嗯", 2000, "zh-CN", ZH, False),
        ("你 是 谁 啊", 600, "zh-CN", ZH, False),
        ("你们 是 哪里 的", 600, "zh-CN", ZH, True),
        ("确认 请 按 一", 2000, "zh-CN", ZH, False),
        ("别 再 打 了", 600, "zh-CN", ZH, True),
        ("退订", 300, "zh-CN", ZH, True),
    ],
)
def test_what_cuts_a_prompt(said: str, voiced: int, language: str, prompt: str, wanted: bool) -> None:
    assert cuts(BargeIn(), said, voiced, prompt, language) is wanted


def test_a_flow_may_want_more_or_nothing() -> None:
    assert not cuts(BargeIn(words=4), "no thanks", 500, EN, "en-US")
    assert cuts(BargeIn(words=1), "wednesday", 300, EN, "en-US")
    assert not cuts(BargeIn(allowed=False), "stop stop stop", 9000, EN, "en-US")


@pytest.mark.parametrize(
    ("said", "language", "prompt", "wanted"),
    [
        ("mhm", "en-US", EN, True),
        ("", "en-US", EN, True),
        ("hello", "en-US", EN, True),
        ("hello yes", "en-US", EN, False),
        ("喂", "zh-CN", ZH, True),
        ("test centre press one to confirm or say no", "en-US", EN, True),
        ("press one to confirm", "en-US", EN, False),
        ("say no", "en-US", EN, False),
        ("to confirm", "en-US", EN, False),
        ("yes", "en-US", EN, False),
        ("这里 是 测试 中心 确认 请 按 一 不 方便", "zh-CN", ZH, True),
        ("按 二", "zh-CN", ZH, False),
    ],
)
def test_what_answers_nothing_while_a_prompt_plays(said: str, language: str, prompt: str, wanted: bool) -> None:
    assert is_idle(said, prompt, language) is wanted


@pytest.mark.parametrize(("said", "language", "wanted"), [("oh I see, well", "en-US", 1), ("嗯 明天 下午", "zh-CN", 2)])
def test_words_are_counted_without_backchannels(said: str, language: str, wanted: int) -> None:
    assert length(without_backchannels(said, language)) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_backchannel_cuts_anything(language: str) -> None:
    for said in LANGUAGES[language].backchannels:
        assert not cuts(BargeIn(words=1), said, 10_000, "", language)
