"""The one table that gives a language its voice, ear, numbers and apology. Adding a language starts here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How one language is spoken and heard.

    `tag` is the BCP-47 tag that flows write; `data` names the YAML of intents and the spoken forms;
    `say_language`/`say_voice` go into Twilio's <Say>, `gather` into <Gather language>; `vosk_model` is the
    model a centre would install; `apology` is heard when we fail, and must therefore need no template.
    """

    tag: str
    data: str
    say_language: str
    say_voice: str
    gather: str
    vosk_model: str
    apology: str


LANGUAGES: dict[str, Language] = {
    "en-US": Language(
        tag="en-US",
        data="en",
        say_language="en-US",
        say_voice="Polly.Joanna",
        gather="en-US",
        vosk_model="vosk-model-small-en-us-0.15",
        apology="We are sorry, something went wrong on our side. Goodbye.",
    ),
    "zh-CN": Language(
        tag="zh-CN",
        data="zh",
        say_language="cmn-CN",
        say_voice="Polly.Zhiyu",
        gather="cmn-Hans-CN",
        vosk_model="vosk-model-small-cn-0.22",
        apology="非常抱歉，我们这边出了点问题，先挂断了，再见。",
    ),
}
