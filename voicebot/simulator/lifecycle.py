"""The life of a call from queued to its end, and the status callbacks that tell of it."""

from __future__ import annotations

from email.utils import format_datetime

from voicebot.simulator.call import MOVES, SimCall
from voicebot.simulator.problems import Problem
from voicebot.simulator.races import held_up, in_turn, nothing
from voicebot.simulator.script import Cut, Ended, Process, Script
from voicebot.simulator.signals import ChildEnded
from voicebot.simulator.webhooks import Delivery, Webhook

# Seconds: from dialling to the first ring, and until the network answers for a line that does not ring through.
FIRST_RING, BUSY_TONE, UNREACHABLE = 0.6, 1.5, 1.0
# status -> the event a StatusCallbackEvent names; every other status ends a call and counts as `completed`.
EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
# How a line ends that does not ring: status, SIP code, seconds after the dialling.
REFUSALS = {"busy": ("busy", 486, BUSY_TONE), "does_not_exist": ("failed", 404, UNREACHABLE)}


def place(call: SimCall) -> None:
    """Dial: the call leaves the queue and rings, unless the line refuses it at once."""
    if call.is_over:
        return
    tell(call, "initiated")
    if call.pickup.line in REFUSALS:
        status, code, seconds = REFUSALS[call.pickup.line]
        call.plan(seconds, lambda: finish(call, status, code))
    else:
        call.plan(FIRST_RING, lambda: ring(call))


def ring(call: SimCall) -> None:
    """The telephone rings until somebody takes it, refuses it, or the ring time is over."""
    pickup = call.pickup
    move(call, "ringing")
    if pickup.rings < call.ring_seconds and pickup.line == "answers":
        call.plan(pickup.rings, lambda: answer(call))
    elif pickup.rings < call.ring_seconds and pickup.line == "declines":
        call.plan(pickup.rings, lambda: finish(call, "busy", 603))
    else:
        call.plan(call.ring_seconds, lambda: finish(call, "no-answer", 487))


def answer(call: SimCall) -> None:
    """A call of ours is taken: its first script begins."""
    _open(call)
    run(call, call.script(call))


def _open(call: SimCall) -> None:
    """The line is open, and whoever is at its other end listens."""
    call.start = call.world.queue.now()
    move(call, "in-progress")
    call.plan(call.time_limit, lambda: finish(call, "completed"))
    if call.mind:
        call.mind.answered()


def answer_inbound(call: SimCall) -> None:
    """An inbound call is open as soon as the app does anything but reject it."""
    if call.direction == "inbound" and call.status == "ringing":
        _open(call)


def run(call: SimCall, script: Script[None]) -> None:
    """Let `script` be what happens on the call from now on. The call ends when it does."""
    if call.is_over:
        raise ValueError(f"call {call.sid} is over, and nothing more can happen on it")
    call.process = Process(call.world.queue, script, lambda reason: _script_ended(call, reason))
    call.process.start()


def _script_ended(call: SimCall, reason: Exception | None) -> None:
    if not isinstance(reason, Cut):
        finish(call, "completed")


def redirect(call: SimCall, script: Script[None]) -> None:
    """Cut what the call is doing and let it do something else."""
    if call.process:
        call.process.interrupt(Cut())
    run(call, script)


def finish(call: SimCall, status: str, sip_code: int = 200) -> None:
    """End the call. Ending what is over changes nothing."""
    if call.is_over:
        return
    call.end = call.world.queue.now()
    call.sip_code = sip_code
    while call.timers:
        call.timers.pop().cancel()
    move(call, status)
    if call.mind:
        call.mind.ended()
    for stream in call.streams:
        stream.stop()
    if call.process:
        call.process.interrupt(Ended())
    call.speech.forget()
    if call.parent:
        call.parent.signal(ChildEnded(call))


def move(call: SimCall, status: str) -> None:
    """Change the status along `MOVES` and tell whoever asked for it; a call canceled in the queue tells nobody."""
    never_dialled = call.status == "queued" and status == "canceled"
    if status not in MOVES[call.status]:
        raise ValueError(f"call {call.sid} cannot go from {call.status} to {status}")
    call.status, call.updated = status, call.world.queue.now()
    call.note("line", "status", status)
    if not never_dialled:
        tell(call, status)


def tell(call: SimCall, status: str) -> None:
    """Send the status callback for `status`, if it was asked for."""
    callback = call.status_callback
    if callback is None or EVENTS.get(status, "completed") not in callback.events:
        return
    form = call.form() | {
        "CallStatus": status,
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.callbacks_sent),
        "Timestamp": format_datetime(call.world.queue.now()),
    }
    if call.is_over:
        minutes = -(-call.duration // 60)
        form |= {"CallDuration": str(call.duration), "Duration": str(minutes), "SipResponseCode": str(call.sip_code)}
    call.callbacks_sent += 1
    hook = Webhook(callback.method, callback.url, form)
    let_go = held_up(call) if call.is_over else nothing

    def answered(delivery: Delivery) -> None:
        _callback_answered(call, delivery)
        let_go()

    def send() -> None:
        call.world.courier.send(hook, answered, is_callback=True)

    if call.is_over:
        in_turn(call, send)
    else:
        send()


def _callback_answered(call: SimCall, delivery: Delivery) -> None:
    """Record a callback that failed, or whose answer Twilio would complain about."""
    if delivery.problem:
        call.world.notify(delivery.problem, call)
    elif delivery.response and delivery.response.status != 204:
        kind = delivery.response.content_type.partition(";")[0].strip()
        if delivery.response.body and kind not in ("text/xml", "application/xml", "text/html"):
            problem = Problem(15003, f'answer 204, or 200 with XML; the answer was of type "{kind}"')
            call.world.notify(problem, call)
