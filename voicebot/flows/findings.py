"""What is wrong with a flow: findings of the loader and of the lint, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voicebot.errors import Place, VoicebotError

Severity = Literal["error", "issue"]
"""error: the flow cannot be loaded. issue: it can, but should not ship."""


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: where, which kind of fault, what is wrong, and what to write instead."""

    place: Place
    code: str
    severity: Severity
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}".rstrip()


class FlowError(VoicebotError):
    """A flow that cannot be loaded. `findings` holds every fault that was seen, in the order of the lines."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        first = self.findings[0]
        super().__init__(first.place, first.problem, first.remedy)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


def finding(place: Place, code: str, problem: str, remedy: str = "") -> Finding:
    """A finding of a kind that stands in CODES, which knows how grave it is."""
    return Finding(place, code, CODES[code][0], problem, remedy)


CODES: dict[str, tuple[Severity, str]] = {
    "file": ("error", "the file is too large, or no UTF-8 text"),
    "yaml": ("error", "the text is no valid YAML: indentation, colons, quotes"),
    "duplicate-key": ("error", "a key stands twice in one place"),
    "quotes": ("error", "digits that begin with a zero are not in quotes"),
    "spec": ("error", "the flow is written in a version of the language that this program does not know"),
    "shape": ("error", "the file does not consist of keys and values"),
    "unknown-key": ("error", "a key that the language does not have"),
    "missing-key": ("error", "a key that must be there is not"),
    "type": ("error", "a value of the wrong type: a number for a text, a list for keys and values"),
    "not-listed": ("error", "a word that is none of those allowed"),
    "pattern": ("error", "a name or a key that is not written as such"),
    "call-on": ("error", "the date that the first call hangs on is no field of the lead"),
    "bounds": ("error", "a number that is too large or too small, a text or a list that is too long or too short"),
    "language": ("error", "one text where each language of the flow needs its own"),
    "unknown-language": ("error", "a language that the program does not speak"),
    "two-kinds": ("error", "a step that is two things at once"),
    "no-kind": ("error", "a step that does nothing"),
    "reserved": ("error", "a step called `return`"),
    "unknown-target": ("error", "a way to a step that does not exist"),
    "template": ("error", "a template that cannot be read"),
    "expression": ("error", "a condition that cannot be read"),
    "plain-text": ("error", "a template in `caller` or a fact, which are inserted as they stand"),
    "unknown-intent": ("error", "an intent that no language knows"),
    "unknown-flow": ("error", "a call of a flow that does not exist"),
    "call-circle": ("error", "flows that call each other in a circle"),
    "call-language": ("error", "a called flow that lacks a language of its caller"),
    "flow-name": ("error", "a flow whose name is not that of its file"),
    "unreachable": ("issue", "a step that no way leads to"),
    "dead-end": ("issue", "a last step that goes on with the step below it"),
    "no-caller": ("issue", "a `return` in a flow that no other calls"),
    "uncounted-loop": ("issue", "a loop that goes round without an answer"),
    "no-silence-branch": ("issue", "a question that does not say what happens at a silence"),
    "no-nomatch-branch": ("issue", "a question that does not say what happens when it is not understood"),
    "no-exhausted-branch": ("issue", "a question that leads nowhere when its attempts are used up"),
    "unanswerable": ("issue", "a question without answers, or an answer that nobody can give"),
    "key-clash": ("issue", "a key that means two things"),
    "key-prefix": ("issue", "a key with which a longer one begins"),
    "opt-out-key": ("issue", "the key that opts out, used for something else"),
    "opt-out-answer": ("issue", "opting out as an answer, or with consequences of its own"),
    "heard-twice": ("issue", "an intent or a phrase that means two answers of one question"),
    "missing-variable": ("issue", "a name without a value on some way to the prompt or condition"),
    "optional-field": ("issue", "a field spoken that a lead need not have"),
    "private-field": ("issue", "a private field spoken before the person has said who they are"),
    "missing-language": ("issue", "a prompt, fact or phrase that lacks a language of the flow"),
    "extra-language": ("issue", "a prompt, fact, phrase or test in a language that the flow does not have"),
    "empty-prompt": ("issue", "a prompt without words"),
    "nobody-named": ("issue", "a first prompt that does not say who is calling"),
    "opt-out-not-offered": ("issue", "a beginning that does not offer opting out at once"),
    "transfer-target": ("issue", "a transfer to neither or both of queue and number"),
    "transfer-branch": ("issue", "an end of a transfer that leads nowhere"),
    "callback-time": ("issue", "a callback with neither or both of slot and while"),
    "slot-type": ("issue", "a slot collected as two types, or used as a time that it is not"),
    "machine-message": ("issue", "a machine to be left a message that is not there, or a message never left"),
    "retry-terminal": ("issue", "another try after an outcome that ends all calls"),
    "test-name": ("issue", "a test that names a field, variable or step that does not exist"),
    "example": ("issue", "an example that is not of its field's type"),
    "confusable": ("issue", "a phrase of one answer that can be taken for another answer"),
    "heard-as-opt-out": ("issue", "a phrase of an answer that is taken for opting out"),
    "heard-elsewhere": ("issue", "a phrase of an answer that means something else, or nothing"),
    "late-choice": ("issue", "a first choice that comes later than 15 seconds into the call"),
    "too-many-choices": ("issue", "a question with more than five answers by key"),
    "hint-limit": ("issue", "more phrases, or longer ones, than the recognizer can be told"),
    "too-long": ("issue", "a prompt larger than the provider takes"),
    "debt-named": ("issue", "a message for machines that tells of a debt"),
    "unconfirmed": ("issue", "a lead that is `ready` on a way where the price was not confirmed once more"),
    "no-end": ("issue", "a step from which no way leads to an end"),
    "too-many-turns": ("issue", "a way with more questions than `max_turns` allows"),
    "single-brace": ("issue", "a value between single braces, which is spoken as it stands"),
    "unspeakable": ("issue", "a prompt that cannot be spoken with the flow's own facts and examples"),
}
"""Every kind of finding: how grave it is, and what it means."""
