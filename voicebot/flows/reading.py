"""What an answer means for the question that was asked: an answer, a value, something heard at any time, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from voicebot.flows.actions import Understood
from voicebot.flows.asking import KEYED_VALUES, answers_of, kind_of, settings_of
from voicebot.flows.events import PROVIDER, Heard, Pressed
from voicebot.flows.events import Reading as Said
from voicebot.flows.model import DEFAULTS, Flow
from voicebot.flows.steps import Answer, Collect, Question
from voicebot.flows.turn import Turn
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import UNIVERSAL_INTENTS, Hypothesis, Option, Understanding
from voicebot.nlu.meaning import Question as Asked
from voicebot.nlu.slots import SlotKind, SlotValue, parse_keys, parse_slot, parse_slots
from voicebot.nlu.understand import understand

ALWAYS = (*UNIVERSAL_INTENTS, "hold", "goodbye", "voicemail")
"""Intents that the engine itself knows what to do with, in any flow."""

SLOT_KINDS: dict[str, tuple[SlotKind, ...]] = {
    "digits": ("digits",),
    "number": ("number",),
    "rating": ("rating",),
    "date": ("date",),
    "time": ("time",),
    "datetime": ("datetime", "date", "time"),
    "money": ("money",),
    "phone": ("phone",),
    "text": ("text",),
    "yes_no": (),
}
"""What answers each type of `collect`, in order. "When?" is also answered by a day alone or a time alone."""

DAY_ALONE = time(10, 0)
"""The hour of a moment of which only the day was named; for a callback the calling window may move it."""

AHEAD, SOON = timedelta(hours=1), timedelta(minutes=5)
"""How long before the end of a range without a beginning its moment is, and how long from now at the least."""

FIRST = ("speak_to_agent", "repeat", "help", "back", "language", "wrong_number", "deceased")
"""What is never taken for the text or the value that was asked for."""


NOTE = 120
"""Characters of the journal's note on one reading: its intent, score, and the beginning of the rule behind it."""


@dataclass(frozen=True)
class Reading:
    """One reading of keys or words. At most one of `answer`, `value`, `intent` is given; none: not understood.

    `doubtful`: the callee is asked before it counts. `opts_out`: no doubt about that. `maybe_opt_out`: one of two
    close readings is an opt-out.
    """

    answer: str = ""
    value: SlotValue | None = None
    intent: str = ""
    heard: str = ""
    doubtful: bool = False
    opts_out: bool = False
    maybe_opt_out: bool = False


def read_keys(turn: Turn, event: Pressed) -> Reading:
    """What the keys mean here. The opt-out key counts anywhere among them."""
    digits = event.digits
    if turn.state.callee.opt_out_key in digits:
        return Reading(opts_out=True, heard=digits)
    question = turn.step.question
    if turn.state.phase != "asking" or question is None:
        return Reading(heard=digits)
    if turn.state.doubt and digits in ("1", "2"):
        return Reading(answer="yes" if digits == "1" else "no", heard=digits)
    for name, answer in answers_of(question).items():
        if digits in answer.keys:
            return Reading(answer=name, heard=digits)
    value = _keyed_value(turn, question, digits)
    takes_all_keys = isinstance(question, Collect) and question.type in KEYED_VALUES
    if value is None or not takes_all_keys:
        for intent, handler in turn.flow.anytime.items():
            if digits in handler.keys:
                return Reading(intent=intent, heard=digits)
    return Reading(value=value, heard=digits)


def _keyed_value(turn: Turn, question: Question, digits: str) -> SlotValue | None:
    if not isinstance(question, Collect) or question.type == "text":
        return None
    if question.length and len(digits) != question.length:
        return None
    for kind in SLOT_KINDS[question.type]:
        found = parse_keys(kind, digits, turn.now)
        if found:
            return _kept(found, question, turn)
    return None


def read_words(turn: Turn, event: Heard) -> tuple[Reading, Understood]:
    """What the words mean here, and the note of it for the journal."""
    question = turn.step.question if turn.state.phase == "asking" else None
    settings = settings_of(question, turn.flow) if question else DEFAULTS
    heard = [Hypothesis(reading.text, _confidence(event, reading)) for reading in event.readings]
    meant = understand(
        heard,
        turn.bundle.languages[turn.state.language],
        _asked(turn, question),
        confidence_floor=settings.confidence or 0.0,
        margin=settings.margin or 0.0,
    )
    if not _is_opt_out(meant):
        meant = next(filter(_is_opt_out, _in_other_languages(turn, heard)), meant)
    return _reading(turn, event, question, meant), _note(meant)


def _is_opt_out(meant: Understanding) -> bool:
    return meant.intent == "opt_out" and not meant.uncertain


def _may_be_opt_out(meant: Understanding) -> bool:
    return meant.uncertain and any(candidate.intent == "opt_out" for candidate in meant.candidates[:2])


def _in_other_languages(turn: Turn, heard: Sequence[Hypothesis]) -> Iterator[Understanding]:
    """What the words mean in the flow's other languages: who was addressed in the wrong one can leave all the same."""
    for language, data in turn.bundle.languages.items():
        if language != turn.state.language:
            yield understand(heard, data, Asked(kind="open", intents=ALWAYS))


def _reading(turn: Turn, event: Heard, question: Question | None, meant: Understanding) -> Reading:
    heard = event.readings[0].text.strip()
    doubtful = meant.uncertain
    if _is_opt_out(meant):
        return Reading(opts_out=True, heard=heard)
    value = _value_asked_for(turn, event, question, meant)
    if value is None and _may_be_opt_out(meant):
        return Reading(maybe_opt_out=True, heard=heard)
    if turn.state.doubt:
        known = meant.intent if meant.intent in ("yes", "no") and not meant.uncertain else ""
        return Reading(answer=known, heard=heard) if known else Reading(intent=_intent(turn, meant), heard=heard)
    if value is not None and question is not None:
        return Reading(value=value, heard=heard, doubtful=_low(turn, event, question))
    if meant.option:
        return Reading(answer=meant.option, heard=heard, doubtful=doubtful)
    intent = _intent(turn, meant)
    key = "" if intent or question is None else _key_said(turn, question, heard)
    return Reading(answer=key, intent=intent, heard=heard, doubtful=doubtful)


def _value_asked_for(turn: Turn, event: Heard, question: Question | None, meant: Understanding) -> SlotValue | None:
    """The value that the question wants, if the words hold it. Free text is none where an opt-out may be in it."""
    if turn.state.doubt or not isinstance(question, Collect) or question.type == "yes_no" or meant.intent in FIRST:
        return None
    if question.type == "text" and (_may_be_opt_out(meant) if meant.uncertain else meant.option):
        return None
    return _spoken_value(turn, question, event)


def _key_said(turn: Turn, question: Question, heard: str) -> str:
    """The answer whose key was said instead of pressed: "two", 按二. Longer utterances say other things."""
    words = heard.split()
    if len(words) > FEW_WORDS or len(heard) > FEW_LETTERS:
        return ""
    number = parse_slot("number", heard, LANGUAGES[turn.state.language].data, turn.now)
    keys = number.value if number else ""
    return next((name for name, answer in answers_of(question).items() if keys in answer.keys), "")


FEW_WORDS, FEW_LETTERS = 3, 24
"""How long an utterance may be that only names a key."""


def _intent(turn: Turn, meant: Understanding) -> str:
    return meant.intent if meant.intent in turn.flow.anytime or meant.intent in ALWAYS else ""


def _spoken_value(turn: Turn, question: Collect, event: Heard) -> SlotValue | None:
    language = LANGUAGES[turn.state.language].data
    for reading in event.readings:
        for found in parse_slots(SLOT_KINDS[question.type], reading.text, language, turn.now):
            if not (question.length and len(found.value) != question.length):
                return _kept(found, question, turn)
    return None


def _kept(found: SlotValue, question: Collect, turn: Turn) -> SlotValue | None:
    """The value as the question's type has it; nobody can be called on a day that is past."""
    if question.type != "datetime":
        return found
    wish = wished(found, turn.now)
    return wish if wish.value >= f"{turn.now:%Y-%m-%dT%H:%M}" else None


def wished(found: SlotValue, now: datetime) -> SlotValue:
    """The moment to come that a moment, a day or a time means; see `complete`.

    Of a range it is the beginning. "Before noon" says only an end, and means some time ahead of it.
    """
    moment = complete(found.value, now)
    if found.kind == "date" or not found.until:
        return replace(found, value=moment, until="")
    until = f"{moment[: len('YYYY-MM-DD')]}T{found.until[-len('HH:MM') :]}"
    if until == moment:
        ahead = datetime.fromisoformat(moment).replace(tzinfo=now.tzinfo) - AHEAD
        moment = f"{max(ahead, now + SOON):%Y-%m-%dT%H:%M}"
    return replace(found, value=moment, until=until if until > moment else "")


def complete(value: str, now: datetime) -> str:
    """A moment to come, `YYYY-MM-DDTHH:MM`, from a moment, a day or a time.

    A time alone is the next such time. A day alone is meant at DAY_ALONE, or, when that is past today, in an hour. A
    moment that is past already today ("today at two", said at three) is meant a day later; a past day stays past.
    """
    if len(value) == len("HH:MM"):
        wished = datetime.combine(now.date(), time.fromisoformat(value), now.tzinfo)
    elif len(value) == len("YYYY-MM-DD"):
        wished = datetime.combine(date.fromisoformat(value), DAY_ALONE, now.tzinfo)
        if wished.date() == now.date() and wished <= now:
            wished = now + timedelta(hours=1)
    else:
        wished = datetime.fromisoformat(value).replace(tzinfo=now.tzinfo)
    passed_today = wished.date() == now.date() and wished <= now
    return f"{wished + timedelta(days=passed_today):%Y-%m-%dT%H:%M}"


def _confidence(event: Heard, reading: Said) -> float | None:
    """How sure the provider's recognizer was. Vosk's own figure rejects nothing: noise, too, it is sure of."""
    return reading.confidence if event.source == PROVIDER else None


def _low(turn: Turn, event: Heard, question: Question) -> bool:
    confidence = _confidence(event, event.readings[0])
    return confidence is not None and confidence < (settings_of(question, turn.flow).confidence or 0.0)


def _asked(turn: Turn, question: Question | None) -> Asked:
    if question is None:
        return Asked(kind="open", intents=ALWAYS)
    if turn.state.doubt:
        return Asked(
            kind="yes_no",
            options=(Option("yes", ("yes",)), Option("no", ("no",))),
            intents=tuple(dict.fromkeys((*ALWAYS, *turn.flow.anytime))),
        )
    return asked_of(question, turn.flow, turn.state.language)


def asked_of(question: Question, flow: Flow, language: str) -> Asked:
    """What is listened for at a question of `flow`, in a language."""
    return Asked(
        kind=kind_of(question),
        options=_options(answers_of(question), language),
        intents=tuple(dict.fromkeys((*ALWAYS, *flow.anytime))),
    )


def _options(answers: Mapping[str, Answer], language: str) -> tuple[Option, ...]:
    return tuple(Option(name, answer.hear, answer.phrases.get(language, ())) for name, answer in answers.items())


def _note(meant: Understanding) -> Understood:
    return Understood(
        text=meant.text,
        intent=meant.intent,
        option=meant.option,
        score=round(meant.score, 4),
        uncertain=meant.uncertain,
        candidates=tuple(f"{one.intent} {one.score:.2f} {one.rule}"[:NOTE] for one in meant.candidates),
    )
