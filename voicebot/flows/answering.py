"""What follows from a reading of the callee's answer: go on, ask again, doubt, answer a question of theirs, give up."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.flows import asking, closing, walk
from voicebot.flows.actions import AnyLine, Valued
from voicebot.flows.asking import answer_path
from voicebot.flows.prompts import collected
from voicebot.flows.reading import Reading
from voicebot.flows.state import Counters, Doubt
from voicebot.flows.steps import Answer, Collect, Handler, Prompts, Question, Scalar
from voicebot.flows.turn import Turn

NUMBERS: dict[str, type[int] | type[float]] = {"rating": int, "number": float}
"""Slot types whose values are numbers in expressions; all others are text."""


def take(turn: Turn, reading: Reading) -> AnyLine:
    """Act on what was pressed or said."""
    question = _question(turn)
    if reading.maybe_opt_out:
        return misunderstood(turn)
    if turn.state.doubt and reading.answer:
        return _settle(turn, turn.state.doubt, confirmed=reading.answer == "yes")
    if reading.answer:
        answer = asking.answers_of(question)[reading.answer]
        if reading.doubtful:
            return _doubt(turn, Doubt(answer=reading.answer), asking.label_of(turn, answer, reading.heard))
        return _accept(turn, reading.answer, answer)
    if reading.value is not None:
        if reading.doubtful:
            return _doubt(turn, Doubt(value=reading.value.value), reading.heard)
        return _accept_value(turn, reading.value.value)
    if reading.intent and not reading.doubtful:
        return _anytime(turn, reading.intent)
    return misunderstood(turn)


def note_value(turn: Turn, reading: Reading) -> None:
    """Write down the value that was read, whatever becomes of it, and the words or keys it was read from."""
    question, read = turn.step.question, reading.value
    if isinstance(question, Collect) and read is not None:
        turn.effects.append(
            Valued(slot=question.slot, of=read.kind, value=read.value, until=read.until, heard=read.text)
        )


def silence(turn: Turn) -> AnyLine:
    """Nobody answered: say so and ask again, or give up."""
    counters = turn.state.counters
    turn.change(counters=counters.model_copy(update={"noinput": counters.noinput + 1}))
    question = _question(turn)
    return _fail(turn, question.noinput, turn.flow.noinput, counters.noinput, "noinput")


def misunderstood(turn: Turn) -> AnyLine:
    """An answer was not understood: say so and ask again, or give up."""
    counters = turn.state.counters
    turn.change(counters=counters.model_copy(update={"nomatch": counters.nomatch + 1}), doubt=None)
    question = _question(turn)
    return _fail(turn, question.nomatch, turn.flow.nomatch, counters.nomatch, "nomatch")


def _fail(turn: Turn, own: Handler | None, inherited: Prompts, nth: int, event: str = "") -> AnyLine:
    """Speak of a failed attempt and ask again, or give up. `event`, if named, is where the words for it stand."""
    question, counters = _question(turn), turn.state.counters
    settings = asking.settings_of(question, turn.flow)
    used_up = (
        counters.noinput >= (settings.noinput or 1)
        or counters.nomatch >= (settings.nomatch or 1)
        or counters.total >= (settings.total or 1)
    )
    if used_up:
        return _exhausted(turn, question)
    if event and own is not None:
        turn.took_here(event)
    elif event:
        turn.took(event)
    if own is not None:
        turn.apply(own)
    words = own.say if own is not None and own.say else inherited
    if words:
        turn.say(words[min(nth, len(words) - 1)])
    else:
        turn.say_phrase(turn.phrases.again)
    if own is not None and own.next:
        return walk.go(turn, own.next)
    return asking.ask(turn)


def _exhausted(turn: Turn, question: Question) -> AnyLine:
    turn.change(doubt=None)
    if question.exhausted is not None:
        turn.took_here("exhausted")
        turn.apply(question.exhausted)
        turn.say(question.exhausted.say)
        return walk.go(turn, question.exhausted.next)
    if turn.flow.exhausted:
        turn.took("exhausted")
        return walk.go(turn, turn.flow.exhausted)
    return closing.farewell(turn)


def note_possible_opt_out(turn: Turn) -> None:
    """Words that may have been an opt-out: name the key, once, and go on; a later clear answer settles it."""
    if turn.state.opt_out_doubt == "none":
        asking.hint_opt_out(turn)
    turn.change(opt_out_doubt="open")


def _doubt(turn: Turn, pending: Doubt, words: str) -> AnyLine:
    """Doubtful words: in the author's way, where there is one, else `did you say ...?`."""
    own = _question(turn).low_confidence
    if own is None:
        return asking.doubt(turn, pending, words)
    turn.took_here("low_confidence")
    return misunderstood_as(turn, own)


def misunderstood_as(turn: Turn, own: Handler) -> AnyLine:
    """Count a misunderstanding, with the author's own words for it."""
    counters = turn.state.counters
    turn.change(counters=counters.model_copy(update={"nomatch": counters.nomatch + 1}))
    return _fail(turn, own, turn.flow.nomatch, counters.nomatch)


def _settle(turn: Turn, pending: Doubt, *, confirmed: bool) -> AnyLine:
    turn.change(doubt=None)
    if not confirmed:
        return misunderstood(turn)
    if pending.answer:
        return _accept(turn, pending.answer, asking.answers_of(_question(turn))[pending.answer])
    return _accept_value(turn, pending.value)


def _accept(turn: Turn, name: str, answer: Answer) -> AnyLine:
    """An answer that counts: record it and go where it leads."""
    turn.answer = name
    _understood(turn)
    question = _question(turn)
    if isinstance(question, Collect):
        value: Scalar = {"yes": True, "no": False}.get(name) if question.type == "yes_no" else None
        turn.change(variables={**turn.state.variables, question.slot: value})
    turn.took_here(*answer_path(question, name))
    turn.apply(answer)
    turn.say(answer.say)
    return walk.go(turn, walk.onward(turn, answer.next))


def _accept_value(turn: Turn, value: str) -> AnyLine:
    """A value of the right type: hold it against the author's rules, keep it, go on."""
    question = _question(turn)
    assert isinstance(question, Collect)  # noqa: S101  (only a collect step reads values)
    typed: Scalar = NUMBERS[question.type](value) if question.type in NUMBERS else value
    tested = collected(question.type, typed)
    for index, rule in enumerate(question.rules):
        if not turn.test(rule.check, value=tested):
            turn.took_here("rules", index)
            return misunderstood_as(turn, Handler(say=(rule.say,)))
    turn.answer = question.slot
    turn.took_here("slot")
    _understood(turn)
    turn.change(variables={**turn.state.variables, question.slot: typed})
    return walk.go(turn, walk.onward(turn, ""))


def _understood(turn: Turn) -> None:
    settled = "settled" if turn.state.opt_out_doubt == "open" else turn.state.opt_out_doubt
    turn.change(answered_once=True, doubt=None, counters=Counters(), opt_out_doubt=settled)


def _anytime(turn: Turn, intent: str) -> AnyLine:
    """Something that may be said at any question: the flow's words for it, or what the engine knows itself."""
    handler = turn.flow.anytime.get(intent)
    if handler is not None:
        turn.took("anytime", intent)
        turn.apply(handler)
        if handler.say:
            turn.say(handler.say[0])
        if handler.next:
            turn.answer = intent
            _understood(turn)
            return walk.go(turn, handler.next)
    turn.change(doubt=None)
    if intent in UNIVERSALS:
        return UNIVERSALS[intent](turn)
    return asking.ask_on(turn) if handler is not None else misunderstood(turn)


def _back(turn: Turn) -> AnyLine:
    """The question before this one, if it is of the same flow; else this one again."""
    earlier = turn.state.trail[:-1]
    if not earlier or earlier[-1][0] != turn.state.flow:
        return asking.ask(turn)
    turn.change(trail=earlier[:-1])
    return walk.go(turn, earlier[-1][1])


def _language(turn: Turn) -> AnyLine:
    """The next language of the flow, and the question again in it."""
    languages = turn.main.languages
    following = languages[(languages.index(turn.state.language) + 1) % len(languages)]
    turn.words = []
    turn.change(language=following, counters=Counters())
    return asking.ask(turn)


def _machine(turn: Turn) -> AnyLine:
    """The words were a machine's greeting."""
    if turn.state.answered_once:
        return misunderstood(turn)
    return closing.meet_machine(turn) or asking.ask(turn)


UNIVERSALS: dict[str, Callable[[Turn], AnyLine]] = {
    "repeat": asking.ask,
    "help": asking.ask_on,
    "back": _back,
    "language": _language,
    "hold": asking.wait,
    "goodbye": closing.farewell,
    "voicemail": _machine,
}
"""What the engine does by itself where the flow sends nobody elsewhere."""


def _question(turn: Turn) -> Question:
    question = turn.step.question
    if question is None:
        raise turn.fault("an answer came, but this step asks nothing.", "Please report this.")
    return question
