"""What was said and done, as people read it: one line for each thing that happened, in its order."""

from __future__ import annotations

import pytest

from tests.services.rig import BEN, MEI, Rig
from voicebot.flows.actions import Conclude, Understood, Valued
from voicebot.flows.events import (
    AnyEvent,
    Detected,
    Ended,
    Faulted,
    Heard,
    Pressed,
    Reading,
    Recorded,
    TimedWord,
    Transferred,
)
from voicebot.services.discarding import SOUND
from voicebot.services.transcripts import Spoken, event_lines, transcript
from voicebot.store import journal

AT = "2026-03-02T15:00:00.000Z"


def told(rig: Rig, call_id: str) -> list[tuple[str, str]]:
    return [(line.who, line.text) for line in transcript(rig.db, call_id)]


def test_call_that_ends_by_key(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "3")
    rig.ended(call_id)
    assert told(rig, call_id) == [
        ("line", "answered"),
        ("bot", "Hello Ann, this is Test Centre. Press 1 for an agent, 2 to leave a word, 3 to end."),
        ("callee", "pressed 3"),
        ("bot", "Goodbye."),
        ("line", "we hang up"),
        ("line", "ended: completed"),
        ("note", "outcome completed"),
    ]
    lines = transcript(rig.db, call_id)
    assert [line.note for line in lines if line.note] == ["answer end"]
    assert [line.at for line in lines] == sorted(line.at for line in lines)


def test_call_that_ends_in_opting_out(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.say(call_id, "stop calling me")
    lines = told(rig, call_id)
    said = lines.index(("callee", "said: stop calling me (0.90)"))
    assert lines[said + 1] == ("note", "written down: never to be called again (by words: stop calling me)")
    assert lines[said + 2] == ("bot", "You are off the list. Goodbye.")


def test_call_that_meets_an_agent(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.press(call_id, "1")
    leg = rig.db.value("SELECT id FROM legs WHERE call_id = :call", call=call_id)
    rig.leg_answers(leg)
    rig.leg_presses(leg, "1")
    lines = told(rig, call_id)
    assert ("note", "an agent is asked for (queue sales)") in lines
    met = lines.index(("agent", f"{MEI.name} took the call"))
    assert lines[met + 1] == ("note", "put through to the agent")


@pytest.mark.parametrize(
    ("event", "who", "text"),
    [
        (Pressed(at=AT, digits="12#"), "callee", "pressed 12#"),
        (Heard(at=AT, readings=(Reading(text="yes"),)), "callee", "said: yes"),
        (Heard(at=AT, readings=(Reading(text="yes", confidence=0.5),)), "callee", "said: yes (0.50)"),
        (Recorded(at=AT, url="https://recordings.example/1", seconds=4.5), "callee", "was recorded for 4.5 seconds"),
        (Detected(at=AT, answered_by="machine_beep"), "line", "answered by: machine beep"),
        (Transferred(at=AT, result="no_answer", agent=BEN.name), "agent", f"{BEN.name} did not answer"),
        (Transferred(at=AT, result="busy"), "agent", "the agent was busy"),
        (Transferred(at=AT, result="nobody"), "agent", "nobody is free"),
        (Transferred(at=AT, result="ended", agent=BEN.name), "agent", "the talk is over"),
        (Ended(at=AT, status="no_answer"), "line", "ended: no answer"),
        (Faulted(at=AT, problem="no such filter"), "note", "fault: no such filter"),
    ],
)
def test_event(event: AnyEvent, who: str, text: str) -> None:
    (line,) = event_lines(event, [])
    assert (line.at, line.who, line.text, line.note) == (AT, who, text, "")


def test_uncertain_words_are_said_to_be() -> None:
    read = Understood(text="know", intent="no", option=None, score=0.5, uncertain=True, candidates=())
    (line, end) = event_lines(
        Heard(at=AT, readings=(Reading(text="know"),)),
        [read, Conclude(outcome="callback", grade="not_now", reason="price", callback_at=AT, review=True)],
    )
    assert line.note == "heard as no 0.50, uncertain"
    assert end.text == f"outcome callback, grade not_now, reason price, call back at {AT}, to be reviewed by a human"


@pytest.mark.parametrize(
    ("until", "note"),
    [
        ("", "2026-03-03T14:00 (datetime in: tomorrow at two) · heard as none 0.00"),
        (
            "2026-03-03T16:00",
            "2026-03-03T14:00 to 2026-03-03T16:00 (datetime in: tomorrow at two) · heard as none 0.00",
        ),
    ],
)
def test_a_value_is_told_with_the_words_it_was_read_from(until: str, note: str) -> None:
    read = Understood(text="", intent="none", option=None, score=0, uncertain=False, candidates=())
    value = Valued(slot="when", of="datetime", value="2026-03-03T14:00", until=until, heard="tomorrow at two")
    (line,) = event_lines(Heard(at=AT, readings=(Reading(text="well tomorrow at two"),)), [read, value])
    assert line.note == note


def test_erased_call_tells_what_happened_and_no_more(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.say(call_id, "my name is Ann")
    rig.ended(call_id)
    with rig.db.transaction():
        journal.erase_private(rig.db, "call", call_id, rig.now)
    lines = told(rig, call_id)
    assert lines[0] == ("line", "answered (erased)")
    assert not any("Ann" in text for _, text in lines)
    assert lines[-1][1].startswith("outcome ")


def test_call_that_never_was(rig: Rig) -> None:
    assert transcript(rig.db, "no-such-call") == []


def test_words_come_with_their_times(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    words = (TimedWord(text="stop", start=0.4, end=0.7, confidence=0.9), TimedWord(text="it", start=0.8, end=0.9))
    rig.send(call_id, None, Heard(at=rig.tick(), readings=(Reading(text="stop it", words=words),)))
    [said] = [line for line in transcript(rig.db, call_id) if line.words]
    assert (said.text, said.words) == ("said: stop it", (Spoken("stop", 0.4, 0.7, 0.9), Spoken("it", 0.8, 0.9)))


@pytest.mark.parametrize(("provider", "told"), [("deleted", []), ("not found", []), ("not deleted", ["RE1"])])
def test_sound_that_stayed_at_the_provider_is_told(rig: Rig, provider: str, told: list[str]) -> None:
    call_id = rig.open()
    with rig.db.transaction():
        journal.append(rig.db, ("call", call_id), SOUND, AT, {"recording": "RE1", "provider": provider})
    assert [line.text for line in transcript(rig.db, call_id)] == [
        f"the provider still has the sound of an answer ({sid})" for sid in told
    ]
