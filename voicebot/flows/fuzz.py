"""Calls by callers who do anything, to find what breaks a flow: keys, words, silence, machines, hanging up.

Rule: a call is decided by the seed and its own number alone, so that any of thousands can be made again by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from voicebot.flows.actions import Line
from voicebot.flows.as_test import as_lived, written
from voicebot.flows.bundle import Bundle
from voicebot.flows.callers import Caller
from voicebot.flows.chance import Chance
from voicebot.flows.events import AnyEvent, Detected, Ended, Faulted, Pressed, Transferred
from voicebot.flows.rehearse import Rehearsal
from voicebot.leads.outcomes import Outcome

BESIDE_THE_LINE = (Detected, Ended, Transferred)
"""Events that need no answer on the line."""

MOST_EVENTS = 3
"""A call that still goes on after so many times `max_turns` is said not to end."""

HOLDING = 150
"""And so many events more, for the time on hold, which its own timeout bounds."""


@dataclass(frozen=True)
class FuzzedCall:
    """What came of one call. `problem` is empty when nothing broke; `script` is then empty, too."""

    number: int
    outcome: Outcome | None
    turns: int
    problem: str = ""
    script: str = ""


@dataclass
class FuzzReport:
    """What came of many calls. `faults` holds the first call with each problem."""

    calls: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    longest: FuzzedCall | None = None
    faulty: int = 0
    faults: dict[str, FuzzedCall] = field(default_factory=dict)

    def add(self, call: FuzzedCall) -> None:
        """Count one call."""
        self.calls += 1
        self.outcomes[call.outcome or "none"] += 1
        if self.longest is None or call.turns > self.longest.turns:
            self.longest = call
        if call.problem:
            self.faulty += 1
            self.faults.setdefault(call.problem, call)


def fuzz(bundle: Bundle, calls: Iterable[int], seed: int, opt_out_key: str = "*") -> FuzzReport:
    """Make the calls with these numbers on the bundle's main flow."""
    report = FuzzReport()
    for number in calls:
        report.add(fuzz_call(bundle, seed, number, opt_out_key))
    return report


def fuzz_call(bundle: Bundle, seed: int, number: int, opt_out_key: str = "*") -> FuzzedCall:
    """Make one call."""
    caller = Caller(bundle, Chance(seed * 1_000_003 + number), opt_out_key)
    call = Rehearsal.of(bundle, caller.callee, caller.answers_at)
    limit = bundle.flows[bundle.main].limits.max_turns * MOST_EVENTS + HOLDING
    made: list[AnyEvent] = []
    problem = ""
    while call.state.phase != "ended" and not problem:
        made.append(caller.does(call.state, call.now))
        problem = _happens(call, made[-1], opt_out_key)
        if len(made) > limit:
            problem = f"the call has not ended after {limit} events."
    outcome = call.conclusion.outcome if call.conclusion else None
    script = written(as_lived(bundle, caller.callee, made, f"call {number} of seed {seed}")) if problem else ""
    return FuzzedCall(number, outcome, call.state.turn, problem, script)


def _happens(call: Rehearsal, event: AnyEvent, opt_out_key: str) -> str:
    """Let the event happen; what is wrong with what follows, in a sentence, if anything is."""
    before = call.state
    try:
        actions = call.feed(event)
    except Exception as fault:  # whatever breaks is what is looked for
        return f"{event.kind} at {before.flow}.{before.step}: {type(fault).__name__}: {fault}"
    happened, after = call.log[-1][0], call.state
    if isinstance(happened, Faulted):
        return happened.problem
    if not isinstance(event, BESIDE_THE_LINE) and not any(isinstance(action, Line) for action in actions):
        return f"{event.kind} at {before.flow}.{before.step} was not answered."
    if isinstance(event, Pressed) and opt_out_key in event.digits and not after.opted_out:
        return f"the key that opts out did not, at {before.flow}.{before.step}."
    if isinstance(event, Ended) and call.conclusion is None:
        return f"the call ended at {before.flow}.{before.step}, and came to nothing."
    return ""
