"""Callers who do anything: what one of them does next, decided by chance and by what the line is doing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, get_args

from voicebot.flows.asking import answers_of
from voicebot.flows.bundle import Bundle
from voicebot.flows.chance import Chance
from voicebot.flows.events import (
    Answered,
    AnyEvent,
    Detected,
    Ended,
    EndStatus,
    Heard,
    Pressed,
    Reading,
    Recorded,
    Silence,
    Transferred,
    TransferResult,
)
from voicebot.flows.rehearse import example_fields
from voicebot.flows.state import Callee, State
from voicebot.flows.steps import Question
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.language_data import LanguageData
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.samples import samples
from voicebot.timestamps import plus

Doing = Literal["key", "any_keys", "opt_out_key", "answer", "value", "talk", "noise", "silence", "hang_up", "machine"]

HABITS: tuple[tuple[float, Doing], ...] = (
    (32, "key"), (26, "answer"), (14, "value"), (8, "silence"), (6, "talk"), (5, "any_keys"), (4, "noise"),
    (2, "hang_up"), (1, "opt_out_key"), (1, "machine"),
)  # fmt: skip
"""What callers do at a question, and how often. Most of it answers, so that calls get far enough to break."""

HOLDERS: tuple[tuple[float, TransferResult | Literal["", "gone", "opt_out", "talk"]], ...] = (
    (50, ""), (14, "accepted"), (6, "declined"), (6, "no_answer"), (5, "busy"), (4, "failed"), (5, "nobody"),
    (4, "gone"), (2, "opt_out"), (4, "talk"),
)  # fmt: skip
"""What happens to callers on hold: mostly nothing for another while."""

VALUES: dict[str, tuple[str, ...]] = {
    "en": ("seven", "zero", "ten", "two hundred and fifty dollars", "fifty", "tomorrow", "next tuesday at three",
           "at half past four", "march third", "in two hours", "two thousand twenty six", "one two three four",
           "plus one two oh two five five five oh one oh oh", "it was the driver, he never came", "yesterday"),
    "zh": ("七", "零", "十分", "两百五十块", "五十", "明天", "下周二下午三点", "四点半", "三月三号", "两个小时以后",
           "一二三四", "一三八零零一三八零零零", "司机一直没来", "昨天"),
    "es": ("siete", "cero", "diez", "doscientos cincuenta dólares", "cincuenta", "mañana", "el martes a las tres",
           "a las cuatro y media", "el tres de marzo", "dentro de dos horas", "dos mil veintiséis",
           "uno dos tres cuatro", "el repartidor nunca vino", "ayer"),
}  # fmt: skip
"""Values as they are said, by the name of the language's data; where there are none, figures are said."""

KEYED = (
    "7",
    "0",
    "10",
    "250",
    "1234",
    "20260303",
    "0303",
    "1530",
    "2026",
    "12025550100",
    "99999999",
    "#",
    "3#",
    "12*50",
)
"""Values as they are pressed, and some that are none."""

NOISE = ("", "uh", "mm hmm the dog", "zxqv", "...", "1", "no no yes no", "嗯 那个", "a" * 300)

BEGINS_AT = "2026-03-02T00:00:00.000Z"
WEEKS = 60
"""Calls are answered within so many weeks of BEGINS_AT, at any hour, so that dates and leap days are met."""

ZONES = ("UTC", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Pacific/Auckland")


class Caller:
    """One person with a telephone."""

    def __init__(self, bundle: Bundle, chance: Chance, opt_out_key: str) -> None:
        flow = bundle.flows[bundle.main]
        self.bundle, self.chance, self.opt_out_key = bundle, chance, opt_out_key
        fields = example_fields(flow)
        lacking = {name for name, need in flow.needs.items() if not need.required and chance.share() < 0.3}
        self.callee = Callee(
            fields={name: value for name, value in fields.items() if name not in lacking},
            language=chance.pick(flow.languages),
            time_zone=chance.pick(ZONES),
            opt_out_key=opt_out_key,
            callback_number="+12025550100",
        )
        self.answers_at = plus(BEGINS_AT, chance.below(WEEKS * 7 * 24 * 60) * 60)
        self.spoken = _test_words(bundle)

    def does(self, state: State, now: str) -> AnyEvent:
        """What happens next on a line in this state."""
        match state.phase:
            case "new":
                return self._picks_up(now)
            case "asking":
                return self._answers(state, now)
            case "holding":
                return self._holds(state, now)
            case "recording":
                return self._is_recorded(now)
            case "bridged":
                return self._hangs_up(now) if self.chance.below(5) == 0 else Transferred(at=now, result="ended")
            case _:
                return self._presses(self.opt_out_key, now) if self.chance.below(50) == 0 else self._hangs_up(now)

    def _picks_up(self, now: str) -> AnyEvent:
        fate = self.chance.below(40)
        if fate == 0:
            return Ended(at=now, status=self.chance.pick([one for one in get_args(EndStatus) if one != "completed"]))
        return self._machine(now) if fate == 1 else Answered(at=now)

    def _answers(self, state: State, now: str) -> AnyEvent:
        question = self.bundle.flows[state.flow].steps[state.step].question
        match self.chance.weighed(HABITS):
            case "key":
                return self._presses(self._key(question), now)
            case "any_keys":
                return self._presses(
                    "".join(self.chance.pick("0123456789#") for _ in range(1 + self.chance.below(6))), now
                )
            case "opt_out_key":
                return self._presses(self.opt_out_key, now)
            case "value" if self.chance.below(2):
                return self._presses(self.chance.pick(KEYED).replace("*", "" if self.chance.below(9) else "*"), now)
            case "hang_up":
                return self._hangs_up(now)
            case "machine":
                return self._machine(now)
            case "silence":
                return Silence(at=now)
            case doing:
                return self._says(self._words(doing, question, state.language), now)

    def _key(self, question: Question | None) -> str:
        keys = [key for answer in answers_of(question).values() for key in answer.keys] if question else []
        return self.chance.pick(keys or ["1"])

    def _words(self, doing: Doing, question: Question | None, language: str) -> str:
        data = self.bundle.languages[language]
        if doing == "noise":
            return self.chance.pick(NOISE)
        if doing == "value":
            return self.chance.pick(VALUES.get(LANGUAGES[language].data, KEYED))
        if doing == "talk" and self.spoken and self.chance.below(2):
            return self.chance.pick(self.spoken)
        meant = [intent for answer in answers_of(question).values() for intent in answer.hear] if question else []
        said = (
            [phrase for answer in answers_of(question).values() for phrase in answer.phrases.get(language, ())]
            if question
            else []
        )
        if doing == "answer" and said and self.chance.below(2):
            return self.chance.pick(said)
        intents = meant if doing == "answer" and meant else _INTENTS
        return self._sentence(data, self.chance.pick(intents))

    def _sentence(self, data: LanguageData, intent: str) -> str:
        return self.chance.pick(samples(data, intent))

    def _says(self, words: str, now: str) -> Heard:
        sure = None if self.chance.below(3) == 0 else round(0.2 + 0.8 * self.chance.share(), 2)
        return Heard(at=now, readings=(Reading(text=words, confidence=sure),))

    def _presses(self, keys: str, now: str) -> Pressed:
        return Pressed(at=now, digits=keys)

    def _hangs_up(self, now: str) -> Ended:
        return Ended(at=now, status="completed")

    def _machine(self, now: str) -> Detected:
        return Detected(
            at=now, answered_by=self.chance.pick(("machine_start", "machine_beep", "machine_silence", "fax"))
        )

    def _holds(self, state: State, now: str) -> AnyEvent:
        match self.chance.weighed(HOLDERS):
            case "":
                return Silence(at=now)
            case "gone":
                return self._hangs_up(now)
            case "opt_out":
                return self._presses(self.opt_out_key, now)
            case "talk":
                return self._says(self._words("talk", None, state.language), now)
            case result:
                return Transferred(at=now, result=result)

    def _is_recorded(self, now: str) -> AnyEvent:
        match self.chance.below(10):
            case 0:
                return Silence(at=now)
            case 1:
                return self._hangs_up(now)
            case 2:
                return self._presses(self.chance.pick(("1", "#", self.opt_out_key)), now)
            case _:
                key = self.chance.pick(("", "", "#", self.opt_out_key if self.chance.below(5) == 0 else ""))
                return Recorded(at=now, url="https://recordings.example/1", seconds=self.chance.below(60), key=key)


_INTENTS = [intent for intent in INTENTS if intent != NONE]


@lru_cache(maxsize=16)
def _test_words(bundle: Bundle) -> tuple[str, ...]:
    """What callers say in the tests of the flows."""
    return tuple(_said(bundle))


def _said(bundle: Bundle) -> Iterator[str]:
    for flow in bundle.flows.values():
        yield from (turn.hear for test in flow.tests for turn in test.turns if turn.hear)
