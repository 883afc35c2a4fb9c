"""A prompt that is cut by REST: the person has heard a part of it, and answers that part."""

from __future__ import annotations

import pytest

from tests.simulator.rig import BASE, Rig, person
from voicebot.simulator.call import SimCall

LONG = "Do you want tea? Press 1. Or would you rather have some coffee, freshly made? Then press 2."
SILENCE = "<Gather timeout='9' numDigits='1' action='/key'/>"


def cut_after(seconds: float, behaviour: str, moved: str = SILENCE, prompt: str = LONG) -> SimCall:
    """A call whose prompt is cut so many seconds after its beginning."""
    voice = f"<Gather numDigits='1' action='/key' timeout='9'><Say>{prompt}</Say></Gather>"
    rig = Rig(person(behaviour), voice=voice, moved=moved, key="<Hangup/>")
    call = rig.place()
    while not call.entries("said"):
        rig.queue.run_next()
    rig.queue.run_for(seconds)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    return call


TEA = "reactions: [{hears: coffee, press: '2'}, {hears: tea, press: '1'}]"


# In 1.6 s the tea has been spoken of; the coffee has not, and nobody can answer to it. After 6.1 s all has been said.
@pytest.mark.parametrize(("seconds", "pressed"), [(0.1, []), (1.6, ["1"]), (5.0, ["2"]), (6.2, ["2"])])
def test_what_was_heard_is_answered(seconds: float, pressed: list[str]) -> None:
    assert cut_after(seconds, f"{TEA}, patience: 20").entries("pressed") == pressed


# The answer comes after the cut as it would have come after the prompt's end: not when that would have been.
def test_answer_comes_soon_after_the_cut() -> None:
    call = cut_after(1.6, "reactions: [{hears: tea, press: '1', delay: 1}], patience: 20")
    times = {entry.what: entry.at for entry in call.log}
    assert (times["pressed"] - times["redirected"]).total_seconds() == pytest.approx(1.0)


# A word that was broken off was not heard.
def test_half_a_word_is_no_word() -> None:
    assert cut_after(13 / 15, "reactions: [{hears: te, press: '1'}], patience: 20").entries("pressed") == []


# In Chinese every character is a word.
def test_half_a_chinese_sentence() -> None:
    behaviour = "reactions: [{hears: 咖啡, press: '2'}, {hears: 喝茶, press: '1'}], patience: 20"
    call = cut_after(1.2, behaviour, prompt="您想喝茶吗？还是更愿意喝咖啡呢？")
    assert call.entries("pressed") == ["1"]


# Prompts belong together: what comes after the cut joins what was heard before it.
def test_new_prompt_joins_what_was_heard() -> None:
    moved = f"<Gather numDigits='1' action='/key'><Say>or water, then.</Say></Gather>{SILENCE}"
    behaviour = "reactions: [{hears: '/tea.*water/', press: '3'}, {hears: coffee, press: '2'}], patience: 20"
    assert cut_after(1.6, behaviour, moved).entries("pressed") == ["3"]


# Whoever has answered already (and was the reason for the cut) has no more to say.
def test_whoever_has_spoken_does_not_speak_again() -> None:
    call = cut_after(1.6, "reactions: [{hears: tea, say: yes, interrupt: 1, times: always}], patience: 9")
    assert call.entries("spoke") == ["yes"]


# Between the cut and the person's answer nothing else is drawn: all the rest is as it was.
def test_cut_changes_no_other_draw() -> None:
    answers = "otherwise: {say: [a, b, c, d, e, f, g, h]}, patience: 20"
    whole, cut = (cut_after(seconds, answers).entries("spoke")[0] for seconds in (6.2, 5.0))
    assert whole == cut
