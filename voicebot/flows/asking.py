"""How a question is put: its settings by inheritance, its words by attempt, the line that listens for the answer."""

from __future__ import annotations

from functools import lru_cache

from voicebot.flows.actions import AnyLine, Ask, Speech
from voicebot.flows.marks import Path
from voicebot.flows.model import DEFAULTS, Flow
from voicebot.flows.spoken import filters
from voicebot.flows.state import Counters, Doubt
from voicebot.flows.steps import Answer, Collect, Confirm, Menu, Question, Settings
from voicebot.flows.turn import Turn
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import QuestionKind

PATIENCE = 20
"""Seconds given to a callee who asked us to hold on."""

KEYED_VALUES = ("digits", "number", "rating", "money")
"""Types whose values may be as short as one key: they leave no key free for what may be said at any time."""

YES_NO_KEYS = {"yes": ("1",), "no": ("2",)}
"""Keys of a yes or no where the author names none."""


def settings_of(question: Question, flow: Flow) -> Settings:
    """The question's settings: its own, else the flow's, else the defaults."""
    return _merged(question.settings, flow.settings)


@lru_cache(maxsize=1024)
def _merged(own: Settings, inherited: Settings) -> Settings:
    merged = DEFAULTS.model_dump()
    for layer in (inherited, own):
        merged.update(layer.model_dump(exclude_none=True))
    return Settings.model_construct(**merged)


def answers_of(question: Question) -> dict[str, Answer]:
    """Every answer of the question by name, with the keys and intents that go without saying."""
    if isinstance(question, Confirm):
        return {"yes": _filled("yes", question.yes), "no": _filled("no", question.no), **question.answers}
    if isinstance(question, Collect) and question.type == "yes_no":
        return {**{name: _filled(name, question.answers.get(name, Answer())) for name in ("yes", "no")},
                **{name: answer for name, answer in question.answers.items() if name not in ("yes", "no")}}  # fmt: skip
    return question.answers


def kind_of(question: Question) -> QuestionKind:
    """What kind of answer the question wants, as understanding names it."""
    if isinstance(question, Collect):
        return question.type
    return question.kind if isinstance(question, Menu) else "yes_no"


def answer_path(question: Question, name: str) -> Path:
    """Where an answer is written within its question: `yes` and `no` of a confirm stand by themselves."""
    return (name,) if name in type(question).model_fields else ("answers", name)


def _filled(name: str, answer: Answer) -> Answer:
    return answer.model_copy(update={"keys": answer.keys or YES_NO_KEYS[name], "hear": answer.hear or (name,)})


def max_keys(question: Question) -> int | None:
    """How many keys end the input at once; None where a pause or the finish key must."""
    if isinstance(question, Collect) and question.type != "yes_no":
        return question.length or (2 if question.type == "rating" else None)
    lengths = {len(keys) for answer in answers_of(question).values() for keys in answer.keys}
    return 1 if lengths <= {1} else None


def ask(turn: Turn) -> AnyLine:
    """Put the question of the present step, in the words for this attempt."""
    question = _question(turn)
    attempt = min(turn.state.counters.total, len(question.ask) - 1)
    turn.say(question.ask[attempt])
    return listen(turn)


def ask_on(turn: Turn) -> AnyLine:
    """Put the question again after something else was answered: in its second words, if it has any."""
    question = _question(turn)
    attempt = min(max(turn.state.counters.total, 1), len(question.ask) - 1)
    turn.say(question.ask[attempt])
    return listen(turn)


def ask_afresh(turn: Turn) -> AnyLine:
    """Put the question for the first time: its counters start anew."""
    turn.change(phase="asking", counters=Counters(), doubt=None)
    return ask(turn)


def wait(turn: Turn) -> AnyLine:
    """Listen on without a word, for a callee who needs a moment."""
    return listen(turn).model_copy(update={"first_input": PATIENCE})


def listen(turn: Turn) -> Ask:
    """The line that speaks what has been gathered and listens for the answer of the present question."""
    question, state = _question(turn), turn.state
    settings = settings_of(question, turn.flow)
    speech = settings.input != "keys"
    turn.change(phase="asking")
    if turn.words and speech and state.hearing == "recording":
        turn.say_phrase(turn.phrases.after_tone)
    return Ask(
        prompts=tuple(turn.words),
        language=state.language,
        speech=speech,
        hints=_hints(question, state.language),
        max_keys=1 if state.doubt else max_keys(question),
        finish_key=settings.finish_key or "",
        first_input=settings.first_input or 1,
        between_keys=settings.between_keys or 1,
        speech_end=settings.speech_end or "auto",
        barge_in=bool(settings.barge_in),
        barge_in_words=settings.barge_in_words or 1,
        barge_in_seconds=settings.barge_in_seconds or 1.2,
        hearing=state.hearing,
        expects="yes_no" if state.doubt else kind_of(question),
    )


def doubt(turn: Turn, pending: Doubt, words: str) -> AnyLine:
    """Ask whether doubtful words were read rightly; the next yes or no settles it."""
    turn.change(doubt=pending)
    turn.say_phrase(turn.phrases.doubt.format(words=words))
    return listen(turn)


def label_of(turn: Turn, answer: Answer, heard: str) -> str:
    """How an answer is named to the callee: the author's label, else its first phrase, else what was heard."""
    if answer.label:
        return turn.rendered(answer.label).text
    return next(iter(answer.phrases.get(turn.state.language, ())), heard)


def hint_opt_out(turn: Turn) -> None:
    """Name the opt-out key."""
    spoken = filters(LANGUAGES[turn.state.language].data)["key"](turn.state.callee.opt_out_key)
    turn.words.insert(0, Speech(text=turn.phrases.opt_out_hint.format(key=spoken), language=turn.state.language))


def _hints(question: Question, language: str) -> tuple[str, ...]:
    phrases = [phrase for answer in question.answers.values() for phrase in answer.phrases.get(language, ())]
    return tuple(dict.fromkeys(phrases))


def _question(turn: Turn) -> Question:
    question = turn.step.question
    if question is None:
        raise turn.fault("the call waits for an answer, but this step asks nothing.", "Please report this.")
    return question
