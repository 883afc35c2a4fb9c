"""What happens on an agent's leg, each time in one transaction: whisper, keys, progress, and the provider's answer.

Rule: a leg's documents have numbers of their own; a request is answered once, its repeat gets the same bytes, and a
stale one the present document.
"""

from __future__ import annotations

from voicebot.agents import leg as rules
from voicebot.agents import transfer as transfer_rules
from voicebot.errors import VoicebotError
from voicebot.flows.events import Transferred, TransferResult
from voicebot.phone import agent_twiml
from voicebot.phone.params import RoomNews, StatusNews
from voicebot.services import conversation
from voicebot.services.calls import urls_of
from voicebot.services.centre import Centre
from voicebot.services.transfers import fail, leg_urls, requested, say, write_down
from voicebot.store import calls, documents, legs, outbox, seen, transfers
from voicebot.store.database import Row


class UnknownLegError(VoicebotError):
    """Nobody is rung under this id."""

    def __init__(self, leg_id: str) -> None:
        super().__init__(f"leg {leg_id}", "there is no such leg.", "")


# --- what the agent hears ---------------------------------------------------------------------------------------------


def answer(centre: Centre, leg_id: str, at: str) -> str:
    """The agent picked up: who is waiting, or that nobody is any more."""
    with centre.db.transaction():
        leg, transfer = _load(centre, leg_id)
        if leg["document"]:
            return _repeated(centre, leg, 0, "answered", at)
        if _move(centre, leg, "answered", at):
            body = agent_twiml.whisper(requested(transfer), leg_urls(centre, leg), 1)
        else:
            body = _nobody_waits(centre, leg)
        return say(centre, leg, at, "answered", body)


def press(centre: Centre, leg_id: str, document: int, digits: str, at: str) -> str:
    """The agent pressed a key after the whisper, or none (`digits` is empty)."""
    key = f"pressed:{digits}" if digits else "silence"
    with centre.db.transaction():
        leg, transfer = _load(centre, leg_id)
        if leg["document"] != document or leg["status"] != "whispering":
            return _repeated(centre, leg, document, key, at)
        request = requested(transfer)
        if digits == request.accept_key:
            return _accept(centre, leg, transfer, key, at)
        if digits != request.decline_key and document < rules.WHISPERS:
            return say(centre, leg, at, key, agent_twiml.whisper(request, leg_urls(centre, leg), document + 1))
        _leave(centre, leg, "decline" if digits == request.decline_key else "unheard", at)
        return say(centre, leg, at, key, agent_twiml.declined(request.whisper.language))


def document(centre: Centre, leg_id: str, at: str) -> str:
    """The leg was moved here: its present document."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        return _present(centre, leg, at)


def _repeated(centre: Centre, leg: Row, document: int, key: str, at: str) -> str:
    """The bytes that this very request was answered with, or the present document for one that is out of date."""
    repeat = documents.load_of_leg(centre.db, leg["id"], document + 1)
    return str(repeat["body"]) if repeat and repeat["event_key"] == key else _present(centre, leg, at)


def _present(centre: Centre, leg: Row, at: str) -> str:
    outbox.served(centre.db, "leg", leg["id"], leg["document"], at)
    present = documents.load_of_leg(centre.db, leg["id"], leg["document"])
    return str(present["body"]) if present else _nobody_waits(centre, leg)


def _accept(centre: Centre, leg: Row, transfer: Row, key: str, at: str) -> str:
    """Lead agent and caller into the room, if the caller still waits; the first to accept is the only one."""
    status = transfer_rules.moved(transfer["status"], "accept")
    if status is None:
        _move(centre, leg, "called_off", at)
        return say(centre, leg, at, key, _nobody_waits(centre, leg))
    _move(centre, leg, "accept", at)
    transfers.set_status(centre.db, transfer["id"], status, agent=leg["agent"])
    if not _tell(centre, leg, "accepted", at):
        transfers.end(centre.db, transfer["id"], "canceled", "caller_gone", at)
        _move(centre, _load(centre, leg["id"])[0], "called_off", at)
        return say(centre, leg, at, key, _nobody_waits(centre, leg))
    leg = _load(centre, leg["id"])[0]
    call = calls.load(centre.db, leg["call_id"])
    if leg["status"] != "joined" or call is None:  # telling the call has ended the transfer, and said so on this leg
        return _present(centre, leg, at)
    body = agent_twiml.join(requested(transfer), urls_of(call))
    return say(centre, leg, at, key, body)


def _nobody_waits(centre: Centre, leg: Row) -> str:
    transfer = _load(centre, leg["id"])[1]
    return agent_twiml.gone(requested(transfer).whisper.language)


# --- what the line tells ----------------------------------------------------------------------------------------------


def status(centre: Centre, leg_id: str, news: StatusNews, at: str) -> None:
    """Progress of the leg. News that came twice or too late changes nothing."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        if not seen.first_time(centre.db, f"leg:{leg_id}:{news.key}", leg["call_id"], at):
            return
        legs.set_sid(centre.db, leg_id, news.sid)
        if news.end:
            _ended(centre, leg, news.end, at)
        elif news.status == "ringing":
            _move(centre, leg, "ringing", at)


def _ended(centre: Centre, leg: Row, end: rules.LineEnd, at: str) -> None:
    before = leg["status"]
    if not _move(centre, leg, "gone", at):
        return
    if before in ("reserved", "posted", "ringing", "whispering"):
        _pass_on(centre, leg, rules.RESULT_OF_END[end], at)
    elif before == "joined":
        _parted(centre, leg, at)


def _parted(centre: Centre, leg: Row, at: str) -> None:
    """The agent left the room. A caller who had joined comes out by themselves; one who had not must be fetched."""
    transfer = transfers.load(centre.db, leg["transfer_id"])
    ended = transfer_rules.moved(transfer["status"], "parted") if transfer else None
    if transfer is None or ended is None:
        return
    transfers.end(centre.db, transfer["id"], ended, "ended", at)
    if transfer["status"] == "accepted":
        _tell(centre, leg, "ended", at)


def room(centre: Centre, call_id: str, number: int, news: RoomNews, at: str) -> None:
    """Somebody came into the room of a transfer: once both were in the same one, the two talk.

    A room that the first has left already closes, and the second, under the same name, comes into another, alone.
    """
    with centre.db.transaction():
        call = calls.load(centre.db, call_id)
        transfer = transfers.of_call(centre.db, call_id, number)
        if call is None or transfer is None or not seen.first_time(centre.db, f"{call_id}:{news.key}", call_id, at):
            return
        bridged = transfer_rules.moved(transfer["status"], "joined")
        if news.event == "participant-join" and bridged and _both_in(centre, call, news, at):
            transfers.set_status(centre.db, transfer["id"], bridged)
        write_down(centre, call_id, "room", at, event=news.event, transfer=number)


def _both_in(centre: Centre, call: Row, news: RoomNews, at: str) -> bool:
    """Note who came into this room; whether caller and agent have both been in it."""
    this, other = ("caller", "agent") if news.sid == call["sid"] else ("agent", "caller")
    room_key = f"{call['id']}:in:{news.conference}"
    seen.first_time(centre.db, f"{room_key}:{this}", call["id"], at)
    return seen.known(centre.db, f"{room_key}:{other}")


# --- what the provider answered when the leg was placed ---------------------------------------------------------------


def placed(centre: Centre, leg_id: str, sid: str, at: str) -> None:
    """The provider rings the agent. A cancellation that was written down meanwhile can now be carried out."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        legs.set_sid(centre.db, leg_id, sid)
        _move(centre, leg, "posted", at)


def refused(centre: Centre, leg_id: str, problem: str, at: str) -> None:
    """The provider did not place the leg: the next agent is rung."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        write_down(centre, leg["call_id"], "refused", at, leg=leg_id, problem=problem)
        if leg["status"] == "called_off":
            _move(centre, leg, "gone", at)
        elif _move(centre, leg, "refused", at):
            _pass_on(centre, leg, "failed", at)


def lost(centre: Centre, leg_id: str, problem: str, at: str) -> None:
    """Nobody knows whether the leg rings. It is given up, so that an agent who answers it hears that nobody waits."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        write_down(centre, leg["call_id"], "lost", at, leg=leg_id, problem=problem)
        if leg["status"] in ("reserved", "posted") and _move(centre, leg, "called_off", at):
            outbox.add(centre.db, "cancel", "leg", leg_id, at)
            _pass_on(centre, leg, "failed", at)


def found_ended(centre: Centre, leg_id: str, end: rules.LineEnd, at: str) -> None:
    """The leg has ended, as the provider says when it is asked."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        write_down(centre, leg["call_id"], "found_ended", at, leg=leg_id)
        _ended(centre, leg, end, at)


def overdue(centre: Centre, leg_id: str, at: str) -> None:
    """No news came for longer than a leg can last: it counts as ended, and its agent is free again."""
    with centre.db.transaction():
        leg, _ = _load(centre, leg_id)
        write_down(centre, leg["call_id"], "overdue", at, leg=leg_id)
        _ended(centre, leg, "no_answer", at)


# --- shared -----------------------------------------------------------------------------------------------------------


def _leave(centre: Centre, leg: Row, news: rules.LegNews, at: str) -> None:
    if _move(centre, leg, news, at):
        _pass_on(centre, leg, rules.RESULT_OF_KEY[news], at)


def _pass_on(centre: Centre, leg: Row, result: rules.LegResult, at: str) -> None:
    """This agent did not take it: the next one, or the call is told."""
    transfer = transfers.load(centre.db, leg["transfer_id"])
    news = fail(centre, transfer, result, at) if transfer else None
    if news is not None:
        _tell(centre, leg, news.result, at)


def _tell(centre: Centre, leg: Row, result: TransferResult, at: str) -> bool:
    """Tell the call; False when its line goes on as it is."""
    news = Transferred(at=at, result=result, agent=leg["agent"])
    return conversation.notice(centre, leg["call_id"], news, f"leg:{leg['id']}:{result}")


def _move(centre: Centre, leg: Row, news: rules.LegNews, at: str) -> bool:
    status = rules.moved(leg["status"], news)
    if status is None:
        return False
    legs.set_status(centre.db, leg["id"], status, at)
    write_down(centre, leg["call_id"], news, at, leg=leg["id"], agent=leg["agent"])
    return True


def _load(centre: Centre, leg_id: str) -> tuple[Row, Row]:
    leg = legs.load(centre.db, leg_id)
    transfer = transfers.load(centre.db, leg["transfer_id"]) if leg else None
    if leg is None or transfer is None:
        raise UnknownLegError(leg_id)
    return leg, transfer
