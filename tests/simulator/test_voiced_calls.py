"""Callees with a voice: what they say is in their call's streams and recordings, and takes as long as its sound."""

from __future__ import annotations

import base64
import io
import json
import wave

import numpy as np
import pytest

from tests.simulator.ears import SILENT, Ears, Letters, letters, said
from tests.simulator.rig import ACCOUNT, BASE, SOCKETS, TOKEN, Answer, Rig, person, since_answer
from voicebot.simulator import ToneVoice, mulaw
from voicebot.simulator.call import SimCall

START = f'<Start><Stream url="{SOCKETS}/media" track="{{}}"/></Start>'
INBOUND = START.format("inbound_track")
# Asked for half a second after the answer, when the stream stands.
ASK = "<Pause length='1'/><Say>Are you there?</Say><Pause length='9'/>"
ANSWERS = "reactions: [{hears: you there, say: yes I am, delay: 1}], patience: 20"


def listened(callees: str, voice: str = INBOUND + ASK, **documents: Answer) -> tuple[Ears, Rig, SimCall]:
    """One call on which people have voices."""
    ears = Ears()
    rig = Rig(callees, accept=ears.accept, speaks=Letters(), more={"voice": voice, **documents})
    return ears, rig, rig.run()


# "Media message": 20 ms of the inbound track, and in them, one after the other, what the person says.
def test_frames_carry_what_is_said() -> None:
    ears, _, call = listened(person(ANSWERS))
    sound = ears.sound()
    assert sound.strip(b"\xff") == said("yes", "I", "am")
    assert {len(base64.b64decode(frame["payload"])) for frame in ears.frames()} == {160}
    began = since_answer(call, "spoke")[-1] - since_answer(call, "streaming")[0]
    assert sound.index(letters("yes")) / 8000 == pytest.approx(began, abs=0.021)


# Every message is what json.dumps would have written, in the order of Twilio's documentation.
def test_frames_are_plain_json() -> None:
    texts: list[str] = []
    rig = Rig(
        accept=lambda socket: setattr(socket, "on_message", texts.append),
        voice=INBOUND + "<Pause length='1'/>",
    )
    rig.run()
    frames = [text for text in texts if '"media"' in text and '"event": "media"' in text]
    assert len(frames) > 30
    assert all(json.dumps(json.loads(text)) == text for text in texts)


def test_outbound_track_is_silent_and_all_streams_hear_the_same() -> None:
    ears, others = Ears(), Ears()
    ends = iter((ears, others))
    both = START.format("both_tracks") + INBOUND
    rig = Rig(person(ANSWERS), accept=lambda socket: next(ends).accept(socket), speaks=Letters(), voice=both + ASK)
    rig.run()
    assert ears.sound("outbound").strip(b"\xff") == b""
    assert said("yes", "I", "am") in ears.sound()
    assert ears.sound().strip(b"\xff") == others.sound().strip(b"\xff")
    assert ears.sound("outbound").startswith(SILENT)


def test_keys_are_not_in_the_sound() -> None:
    ears, _, call = listened(person("reactions: [{hears: you there, press: '123'}], patience: 20"))
    assert call.entries("pressed") == ["1", "2", "3"]
    assert ears.sound().strip(b"\xff") == b""


# Talking takes as long as its sound, and not as long as its words are estimated to take.
def test_talking_takes_as_long_as_its_sound() -> None:
    gather = '<Gather input="speech" action="/said" speechTimeout="1"><Say>Are you there?</Say></Gather>'
    words = "no " * 40
    who = person(f"reactions: [{{hears: you there, say: '{words}', delay: 1}}], patience: 20")
    rig = Rig(who, speaks=Letters(), voice=gather, said="<Hangup/>")
    call = rig.run()
    assert since_answer(call, "recognized")[0] - since_answer(call, "spoke")[0] == pytest.approx(4.0, abs=0.02)
    text_only = Rig(who, voice=gather, said="<Hangup/>").run()
    assert since_answer(text_only, "recognized")[0] - since_answer(text_only, "spoke")[0] == pytest.approx(
        7.93, abs=0.02
    )


# Two things said at once would be neither: the second waits for the first, and for a breath.
def test_one_thing_is_said_after_the_other() -> None:
    ears, _, call = listened(
        person("greeting: hello hello hello hello hello, reactions: [{say: stop it, interrupt: 0.1}], patience: 9"),
        "<Say>We are</Say>" + INBOUND + "<Pause length='5'/>",
    )
    assert since_answer(call, "spoke") == pytest.approx([0.0, 0.7], abs=0.01)
    assert ears.sound().strip(b"\xff").endswith(said("stop", "it"))


def test_whoever_hangs_up_is_not_heard_to_the_end() -> None:
    who = person("reactions: [{hears: you there, say: a b c d e f g h, delay: 1}], patience: 20")
    ears = Ears()
    rig = Rig(who, accept=ears.accept, speaks=Letters(), voice=INBOUND + ASK)
    call = rig.place()
    while not call.entries("spoke"):
        rig.queue.run_next()
    rig.queue.run_for(0.3)
    rig.client.calls(call.sid).update(status="completed")
    rig.queue.run_all()
    heard = ears.sound().strip(b"\xff")
    assert 1600 < len(heard) <= 2400
    assert said("a", "b", "c").startswith(heard)


# A voice is asked for a language, the person's or a guess, and with one seed for all that a person says.
def test_voice_is_asked_for_a_person() -> None:
    voice = Letters()
    two = """
numbers:
  "+12025550142": {greeting: 你好, rings: 1, reactions: [{say: "yes"}], patience: 5}
  "+12025550143": {greeting: hello, language: en-GB, rings: 1, patience: 5}
"""
    rig = Rig(two, speaks=voice, voice="<Say>Hello.</Say><Pause length='9'/>")
    rig.place()
    rig.run(to="+12025550143")
    spoken = {words: language for words, language, _ in voice.asked}
    assert spoken == {"你好": "zh-CN", "yes": "en-US", "hello": "en-GB"}
    seeds = {words: seed for words, _, seed in voice.asked}
    assert seeds["你好"] == seeds["yes"] != seeds["hello"]


# `mishears` is the text recognizer's, of Gather: in the sound are all the words, and nobody mishears them twice.
def test_sound_is_not_misheard() -> None:
    who = person("mishears: 1, reactions: [{hears: you there, say: 'no four', delay: 1}], patience: 20")
    gather = '<Gather input="speech" action="/said" speechTimeout="1"><Say>Are you there?</Say></Gather>'
    ears, rig, _ = listened(who, INBOUND + "<Pause length='1'/>" + gather, said="<Hangup/>")
    assert ears.sound().strip(b"\xff") == said("no", "four")
    assert rig.app.forms("/said")[0]["SpeechResult"] == "know for"


def test_without_a_voice_there_is_silence() -> None:
    ears = Ears()
    Rig(person(ANSWERS), accept=ears.accept, voice=INBOUND + ASK).run()
    assert set(ears.sound()) == {0xFF}


# The beep of a machine comes when its greeting has been spoken, and answering machine detection waits for it.
def test_beep_comes_after_the_sound() -> None:
    who = person("kind: machine, greeting: a b c d e f g h i j k l m n o p q r s t u v w x y z, records_for: 9")
    ears = Ears()
    rig = Rig(who, accept=ears.accept, speaks=Letters(), voice=INBOUND + "<Pause length='9'/>")
    call = rig.run(machine_detection="DetectMessageEnd")
    assert since_answer(call, "beeped") == [1.0 + 2.6 + 0.5]
    assert rig.app.forms("/voice")[0]["AnsweredBy"] == "machine_end_beep"
    assert since_answer(call, "asked")[0] > 4.1


# <Record>: the file is what was said, in its place, and as long as the recording was.
def test_recording_is_what_was_said() -> None:
    record = "<Record action='/done' timeout='2'/>"
    who = person("mishears: 1, reactions: [{hears: (beep), say: 'no four', delay: 1}]")
    rig = Rig(who, speaks=Letters(), voice=record, done="<Hangup/>")
    rig.run()
    (form,) = rig.app.forms("/done")
    (recording,) = rig.world.recordings.values()
    assert recording.words == ["no four"]
    path = form["RecordingUrl"].removeprefix("https://api.twilio.com")
    answer = rig.client.http_client._app.test_client().get(path, auth=(ACCOUNT, TOKEN))
    with wave.open(io.BytesIO(answer.data)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    sound = mulaw.encode(samples)
    assert len(samples) / 8000 == pytest.approx(int(form["RecordingDuration"]), abs=0.5)
    assert said("no", "four") in sound
    # The person begins a second after the beep's beginning, and that lasts half a second.
    assert sound.index(letters("no")) / 8000 == pytest.approx(1.0, abs=0.01)


def test_recording_of_whoever_hangs_up_has_what_they_said() -> None:
    record = "<Record action='/done' playBeep='false'/>"
    rig = Rig(person("greeting: a b c d e, patience: 2"), speaks=Letters(), voice=record, done="<Hangup/>")
    rig.run()
    (recording,) = rig.world.recordings.values()
    assert rig.app.forms("/done")[0]["Digits"] == "hangup"
    # The greeting was begun before the document came, a tenth of a second after the answer.
    heard = recording.sound.rstrip(b"\xff")
    assert said("a", "b", "c", "d", "e").endswith(heard)
    assert len(heard) > 2800
    assert len(recording.sound) / 8000 == pytest.approx(2.4, abs=0.1)


# The sound of a call is not kept when nobody can ask for it any more.
def test_sound_is_let_go_with_its_call() -> None:
    _, _, call = listened(person(ANSWERS))
    assert call.speech._spoken == []


# A redirect in the midst of what the person says does not silence the person.
def test_redirect_does_not_cut_the_person() -> None:
    ears = Ears()
    who = person("reactions: [{hears: you there, say: a b c d e f g h, interrupt: 0.3}], patience: 20")
    rig = Rig(who, accept=ears.accept, speaks=Letters(), voice=INBOUND + ASK, moved="<Pause length='4'/>")
    call = rig.place()
    while not call.entries("spoke"):
        rig.queue.run_next()
    rig.queue.run_for(0.2)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert said("a", "b", "c", "d", "e", "f", "g", "h") in ears.sound()
    assert call.entries("cut") == ["Are you there?"]


def test_the_same_seed_sounds_the_same() -> None:
    heard = []
    for _ in range(2):
        ears = Ears()
        Rig(person(ANSWERS), accept=ears.accept, speaks=ToneVoice(), voice=INBOUND + ASK).run()
        heard.append(ears.heard)
    assert heard[0] == heard[1]
    assert any(frame["media"]["payload"] != base64.b64encode(SILENT).decode() for frame in heard[0][2:-1])
