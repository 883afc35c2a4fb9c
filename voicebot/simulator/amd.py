"""Answering machine detection: who is taken to have answered, and when that is known."""

from __future__ import annotations

from voicebot.simulator import chance
from voicebot.simulator.call import SimCall
from voicebot.simulator.callees.model import DetectionErrors, Persona
from voicebot.simulator.documents import inform
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Script, Wait

# (what it is, whether the end of the greeting is waited for) -> what a faultless detection says
FAULTLESS = {
    ("human", False): "human",
    ("human", True): "human",
    ("machine", False): "machine_start",
    ("machine", True): "machine_end_beep",
    ("fax", False): "fax",
    ("fax", True): "fax",
}


def verdict(
    persona: Persona, errors: DetectionErrors, seed: int, *, wait_for_end: bool, beep_after: float = 0.0
) -> tuple[str, float]:
    """The AnsweredBy of Twilio and the seconds it takes to come to it, with chance's errors in it.

    `beep_after` is when a machine beeps, in seconds from its answer.
    """
    seconds = chance.between(errors.seconds, seed, "amd seconds")
    draw = chance.fraction(seed, "amd")
    taken_for = persona.kind
    if draw < errors.unknown:
        return persona.amd or "unknown", seconds
    if persona.kind == "human" and draw < errors.unknown + errors.human_as_machine:
        taken_for = "machine"
    elif persona.kind == "machine" and draw < errors.unknown + errors.machine_as_human:
        taken_for = "human"
    answered_by = persona.amd or FAULTLESS[taken_for, wait_for_end]
    if wait_for_end and answered_by == "machine_end_beep" and persona.kind == "machine":
        seconds = max(seconds, beep_after + 0.5)
    return answered_by, seconds


def detect(call: SimCall) -> Script[None]:
    """Wait for the verdict, or let it come by itself when the detection is asynchronous."""
    detection = call.detection
    if detection is None or call.mind is None:
        return
    mind = call.mind
    answered_by, seconds = verdict(
        mind.persona,
        call.world.callees.detection,
        mind.seed,
        wait_for_end=detection.wait_for_end,
        beep_after=mind.beep_after,
    )
    if seconds > detection.timeout:
        answered_by, seconds = "unknown", detection.timeout
    if detection.asynchronous:
        call.plan(seconds, lambda: _tell(call, answered_by, seconds))
        return
    yield Wait(seconds)
    call.answered_by = answered_by
    call.note("line", "detected", answered_by)


def _tell(call: SimCall, answered_by: str, seconds: float) -> None:
    """Tell the AsyncAmdStatusCallback; it is given neither From nor To."""
    call.answered_by = answered_by
    call.note("line", "detected", answered_by)
    callback = call.detection.callback if call.detection else None
    if callback is None:
        call.world.notify(Problem(21262, ""), call)
        return
    form = {
        "CallSid": call.sid,
        "AccountSid": call.world.account_sid,
        "AnsweredBy": answered_by,
        "MachineDetectionDuration": str(round(seconds * 1000)),
    }
    inform(call, callback.method, callback.url, form)
