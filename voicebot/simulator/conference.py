"""Conferences: who is in them, when they begin and end, and the callbacks that tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from voicebot.simulator.call import Callback, SimCall
from voicebot.simulator.problems import Problem
from voicebot.simulator.signals import ConferenceEnded, ConferenceStarted
from voicebot.simulator.webhooks import Delivery, Webhook

if TYPE_CHECKING:
    from voicebot.simulator.world import World

# Word of statusCallbackEvent -> the events it asks for (https://www.twilio.com/docs/voice/twiml/conference)
CONFERENCE_EVENTS = {
    "start": ("conference-start",),
    "end": ("conference-end",),
    "join": ("participant-join",),
    "leave": ("participant-leave",),
    "mute": ("participant-mute", "participant-unmute"),
    "hold": ("participant-hold", "participant-unhold"),
    "modify": ("participant-modify",),
    "speaker": (),
    "announcement": (),
}


@dataclass(eq=False)
class Participant:
    """A call in a conference, and its switches."""

    call: SimCall
    label: str = ""
    muted: bool = False
    hold: bool = False
    starts: bool = True
    ends: bool = False
    joined: datetime | None = None


@dataclass(eq=False)
class Conference:
    """A conference by its name; `callback` is the one that the first participant named."""

    world: World
    sid: str
    name: str
    created: datetime
    callback: Callback | None = None
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    sequence: int = 0
    updated: datetime | None = None
    reason: str = ""
    ended_by: str = ""

    def join(self, participant: Participant) -> None:
        """Let somebody in. The conference begins with two in it, one of whom may start it."""
        participant.joined = self.world.queue.now()
        self.participants.append(participant)
        participant.call.note("line", "joined", self.name)
        self._tell("participant-join", participant, {"ParticipantCallStatus": participant.call.status})
        if self.status == "init" and len(self.participants) > 1 and any(one.starts for one in self.participants):
            self._move("in-progress")
            self._tell("conference-start", None, {})
            for one in list(self.participants):
                one.call.signal(ConferenceStarted())
        if self.status == "in-progress":
            self._bridge()

    def leave(self, participant: Participant, reason: str = "participant_hung_up") -> None:
        """Somebody is gone; with them the conference, if they were its last or the one that ends it."""
        if participant not in self.participants:
            return
        self.participants.remove(participant)
        participant.call.note("line", "left", self.name)
        extra = {"ParticipantCallStatus": participant.call.status, "ReasonParticipantLeft": reason}
        self._tell("participant-leave", participant, extra)
        if participant.ends:
            self.end("participant-with-end-conference-on-exit-left", participant)
        elif not self.participants:
            self.end("last-participant-left", participant)
        elif len(self.participants) == 1 and (mind := self.participants[0].call.mind):
            mind.left_alone()

    def end(self, reason: str, by: Participant | None = None) -> None:
        """Put everybody out; their calls go on behind the Dial."""
        if self.status == "completed":
            return
        self._move("completed")
        self.reason, self.ended_by = reason, by.call.sid if by else ""
        how = "conference_ended_via_api" if by is None else "moderator_ended_conference"
        for one in list(self.participants):
            self.leave_at_end(one, how)
        extra = {"ReasonConferenceEnded": reason, "Reason": reason}
        if by:
            extra |= {"CallSidEndingConference": by.call.sid, "ParticipantLabelEndingConference": by.label}
        self._tell("conference-end", None, extra)

    def leave_at_end(self, participant: Participant, reason: str) -> None:
        """Put one participant out, without consequences for the others."""
        self.participants.remove(participant)
        participant.call.note("line", "left", self.name)
        extra = {"ParticipantCallStatus": participant.call.status, "ReasonParticipantLeft": reason}
        self._tell("participant-leave", participant, extra)
        participant.call.signal(ConferenceEnded())

    def kick(self, participant: Participant) -> None:
        """Put one participant out by REST."""
        self.leave(participant, "participant_updated_via_api")
        participant.call.signal(ConferenceEnded())

    def switch(self, participant: Participant, *, muted: bool | None = None, hold: bool | None = None) -> None:
        """Mute or hold somebody, or end it."""
        if muted is not None and muted != participant.muted:
            participant.muted = muted
            self._tell("participant-mute" if muted else "participant-unmute", participant, {})
        if hold is not None and hold != participant.hold:
            participant.hold = hold
            self._tell("participant-hold" if hold else "participant-unhold", participant, {})

    def _bridge(self) -> None:
        """Let everybody in it talk with each other."""
        for one in self.participants:
            if one.call.mind and not one.call.mind.is_bridged:
                one.call.mind.bridged()
                one.call.note("line", "bridged", self.name)

    def _move(self, status: str) -> None:
        self.status, self.updated = status, self.world.queue.now()

    def _tell(self, event: str, participant: Participant | None, extra: dict[str, str]) -> None:
        """Send the callback for an event, if the first participant asked for it."""
        wanted = self.callback.events if self.callback else frozenset()
        if self.callback is None or not any(event in CONFERENCE_EVENTS[word] for word in wanted):
            return
        self.sequence += 1
        form = {
            "AccountSid": self.world.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(self.sequence),
            "Timestamp": format_datetime(self.world.queue.now()),
        }
        if participant:
            form |= {
                "CallSid": participant.call.sid,
                "Muted": str(participant.muted).lower(),
                "Hold": str(participant.hold).lower(),
                "Coaching": "false",
                "StartConferenceOnEnter": str(participant.starts).lower(),
                "EndConferenceOnExit": str(participant.ends).lower(),
            }
            form |= {"ParticipantLabel": participant.label} if participant.label else {}
        hook = Webhook(self.callback.method, self.callback.url, form | extra)
        self.world.courier.send(hook, lambda delivery: _answered(self, participant, delivery), is_callback=True)


def _answered(conference: Conference, participant: Participant | None, delivery: Delivery) -> None:
    if delivery.problem:
        detail = f"conference {conference.name}: {delivery.problem.detail}"
        conference.world.notify(Problem(delivery.problem.code, detail), participant.call if participant else None)
