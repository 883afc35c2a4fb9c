"""A name out of the words that people put around it."""

from __future__ import annotations

import re

_HELLO = r"(?:yes|yeah|um|uh|hi|hello|well|so|sure|okay)[,.]? "
_I_AM = (
    r"(?:my|the) (?:full |first |last )?name(?:'s| is)|i'm|i am|it's|it is|this is|that's|(?:you can |they )?call me"
)
_AROUND: dict[str, tuple[str, str, str]] = {
    "en": (
        rf"^(?:{_HELLO})*(?:{_I_AM})\s+",
        r"(?<![,.\s])[,.]?\s{1,3}(?:speaking|here|please)[.!]?$",
        r"^(?:no|why|who|what)\b|\b(?:don't|won't|not|rather)\b",
    ),
    "zh": (
        r"^(?:你好|您好|嗯|呃|哦|啊|好的|[,，。 ])*(?:我的名字(?:叫|是)|我叫|名字叫|叫我|我是|我姓|免贵姓|姓名|本人)",
        r"(?<![,，。 ])[,，。 ]{0,3}(?:先生|女士|吧|啊|呀)?[。！!]?$",
        r"不|为什么|干嘛|干什么|谁",
    ),
    "es": (
        r"^(?:(?:sí|si|hola|eh|pues|bueno|claro)[,.]? )*(?:mi nombre (?:completo )?es|me llamo|soy|yo soy|habla|es)\s+",
        r"(?<![,.\s])[,.]?\s{1,3}(?:por favor|a sus órdenes|para servirle|al habla)[.!]?$",
        r"^(?:por qué|por que|para qué|para que|quién|quien|qué|que)\b|\bno\b",
    ),
}
_PATTERNS = {
    language: tuple(re.compile(each, re.IGNORECASE) for each in around) for language, around in _AROUND.items()
}
"""Language -> what stands before a name, what stands after it, and what is no name but a refusal."""


def find_name(text: str, language: str) -> str:
    """The name as it was heard; an empty text where a name was refused, or could be without our knowing."""
    if language not in _PATTERNS:
        return ""
    before, after, refusal = _PATTERNS[language]
    text = text.strip()
    if refusal.search(text):
        return ""
    return after.sub("", before.sub("", text)).strip(" ,.，。！!")
