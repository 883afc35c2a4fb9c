"""One caller's ear: frames of the line in, what it heard out. Pure but for the recognizers it is given.

Rule: all is measured by the sound's own time. An utterance belongs to the document on which it began, and one that the
recognizer believes to be over is kept until the caller really has come to an end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np

from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import QuestionKind
from voicebot.speech import barge_in
from voicebot.speech.audio import Samples
from voicebot.speech.audio.activity import HANGOVER, Activity
from voicebot.speech.audio.g711 import decode_ulaw
from voicebot.speech.barge_in import BargeIn
from voicebot.speech.endpoint import Stretch, pause_of
from voicebot.speech.recognizer import Engine, RecognizerError, Utterance
from voicebot.speech.timeline import BYTES_PER_MS, Timeline
from voicebot.speech.track import LINE_RATE, Tracks
from voicebot.speech.vocabulary import grammar_of

FRAME_MS = 20
"""Milliseconds that are looked at for voice at a time."""

FRAME = FRAME_MS * BYTES_PER_MS

BATCH = 5
"""Frames that are handed to the recognizer at a time; AT_ONCE, while somebody speaks who may mean to cut the prompt."""

AT_ONCE = 2

NOTHING: Samples = np.zeros(FRAME, np.int16)

DEAD = bytes([*range(0xFB, 0x100), *range(0x7B, 0x80)])
"""The mu-law codes of samples of at most 32: no line in use is so quiet, and no voice."""

REST = 2000
"""Milliseconds of dead line after which the recognizer is not fed any more, until something is there to be heard."""

WORDLESS = 2000
"""Milliseconds of voice without a word that are a noise, and no answer that has begun."""

WhyBroken = Literal["recognizer", "overloaded"]


@dataclass(frozen=True)
class Listening:
    """What the caller hears now as document number `document`, and how they are listened to meanwhile.

    `speech_end` is seconds of silence that end an answer (None: as the question needs it). `prompt` are the words that
    are spoken, which takes `prompt_ms` at the least: nobody tells when it ends, and to cut what has ended helps nobody.
    """

    document: int
    language: str
    expects: QuestionKind = "open"
    speech_end: float | None = None
    barge_in: BargeIn = field(default_factory=BargeIn)
    prompt: str = ""
    prompt_ms: int = 0
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class CutIn:
    """The caller speaks while the prompt of `document` plays, and means to cut it."""

    document: int


@dataclass(frozen=True)
class Said:
    """A finished utterance, begun on `document`. `beside`: it came while a prompt played that nothing may cut."""

    document: int
    utterance: Utterance
    beside: bool = False


@dataclass(frozen=True)
class Broken:
    """Nothing can be heard any more."""

    why: WhyBroken
    problem: str = ""


EarEvent = CutIn | Said | Broken


class Ear:
    """Listens to one line. `engine_of` gives the engine of a language (BCP-47 tag), None where there is none.

    It is not thread-safe, but `speaking` may be read by anybody. After `Broken` it is silent.
    """

    def __init__(
        self, engine_of: Callable[[str], Engine | None], keep: Callable[[bytes], object] = lambda _sound: None
    ) -> None:
        """`keep` is given the sound of the line in one piece, gaps filled, as long as the ear listens."""
        self._engine_of, self._keep = engine_of, keep
        self._line = Timeline()
        self._frames = b""
        self._at = 0
        self._activity = Activity(LINE_RATE)
        self._dead = 0
        self._batch: list[Samples] = []
        self._tracks: Tracks | None = None
        self._listening = Listening(0, "")
        self._since = 0
        self._has_cut = False
        self._stretch: Stretch | None = None
        self._is_closed = False

    @property
    def speaking(self) -> bool:
        """Whether an utterance has begun and is not over."""
        return self._stretch is not None

    def listen(self, listening: Listening, *, goes_on: bool = False) -> list[EarEvent]:
        """From here on the caller hears something else; `goes_on`: what they are saying answers that, too."""
        if self._is_closed:
            return []
        events = [] if goes_on else self._guarded(self._settle)
        self._listening, self._since, self._has_cut = listening, self._at, False
        return events if self._is_closed else [*events, *self._guarded(self._take_tracks)]

    def _settle(self) -> list[EarEvent]:
        """What was said to the document before is over, unless the caller is speaking right now."""
        if self._stretch is None:
            return []
        words = self._tracks.words if self._tracks else ""
        if self._at > self._stretch.last_voice or (not words and self._at - self._stretch.began > WORDLESS):
            return self._end()
        return []

    def feed(self, frame: bytes, at: int) -> list[EarEvent]:
        """Hear one frame of mu-law that begins at `at` ms of the stream's time."""
        if self._is_closed:
            return []
        sound = self._line.take(frame, at)
        self._keep(sound)
        self._frames += sound
        events: list[EarEvent] = []
        while len(self._frames) >= FRAME and not self._is_closed:
            piece, self._frames = self._frames[:FRAME], self._frames[FRAME:]
            events += self._guarded(partial(self._hear, piece))
        return events

    def finish(self) -> list[EarEvent]:
        """The line is closed: the last words. The recognizers are given back."""
        events = self._guarded(self._end) if self._stretch and not self._is_closed else []
        self.close()
        return events

    def close(self) -> None:
        """Give the recognizers back; whatever was being said is lost."""
        self._is_closed = True
        self._stretch = None
        if self._tracks:
            self._tracks.close()
            self._tracks = None

    # --- sound ---

    def _hear(self, piece: bytes) -> list[EarEvent]:
        """Twenty milliseconds of the line."""
        self._at += FRAME_MS
        is_dead = not piece.translate(None, DEAD)
        self._dead = self._dead + FRAME_MS if is_dead else 0
        if self._dead > REST and not self._stretch:
            return self._rest()
        samples = NOTHING if is_dead else decode_ulaw(piece)
        self._look_for_voice(samples)
        self._batch.append(samples)
        events = self._recognize() if len(self._batch) >= (AT_ONCE if self._may_cut else BATCH) else []
        if self._stretch and self._stretch.is_over(self._at, self._pause):
            events += self._end()
        return events

    def _look_for_voice(self, samples: Samples) -> None:
        was_speaking = self._activity.speaking
        if self._activity.feed(samples):
            if self._stretch is None:
                self._stretch = Stretch(self._listening.document, self._at - FRAME_MS, self._at)
            self._stretch.voice(self._at, FRAME_MS)
        elif was_speaking and self._stretch:
            self._stretch.fell_silent(self._at - round(HANGOVER * 1000))

    def _rest(self) -> list[EarEvent]:
        """Nothing has been on the line for a while: neither sound nor time is spent on it."""
        events = self._recognize() if self._batch else []
        if self._tracks:
            self._tracks.skip(FRAME_MS)
        return events

    def _recognize(self) -> list[EarEvent]:
        """Hand the gathered sound to the recognizers; their partial words may cut the prompt."""
        samples, self._batch = np.concatenate(self._batch), []
        if self._tracks and self._tracks.feed(samples):
            self._stretch = self._stretch or Stretch(self._listening.document, self._at, 0)
            self._stretch.words(self._at)
        return [CutIn(self._listening.document)] if self._cuts() else []

    @property
    def _may_cut(self) -> bool:
        """Whether the caller speaks while a prompt plays that can be cut."""
        heard, now = self._stretch, self._listening
        if self._has_cut or heard is None or heard.document != now.document or not now.barge_in.allowed:
            return False
        return self._at < self._since + now.prompt_ms

    def _cuts(self) -> bool:
        heard, now = self._stretch, self._listening
        if heard is None or not self._may_cut or not self._tracks:
            return False
        self._has_cut = barge_in.cuts(now.barge_in, self._tracks.words, heard.voiced, now.prompt, now.language)
        return self._has_cut

    def _end(self) -> list[EarEvent]:
        """The utterance is over: it is told, unless it answers nothing."""
        events = self._recognize() if self._batch else []
        heard, self._stretch = self._stretch, None
        utterance = self._tracks.end_of_speech() if self._tracks else None
        if utterance is None or heard is None:
            return events
        now = self._listening
        in_prompt = heard.document == now.document and heard.last_voice < self._since + now.prompt_ms
        if in_prompt and not self._has_cut and barge_in.is_idle(utterance.readings[0].text, now.prompt, now.language):
            return events
        return [*events, Said(heard.document, utterance, beside=in_prompt and not now.barge_in.allowed)]

    @property
    def _pause(self) -> int:
        return pause_of(self._listening.expects, self._listening.speech_end)

    # --- recognizers ---

    def _take_tracks(self) -> list[EarEvent]:
        """The recognizers that the present question needs. Raises RecognizerError."""
        language = self._listening.language
        engine = self._engine_of(language)
        if engine is None:
            raise RecognizerError(f"speech in {language}", "there is no recognizer for this language.")
        if self._tracks is None or self._tracks.language != language:
            if self._tracks:
                self._tracks.close()
            self._tracks = None
            self._tracks = Tracks(engine, language, self._heard_by_tracks)
        now = self._listening
        self._tracks.choose(grammar_of(now.expects, LANGUAGES[language].data, now.hints), self._heard_by_tracks)
        return []

    @property
    def _heard_by_tracks(self) -> int:
        """The moment up to which sound was handed on."""
        return self._at - len(self._batch) * FRAME_MS

    def _guarded(self, work: Callable[[], list[EarEvent]]) -> list[EarEvent]:
        try:
            return work()
        except Exception as fault:  # whatever breaks in a recognizer, the call goes on without it
            self.close()
            return [Broken("recognizer", f"{type(fault).__name__}: {fault}"[:300])]
