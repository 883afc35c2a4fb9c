"""How a callee behaves on one call: hears, thinks, presses, talks, loses patience."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from voicebot.simulator import chance
from voicebot.simulator.callees.model import Act, Persona, Reaction, Recognition, Span
from voicebot.simulator.event_queue import Event, EventQueue
from voicebot.simulator.recognizer import recognize
from voicebot.simulator.speaking import seconds_to_say

# Seconds: between two keys; before an answering machine begins to talk, and from its last word to its beep.
KEY_GAP, MACHINE_DELAY, BEEP_DELAY = 0.35, 1.0, 0.5


def machine_beep_after(persona: Persona) -> float:
    """Seconds from the answer to a machine's beep."""
    return MACHINE_DELAY + seconds_to_say(persona.greeting) + BEEP_DELAY


class Line(Protocol):
    """What a person can do to the telephone. A talk that was begun is ended by `stopped_talking`."""

    def press(self, key: str) -> None: ...
    def starts_talking(self, words: str) -> None: ...
    def stopped_talking(self, heard: str, confidence: float) -> None: ...
    def hangs_up(self) -> None: ...
    def beeps(self) -> None: ...


class Mind:
    """A persona on one call. Whatever it does is planned on the queue, and called off when the call is over."""

    def __init__(self, queue: EventQueue, line: Line, persona: Persona, seed: int, recognition: Recognition) -> None:
        self._queue, self._line, self.persona, self.seed = queue, line, persona, seed
        self._mishears = recognition.mishears if persona.mishears is None else persona.mishears
        self._confidence = persona.confidence or recognition.confidence
        self._heard = ""
        self._turn = 0
        self._draws = 0
        self._scripted = 0
        self._used: dict[int, int] = {}
        self._thought: Event | None = None
        self._patience: Event | None = None
        self._plans: list[Event] = []
        self.is_bridged = False

    def answered(self) -> None:
        """The receiver is off the hook."""
        persona = self.persona
        if persona.kind == "human":
            if persona.greeting:
                self._talk(persona.greeting)
            self._wait_patiently(seconds_to_say(persona.greeting))
        else:
            self._plan(MACHINE_DELAY, lambda: self._talk(persona.greeting))
            self._plan(machine_beep_after(persona), self._line.beeps)
            self._plan(machine_beep_after(persona) + persona.records_for, self._line.hangs_up)

    def hears(self, text: str, seconds: float) -> None:
        """Something is said to the person, or played, that takes so many seconds."""
        if self.persona.kind != "human":
            return
        self._heard = f"{self._heard} {text}".strip()
        if self._thought:
            self._thought.cancel()
        self._wait_patiently(seconds)
        reaction = self._reaction()
        if reaction is not None:
            wait = self._draw(reaction.delay) + seconds
            if reaction.interrupt is not None:
                wait = self._draw(reaction.interrupt)
            self._thought = self._plan(wait, lambda: self._react(reaction))
        else:
            self._thought = self._plan(seconds + 1.0, self._turn_is_over)

    def bridged(self) -> None:
        """There is another person on the line now: talk, and hang up when all is said."""
        self._forget_plans()
        self.is_bridged = True
        self._plan(self._draw(self.persona.talks_for), self._line.hangs_up)

    def left_alone(self) -> None:
        """The other person is gone, and what comes next is up to the app."""
        self._forget_plans()
        self.is_bridged = False
        self._wait_patiently(0)

    def is_entertained(self) -> None:
        """Music or a ringing tone: no reason to hang up yet."""
        if self._patience:
            self._patience.cancel()

    def ended(self) -> None:
        """The call is over."""
        self._forget_plans()

    def _reaction(self) -> Reaction | None:
        """What fits what was heard since the last act: the script first, then the reactions, then `otherwise`."""
        turn = self._turn + 1
        if self._scripted < len(self.persona.script):
            return self.persona.script[self._scripted]
        for place, reaction in enumerate(self.persona.reactions):
            unused = reaction.times is None or self._used.get(place, 0) < reaction.times
            if unused and reaction.fits(self._heard, turn) and self._feels_like_it(reaction, place):
                return reaction
        return self.persona.otherwise

    def _feels_like_it(self, reaction: Reaction, place: int) -> bool:
        return chance.fraction(self.seed, "chance", self._turn, place) < reaction.chance

    def _react(self, reaction: Reaction) -> None:
        if self._scripted < len(self.persona.script):
            self._scripted += 1
        for place, known in enumerate(self.persona.reactions):
            if known is reaction:
                self._used[place] = self._used.get(place, 0) + 1
        self._draws += 1
        acts = [(act, act.weight) for act in reaction.acts]
        self._do(chance.weighted(acts, self.seed, "act", self._draws))
        self._turn_is_over()

    def _turn_is_over(self) -> None:
        self._heard = ""
        self._turn += 1
        if self.persona.turns is not None and self._turn >= self.persona.turns:
            self._plan(1.0, self._line.hangs_up)

    def _do(self, act: Act) -> None:
        self._draws += 1
        text = act.texts[int(chance.fraction(self.seed, "text", self._draws) * len(act.texts))] if act.texts else ""
        if act.kind == "press":
            for place, key in enumerate(text):
                self._plan(KEY_GAP * place, partial(self._line.press, key))
        elif act.kind == "say":
            self._talk(text)
        elif act.kind == "hang_up":
            self._line.hangs_up()

    def _talk(self, words: str) -> None:
        self._draws += 1
        seed = int(chance.fraction(self.seed, "speech", self._draws) * 2**32)
        heard, confidence = recognize(words, self._draw(self._confidence), seed, self._mishears)
        self._line.starts_talking(words)
        self._plan(seconds_to_say(words), lambda: self._line.stopped_talking(heard, confidence))

    def _wait_patiently(self, from_now: float) -> None:
        """Hang up when nothing is heard for too long, counted `from_now` on."""
        if self._patience:
            self._patience.cancel()
        if self.persona.kind == "human":
            self._patience = self._plan(from_now + self._draw(self.persona.patience), self._line.hangs_up)

    def _draw(self, span: Span) -> float:
        self._draws += 1
        return chance.between(span, self.seed, "span", self._draws)

    def _plan(self, seconds: float, action: Callable[[], object]) -> Event:
        event = self._queue.after(seconds, action)
        self._plans.append(event)
        return event

    def _forget_plans(self) -> None:
        while self._plans:
            self._plans.pop().cancel()
