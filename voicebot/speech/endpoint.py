"""When an utterance is over: pure rules on the times of voice. All times are milliseconds of the line's own sound."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.nlu.meaning import QuestionKind

PAUSES: dict[QuestionKind, int] = {
    "yes_no": 500,
    "choice": 600,
    "rating": 600,
    "number": 900,
    "money": 1000,
    "date": 1000,
    "time": 1000,
    "datetime": 1200,
    "digits": 1200,
    "phone": 1200,
    "open": 1000,
    "text": 1200,
}
"""Silence that ends an answer, by the kind of question: whoever says yes has said it all, whoever reads out a number
takes breath between its groups. The shipped models of vosk end an utterance after 500 to 1000 ms by themselves."""

LONGEST = 30_000
"""An utterance is cut here: nobody answers a question for longer, and what was said until then is worth reading."""

WORDS_LAG = 400
"""Milliseconds from a word's end until a recognizer tells it, at least: told words say no more than that of when there
was voice."""


def pause_of(expects: QuestionKind, speech_end: float | None) -> int:
    """Milliseconds of silence that end an answer; `speech_end` (seconds) is the flow's own wish, None for none."""
    return PAUSES[expects] if speech_end is None else round(speech_end * 1000)


@dataclass
class Stretch:
    """One utterance while it goes on: when its voice began, was last heard, and how much of it there was."""

    document: int
    began: int
    last_voice: int
    voiced: int = 0

    def voice(self, until: int, length: int) -> None:
        """Voice was heard for `length`, until the moment `until`."""
        self.last_voice = until
        self.voiced += length

    def fell_silent(self, since: int) -> None:
        """The voice is known to have ended some time ago."""
        self.voiced -= self.last_voice - since
        self.last_voice = since

    def words(self, now: int) -> None:
        """The recognizer has made out more words, so there was voice, however soft."""
        self.last_voice = max(self.last_voice, now - WORDS_LAG)

    def is_over(self, now: int, pause: int) -> bool:
        """Whether the caller has been silent for as long as `pause`, or has been speaking for too long."""
        return now - self.last_voice >= pause or self.is_too_long(now)

    def is_too_long(self, now: int) -> bool:
        """Whether it is cut while the caller still speaks."""
        return now - self.began >= LONGEST
