"""How a callee behaves on one call: hears, thinks, presses, talks, loses patience."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from string import ascii_letters, digits
from typing import Protocol

from voicebot.simulator import chance
from voicebot.simulator.callees.model import Act, Persona, Reaction, Recognition, Span
from voicebot.simulator.event_queue import Event, EventQueue
from voicebot.simulator.recognizer import recognize
from voicebot.simulator.voices import MUTE, Speaker

WORD_SIGNS = ascii_letters + digits + "'-"
# Seconds: between two keys; before an answering machine begins to talk, and from its last word to its beep; between two
# things that a person with a voice says.
KEY_GAP, MACHINE_DELAY, BEEP_DELAY, BREATH = 0.35, 1.0, 0.5, 0.2
BEEP = "(beep)"
"""What a person hears before what they say is recorded."""
TOLD_TO_WAIT = re.compile(
    r"(?i)after the (?:tone|beep)|提示音|[滴嘀]声|(?:tras|despu[eé]s de) ?(?:l|el|la) (?:tono|señal)"
)
"""Words after which a person speaks only when the beep has come. Keys are pressed at any time."""


class Line(Protocol):
    """What a person can do to the telephone. A talk that was begun is ended by `stopped_talking`, or breaks off."""

    def press(self, key: str) -> None: ...
    def starts_talking(self, words: str, sound: bytes) -> None: ...
    def stopped_talking(self, heard: str, confidence: float) -> None: ...
    def breaks_off(self) -> None: ...
    def hangs_up(self) -> None: ...
    def beeps(self) -> None: ...


@dataclass(frozen=True)
class _Prompt:
    """What is being said to the person: the words before it, its own, when it began and how long it takes."""

    before: str
    text: str
    began: datetime
    seconds: float

    def heard_until(self, now: datetime) -> str:
        """The words before it, and as many of its own as were spoken by now."""
        share = (now - self.began).total_seconds() / self.seconds if self.seconds else 1.0
        length = int(len(self.text) * min(1.0, share))
        heard = self.text[:length]
        if length < len(self.text) and self.text[length] in WORD_SIGNS:
            # In the middle of a word, which therefore is not understood.
            heard = heard[: len(heard.rstrip(WORD_SIGNS))]
        return f"{self.before} {heard}".strip()


class Mind:
    """A persona on one call. Whatever it does is planned on the queue, and called off when the call is over."""

    def __init__(
        self,
        queue: EventQueue,
        line: Line,
        persona: Persona,
        seed: int,
        recognition: Recognition,
        speaker: Speaker = MUTE,
    ) -> None:
        self._queue, self._line, self.persona, self.seed = queue, line, persona, seed
        self._speaker = speaker
        self._talks_until = queue.now()
        self._prompt: _Prompt | None = None
        self._cuts = 0
        self._mishears = recognition.mishears if persona.mishears is None else persona.mishears
        self._confidence = persona.confidence or recognition.confidence
        self._heard = ""
        self._turn = 0
        self._draws = 0
        self._scripted = 0
        self._used: dict[int, int] = {}
        self._thought: Event | None = None
        self._held: Act | None = None
        self._patience: Event | None = None
        self._plans: list[Event] = []
        self.is_bridged = False

    def answered(self) -> None:
        """The receiver is off the hook."""
        persona = self.persona
        if persona.kind == "human":
            self._wait_patiently(self._talk(persona.greeting) if persona.greeting else 0.0)
        else:
            self._plan(MACHINE_DELAY, lambda: self._talk(persona.greeting))
            self._plan(self.beep_after, self._line.beeps)
            self._plan(self.beep_after + persona.records_for, self._line.hangs_up)

    @cached_property
    def beep_after(self) -> float:
        """Seconds from the answer to a machine's beep."""
        return MACHINE_DELAY + self._speaker.say(self.persona.greeting)[1] + BEEP_DELAY

    def hears(self, text: str, seconds: float) -> None:
        """Something is said to the person, or played, that takes so many seconds."""
        if self.persona.kind != "human":
            return
        held, self._held = self._held, None
        if held is not None and text == BEEP:
            self._wait_patiently(seconds)
            self._thought = self._plan(seconds + BREATH, lambda: self._act(held))
            return
        self._prompt = _Prompt(self._heard, text, self._queue.now(), seconds)
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

    def is_cut_short(self) -> None:
        """What was being said breaks off: the person answers what they heard of it, if they have not acted already."""
        prompt, self._prompt = self._prompt, None
        if prompt is None or self._thought is None:
            return
        self._heard = prompt.heard_until(self._queue.now())
        self._thought.cancel()
        self._cuts += 1
        reaction = self._reaction()
        if reaction is not None:
            # A draw of its own name: a prompt that is cut does not change how all else is drawn.
            wait = chance.between(reaction.delay, self.seed, "cut", self._cuts)
            self._thought = self._plan(wait, lambda: self._react(reaction))
        else:
            self._thought = self._plan(1.0, self._turn_is_over)

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
        act = chance.weighted(acts, self.seed, "act", self._draws)
        if act.kind == "say" and self._waits_for_beep():
            self._held = act
        else:
            self._act(act)

    def _waits_for_beep(self) -> bool:
        """Whether the person was told to wait for a beep that has not come yet."""
        heard = self._prompt.heard_until(self._queue.now()) if self._prompt else self._heard
        return TOLD_TO_WAIT.search(heard.rpartition(BEEP)[2]) is not None

    def _act(self, act: Act) -> None:
        self._do(act)
        self._turn_is_over()

    def _turn_is_over(self) -> None:
        self._heard, self._prompt = "", None
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

    def _talk(self, words: str) -> float:
        """Say something; in how many seconds it is said. Sounds of one person do not overlap: the second one waits."""
        self._draws += 1
        seed = int(chance.fraction(self.seed, "speech", self._draws) * 2**32)
        heard, confidence = recognize(words, self._draw(self._confidence), seed, self._mishears)
        sound, seconds = self._speaker.say(words)
        now = self._queue.now()
        if sound and (wait := (self._talks_until - now).total_seconds()) > 0:
            wait += BREATH
            self._plan(wait, lambda: self._line.starts_talking(words, sound))
        else:
            wait = 0.0
            self._line.starts_talking(words, sound)
        self._talks_until = now + timedelta(seconds=wait + seconds)
        self._plan(wait + seconds, lambda: self._line.stopped_talking(heard, confidence))
        return wait + seconds

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
        self._line.breaks_off()
        self._talks_until, self._prompt, self._thought = self._queue.now(), None, None
        self._held = None
        while self._plans:
            self._plans.pop().cancel()
