"""The verb `understand`: how a caller's words are read, and why."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import click

from voicebot.cli import utterance_lines
from voicebot.cli.output import EPILOG, clip, table
from voicebot.errors import VoicebotError, did_you_mean
from voicebot.flows.reading import SLOT_KINDS, wished
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import Hypothesis, Option, QuestionKind, Understanding
from voicebot.nlu.slots import SlotValue, parse_slots
from voicebot.nlu.understand import understand as understood


@click.command(epilog=EPILOG.format('voicebot understand "no thanks, take me off your list" --explain'))
@click.argument("words", required=False, metavar="[WORDS|FILE]")
@click.option(
    "--lang", default="en", show_default=True, metavar="LANGUAGE", help="The language: " + ", ".join(LANGUAGES) + "."
)
@click.option("--question", default="open", show_default=True, type=click.Choice(get_args(QuestionKind)),
              help="What was asked, which is half of what an answer means.")  # fmt: skip
@click.option("--hear", multiple=True, metavar="INTENT", help="An intent the question listens for; may be repeated.")
@click.option("--confidence", type=click.FloatRange(0, 1), metavar="0..1", help="How sure the recognizer was.")
@click.option("--now", "reference", default="", metavar="YYYY-MM-DDTHH:MM",
              help="The callee's clock, which `tomorrow` counts from; by default this machine's.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Show every reading, its score and its rule.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole understanding as JSON.")
@click.option("--jsonl", "by_line", is_flag=True,
              help="Read utterances from FILE or standard input, one JSON object a line; answer each.")  # fmt: skip
def understand(  # noqa: PLR0913, PLR0917  (one for each option)
    words: str | None, lang: str, question: QuestionKind, hear: tuple[str, ...], confidence: float | None,
    reference: str, explain: bool, as_json: bool, by_line: bool,
) -> None:  # fmt: skip
    """Show how a caller's words are understood: the intent, and the value where the question asks for one.

    With --jsonl a line is {"id", "text", "lang"} and, if wanted, "question", "ask" (number, rating_0_10, date, time,
    datetime, money, phone or digits) and "reference" (the callee's clock); its answer is
    {"id", "label", "score", "uncertain", "value"}.
    """
    if by_line:
        _by_line(words)
        return
    if words is None:
        raise VoicebotError("understand", "there are no words to understand.", 'Write: voicebot understand "yes".')
    data = _language(lang)
    asked = utterance_lines.question_of(question, _options(hear))
    meant = understood([Hypothesis(words, confidence)], load_language(data), asked)
    value = _value(question, words, data, _clock(reference))
    if as_json:
        facts = {**asdict(meant), "value": value.value if value else None, "until": (value and value.until) or None}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _told(meant, value):
        click.echo(line)
    if explain and meant.candidates:
        rows = [(one.intent, one.option or "", f"{one.score:.2f}", clip(one.rule, 90)) for one in meant.candidates]
        click.echo(table(rows, ("intent", "answer", "score", "because")))


def _by_line(file: str | None) -> None:
    """One answer a line; a faulty one is answered with what is wrong, which also fails the command at its end."""
    if file and file != "-" and not Path(file).is_file():
        raise VoicebotError("--jsonl", f"there is no file {file}.", "Name a file, or give the lines on standard input.")
    failed = False
    with click.open_file(file or "-", encoding="utf-8", errors="replace") as lines:
        for answer, complaint in utterance_lines.told(lines):
            click.echo(json.dumps(answer, ensure_ascii=False))
            if complaint:
                failed = True
                click.echo(f"voicebot: {complaint}", err=True)
    if failed:
        sys.exit(1)


def _language(lang: str) -> str:
    for tag, known in LANGUAGES.items():
        if lang in (tag, known.data):
            return known.data
    raise VoicebotError("--lang", f'the language "{lang}" is not known.', f"Choose of {', '.join(LANGUAGES)}.")


def _options(hear: tuple[str, ...]) -> tuple[Option, ...]:
    for intent in hear:
        if intent not in INTENTS:
            remedy = did_you_mean(intent, list(INTENTS)) or f"Intents are: {', '.join(INTENTS)}."
            raise VoicebotError("--hear", f'there is no intent "{intent}".', remedy)
    return tuple(Option(intent, (intent,)) for intent in hear)


def _clock(reference: str) -> datetime:
    try:
        moment = datetime.fromisoformat(reference) if reference else datetime.now().astimezone()
    except ValueError:
        raise VoicebotError("--now", f'"{reference}" is no moment.', "Write it as 2026-03-02T15:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def _value(question: QuestionKind, words: str, language: str, now: datetime) -> SlotValue | None:
    """The value the engine would take, where the question asks for one."""
    found = next(parse_slots(SLOT_KINDS.get(question, ()), words, language, now), None)
    return wished(found, now) if found and question == "datetime" else found


def _told(meant: Understanding, value: SlotValue | None) -> list[str]:
    until = f" to {value.until}" if value and value.until else ""
    lines = [f"{value.value}{until} (the {value.kind} in: {value.text})"] if value else []
    if meant.intent == NONE:
        return lines or ["nothing was understood, so the flow would ask again"]
    sure = "uncertain, so the flow would ask" if meant.uncertain else "certain"
    return [*lines, f"{meant.intent} ({meant.score:.2f}, {sure})"]
