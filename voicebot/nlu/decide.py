"""Which meaning is taken, from what templates found and what the voter holds likely.

Rule: a template that reads every word decides, and so does a phrase of the flow's author; where they are silent or read
only a part, the voter decides. `opt_out` needs less than the others; in doubt the answer is uncertain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp

from voicebot.nlu.found import HINT, UNSPOKEN, Findings, Found
from voicebot.nlu.intents import INTENTS, NONE, OPT_OUT, PHRASE, WORDED, lean_apart, leaning
from voicebot.nlu.meaning import Candidate, Question
from voicebot.nlu.voter import Votes

OPT_OUT_SURE = 0.5
"""From this share on it is an opt-out. On 1,552 English and Chinese lines of authors who are in no training:

at 0.3 every opt-out is heard, and 1 and 2 % of near misses are taken for one; at 0.5 99 and 100 %, 0 and 1 %; at 0.6 99
and 98 %, 0 and 1 %. What lies below, down to OPT_OUT_PERHAPS, is asked about and never lost.
"""

OPT_OUT_PLAIN = 0.6
"""From this share on no template that reads only a part stands against it."""

OPT_OUT_FIRM = HINT + UNSPOKEN
"""Up to this it is uncertain all the same; no mere hint is worth more."""

OPT_OUT_PERHAPS = 0.15
"""From this share on an opt-out stays a candidate, and the flow asks."""

MACHINE_SURE: Mapping[str, float] = {"voicemail": 0.8, "call_screening": 0.8}
"""Up to this share a machine is doubted: nothing costs more than hanging up on a human."""

WORTH_NAMING = 0.05
"""A meaning with a smaller share is no candidate."""

SHIFT: Mapping[str, Mapping[str, float]] = {
    "yes_no": {"yes": 0.7, "no": 0.7, "none": -0.3},
}
"""What a kind of question adds to the log of the voter's shares: an answer is likelier than talk beside it."""

LISTENED = 0.3
"""The same, for every meaning that the question listens for."""


def listened(question: Question) -> frozenset[str]:
    """The meanings that lead somewhere after this question; none named: all do."""
    return frozenset(
        (*question.intents, *(intent for option in question.options for intent in option.intents), PHRASE)
        if question.intents or question.options
        else ()
    )


def candidates(findings: Findings, votes: Votes | None, question: Question) -> tuple[Candidate, ...]:
    """Every meaning worth naming, the one to take first. Without votes the templates decide alone."""
    told = _told(findings.meant, question)
    if votes is None or (told and _templates_decide(findings) and votes.shares[OPT_OUT] < OPT_OUT_PLAIN):
        return told
    voted = _voted(_heeding(findings, votes), told, question)
    if findings.contradictory:
        return _led_by(_finer(findings.meant, voted, question) or voted[0], told)
    whole = _told([one for one in findings.meant if one.covers == 1], question)
    if whole and voted[0].score < UNSURE:
        return whole
    first = _finer(findings.meant, voted, question) or _refusal(findings, voted, question) or voted[0]
    return _led_by(first, [*whole, *voted])


def _templates_decide(findings: Findings) -> bool:
    best = findings.meant[0]
    return best.certain or best.intent == PHRASE


def _led_by(first: Candidate, others: Sequence[Candidate]) -> tuple[Candidate, ...]:
    by_intent: dict[str, Candidate] = {}
    for candidate in (first, *others):
        by_intent.setdefault(candidate.intent, candidate)
    return tuple(by_intent.values())


def _told(found: Sequence[Found], question: Question) -> tuple[Candidate, ...]:
    """One candidate per meaning found. What the question listens for goes before the rest, unless they lean apart."""
    by_intent: dict[str, Candidate] = {}
    for one in found:
        candidate = _candidate(one, question)
        by_intent.setdefault(candidate.intent, candidate)
    ranked = tuple(by_intent.values())
    heard = listened(question)
    if not heard or not ranked or ranked[0].intent in heard or ranked[0].intent == OPT_OUT:
        return ranked
    for candidate in ranked:
        likely = candidate.score >= ranked[0].score - WORTH_NAMING
        if candidate.intent in heard and likely and not lean_apart(candidate.intent, ranked[0].intent):
            return (candidate, *(other for other in ranked if other is not candidate))
    return ranked


def _candidate(one: Found, question: Question) -> Candidate:
    intent, score, rule = one.intent, round(max(0.0, min(1.0, one.score)), 3), one.rule
    if intent == PHRASE:
        return Candidate(intent, score, rule, one.match.template.place.file)
    broader = INTENTS[intent].broader
    if broader and intent not in listened(question):
        intent, rule = broader, f"{rule}; {intent} is {broader} here"
    return Candidate(intent, score, rule, _option(intent, question))


def _option(intent: str, question: Question) -> str | None:
    return next((option.name for option in question.options if intent in option.intents), None)


# --- the voter --------------------------------------------------------------------------------------------------------


def _heeding(findings: Findings, votes: Votes) -> Votes:
    """The votes, with an opt-out that a template found left among the candidates: in a long talk it is not drowned."""
    covers = [one.covers for one in findings.meant if one.intent == OPT_OUT and one.firm]
    if not covers:
        return votes
    share, least = votes.shares[OPT_OUT], OPT_OUT_SURE if min(covers) < DROWNED else OPT_OUT_PERHAPS
    if share >= least:
        return votes
    left = (1 - least) / (1 - share)
    shares = {intent: other * left for intent, other in votes.shares.items()} | {OPT_OUT: least}
    return replace(votes, shares=shares)


DROWNED = 0.03
"""Below this share of the words a template's opt-out is judged without them: the voter was taught no talk that long."""


def _shares(votes: Votes, question: Question) -> list[tuple[str, float]]:
    """The shares as this question turns them, largest first: what it asks for is likelier."""
    heard, shift = listened(question), SHIFT.get(question.kind, {})
    heard |= {OPT_OUT} if heard else heard
    shares = {
        intent: share * exp(shift.get(intent, 0.0) + LISTENED * (intent in heard))
        for intent, share in votes.shares.items()
    }
    whole = sum(shares.values())
    return sorted(((intent, share / whole) for intent, share in shares.items()), key=lambda entry: -entry[1])


def _voted(votes: Votes, told: Sequence[Candidate], question: Question) -> tuple[Candidate, ...]:
    by_template = {candidate.intent: candidate for candidate in told}
    named: list[Candidate] = []
    for intent, share in _opt_out_weighed(_shares(votes, question)):
        if share < WORTH_NAMING and (named or intent == OPT_OUT):
            continue
        found = by_template.get(intent)
        rule = f"{found.rule}; {votes.reasons(intent)}" if found else votes.reasons(intent)
        score = min(share, found.score) if found and found.score <= HINT + UNSPOKEN else share
        named.append(Candidate(intent, round(score, 3), rule, _option(intent, question)))
    return tuple(named)


def _opt_out_weighed(shares: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """An opt-out goes first from OPT_OUT_SURE on, whatever else is likelier, and below it never."""
    opt_out = next(entry for entry in shares if entry[0] == OPT_OUT)
    others = [entry for entry in shares if entry[0] != OPT_OUT]
    return [opt_out, *others] if opt_out[1] >= OPT_OUT_SURE else [others[0], opt_out, *others[1:]]


def _finer(found: Sequence[Found], voted: Sequence[Candidate], question: Question) -> Candidate | None:
    """A meaning that only templates know, where what the voter knows instead of it is what it took."""
    best = next((one for one in found if one.firm), found[0] if found else None)
    if best is None or best.intent not in WORDED:
        return None
    taken, broader = voted[0], INTENTS[best.intent].broader
    if taken.intent == broader:
        return _candidate(best, question)
    silent = taken.intent == NONE and (broader is None or taken.score < UNSURE)
    if best.firm and (silent or taken.intent == NEAR.get(best.intent)):
        return _candidate(best, question)
    return None


NEAR: Mapping[str, str] = {"help": "repeat", "back": "repeat"}
"""What the voter may take for a meaning that only templates know."""

UNSURE = 0.5
"""Below this share the voter gives way to hints that read every word, and to templates of what it does not know."""


def _refusal(findings: Findings, voted: Sequence[Candidate], question: Question) -> Candidate | None:
    """What is said instead of an agreement that the voter took: a no is never taken for a yes.

    A refusal that a template found goes first, unless the voter is sure. Beside it, beside a negated agreement, and
    under a negation that no template explains, a yes stays doubtful.
    """
    taken = voted[0]
    if leaning(taken.intent) <= 0:
        return None
    best = next((one for one in findings.meant if one.firm), None)
    apart = best is not None and best.intent != OPT_OUT and lean_apart(best.intent, taken.intent)
    if best and apart and taken.score < SURE:
        return _candidate(best, question)
    refused = apart or any(one.negated and one.intent == "no" for one in findings.meant)
    explained = best is not None and leaning(best.intent) > 0 and not best.match.template.hint
    if taken.intent == "yes" and (refused or (findings.negated and not explained)):
        return replace(taken, score=min(taken.score, DOUBTFUL))
    return None


SURE = 0.4
"""From this share on the voter's agreement stands against a template that read only a part."""

DOUBTFUL = 0.3
"""Up to this any meaning is uncertain: of authors left out, less than half of what scored so low was right.

No better a score has a yes under a negation that no template explains.
"""


# --- doubt ------------------------------------------------------------------------------------------------------------


def is_close(ranked: Sequence[Candidate], margin: float) -> bool:
    """Whether the best candidate is not far enough from the others to be taken without asking."""
    best, rest = ranked[0], ranked[1:]
    if best.intent == OPT_OUT:
        return best.score <= OPT_OUT_FIRM
    if best.intent != NONE and best.score <= max(DOUBTFUL, MACHINE_SURE.get(best.intent, 0.0)):
        return True
    return any(
        (other.intent == OPT_OUT and other.score >= OPT_OUT_PERHAPS)
        or (lean_apart(best.intent, other.intent) and best.score - other.score <= margin)
        for other in rest
    )
