"""Whoever missed our call and rings back goes on where we wanted to begin, if the campaign's flow allows it.

Rule: one person, one call. Their inbound call carries the enrolment from then on: a dial that is on its way is called
off, and what becomes of it does not touch the enrolment any more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.bundle import Bundle
from voicebot.flows.state import State
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.store import calls, enrolments, leads, outbox, suppressions
from voicebot.store.database import Row
from voicebot.timestamps import plus

log = logging.getLogger(__name__)

DAYS = 7
"""For how long after a dial that did not reach them somebody still rings back because of it; a figure of ours."""


@dataclass(frozen=True)
class RingBack:
    """The enrolment that an inbound call continues, with its lead (a row of `store.leads.lead`) and its flow."""

    enrolment: Row
    lead: Row
    flow_pin: str


def missed(centre: Centre, number: Row, at: str) -> RingBack | None:
    """What somebody ringing from `number` has missed: a call they were promised, else our last dial. None for nothing.

    Nobody who has opted out, or speaks with us on another line, is taken for somebody who rings back.
    """
    person_id = number["person_id"]
    if suppressions.is_suppressed(centre.db, number["hash"]):
        return None
    if any(_is_talking(call) for call in calls.live_of_person(centre.db, person_id, number["hash"])):
        return None
    for enrolment in enrolments.missed(centre.db, person_id, plus(at, -DAYS * 24 * 3600)):
        bundle = _flow(centre, enrolment["flow_pin"])
        lead = leads.lead(centre.db, enrolment["lead_id"])
        if lead and bundle and bundle.flows[bundle.main].inbound == "continue":
            return RingBack(enrolment, lead, enrolment["flow_pin"])
    return None


def call_off(centre: Centre, number: Row, at: str) -> None:
    """Have every dial to this person called off once the transaction is committed."""
    for call in calls.live_of_person(centre.db, number["person_id"], number["hash"]):
        if call["direction"] == "outbound":
            outbox.add(centre.db, "cancel", "call", call["id"], at)


def _is_talking(call: Row) -> bool:
    """Whether a person speaks with us on a call; one that their machine has answered does not count."""
    return bool(call["direction"] == "inbound" or State.model_validate_json(call["state"]).spoke)


def _flow(centre: Centre, pin: str) -> Bundle | None:
    try:
        return pinned_bundle(centre.db, pin)
    except OutsideError:
        raise
    except VoicebotError as fault:  # the caller still hears the centre's own flow
        log.error("%s", fault)
        return None
