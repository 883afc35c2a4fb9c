"""Call queues: Enqueue, Leave, Dial's Queue, and the REST resources of queues and their members.

https://www.twilio.com/docs/voice/twiml/enqueue, .../queue, .../leave, https://www.twilio.com/docs/voice/api/queue-resource
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from tests.simulator.rig import AGENT, BASE, THEIRS, Answer, Rig
from voicebot.simulator.call import SimCall

OTHER = "+12025550177"
CALLEES = f"""
personas:
  caller: {{rings: 1, greeting: '', patience: 300, talks_for: 300}}
  agent: {{rings: 1, greeting: '', patience: 300, talks_for: 10}}
  leaver: {{rings: 1, greeting: '', patience: 8}}
numbers: {{'{THEIRS}': caller, '{OTHER}': caller, '{AGENT}': agent, '+12025550111': leaver}}
"""
WAIT = '<Enqueue action="/after" waitUrl="/wait">support</Enqueue><Say>Below.</Say>'
TAKE = '<Dial action="/taken" {}><Queue {}>support</Queue></Dial>'


def rig(voice: str = WAIT, take: str = TAKE.format("", ""), **documents: Answer) -> Rig:
    more: dict[str, Answer] = {"wait": "<Say>You are waiting.</Say><Pause length='5'/>", "after": "<Say>After.</Say>"}
    return Rig(CALLEES, more=more | documents, voice=voice, take=take, taken="<Hangup/>")


def waiting(rigged: Rig, to: str = THEIRS, seconds: float = 5) -> SimCall:
    """A call that has been in the queue for some seconds."""
    call = rigged.place(to=to)
    rigged.queue.run_for(seconds)
    return call


def taking(rigged: Rig) -> SimCall:
    return rigged.place(to=AGENT, url=f"{BASE}/take")


# <Enqueue>, "waitUrl": the document is asked for again when it has come to its end, with five parameters of the queue.
def test_wait_url_is_repeated_and_told_of_the_queue() -> None:
    rigged = rig()
    waiting(rigged)
    waiting(rigged, OTHER, seconds=12)
    first, second = (rigged.app.forms("/wait")[place] for place in (0, 1))
    assert (first["QueuePosition"], first["CurrentQueueSize"], first["QueueTime"]) == ("1", "1", "0")
    assert (second["QueuePosition"], second["CurrentQueueSize"]) == ("2", "2")
    assert first["QueueSid"] == second["QueueSid"]
    assert int(second["AvgQueueTime"]) >= 1
    assert len(rigged.app.forms("/wait")) > 3


# <Enqueue>, "action": asked when the bridged parties have parted; QueueResult values: bridged.
def test_dequeued_caller_talks_and_then_asks_the_action() -> None:
    rigged = rig()
    caller = waiting(rigged)
    agent = taking(rigged)
    rigged.queue.run_all()
    (form,) = rigged.app.forms("/after")
    assert (form["QueueResult"], caller.entries("said")[-1]) == ("bridged", "After.")
    assert 4 <= int(form["QueueTime"]) <= 9
    (taken,) = rigged.app.forms("/taken")
    assert (taken["DialCallStatus"], taken["DialCallSid"], taken["DialCallDuration"]) == (
        "completed", caller.sid, "10",
    )  # fmt: skip
    assert caller.entries("bridged") == [agent.sid]


# <Queue>: the one who has waited longest comes first; whoever dials an empty queue waits for the next who joins.
def test_first_come_first_served_and_an_early_agent_waits() -> None:
    rigged = rig()
    first, second = waiting(rigged), waiting(rigged, OTHER)
    taking(rigged)
    rigged.queue.run_for(4)
    assert (first.entries("bridged") != [], second.entries("bridged")) == (True, [])
    early = rig()
    early.world.queues.open("support")
    taking(early)
    early.queue.run_for(10)
    caller = waiting(early, seconds=4)
    assert caller.entries("bridged")


# <Queue>, "url": carried out on the queued caller's end before the two are connected; its request parameters.
def test_whisper_is_heard_by_the_one_who_waited() -> None:
    rigged = rig(take=TAKE.format("", 'url="/whisper"'), whisper="<Say>An agent comes.</Say>")
    caller = waiting(rigged)
    agent = taking(rigged)
    rigged.queue.run_all()
    (form,) = rigged.app.forms("/whisper")
    assert (form["CallSid"], form["DequeingCallSid"]) == (caller.sid, agent.sid)
    assert caller.entries("said", "bridged")[-3:] == ["An agent comes.", agent.sid, "After."]


# <Queue>: the Dial's timeout holds for an empty queue; a queue that does not exist is an error to the action.
@pytest.mark.parametrize(("exists", "status"), [(True, "no-answer"), (False, "failed")])
def test_nobody_to_talk_to(exists: bool, status: str) -> None:
    rigged = rig(take=TAKE.format('timeout="9"', ""))
    if exists:
        rigged.world.queues.open("support")
    agent = taking(rigged)
    rigged.queue.run_all()
    (form,) = rigged.app.forms("/taken")
    assert form["DialCallStatus"] == status
    assert (agent.duration >= 9) == exists


# <Leave>: out of the queue, and on with what follows the Enqueue (or its action).
def test_leaving_goes_on_below() -> None:
    rigged = rig(WAIT.replace('action="/after" ', ""), wait="<Say>Wait.</Say><Leave/><Say>Never heard.</Say>")
    assert waiting(rigged, seconds=60).entries("said") == ["Wait.", "Below."]
    rigged = rig(wait="<Leave/>")
    waiting(rigged, seconds=60)
    (form,) = rigged.app.forms("/after")
    assert form["QueueResult"] == "leave"


# <Enqueue>, "waitUrl": Gather may stand in it, and its action's document is part of the waiting.
def test_key_leaves_the_queue() -> None:
    callees = CALLEES.replace("caller: {", "caller: {reactions: [{hears: press 1, press: '1'}], ", 1)
    rigged = rig(
        wait='<Gather numDigits="1" action="/pressed"><Say>Press 1 to leave.</Say></Gather>', pressed="<Leave/>"
    )
    rigged = Rig(callees, more={path[1:]: document for path, document in rigged.app.documents.items()})
    assert waiting(rigged, seconds=60).entries("said") == ["Press 1 to leave.", "After."]


# QueueResult values: hangup, queue-full, error; the action is told of each.
@pytest.mark.parametrize(
    ("wait", "number", "result"),
    [
        ("<Say>You are waiting.</Say><Pause length='5'/>", "+12025550111", "hangup"),
        ("<Dial>+12025550199</Dial>", THEIRS, "error"),
        (("", 500), THEIRS, "error"),
    ],
)
def test_queue_results(wait: Answer, number: str, result: str) -> None:
    callees = CALLEES.replace("patience: 8", "reactions: [{hears: waiting, hang_up: true}]")
    model = rig(wait=wait)
    rigged = Rig(callees, more={path[1:]: document for path, document in model.app.documents.items()})
    waiting(rigged, number, seconds=60)
    (form,) = rigged.app.forms("/after")
    assert form["QueueResult"] == result
    assert not rigged.world.queues.open("support").members


def test_full_queue_takes_nobody() -> None:
    rigged = rig()
    rigged.client.queues.create("support", max_size=1)
    waiting(rigged)
    refused = waiting(rigged, OTHER, seconds=10)
    (form,) = rigged.app.forms("/after")
    assert (form["QueueResult"], form["CallSid"], "QueueSid" in form) == ("queue-full", refused.sid, False)


# Member resource, "Update a Member": out of the queue to another document; the action is told at once, and not obeyed.
def test_member_is_redirected_by_rest() -> None:
    rigged = rig(moved="<Say>Moved.</Say>")
    caller = waiting(rigged)
    (queue,) = rigged.client.queues.list()
    assert (queue.friendly_name, queue.current_size, queue.max_size) == ("support", 1, 1000)
    front = rigged.client.queues(queue.sid).members("Front").fetch()
    assert (front.call_sid, front.position) == (caller.sid, 1)
    rigged.client.queues(queue.sid).members("Front").update(url=f"{BASE}/moved")
    rigged.queue.run_for(30)
    assert caller.entries("said")[-1] == "Moved."
    assert rigged.app.forms("/after")[0]["QueueResult"] == "redirected"


def test_redirected_while_bridged() -> None:
    rigged = rig(moved="<Say>Moved.</Say>")
    caller = waiting(rigged)
    agent = taking(rigged)
    rigged.queue.run_for(4)
    rigged.client.calls(caller.sid).update(url=f"{BASE}/moved")
    rigged.queue.run_all()
    assert rigged.app.forms("/after")[0]["QueueResult"] == "redirected-from-bridged"
    assert (caller.entries("said")[-1], agent.status) == ("Moved.", "completed")


# Queue resource: create, fetch, update, list members, delete an empty one.
def test_queue_resource() -> None:
    rigged = rig()
    made = rigged.client.queues.create("support")
    assert rigged.client.queues(made.sid).update(max_size=7).max_size == 7
    caller = waiting(rigged)
    assert [member.call_sid for member in rigged.client.queues(made.sid).members.list()] == [caller.sid]
    assert rigged.client.queues(made.sid).members(caller.sid).fetch().wait_time >= 0
    client = rigged.client
    refused: list[Callable[[], object]] = [
        lambda: client.queues.create("support"),
        lambda: client.queues(made.sid).delete(),
        lambda: client.queues("support").fetch(),
        lambda: client.queues(made.sid).members("CA0").fetch(),
        lambda: client.queues.create("x" * 65),
    ]
    for request in refused:
        with pytest.raises(TwilioRestException):
            request()
    rigged.client.calls(caller.sid).update(status="completed")
    rigged.queue.run_all()
    assert rigged.client.queues(made.sid).delete()
    assert rigged.client.queues.list() == []
