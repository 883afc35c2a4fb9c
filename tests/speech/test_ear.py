from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.speech.voices import FRAME, HumEngine, hum, noise, say, silence
from voicebot.speech.barge_in import BargeIn
from voicebot.speech.ear import Broken, CutIn, Ear, EarEvent, Listening, Said
from voicebot.speech.endpoint import LONGEST, PAUSES, pause_of

ASKED = Listening(1, "en-US")
PROMPT = Listening(1, "en-US", prompt="Well, press one to confirm please, three four seven.", prompt_ms=4000)


class Rig:
    """An ear on a line of frames of 20 ms, and what it told, with the moment (ms)."""

    def __init__(self, engine: HumEngine | None = None, listening: Listening = ASKED) -> None:
        self.engine = engine or HumEngine()
        self.ear = Ear({"en-US": self.engine}.get)
        self.now = 0
        self.told: list[tuple[int, EarEvent]] = []
        self.listen(listening)

    def listen(self, listening: Listening) -> None:
        self.told += [(self.now, event) for event in self.ear.listen(listening)]

    def hear(self, *sounds: bytes) -> Rig:
        sound = b"".join(sounds)
        for start in range(0, len(sound), FRAME):
            self.told += [(self.now + 20, event) for event in self.ear.feed(sound[start : start + FRAME], self.now)]
            self.now += 20
        return self

    def of(self, kind: type[EarEvent]) -> list[EarEvent]:
        return [event for _, event in self.told if isinstance(event, kind)]

    @property
    def said(self) -> list[tuple[int, str]]:
        return [(event.document, event.utterance.readings[0].text) for _, event in self.told if isinstance(event, Said)]


# --- the end of an utterance ---


def test_what_was_said_is_told_after_a_silence() -> None:
    rig = Rig().hear(silence(500), say("yes please"), silence(2000))
    assert rig.said == [(1, "yes please")]
    assert not rig.ear.speaking


@pytest.mark.parametrize("expects", sorted(PAUSES))
def test_the_silence_that_ends_an_answer_is_as_the_question_needs_it(expects: str) -> None:
    rig = Rig(listening=replace(ASKED, expects=expects))  # type: ignore[arg-type]
    rig.hear(silence(200), say("yes"), silence(3000))
    ((at, _),) = rig.told
    assert 0 <= at - 500 - PAUSES[expects] <= 40  # type: ignore[index]


def test_whoever_says_yes_is_answered_sooner_than_whoever_reads_out_digits() -> None:
    assert pause_of("yes_no", None) < pause_of("date", None) < pause_of("digits", None)
    assert pause_of("yes_no", 3) == 3000


def test_a_flow_may_wait_longer() -> None:
    rig = Rig(listening=replace(ASKED, speech_end=3.0)).hear(say("yes"), silence(2500), say("please"), silence(4000))
    assert rig.said == [(1, "yes please")]


def test_an_early_end_of_the_recognizers_own_is_joined_with_what_follows() -> None:
    rig = Rig(HumEngine(own_pause=200), replace(ASKED, expects="digits"))
    rig.hear(say("three"), silence(600), say("four"), silence(600), say("seven"), silence(2000))
    assert rig.said == [(1, "three four seven")]
    (said,) = rig.of(Said)
    assert isinstance(said, Said)
    assert [round(word.start, 1) for word in said.utterance.readings[0].words] == [0.0, 0.9, 1.8]


def test_a_caller_who_never_stops_is_cut_and_what_was_said_is_told() -> None:
    rig = Rig().hear(*(say("three four ") + silence(100) for _ in range(50)))
    first = next(at for at, event in rig.told if isinstance(event, Said))
    assert LONGEST <= first <= LONGEST + 200
    assert rig.said[0][1].startswith("three four three")


def test_voice_without_words_tells_nothing() -> None:
    rig = Rig(HumEngine()).hear(hum(700, 1500), silence(3000))
    assert rig.told == []
    assert not rig.ear.speaking


def test_words_too_soft_for_a_voice_are_told_all_the_same() -> None:
    """Steady noise hides the voice, yet the recognizer makes out words."""
    loud = noise(4000, 600)
    rig = Rig().hear(loud, say("yes"), loud)
    assert rig.said == [(1, "yes")]


def test_a_closed_line_gives_the_last_words() -> None:
    rig = Rig().hear(silence(200), say("stop"))
    assert [event.utterance.readings[0].text for event in rig.ear.finish() if isinstance(event, Said)] == ["stop"]
    assert all(recognizer.is_closed for recognizer in rig.engine.made)
    assert rig.ear.finish() == []


# --- which document an utterance belongs to ---


def test_an_utterance_belongs_to_the_document_on_which_it_began() -> None:
    rig = Rig().hear(silence(200), say("yes please"))
    rig.listen(Listening(2, "en-US"))
    rig.hear(silence(100), say("please"), silence(2000), say("no"), silence(2000))
    assert rig.said == [(1, "yes please please"), (2, "no")]


def test_what_was_just_said_stays_with_the_question_before() -> None:
    """Its words are not even known when the next document comes."""
    rig = Rig().hear(silence(200), say("yes"), silence(240))
    rig.listen(Listening(2, "en-US"))
    assert rig.hear(silence(300), say("no"), silence(2000)).said == [(1, "yes"), (2, "no")]


def test_what_goes_on_is_one_utterance() -> None:
    rig = Rig().hear(silence(200), say("three"), silence(300))
    rig.told += [(rig.now, event) for event in rig.ear.listen(Listening(2, "en-US"), goes_on=True)]
    assert rig.hear(say("four"), silence(2000)).said == [(1, "three four")]


COUGH = hum(700, 400) + silence(400)
TRAFFIC = (hum(900, 160) + silence(80)) * 12


@pytest.mark.parametrize("noise", [COUGH, TRAFFIC], ids=["cough", "traffic"])
def test_what_has_no_words_does_not_claim_the_answer_for_the_question_before(noise: bytes) -> None:
    rig = Rig().hear(silence(200), noise)
    assert rig.ear.speaking
    rig.listen(Listening(2, "en-US"))
    assert rig.hear(say("no"), silence(2000)).said == [(2, "no")]


# --- barging in ---


def test_words_enough_cut_the_prompt_and_go_on() -> None:
    rig = Rig(listening=PROMPT).hear(silence(500), say("no please"), silence(2000))
    assert [type(event) for _, event in rig.told] == [CutIn, Said]
    assert rig.told[0][0] <= 500 + 700 + 200
    assert rig.said == [(1, "no please")]


def test_a_long_voice_cuts_the_prompt_before_its_words_are_known() -> None:
    rig = Rig(HumEngine(), replace(PROMPT, barge_in=BargeIn(words=9, voice=600))).hear(silence(200), hum(9000, 1000))
    assert rig.of(CutIn) == [CutIn(1)]


def test_a_backchannel_neither_cuts_nor_answers() -> None:
    rig = Rig(listening=PROMPT).hear(silence(300), say("mhm"), silence(800), say("mhm mhm"), silence(1200))
    assert rig.told == []


def test_a_backchannel_after_the_prompt_is_an_answer() -> None:
    assert Rig(listening=PROMPT).hear(silence(4100), say("mhm"), silence(1500)).said == [(1, "mhm")]


def test_the_prompts_own_echo_neither_cuts_nor_answers() -> None:
    prompt = replace(PROMPT, prompt="Press one to confirm. Press one to confirm, or say no.")
    said = say("press one to confirm press one to confirm")
    assert Rig(listening=prompt).hear(silence(300), said, silence(1200)).told == []


def test_one_word_of_command_cuts_at_once() -> None:
    rig = Rig(listening=PROMPT).hear(silence(300), say("stop"), silence(200))
    assert rig.of(CutIn) == [CutIn(1)]


def test_a_short_answer_during_the_prompt_is_told_when_it_is_over() -> None:
    rig = Rig(listening=replace(PROMPT, expects="yes_no")).hear(silence(300), say("no"), silence(1000))
    assert [type(event) for _, event in rig.told] == [Said]


def test_nothing_is_cut_when_the_prompt_is_over() -> None:
    rig = Rig(listening=PROMPT).hear(silence(6000), say("yes please please"), silence(2000))
    assert rig.of(CutIn) == []


def test_a_prompt_that_nothing_may_cut() -> None:
    rig = Rig(listening=replace(PROMPT, barge_in=BargeIn(allowed=False)))
    rig.hear(silence(300), say("yes please please"), silence(4000), say("no"), silence(2000))
    assert [(event.beside, event.document) for event in rig.of(Said) if isinstance(event, Said)] == [
        (True, 1),
        (False, 1),
    ]
    assert rig.of(CutIn) == []


# --- the second opinion ---


def test_a_question_for_digits_has_a_second_opinion_behind_the_first() -> None:
    rig = Rig(listening=replace(ASKED, expects="digits")).hear(say("three well four"), silence(2000))
    (said,) = rig.of(Said)
    assert isinstance(said, Said)
    assert [reading.text for reading in said.utterance.readings] == ["three well four", "three four"]


@pytest.mark.parametrize(("expects", "dynamic"), [("yes_no", True), ("open", True), ("digits", False)])
def test_other_questions_and_engines_have_none(expects: str, dynamic: bool) -> None:
    rig = Rig(HumEngine(dynamic=dynamic), replace(ASKED, expects=expects))  # type: ignore[arg-type]
    rig.hear(say("three well"), silence(2000))
    assert len(rig.engine.made) == 1
    assert len(rig.said) == 1


def test_the_second_recognizer_is_given_back_after_its_question() -> None:
    rig = Rig(listening=replace(ASKED, expects="date")).hear(silence(100))
    rig.listen(Listening(2, "en-US"))
    assert [recognizer.is_closed for recognizer in rig.engine.made] == [False, True]


def test_a_second_opinion_that_breaks_is_done_without() -> None:
    rig = Rig(listening=replace(ASKED, expects="digits"))
    rig.engine.made[1].breaks_after = 0
    assert rig.hear(say("three four"), silence(2000)).said == [(1, "three four")]
    assert rig.of(Broken) == []


# --- what is broken ---


def test_a_broken_recognizer_is_told_once() -> None:
    rig = Rig(HumEngine(breaks_after=400)).hear(silence(1000), say("yes"), silence(2000))
    assert [type(event) for _, event in rig.told] == [Broken]
    assert rig.engine.made[0].is_closed


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_no_recognizer_for_the_language_or_none_to_be_had(language: str) -> None:
    rig = Rig(HumEngine(refuses=True), replace(ASKED, language=language))
    assert [event.why for event in rig.of(Broken) if isinstance(event, Broken)] == ["recognizer"]
    assert rig.hear(say("yes"), silence(2000)).of(Said) == []


def test_another_language_has_another_recognizer() -> None:
    engines = {"en-US": HumEngine(), "zh-CN": HumEngine()}
    rig = Rig()
    rig.ear = Ear(engines.get)
    rig.listen(ASKED)
    rig.hear(silence(500))
    rig.listen(replace(ASKED, document=2, language="zh-CN"))
    rig.hear(say("yes"), silence(2000))
    assert engines["en-US"].made[0].is_closed
    assert rig.said == [(2, "yes")]
    (said,) = rig.of(Said)
    assert isinstance(said, Said)
    assert said.utterance.readings[0].words[0].start == pytest.approx(0.5, abs=0.03)


# --- long and broken sound ---


def test_ten_minutes_of_silence_are_not_even_recognized() -> None:
    rig = Rig().hear(silence(600_000), say("yes"), silence(1200))
    assert rig.engine.made[0].fed < 5000
    assert rig.said == [(1, "yes")]
    (said,) = rig.of(Said)
    assert isinstance(said, Said)
    assert said.utterance.readings[0].words[0].start == pytest.approx(600, abs=0.05)


def _sent(sounds: bytes, order: Callable[[list[int]], list[int]]) -> Rig:
    rig = Rig(listening=replace(ASKED, speech_end=1.0))
    places = order(list(range(len(sounds) // FRAME)))
    for place in places:
        rig.told += [(0, event) for event in rig.ear.feed(sounds[place * FRAME : (place + 1) * FRAME], place * 20)]
    return rig


SENTENCE = silence(200) + say("three four seven") + silence(1500)


@pytest.mark.parametrize(
    "order",
    [
        lambda places: [place for place in places for _ in range(2)],
        lambda places: places[:60] + places[20:60] + places[60:],
        lambda places: [place for place in places if not 26 <= place < 30],
    ],
    ids=["every frame twice", "old frames again", "lost between words"],
)
def test_doubled_late_and_lost_frames(order: Callable[[list[int]], list[int]]) -> None:
    assert _sent(SENTENCE, order).said == [(1, "three four seven")]
