"""Utterances read line by line, for `voicebot understand --jsonl`: what each was taken for, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from voicebot.errors import VoicebotError, did_you_mean
from voicebot.flows.reading import SLOT_KINDS, complete
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import UNIVERSAL_INTENTS, Hypothesis, Option, Question, QuestionKind
from voicebot.nlu.slots import SlotKind, parse_slots
from voicebot.nlu.understand import label, understand

ASKS: Mapping[str, SlotKind] = {
    "number": "number",
    "rating_0_10": "rating",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "money": "money",
    "phone": "phone",
    "digits": "digits",
}
"""What a line may ask for, and the slot that is."""

NUMBERS = frozenset({"number", "rating", "money"})
"""Slots whose value is written as a number."""

YES_NO = (Option("yes", ("yes",)), Option("no", ("no",)))

Told = dict[str, Any]


def told(lines: Iterable[str]) -> Iterator[tuple[Told, str]]:
    """Each line's answer with its complaint, "" where nothing is wrong. Empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _told(number, line)


def _told(number: int, line: str) -> tuple[Told, str]:
    asked: Any = None
    try:
        asked = json.loads(line)
        return _answer(asked), ""
    except VoicebotError as fault:
        problem = f"{fault.where}: {fault.problem} {fault.remedy}".strip()
    except ValueError as fault:
        problem = f"this is no JSON: {fault}."
    name = asked.get("id") if isinstance(asked, dict) else None
    return {"id": name, "error": problem}, f"line {number}: {problem}"


def _answer(asked: object) -> Told:
    if not isinstance(asked, dict):
        raise VoicebotError("line", "it is no object.", 'Write {"id": ..., "text": ..., "lang": ...}.')
    text, language = _word(asked, "text"), _language(_word(asked, "lang"))
    meant = understand([Hypothesis(text)], load_language(language), question_of(asked.get("question")))
    return {
        "id": asked.get("id"),
        "label": label(meant),
        "score": meant.score,
        "uncertain": meant.uncertain,
        "value": _value(asked, text, language),
    }


def _word(asked: Mapping[str, object], key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str):
        raise VoicebotError(f'"{key}"', "text is expected here." if key in asked else "it is missing.")
    return value


def _language(lang: str) -> str:
    for tag, known in LANGUAGES.items():
        if lang in {tag, known.data}:
            return known.data
    raise VoicebotError('"lang"', f'the language "{lang}" is not known.', f"Choose of {', '.join(LANGUAGES)}.")


def question_of(told_kind: object, options: tuple[Option, ...] = ()) -> Question:
    """The question asked, as a flow asks it: what is always heard is heard beside its options.

    A text that names no kind of ours says nothing of what is listened for; then every meaning is as likely.
    """
    kind: QuestionKind = next((one for one in get_args(QuestionKind) if one == told_kind), "open")
    options = options or (YES_NO if kind == "yes_no" else ())
    return Question(kind, options, UNIVERSAL_INTENTS if options else ())


def _value(asked: Mapping[str, object], text: str, language: str) -> str | int | float | None:
    ask = asked.get("ask")
    if ask is None:
        return None
    if not isinstance(ask, str) or ask not in ASKS:
        known = ", ".join(ASKS)
        raise VoicebotError(
            '"ask"', f"there is no slot {json.dumps(ask)}.", did_you_mean(str(ask), list(ASKS)) or f"Slots: {known}."
        )
    now = _reference(asked.get("reference"))
    found = next(parse_slots(SLOT_KINDS[ASKS[ask]], text, language, now), None)
    return _written(ASKS[ask], found.value, now) if found else None


def _written(kind: SlotKind, value: str, now: datetime) -> str | int | float:
    if kind in NUMBERS:
        amount = float(value.partition(" ")[0])
        return int(amount) if amount.is_integer() else amount
    return f"{complete(value, now)}:00" if kind == "datetime" else value


def _reference(told_moment: object) -> datetime:
    if told_moment is None:
        return datetime.now().astimezone()
    try:
        moment = datetime.fromisoformat(str(told_moment))
    except ValueError:
        raise VoicebotError('"reference"', f'"{told_moment}" is no moment.', "Write it as 2026-03-02T15:00.") from None
    return moment if moment.tzinfo else moment.astimezone()
