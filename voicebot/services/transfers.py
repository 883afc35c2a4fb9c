"""A transfer's beginning and end: who is rung, who is next, and what is called off. Inside the caller's transaction."""

from __future__ import annotations

from typing import Any

from voicebot.agents import leg as legs_rules
from voicebot.agents import transfer as rules
from voicebot.agents.roster import Agent
from voicebot.agents.routing import next_agent
from voicebot.flows.actions import CancelTransfer, StartTransfer
from voicebot.flows.events import Transferred, TransferResult
from voicebot.phone import agent_twiml
from voicebot.phone.urls import LegUrls, token
from voicebot.services.centre import Centre
from voicebot.store import calls, documents, journal, legs, outbox, transfers
from voicebot.store.database import Row
from voicebot.timestamps import plus


def start(centre: Centre, call: Row, request: StartTransfer, at: str) -> Transferred | None:
    """Begin a transfer and ring its first agent; the news of `nobody` when no agent is there."""
    transfer_id = transfers.insert(
        centre.db,
        call_id=call["id"],
        number=request.transfer,
        queue=request.queue,
        request=request.model_dump_json(),
        at=at,
        deadline_at=plus(at, request.timeout),
    )
    transfer = transfers.load(centre.db, transfer_id)
    assert transfer is not None  # noqa: S101
    if ring_next(centre, transfer, at):
        return None
    transfers.end(centre.db, transfer_id, "failed", "nobody", at)
    return Transferred(at=at, result="nobody")


def requested(transfer: Row) -> StartTransfer:
    """What the flow asked for."""
    return StartTransfer.model_validate_json(transfer["request"])


def ring_next(centre: Centre, transfer: Row, at: str) -> bool:
    """Ring the next agent of a transfer; False when there is none, or the caller has waited long enough."""
    earlier = legs.of_transfer(centre.db, transfer["id"])
    agent = _next(centre, transfer, {leg["agent"] for leg in earlier})
    if agent is None or at >= transfer["deadline_at"]:
        return False
    leg_id = f"{transfer['call_id']}-{transfer['number']}-{len(earlier) + 1}"
    legs.insert(
        centre.db,
        leg_id=leg_id,
        transfer_id=transfer["id"],
        call_id=transfer["call_id"],
        agent=agent.name,
        token=token(centre.settings.secret, leg_id),
        at=at,
    )
    outbox.add(centre.db, "ring", "leg", leg_id, at)
    write_down(centre, transfer["call_id"], "rung", at, leg=leg_id, agent=agent.name)
    return True


def _next(centre: Centre, transfer: Row, tried: set[str]) -> Agent | None:
    request = requested(transfer)
    if request.number:
        return None if tried else Agent(request.number, request.number, ())
    return next_agent(
        centre.roster,
        request.queue,
        request.whisper.language,
        busy=legs.busy_agents(centre.db),
        tried=tried,
        last_rung=legs.last_rung(centre.db),
    )


def cancel(centre: Centre, call: Row, action: CancelTransfer, at: str) -> None:
    """The caller is gone, has opted out or has waited long enough: nobody is to pick up for them any more."""
    transfer = transfers.of_call(centre.db, call["id"], action.transfer)
    if transfer is None:
        return
    status = rules.moved(transfer["status"], "canceled")
    if status is None:
        return
    talked = transfer["status"] == "bridged"
    transfers.end(centre.db, transfer["id"], status, "ended" if talked else action.why, at)
    if not talked:  # a talk ends by itself: whoever leaves the room ends it for both
        call_off(centre, transfer, at)


def call_off(centre: Centre, transfer: Row, at: str) -> None:
    """Take back the legs of a transfer: a ringing one is canceled; an agent who listens hears that nobody waits."""
    for leg in legs.of_transfer(centre.db, transfer["id"]):
        status = legs_rules.moved(leg["status"], "called_off")
        if status is None:
            continue
        legs.set_status(centre.db, leg["id"], status, at)
        if leg["status"] in ("whispering", "joined"):
            say(centre, leg, at, "called_off", agent_twiml.gone(requested(transfer).whisper.language))
            outbox.add(centre.db, "move", "leg", leg["id"], at, document=leg["document"] + 1)
        else:
            outbox.add(centre.db, "cancel", "leg", leg["id"], at)


def fail(centre: Centre, transfer: Row, result: TransferResult, at: str) -> Transferred | None:
    """One agent did not take it: ring the next one, or tell the call why the last of them did not."""
    if transfer["status"] != "ringing" or ring_next(centre, transfer, at):
        return None
    transfers.end(centre.db, transfer["id"], "failed", result, at)
    return Transferred(at=at, result=result)


# --- an agent's leg ---------------------------------------------------------------------------------------------------


def say(centre: Centre, leg: Row, at: str, key: str, body: str) -> str:
    """Keep `body` as the leg's next document."""
    number = leg["document"] + 1
    documents.insert_of_leg(centre.db, leg["id"], number, key, body, at)
    legs.set_document(centre.db, leg["id"], number)
    return body


def leg_urls(centre: Centre, leg: Row) -> LegUrls:
    """The addresses of a leg: at the base URL that its call began with."""
    call = calls.load(centre.db, leg["call_id"])
    assert call is not None  # noqa: S101  (a foreign key says so)
    return LegUrls(call["base_url"], leg["id"], leg["token"])


def write_down(centre: Centre, call_id: str, what: str, at: str, *, problem: str = "", **facts: Any) -> None:
    """Journal the news of a leg with its call. `problem` is the provider's words, which may quote a number."""
    private = {"problem": problem} if problem else None
    journal.append(centre.db, ("call", call_id), f"leg_{what}", at, facts, private=private)
