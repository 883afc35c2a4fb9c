"""The one table that gives a language its voice, ear, numbers and the bot's own words. Adding one starts here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """What the engine itself says, where no flow has words of its own. `{key}` and the like are filled in by it."""

    apology: str
    """Heard when we fail; needs nothing filled in."""
    opted_out: str
    """The goodbye after opting out is written down."""
    opt_out_hint: str
    """Names the key once, after words that might have been an opt-out."""
    doubt: str
    """Asks whether doubtful words were read rightly."""
    farewell: str
    """Ends a call that has reached its limits."""
    again: str
    """Comes before a question that was not answered, where the flow has no words for that."""
    after_tone: str
    """Comes after a question whose spoken answer is recorded: words that are said before the tone are lost."""
    moment: str
    """Said while a recorded answer is being transcribed."""
    about: str
    """Written to whoever asks by text message who we are."""


@dataclass(frozen=True)
class AgentPhrases:
    """What the bot itself says to agents on the leg that rings them. `{accept}` and `{decline}` are keys."""

    keys: str
    joining: str
    gone: str
    declined: str
    parted: str


@dataclass(frozen=True)
class Language:
    """How one language is spoken and heard.

    `tag` is the BCP-47 tag that flows write; `data` names the YAML of intents and, where there are any, the spoken
    forms and the grammar of the slots;
    `say_language`/`say_voice` go into Twilio's <Say>, `gather` into <Gather language>; `vosk_model` is the
    model a centre would install. `backchannels` are what listeners say to greet, or to show that they listen: they
    cut no prompt.
    """

    tag: str
    data: str
    say_language: str
    say_voice: str
    gather: str
    vosk_model: str
    phrases: Phrases
    to_agents: AgentPhrases
    backchannels: tuple[str, ...]
    words_a_minute: int
    """Words (signs, in Chinese) that a synthetic voice speaks in a minute at its usual pace.

    People talk at about 150 words a minute in English and Spanish and 250 signs in Mandarin; the voices that the flows
    use are somewhat quicker. The figures are meant to be on the quick side, so that only what is surely too long is
    told to be.
    """

    @property
    def apology(self) -> str:
        """What a caller hears when we fail."""
        return self.phrases.apology


LANGUAGES: dict[str, Language] = {
    "en-US": Language(
        tag="en-US",
        data="en",
        say_language="en-US",
        say_voice="Polly.Joanna",
        gather="en-US",
        vosk_model="vosk-model-small-en-us-0.15",
        phrases=Phrases(
            apology="We are sorry, something went wrong on our side. Goodbye.",
            opted_out="You will not be called again. Goodbye.",
            opt_out_hint="If you do not want to be called again, just press {key}.",
            doubt="I heard: {words}. Is that right? Press 1 for yes, 2 for no.",
            farewell="We have to end this call here. Thank you, goodbye.",
            again="Sorry, I did not get that.",
            after_tone="Please answer after the tone.",
            moment="One moment, please.",
            about="This is {caller}. You can ring us on {number}. "
            "Write STOP, and we will never call or write to you again.",
        ),
        to_agents=AgentPhrases(
            keys="Press {accept} to take the call, or {decline} to decline.",
            joining="You are connected now.",
            gone="The caller has gone. Thank you, goodbye.",
            declined="All right. Goodbye.",
            parted="The caller has left. Thank you, goodbye.",
        ),
        words_a_minute=170,
        backchannels=("mhm", "mm hmm", "mm", "hm", "hmm", "uh huh", "uh", "um", "ah", "oh", "aha", "i see", "hello"),
    ),
    "zh-CN": Language(
        tag="zh-CN",
        data="zh",
        say_language="cmn-CN",
        say_voice="Polly.Zhiyu",
        gather="cmn-Hans-CN",
        vosk_model="vosk-model-small-cn-0.22",
        phrases=Phrases(
            apology="非常抱歉，我们这边出了点问题，先挂断了，再见。",
            opted_out="好的，以后不会再给您打电话了，再见。",
            opt_out_hint="如果您不想再接到我们的电话，请直接按{key}。",
            doubt="我听到的是：{words}，对吗？对请按1，不对请按2。",
            farewell="这通电话先到这里，谢谢您，再见。",
            again="不好意思，我没听清。",
            after_tone="请在提示音之后回答。",
            moment="请稍等。",
            about="您好，这里是{caller}，联系我们请拨打{number}。回复TD，以后不再给您打电话、发短信。",
        ),
        to_agents=AgentPhrases(
            keys="接听请按{accept}，不接请按{decline}。",
            joining="正在为您接通。",
            gone="客户已经离开，谢谢，再见。",
            declined="好的，再见。",
            parted="客户已经挂断，谢谢，再见。",
        ),
        words_a_minute=290,
        backchannels=("嗯", "嗯嗯", "哦", "噢", "喔", "啊", "呃", "唔", "哎", "诶", "唉", "这样啊", "喂", "您好"),
    ),
    "es-US": Language(
        tag="es-US",
        data="es",
        say_language="es-US",
        say_voice="Polly.Lupe-Neural",
        gather="es-US",
        vosk_model="vosk-model-small-es-0.42",
        phrases=Phrases(
            apology="Lo sentimos, algo ha fallado por nuestra parte. Adiós.",
            opted_out="No volveremos a llamarle. Adiós.",
            opt_out_hint="Si no quiere que le volvamos a llamar, pulse {key}.",
            doubt="He entendido: {words}. ¿Es correcto? Pulse 1 para sí, 2 para no.",
            farewell="Tenemos que terminar aquí esta llamada. Gracias, adiós.",
            again="Disculpe, no le he entendido.",
            after_tone="Responda después del tono, por favor.",
            moment="Un momento, por favor.",
            about="Somos {caller}. Puede llamarnos al {number}. "
            "Escriba BAJA y no volveremos a llamarle ni a escribirle.",
        ),
        to_agents=AgentPhrases(
            keys="Pulse {accept} para atender la llamada o {decline} para rechazarla.",
            joining="Ya está en línea.",
            gone="La persona ya ha colgado. Gracias, adiós.",
            declined="De acuerdo. Adiós.",
            parted="La persona ha colgado. Gracias, adiós.",
        ),
        words_a_minute=180,
        backchannels=("mm", "mmm", "mhm", "hm", "hmm", "eh", "ah", "oh", "uh", "aja", "ya veo", "entiendo", "hola"),
    ),
}
