"""Reads a TwiML document as strictly as Twilio does, and a little more.

Rule: a document with an error in it is refused whole, before any of it is carried out, so that a fault further down
is found on the first call and not on the first call that gets there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from voicebot.errors import did_you_mean
from voicebot.simulator.grammar import GRAMMAR, NOT_REPRODUCED, SSML, Element
from voicebot.simulator.problems import NOT_REPRODUCED as NOT_REPRODUCED_CODE
from voicebot.simulator.problems import Problem

MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class Verb:
    """One element of a document, its faulty attributes left out."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Verb, ...] = ()
    pauses: float = 0.0

    def get(self, name: str, default: str) -> str:
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        return int(self.attributes.get(name, default))

    def flag(self, name: str, *, default: bool) -> bool:
        return self.attributes.get(name, str(default).lower()) == "true"

    def method(self, name: str = "method") -> str:
        return self.attributes.get(name, "POST").upper()


@dataclass(frozen=True)
class Document:
    """The verbs of one answer, and the URL (empty for inline TwiML) that relative URLs in it are resolved against."""

    verbs: tuple[Verb, ...]
    url: str = ""


Grammar = Mapping[str, Element]


def parse(body: str, grammar: Grammar = GRAMMAR) -> tuple[tuple[Verb, ...], list[Problem]]:
    """The verbs of a TwiML text and every problem in it. With an error among them the verbs are not to be run."""
    if len(body.encode()) > MAX_BYTES:
        return (), [Problem(11750, f"at most {MAX_BYTES} bytes are allowed")]
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  (expat refuses entity bombs, and the size is bounded)
    except ElementTree.ParseError as error:
        return (), [Problem(12100, f"{error}")]
    if root.tag != "Response":
        return (), [Problem(12102, f"it is <{root.tag}>")]
    problems = list(_check(root, grammar))
    return tuple(_verb(child, grammar) for child in root if child.tag in grammar), problems


def _check(node: ElementTree.Element, grammar: Grammar) -> Iterator[Problem]:
    """Every problem of an element and of what stands in it."""
    rule = grammar[node.tag]
    yield from _check_attributes(node, rule)
    if not rule.has_text and (stray := _stray_text(node)):
        yield Problem(12200, f'<{node.tag}> may hold no text, and holds "{stray}"')
    for child in node:
        if child.tag not in rule.children:
            yield _misplaced(node.tag, child.tag, grammar)
        elif child.tag not in SSML:
            yield from _check(child, grammar)
    yield from _check_whole(node)


def _check_attributes(node: ElementTree.Element, rule: Element) -> Iterator[Problem]:
    known = rule.attributes
    for name, value in node.attrib.items():
        if name not in known:
            hint = did_you_mean(name, list(known))
            yield Problem(12200, f'<{node.tag}> has no attribute "{name}". {hint}'.rstrip())
        elif not known[name].check(value):
            yield Problem(known[name].code, f'<{node.tag} {name}="{value}"> must be {known[name].expected}')


def _stray_text(node: ElementTree.Element) -> str:
    texts = [node.text or "", *(child.tail or "" for child in node)]
    return " ".join("".join(texts).split())[:40]


def _misplaced(parent: str, child: str, grammar: Grammar) -> Problem:
    """A child that may not stand where it stands."""
    allowed = ", ".join(grammar[parent].children) or "nothing"
    if child in NOT_REPRODUCED:
        return Problem(
            NOT_REPRODUCED_CODE, f"<{child}> in <{parent}> is TwiML, but the simulator does not carry it out"
        )
    text = f"<{child}> is not allowed in <{parent}>; allowed are: {allowed}. {did_you_mean(child, list(grammar))}"
    # Twilio only warns of an element it does not know, and skips it; here it is an error, since words go missing.
    return Problem(grammar[parent].nesting_code, text.rstrip(), fatal=True)


def _check_whole(node: ElementTree.Element) -> Iterator[Problem]:
    """Rules over several attributes, or over an element's text."""
    if check := WHOLE.get(node.tag):
        yield from check(node)


def _check_say(node: ElementTree.Element) -> Iterator[Problem]:
    if not _spoken(node):
        yield Problem(13520, "<Say> holds no text")


def _check_gather(node: ElementTree.Element) -> Iterator[Problem]:
    if node.get("speechTimeout") == "auto" and node.get("speechModel", "default") != "default":
        yield Problem(13335, f'speechModel="{node.get("speechModel")}"')


def _check_number(node: ElementTree.Element) -> Iterator[Problem]:
    number = re.sub(r"[\s().-]", "", node.text or "")
    if not re.fullmatch(r"\+?\d{3,15}", number):
        yield Problem(13223, f'"{node.text or ""}"')


def _check_dial(node: ElementTree.Element) -> Iterator[Problem]:
    tags = [child.tag for child in node]
    if not tags:
        yield from _check_number(node)
    if len(set(tags)) > 1 or len([tag for tag in tags if tag != "Number"]) > 1:
        yield Problem(13215, "a <Dial> holds either numbers, or one conference, or one queue")


def _check_conference(node: ElementTree.Element) -> Iterator[Problem]:
    if not (node.text or "").strip():
        yield Problem(13237, "a conference needs a name")


def _check_queue_name(node: ElementTree.Element) -> Iterator[Problem]:
    """The name of a queue: 1 to 64 characters."""
    name, codes = (node.text or "").strip(), QUEUE_NAME_CODES[node.tag]
    if not 1 <= len(name) <= LONGEST_QUEUE_NAME:
        yield Problem(codes[len(name) > 0], f"<{node.tag}>{name}</{node.tag}>: 1 to {LONGEST_QUEUE_NAME} characters")
    if node.get("workflowSid") or node.get("reservationSid"):
        yield Problem(NOT_REPRODUCED_CODE, "there is no TaskRouter in the simulator")


def _check_connect(node: ElementTree.Element) -> Iterator[Problem]:
    if len(node) != 1:
        yield Problem(12200, f"<{node.tag}> holds exactly one noun, and here are {len(node)}", fatal=True)
    if node.tag == "Connect" and any(child.get("track", "inbound_track") != "inbound_track" for child in node):
        yield Problem(31941, '<Connect><Stream> carries track="inbound_track" only')


def _check_parameter(node: ElementTree.Element) -> Iterator[Problem]:
    if not node.get("name") or node.get("value") is None:
        yield Problem(12200, "a <Parameter> has a name and a value")


LONGEST_QUEUE_NAME = 64
# element -> code of a name that is too short, and of one that is too long
QUEUE_NAME_CODES = {"Enqueue": (14204, 14205), "Queue": (14212, 14213)}
WHOLE: Mapping[str, Callable[[ElementTree.Element], Iterator[Problem]]] = {
    "Say": _check_say,
    "Gather": _check_gather,
    "Number": _check_number,
    "Dial": _check_dial,
    "Conference": _check_conference,
    "Enqueue": _check_queue_name,
    "Queue": _check_queue_name,
    "Start": _check_connect,
    "Connect": _check_connect,
    "Stop": _check_connect,
    "Parameter": _check_parameter,
}


def _verb(node: ElementTree.Element, grammar: Grammar) -> Verb:
    known = grammar[node.tag].attributes
    good = {name: value for name, value in node.attrib.items() if name in known and known[name].check(value)}
    if node.tag == "Say":
        return Verb("Say", good, _spoken(node), pauses=sum(map(_break_seconds, node.iter("break"))))
    children = tuple(_verb(child, grammar) for child in node if child.tag in grammar)
    return Verb(node.tag, good, (node.text or "").strip(), children)


def _spoken(node: ElementTree.Element) -> str:
    """The words of a Say; of `<sub alias="...">` the alias."""
    parts = [node.text or ""]
    for child in node:
        parts.append(child.get("alias", "") if child.tag == "sub" else _spoken(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _break_seconds(node: ElementTree.Element) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", node.get("time", "1s"))
    return float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 1.0
