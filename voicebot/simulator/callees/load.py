"""Loads callees from YAML. The format is described in docs/simulator.md."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.simulator.callees.model import (
    ACTS,
    LINES,
    SMS,
    VERDICTS,
    Act,
    Callees,
    DetectionErrors,
    Inbound,
    InboundMessage,
    Persona,
    Population,
    Reaction,
    Recognition,
)
from voicebot.simulator.callees.reader import Node, read_yaml

SECTIONS = ("personas", "numbers", "populations", "inbound", "messages", "recognition", "amd")
# Seconds in which people answer a message, where they do not say otherwise.
REPLY_DELAY = (5.0, 60.0)
CONDITIONS = ("hears", "unless", "after", "times", "chance", "delay", "interrupt")


def load_callees(path_or_text: Path | str) -> Callees:
    """Callees from a file, or from YAML text (a str with a line break in it, or with a colon and a blank).

    Raises VoicebotError, with file and line, at the first fault.
    """
    if isinstance(path_or_text, str) and ("\n" in path_or_text or ": " in path_or_text):
        return _callees(read_yaml(path_or_text, "callees"))
    path = Path(path_or_text)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = "is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"cannot be read: {error.strerror}"
        raise VoicebotError(Place(str(path)), f"the callees' file {problem}.", "Name a YAML file.") from None
    return _callees(read_yaml(text, str(path)))


def _callees(root: Node) -> Callees:
    given = root.fields("a callees' file", SECTIONS)
    personas: dict[str, Persona] = {}
    if "personas" in given:
        for key, value in given["personas"].items("personas"):
            name = key.text("a persona's name")
            personas[name] = _persona(value, name)
    callees = Callees(personas)
    if "recognition" in given:
        callees = replace(callees, recognition=_recognition(given["recognition"]))
    if "amd" in given:
        callees = replace(callees, detection=_detection(given["amd"]))
    if "numbers" in given:
        numbers = {_number(key): _who(who, personas) for key, who in given["numbers"].items("numbers")}
        callees = replace(callees, numbers=numbers)
    if "populations" in given:
        entries = given["populations"].list("populations")
        callees = replace(callees, populations=tuple(_population(entry, personas) for entry in entries))
    if "inbound" in given:
        entries = given["inbound"].list("inbound")
        callees = replace(callees, inbound=tuple(_inbound(entry, personas) for entry in entries))
    if "messages" in given:
        entries = given["messages"].list("messages")
        callees = replace(callees, messages=tuple(_message(entry) for entry in entries))
    return callees


def _number(node: Node) -> str:
    number = node.text("a number")
    if not re.fullmatch(r"\+\d{3,15}", number):
        raise node.fault(f'"{number}" is no number in international form.', 'Write e.g. "+12025550142", in quotes.')
    return number


def _who(node: Node, personas: dict[str, Persona]) -> Persona:
    """A persona's name, or a persona described on the spot."""
    if node.is_mapping:
        return _persona(node, "described on the spot")
    name = node.text("a persona")
    if name not in personas:
        remedy = did_you_mean(name, list(personas)) or "Describe it under `personas:`."
        raise node.fault(f'there is no persona "{name}".', remedy)
    return personas[name]


def _population(node: Node, personas: dict[str, Persona]) -> Population:
    given = node.fields("a population", ("match", "people", "same_person"))
    if "people" not in given:
        raise node.fault("a population has no people.", "Write `people: {persona: weight}`.")
    people = []
    for key, weight in given["people"].items("people"):
        _who(key, personas)
        people.append((key.text("a persona"), weight.number("a weight")))
    if sum(weight for _, weight in people) <= 0:
        raise given["people"].fault("the weights of the people come to nothing.", "Give one of them a weight above 0.")
    match = _pattern(given["match"], whole_prefix=True) if "match" in given else None
    return Population(
        tuple(people), match, given["same_person"].flag("same_person") if "same_person" in given else True
    )


def _inbound(node: Node, personas: dict[str, Persona]) -> Inbound:
    given = _all_of(node, "an inbound call", ("at", "from", "to", "callee"))
    persona = _who(given["callee"], personas)
    return Inbound(given["at"].time("at"), _number(given["from"]), _number(given["to"]), persona)


def _message(node: Node) -> InboundMessage:
    given = _all_of(node, "a message", ("at", "from", "to", "body"))
    return InboundMessage(
        given["at"].time("at"), _number(given["from"]), _number(given["to"]), given["body"].text("body")
    )


def _all_of(node: Node, what: str, names: tuple[str, ...]) -> dict[str, Node]:
    """The fields of a mapping, none of which may be missing."""
    given = node.fields(what, names)
    for name in names:
        if name not in given:
            raise node.fault(f'{what} has no "{name}".', f"Add `{name}:`.")
    return given


def _recognition(node: Node) -> Recognition:
    given = node.fields("recognition", ("mishears", "confidence"))
    values: dict[str, Any] = {}
    if "mishears" in given:
        values["mishears"] = given["mishears"].number("mishears", high=1)
    if "confidence" in given:
        values["confidence"] = given["confidence"].span("confidence", high=1)
    return Recognition(**values)


def _detection(node: Node) -> DetectionErrors:
    rates = ("human_as_machine", "machine_as_human", "unknown")
    given = node.fields("amd", (*rates, "seconds"))
    values: dict[str, Any] = {name: given[name].number(name, high=1) for name in rates if name in given}
    if "seconds" in given:
        values["seconds"] = given["seconds"].span("seconds")
    return DetectionErrors(**values)


def _persona(node: Node, name: str) -> Persona:
    readers: dict[str, Any] = {
        "kind": lambda value: value.word("kind", ("human", "machine", "fax")),
        "line": lambda value: _weights(value, "line", LINES),
        "rings": lambda value: value.span("rings"),
        "greeting": lambda value: value.text("greeting"),
        "script": lambda value: tuple(_reaction(entry) for entry in value.list("script")),
        "reactions": lambda value: tuple(_reaction(entry) for entry in value.list("reactions")),
        "otherwise": _reaction,
        "patience": lambda value: value.span("patience"),
        "turns": lambda value: int(value.number("turns", 1)),
        "talks_for": lambda value: value.span("talks_for"),
        "records_for": lambda value: value.number("records_for"),
        "amd": lambda value: value.word("amd", VERDICTS),
        "mishears": lambda value: value.number("mishears", high=1),
        "confidence": lambda value: value.span("confidence", high=1),
        "language": lambda value: value.text("language"),
        "sms": lambda value: _weights(value, "sms", SMS),
        "replies": lambda value: tuple(_reply(entry) for entry in value.list("replies")),
    }
    given = node.fields(f'the persona "{name}"', tuple(readers))
    return Persona(name=name, **{field: readers[field](value) for field, value in given.items()})


def _weights(node: Node, what: str, words: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """What happens: one word, or words with their weights, drawn for each attempt."""
    if not node.is_mapping:
        return ((node.word(what, words), 1.0),)
    weights = tuple((key.word(what, words), weight.number("a weight")) for key, weight in node.items(what))
    if sum(weight for _, weight in weights) <= 0:
        raise node.fault(f"the weights of the {what} come to nothing.", "Give one of them a weight above 0.")
    return weights


def _reply(node: Node) -> Reaction:
    """What a person writes back: a reaction that says something, in half a minute or so."""
    reaction = _reaction(node)
    if any(act.kind not in ("say", "silence") for act in reaction.acts) or reaction.interrupt:
        raise node.fault("a message is answered with words only.", "Write `say`, or `silence`, without `interrupt`.")
    if node.is_mapping and "delay" in node.fields("a reaction", (*CONDITIONS, *ACTS, "one_of")):
        return reaction
    return replace(reaction, delay=REPLY_DELAY)


def _reaction(node: Node) -> Reaction:
    """What a person does, and when. A bare word is an act without conditions."""
    if not node.is_mapping:
        return Reaction((Act(node.word("an act", ("silence", "hang_up"))),))
    given = node.fields("a reaction", (*CONDITIONS, *ACTS, "one_of"))
    values: dict[str, Any] = {}
    for name in ("hears", "unless"):
        if name in given:
            several = given[name].list(name) if given[name].is_list else [given[name]]
            values[name] = tuple(_pattern(entry) for entry in several)
    if "after" in given:
        values["after"] = int(given["after"].number("after"))
    if "times" in given:
        always = given["times"].text("times") == "always"
        values["times"] = None if always else int(given["times"].number("times", 1))
    if "chance" in given:
        values["chance"] = given["chance"].number("chance", high=1)
    for name in ("delay", "interrupt"):
        if name in given:
            values[name] = given[name].span(name)
    if "one_of" in given:
        return Reaction(tuple(_act(entry) for entry in given["one_of"].list("one_of")), **values)
    return Reaction((_only_act(node, given),), **values)


def _act(node: Node) -> Act:
    """One of several acts, with its weight."""
    if not node.is_mapping:
        return Act(node.word("an act", ("silence", "hang_up")))
    given = node.fields("an act", (*ACTS, "weight"))
    act = _only_act(node, given)
    return replace(act, weight=given["weight"].number("weight")) if "weight" in given else act


def _only_act(node: Node, given: dict[str, Node]) -> Act:
    acts = [name for name in ACTS if name in given]
    if len(acts) != 1:
        found = " and ".join(acts) or "nothing"
        raise node.fault(f"a person does one thing at a time, and here is {found}.", f"Write one of {', '.join(ACTS)}.")
    kind = acts[0]
    if kind == "press":
        several = given[kind].list(kind) if given[kind].is_list else [given[kind]]
        return Act(kind, tuple(entry.keys("press") for entry in several))
    if kind == "say":
        return Act(kind, given[kind].texts("say"))
    given[kind].flag(kind)
    return Act(kind)


def _pattern(node: Node, *, whole_prefix: bool = False) -> re.Pattern[str]:
    """`/a regular expression/`, or plain words that may stand anywhere (or, of a number, must begin it)."""
    text = node.text("a phrase")
    if len(text) < 3 or not text.startswith("/") or not text.endswith("/"):
        return re.compile(re.escape(text) if whole_prefix else r"\s+".join(map(re.escape, text.split())), re.IGNORECASE)
    try:
        return re.compile(text[1:-1], re.IGNORECASE)
    except re.error as error:
        raise node.fault(f"{text} is no regular expression: {error}.", "Mend it, or write plain words.") from None
