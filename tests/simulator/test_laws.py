"""Whatever an application answers, whoever is called and whatever REST does meanwhile: calls keep to their laws."""

from __future__ import annotations

import contextlib
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from tests.simulator.rig import AGENT, BASE, THEIRS, Rig
from voicebot.simulator import DirectSocket, Faults, RaceOrder, ToneVoice
from voicebot.simulator.call import MOVES, TERMINAL, SimCall

PATHS = ("voice", "a", "b", "c")
SAY = "<Say>Hello, this is a prompt.</Say>"
target = st.sampled_from([f"/{path}" for path in PATHS])
host = st.sampled_from(["app.test", "nobody.test"])
leaf = st.sampled_from([SAY, "<Pause length='3'/>", "<Play>/x.mp3</Play>", "<Hangup/>", "<Reject/>", "<Bad/>", ""])


def gathers(action: str, inputs: str) -> str:
    return f'<Gather input="{inputs}" action="{action}" numDigits="2" timeout="3" speechTimeout="1">{SAY}</Gather>'


verb = st.one_of(
    leaf,
    st.builds(gathers, target, st.sampled_from(["dtmf", "speech", "dtmf speech"])),
    st.builds("<Record action='{}' timeout='2' maxLength='9'/>".format, target),
    st.builds("<Redirect>{}</Redirect>".format, target),
    st.builds("<Dial action='{}' timeout='9'>{}</Dial>".format, target, st.just(AGENT)),
    st.builds("<Dial><Number url='{}'>{}</Number><Number>+12025550177</Number></Dial>".format, target, st.just(AGENT)),
    st.builds(
        "<Dial action='{}'><Conference endConferenceOnExit='{}' waitUrl='{}'>room</Conference></Dial>".format,
        target,
        st.sampled_from(["true", "false"]),
        target,
    ),
)
queueing = st.one_of(
    st.builds("<Enqueue action='{}' waitUrl='{}'>line</Enqueue>".format, target, target),
    st.builds("<Dial action='{}' timeout='9'><Queue url='{}'>line</Queue></Dial>".format, target, target),
    st.sampled_from(["<Leave/>", "<Enqueue maxQueueSize='1'>line</Enqueue>", "<Dial><Queue>line</Queue></Dial>"]),
    st.builds("<Connect><Stream url='wss://{}/x' statusCallback='{}'/></Connect>".format, host, target),
    st.builds("<Start><Stream url='wss://{}/x'/></Start>".format, host),
)
verb = st.one_of(verb, verb, queueing)
document = st.lists(verb, max_size=4).map("".join)
act = st.sampled_from(["press: '1'", "press: '12#'", "say: yes please", "silence: true", "hang_up: true"])
span = st.sampled_from(["delay: 0.5", "delay: 4", "interrupt: 0.3"])
reaction = st.builds("{{{}, {}, times: 2}}".format, act, span)
person = st.builds(
    "kind: {}, rings: {}, patience: 9, talks_for: {}, turns: 5, line: {}, reactions: [{}]".format,
    st.sampled_from(["human", "human", "machine"]),
    st.integers(0, 15),
    st.integers(0, 20),
    st.sampled_from(["answers", "answers", "answers", "busy", "no_answer"]),
    st.lists(reaction, max_size=3).map(", ".join),
)
update = st.one_of(
    st.builds(lambda path: {"url": f"{BASE}{path}"}, target),
    st.sampled_from([{"status": "completed"}, {"status": "canceled"}, {"twiml": f"<Response>{SAY}</Response>"}]),
)


NASTY = Faults(doubled=0.3, delayed=0.3, reordered=0.3, dropped=0.2, timed_out=0.2)
BAD_LINE = Faults(gaps=0.5, jitter=0.5, noise=0.3, frames_lost=0.5, stream_broken=0.5, stream_refused=0.3)


def brief(socket: DirectSocket) -> None:
    """An application that closes a stream as soon as it has begun."""
    socket.on_message = lambda text: socket.close() if '"start"' in text else None


@settings(max_examples=120, deadline=None)
@given(
    documents=st.lists(document, min_size=len(PATHS), max_size=len(PATHS)),
    people=st.tuples(person, person, person),
    faults=st.sampled_from([None, NASTY, BAD_LINE]),
    speaks=st.sampled_from([None, ToneVoice()]),
    race=st.sampled_from(RaceOrder),
    updates=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2), update), max_size=4),
)
def test_calls_keep_to_their_laws(
    documents: list[str],
    people: tuple[str, ...],
    faults: Faults | None,
    speaks: ToneVoice | None,
    race: RaceOrder,
    updates: list[tuple[int, int, dict[str, str]]],
) -> None:
    numbers = (THEIRS, AGENT, "+12025550177")
    callees = "numbers:\n" + "".join(f"  '{number}': {{{who}}}\n" for number, who in zip(numbers, people, strict=True))
    answers = dict(zip(PATHS, documents, strict=True))
    rig = Rig(callees, more=answers, accept=brief, faults=faults, speaks=speaks, race=race, idle_gather_asks=True)
    for number in (THEIRS, AGENT):
        rig.place(to=number, time_limit=90, status_callback=f"{BASE}/status", fallback_url=f"{BASE}/a")

    def change(place: int, parameters: dict[str, str]) -> None:
        calls = list(rig.world.calls)
        with contextlib.suppress(TwilioRestException):
            rig.client.calls(calls[place % len(calls)]).update(**parameters)

    for seconds, place, parameters in updates:
        rig.queue.after(seconds, lambda place=place, parameters=parameters: change(place, parameters))  # type: ignore[misc]
    rig.queue.run_for(4000)
    check_laws(rig, [call for call in rig.world.calls.values() if call.parent is None])


def check_laws(rig: Rig, calls: list[SimCall]) -> None:
    """Every call has ended in time, along the table of moves; told once; and no conference holds the dead."""
    for call in calls:
        assert call.is_over
        assert call.duration <= 91
    for call in rig.world.calls.values():
        # A dialled party that was redirected goes its own way when the caller is gone.
        assert call.is_over or call.entries("redirected") or (call.parent and not call.parent.is_over)
        assert all(after in MOVES[before] for before, after in pairwise(call.entries("status")))
        assert [entry.at for entry in call.log] == sorted(entry.at for entry in call.log)
        ended = [place for place, entry in enumerate(call.log) if entry.text in TERMINAL]
        assert not any(entry.what in ("asked", "said", "listening") for place in ended for entry in call.log[place:])
    told = [form["CallSid"] for form in rig.app.forms("/status")]
    assert len(told) == len(set(told)) or rig.world.trouble.faults.doubled
    for conference in rig.world.conferences.by_sid.values():
        assert conference.participants or conference.status == "completed"
        assert not any(participant.call.is_over for participant in conference.participants)
    for queue in rig.world.queues.by_sid.values():
        assert not any(member.call.is_over for member in queue.members)
        assert not any(dialler.is_over for dialler in queue.diallers)
    assert all(stream.status == "stopped" for call in calls for stream in call.streams)
    assert all(call.speech.frame(call.created) is None for call in calls)
    assert rig.queue.next_time() is None or rig.world.frames._next is None
