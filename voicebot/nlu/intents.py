"""The closed list of what a caller may mean.

Rule: the order of `INTENTS` is their rank. Where one utterance holds several, the earlier one is reported,
because it says more (a reason says more than "no") or because missing it costs more (`opt_out` above all).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NONE = "none"
OPT_OUT = "opt_out"
PHRASE = "phrase"
"""What `Candidate.intent` holds when the words were a phrase of the flow's author and no intent of ours."""

Leaning = Literal[-1, 0, 1]


@dataclass(frozen=True)
class Intent:
    """One meaning.

    `leaning` is +1 for agreement, -1 for refusal: two readings that lean apart cannot both be right.
    `negated` is what the words mean under a negation; None: then they say nothing.
    `broader` is reported instead where the question does not listen for this one.
    """

    name: str
    meaning: str
    leaning: Leaning = 0
    negated: str | None = None
    broader: str | None = None


_TABLE = (
    Intent(OPT_OUT, "never contact me, or those I speak for, again", leaning=-1),
    Intent("voicemail", "a machine's greeting: leave a message"),
    Intent("call_screening", "somebody or something asks the caller to say name and purpose first"),
    Intent("deceased", "the person called for has died"),
    Intent("wrong_number", "the person called for is not known at this number"),
    Intent("third_party", "the person called for lives or works here, but somebody else is speaking"),
    Intent("speak_to_agent", "put me through to a human"),
    Intent("refuse_pay", "I could pay and will not", leaning=-1),
    Intent("dispute", "I do not owe this, or not this much", leaning=-1),
    Intent("already_paid", "it has been paid"),
    Intent("will_pay", "I promise to pay", leaning=1, negated="refuse_pay"),
    Intent("cannot_pay", "I have no money to pay with", leaning=-1),
    Intent("complaint", "your service has let me down"),
    Intent("call_back_later", "another time, please"),
    Intent("language", "speak another language with me"),
    Intent("are_you_a_robot", "is this a machine?"),
    Intent("who_is_calling", "who are you, and for whom do you call?"),
    Intent("what_is_it", "what is this call about?", broader="who_is_calling"),
    Intent("already_have", "I have one already, or am a customer already", leaning=-1),
    Intent("no_trust", "I do not trust this", leaning=-1, broader="not_interested"),
    Intent("too_expensive", "it costs too much", leaning=-1, broader="not_interested"),
    Intent("no_need", "I have no use for it", leaning=-1, broader="not_interested"),
    Intent("not_interested", "I do not want what is offered", leaning=-1, negated="interested"),
    Intent("maybe", "undecided"),
    Intent("send_information", "send me something to read", broader="interested"),
    Intent("how_much", "what does it cost?", broader="interested"),
    Intent("interested", "I want it, or want to hear more", leaning=1, negated="not_interested"),
    Intent("repeat", "say that again, or slower"),
    Intent("hold", "one moment, stay on the line"),
    Intent("help", "I do not know what I can say or press"),
    Intent("back", "go back to the question before"),
    Intent("no", "no", leaning=-1, negated="maybe"),
    Intent("goodbye", "the caller takes leave"),
    Intent("yes", "yes", leaning=1, negated="no"),
    Intent(NONE, "nothing that answers or asks anything of us"),
)

INTENTS: dict[str, Intent] = {intent.name: intent for intent in _TABLE}

WORDED = frozenset(name for name, intent in INTENTS.items() if intent.broader) | {"help", "back", "language"}
"""Finer meanings of our own flows: only templates tell them."""

LABELS = tuple(name for name in INTENTS if name not in WORDED)
"""The closed list of meanings that lines are labelled with and the voter knows."""

RANK: dict[str, int] = {PHRASE: 0, **{name: 2 * place for place, name in enumerate(INTENTS)}}
RANK[PHRASE] = RANK[OPT_OUT] + 1


def lean_apart(one: str, other: str) -> bool:
    """Whether one agrees and the other refuses."""
    return leaning(one) * leaning(other) < 0


def leaning(name: str) -> Leaning:
    """+1, 0 or -1; an author's own phrase leans nowhere."""
    intent = INTENTS.get(name)
    return intent.leaning if intent else 0
