"""A call that took place, written as a test for its flow.

Rule: the test is played before it is handed out, and in as few words as will do: with the flow's examples instead of
what is the callee's own, and without times, as long as it still goes the way that the call went.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from voicebot.flows.actions import AnyAction, Conclude, Moved
from voicebot.flows.bundle import Bundle
from voicebot.flows.engine import advance, begin
from voicebot.flows.events import (
    Answered,
    AnyEvent,
    Detected,
    Ended,
    Heard,
    Pressed,
    Recorded,
    Silence,
    Transferred,
)
from voicebot.flows.model import Expected, FlowTest, TestTurn
from voicebot.flows.rehearse import example_fields, run_test
from voicebot.flows.state import Callee, State
from voicebot.flows.steps import Collect, Scalar
from voicebot.timestamps import seconds_between

NEVER_MASKED = {"", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
"""Values too short to be looked for in what was said."""


@dataclass(frozen=True)
class Transcribed:
    """A test made from a call. `exact`: it goes the same way; `private`: only with the callee's own values."""

    test: FlowTest
    exact: bool
    private: bool

    def __str__(self) -> str:
        notes = []
        if self.private:
            notes.append("# This holds values of a real person: replace them before you keep it.")
        if not self.exact:
            notes.append(
                "# This does not go quite as the call went: something in the call cannot be written in a test."
            )
        return "\n".join([*notes, written(self.test)])


def transcribed(bundle: Bundle, callee: Callee, events: Sequence[AnyEvent], name: str) -> Transcribed:
    """The call with these events as a test called `name` for the bundle's main flow.

    Faults of ours and of the flow are left out: they come again by themselves, if they do.
    """
    call = _Call(bundle, callee, tuple(events))
    tests = [
        (call.test(name, masked=masked, timed=timed), masked) for masked, timed in product((True, False), (False, True))
    ]
    for test, masked in tests:
        if call.goes_like(test):
            return Transcribed(test, exact=True, private=not masked and bool(callee.fields))
    return Transcribed(tests[1][0], exact=False, private=False)


def as_lived(bundle: Bundle, callee: Callee, events: Sequence[AnyEvent], name: str) -> FlowTest:
    """A rehearsed call as a test, with the callee's own values, whatever the flow or the engine make of it."""
    return _Call(bundle, callee, tuple(events)).test(name, masked=False, timed=False)


class _Call:
    """The call, gone through once, with the state before each of its events."""

    def __init__(self, bundle: Bundle, callee: Callee, events: tuple[AnyEvent, ...]) -> None:
        self.bundle, self.callee, self.events = bundle, callee, events
        self.flow = bundle.flows[bundle.main]
        self.before: list[State] = []
        self.actions: list[AnyAction] = []
        state = begin(bundle, callee)
        for event in events:
            self.before.append(state)
            try:
                state, actions = advance(bundle, state, event)
            except Exception:  # whatever broke: the call is told as far as it went
                break
            self.actions += actions

    def goes_like(self, test: FlowTest) -> bool:
        result = run_test(self.bundle, test, opt_out_key=self.callee.opt_out_key)
        played = [action for _, actions in result.rehearsal.log for action in actions]
        answered = any(isinstance(event, Answered) for event in self.events)  # a test's callee always picks up first
        return not result.problems and _way(played, moves=answered) == _way(self.actions, moves=answered)

    def test(self, name: str, *, masked: bool, timed: bool) -> FlowTest:
        fields, examples, needs = self.callee.fields, example_fields(self.flow), self.flow.needs
        given: dict[str, Scalar] = {field: None for field in examples if fields.get(field) in (None, "")}
        if masked:
            kept = {field for field in needs if field not in examples and not needs[field].private}
        else:
            kept = set(needs)
        given |= {field: value for field, value in fields.items() if field in kept and value != examples.get(field)}
        answered = next((event.at for event in self.events if isinstance(event, Answered)), "")
        turns = tuple(self._turns(_swaps(fields, examples) if masked else None, timed=timed))
        at = {"now": answered} if answered else {}
        return FlowTest(
            name=name,
            language=self._language(),
            lead=given,
            time_zone=self.callee.time_zone,
            turns=turns,
            expect=self._expected(masked=masked),
            **at,
        )

    def _language(self) -> str:
        spoken = self.callee.language if self.callee.language in self.flow.languages else self.flow.languages[0]
        return "" if spoken == self.flow.languages[0] else spoken

    def _turns(self, swaps: Mapping[str, str] | None, *, timed: bool) -> Iterator[TestTurn]:
        last = self.events[0].at if self.events else ""
        silences = 0
        for state, event in zip(self.before, self.events, strict=False):
            if isinstance(event, Silence) and not timed:
                silences += 1
                continue
            if silences:
                yield TestTurn(silence=silences)
                silences = 0
            told = self._turn(state, event, swaps)
            if told:
                after = {"after": seconds_between(last, event.at)} if timed else {}
                yield TestTurn.model_validate({**told, **after})
            if told or isinstance(event, Answered):
                last = event.at
        if silences:
            yield TestTurn(silence=silences)

    def _turn(self, state: State, event: AnyEvent, swaps: Mapping[str, str] | None) -> dict[str, object]:
        private = swaps is not None and _asks_privately(self.bundle, state)
        match event:
            case Pressed():
                return {"press": _masked(event.digits, swaps or {}, private=private)}
            case Heard():
                heard = event.readings[0]
                sure = {} if heard.confidence is None else {"confidence": heard.confidence}
                return {"hear": _masked(heard.text, swaps or {}, private=private), **sure}
            case Silence():
                return {"silence": 1}
            case Recorded():
                opted = event.key and event.key == self.callee.opt_out_key
                return {"press": event.key} if opted else {"recorded": event.seconds}
            case Transferred():
                return {"transfer": event.result}
            case Detected() if event.answered_by in _MACHINES:
                return {"machine": event.answered_by}
            case Ended():
                return _end(state, event)
            case _:
                return {}

    def _expected(self, *, masked: bool) -> Expected:
        ends = [action for action in self.actions if isinstance(action, Conclude)]
        if not ends:
            return Expected(outcome="failed")
        end = ends[-1]
        known = end.values if not masked else {**end.values, **dict.fromkeys(_private_slots(self.bundle), "")}
        return Expected(
            outcome=end.outcome,
            grade=end.grade,
            reason=end.reason or None,
            callback=True if end.callback_at else None,
            review=True if end.review else None,
            values={name: value for name, value in known.items() if value not in ("", None) and not _is_link(value)},
        )


_MACHINES = ("machine_start", "machine_beep", "machine_silence", "fax")


def _end(state: State, event: Ended) -> dict[str, object]:
    if event.status in ("busy", "no_answer", "failed", "invalid_number"):
        return {"dial": event.status}
    return {} if state.phase in ("closing", "ended") else {"hangup": True}


def _way(actions: Iterable[AnyAction], *, moves: bool) -> list[object]:
    """What two calls must have in common to have gone the same way."""
    way: list[object] = []
    for action in actions:
        if isinstance(action, Moved) and moves:
            way.append(action.steps)
        elif isinstance(action, Conclude):
            way.append((action.outcome, action.grade, action.reason, bool(action.callback_at), action.review))
    return way


def _swaps(fields: Mapping[str, Scalar], examples: Mapping[str, Scalar]) -> dict[str, str]:
    """What to write for each value of the lead wherever it was said: the example of its field."""
    return {
        str(value): str(examples[name])
        for name, value in fields.items()
        if name in examples and str(value) not in NEVER_MASKED and value != examples[name]
    }


def _masked(text: str, swaps: Mapping[str, str], *, private: bool) -> str:
    for own, example in swaps.items():
        if own.casefold() in text.casefold():
            return re.sub(re.escape(own), lambda _: example, text, flags=re.IGNORECASE)  # noqa: B023
    return _DIGITS.sub(lambda found: _COUNT[: len(found[0])], text) if private else text


_DIGITS = re.compile(r"\d+")
_COUNT = "1234567890" * 7


def _asks_privately(bundle: Bundle, state: State) -> bool:
    collect = bundle.flows[state.flow].steps[state.step].collect
    return collect is not None and collect.private


def _private_slots(bundle: Bundle) -> list[str]:
    asked: list[Collect] = [
        step.collect for flow in bundle.flows.values() for step in flow.steps.values() if step.collect
    ]
    return [collect.slot for collect in asked if collect.private]


def _is_link(value: Scalar) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


# --- as text ----------------------------------------------------------------------------------------------------------


def written(test: FlowTest) -> str:
    """The test as it stands under `tests:` of a flow, indented by two."""
    told = test.model_dump(exclude_defaults=True)
    lines = [f"  - name: {scalar(test.name)}"]
    lines += [f"    {key}: {_inline(told[key])}" for key in ("language", "lead", "now", "time_zone") if key in told]
    lines.append("    turns:" if test.turns else "    turns: []")
    lines += [f"      - {_written_turn(turn)}" for turn in test.turns]
    return "\n".join([*lines, f"    expect: {_inline(told['expect'])}"])


def _written_turn(turn: TestTurn) -> str:
    told = turn.model_dump(exclude_defaults=True)
    if told in ({"silence": 1}, {"hangup": True}):
        return next(iter(told))
    return _inline(told)


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(inner)}" for key, inner in value.items()) + "}"
    return scalar(value)


def scalar(value: object) -> str:
    """A value as this language's YAML reads it back: names bare, all other text in quotes."""
    if isinstance(value, str) and _BARE.fullmatch(value) and value not in ("true", "false", "null"):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


_BARE = re.compile(r"[A-Za-z][A-Za-z_]*(-[A-Za-z]+)?")
