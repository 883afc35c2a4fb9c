"""Digits read out in Chinese: one by one, or counted (`三个八`)."""

from __future__ import annotations

import re

from voicebot.nlu.slots.heard import Found

_COUNTED = re.compile(
    r"(?:后|前|末|最后|尾)\d{1,2}位(?:数字?)?|\d{1,2}位数?|\d{1,2}(?:个数字?|张卡|部手机|个(?:号|电话|手机))|第\d{1,3}|(?:星期|礼拜|(?<!\d)周)[1-6](?!\d)|(?<!\d)\d{1,2}(?:点|天|块|岁|年|个人|分钟|月份|个月|小时)"
)
_FILLER = r"(?:[呃嗯额啊哦唉诶,\s杠横-]|那个|然后|就是|接着|后面是?|再是|再来|电话(?:是|号码)?|还有)*"
_RUN = re.compile(rf"[+加]?\d(?:{_FILLER}(?:\d|个(?=\d)))*")
_REPEATED = re.compile(r"([1-9])个(\d)")


def digits(text: str) -> list[Found[str]]:
    """Runs of digits, the longest ranked first; fillers within a run do not break it."""
    text = _COUNTED.sub(lambda match: "\0" * len(match[0]), text)
    found = []
    for run in _RUN.finditer(text):
        plus = "+" if run[0][0] in "+加" else ""
        said = _REPEATED.sub(lambda match: match[2] * int(match[1]), re.sub(r"那个|[^\d个]", "", run[0]))
        read = plus + said.replace("个", "")
        found.append(Found(read, *run.span(), rank=len(read)))
    return found
