"""How callees behave: what they react to, when, and when they have had enough."""

from __future__ import annotations

import pytest

from tests.simulator.rig import Rig, person, since_answer

ASK = '<Gather input="dtmf speech" numDigits="1" timeout="4" speechTimeout="1" action="/voice"><Say>{}</Say></Gather>'
AGAIN = ASK.format("Do you agree? Press 1.") + "<Redirect/>"


def acts(callees: str, voice: str = AGAIN, seed: int = 1) -> list[str]:
    """What the person did, in order."""
    rig = Rig(callees, seed=seed, voice=voice)
    call = rig.place()
    rig.queue.run_for(120)
    return [entry.text or entry.what for entry in call.log if entry.who == "person"]


@pytest.mark.parametrize(
    ("behaviour", "done"),
    [
        ("script: [{press: '1'}, {say: 'yes'}, hang_up]", ["1", "yes", "hung up"]),
        ("reactions: [{hears: agree, press: '1'}, {hears: agree, hang_up: true}]", ["1", "hung up"]),
        ("reactions: [{hears: agree, press: '1', times: 2}, {hears: /pre.s/, hang_up: true}]", ["1", "1", "hung up"]),
        ("reactions: [{hears: agree, unless: press 1, press: '1'}], otherwise: hang_up", ["hung up"]),
        ("reactions: [{hears: agree, after: 2, hang_up: true}], otherwise: {say: what}", ["what", "what", "hung up"]),
        ("reactions: [{hears: agree, chance: 0, press: '1'}], otherwise: hang_up", ["hung up"]),
        ("otherwise: {press: '1'}, turns: 3", ["1", "1", "1", "hung up"]),
        ("greeting: 'Hello?', reactions: [{hears: agree, hang_up: true}]", ["Hello?", "hung up"]),
        ("patience: 2, reactions: [{hears: agree, silence: true, times: always}]", ["hung up"]),
    ],
)  # fmt: skip
def test_behaviour(behaviour: str, done: list[str]) -> None:
    assert acts(person(behaviour)) == done


# Whoever reacts waits for the end of what is said, unless they interrupt.
def test_reaction_waits_for_the_end_of_the_prompt() -> None:
    voice = ASK.format("A prompt that is fairly long, and at its end it says: do you agree?")
    call = Rig(person("reactions: [{hears: agree, press: '1', delay: 1}]"), voice=voice).run()
    said, pressed = since_answer(call, "said")[0], since_answer(call, "pressed")[0]
    assert pressed - said == pytest.approx(67 / 15 + 1, abs=0.1)
    assert call.entries("cut") == []


# Several prompts in a row are one thing heard; the person answers when the app falls silent.
def test_prompts_in_a_row_are_heard_as_one() -> None:
    voice = f"<Say>Good morning.</Say>{ASK.format('Do you agree?')}"
    callees = person("reactions: [{hears: /morning.*agree/, press: '1'}], otherwise: hang_up")
    assert Rig(callees, voice=voice).run().entries("pressed") == ["1"]


def test_one_of_several_acts_is_drawn_by_weight() -> None:
    callees = person("script: [{one_of: [{press: '1', weight: 3}, {press: '2'}]}, hang_up]")
    drawn = [acts(callees, seed=seed)[0] for seed in range(60)]
    assert 30 < drawn.count("1") < 58
    assert set(drawn) == {"1", "2"}


def test_machine_greets_beeps_and_hangs_up_in_the_end() -> None:
    callees = person("kind: machine, greeting: Nobody is at home. Please leave a message., records_for: 10")
    rig = Rig(callees, voice="<Pause length='100'/>")
    call = rig.run()
    assert [entry.what for entry in call.log if entry.who == "person"] == ["spoke", "beeped", "hung up"]
    assert since_answer(call, "hung up")[0] - since_answer(call, "beeped")[0] == 10


# A machine's greeting is speech to a Gather that listens for it.
def test_machine_is_heard_by_gather() -> None:
    callees = person("kind: machine, greeting: Please leave a message., records_for: 10")
    rig = Rig(callees, voice=ASK.format("Hello, this is Acme with a question for you."))
    rig.run()
    assert "Please leave a message." in [form.get("SpeechResult") for form in rig.app.forms("/voice")]
