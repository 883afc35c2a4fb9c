"""Text messages: what is sent, whether it arrives, what people write back, and who has had enough.

https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/messaging/guides/webhook-request,
https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from voicebot.simulator import chance
from voicebot.simulator.call import Callback, LogEntry, Source
from voicebot.simulator.grammar import MESSAGING_GRAMMAR
from voicebot.simulator.problems import NO_SUCH_NUMBER, Problem
from voicebot.simulator.twiml import Verb, parse
from voicebot.simulator.webhooks import Delivery, Webhook

if TYPE_CHECKING:
    from voicebot.simulator.world import World

# What a message that was sent comes to, by the persona's word: the status, and Twilio's code for what went wrong.
OUTCOMES = {
    "delivered": ("delivered", 0),
    "no_receipt": ("", 0),
    "unreachable": ("undelivered", 30003),
    "unknown": ("undelivered", 30005),
    "landline": ("undelivered", 30006),
}
# The whole of a message, in capitals -> OptOutType (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)
OPT_WORDS = {
    **dict.fromkeys(("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"), "STOP"),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}
# What Twilio itself answers; in words of our own.
OWN_REPLIES = {
    "STOP": "You are unsubscribed and will get no more messages. Write START to get them again.",
    "START": "You are subscribed again. Write STOP to end it.",
    "HELP": "Write STOP to unsubscribe.",
}
# Seconds until a message has been sent, and from then until its receipt comes.
SENDING, RECEIPT = 1.0, (1.0, 4.0)
LONGEST_BODY, MOST_REDIRECTS = 1600, 50
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


class OptedOut(Exception):  # noqa: N818
    """Raised where a message is to be sent to somebody who said STOP to that number (error 21610)."""


@dataclass(eq=False)
class TextMessage:
    """One message, ours or theirs."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    created: datetime
    status: str
    callback: Callback | None = None
    sent: datetime | None = None
    updated: datetime | None = None
    error_code: int = 0

    @property
    def segments(self) -> int:
        """How many messages a telephone network makes of it."""
        single, several = (160, 153) if set(self.body) <= GSM else (70, 67)
        return 1 if len(self.body) <= single else -(-len(self.body) // several)


@dataclass
class PostOffice:
    """All messages of an account by SID, and who has opted out of which of its numbers: (ours, theirs)."""

    world: World
    by_sid: dict[str, TextMessage] = field(default_factory=dict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    _received: dict[str, int] = field(default_factory=dict)
    _used: dict[tuple[str, int], int] = field(default_factory=dict)

    def send(
        self, from_: str, to: str, body: str, callback: Callback | None = None, direction: str = "outbound-api"
    ) -> TextMessage:
        """Send a message from a number of the account. Raises OptedOut."""
        if (from_, to) in self.opted_out:
            raise OptedOut(to)
        message = self._new(from_, to, body, direction, "queued", callback)
        self._note("app", message)
        self.world.queue.after(SENDING, partial(self._sent, message, can_answer=True))
        return message

    def receive(self, from_: str, to: str, body: str) -> TextMessage | None:
        """Somebody writes to one of our numbers; to a number that is not ours nothing arrives."""
        ours = self.world.numbers.get(to)
        if ours is None:
            self.world.notify(Problem(NO_SUCH_NUMBER, f"{from_} wrote to {to}"), None)
            return None
        message = self._new(from_, to, body, "inbound", "received", None)
        self._note("person", message)
        kind = self._opt(message)
        if ours.sms_source.url:
            form = self._form(message) | {"NumSegments": str(message.segments), "NumMedia": "0", "Body": body}
            if kind and self.world.advanced_opt_out:
                form["OptOutType"] = kind
            self._ask(message, ours.sms_source, ours.sms_source.url, form)
        return message

    def _opt(self, message: TextMessage) -> str:
        """Keep to what a word such as STOP says, and answer it as Twilio does; the OptOutType, or an empty text."""
        kind = OPT_WORDS.get(message.body.strip().upper(), "")
        pair = (message.to, message.from_)
        changes = {"STOP": pair not in self.opted_out, "START": pair in self.opted_out, "HELP": True}
        if not kind or not changes[kind]:
            return kind
        if kind == "STOP":
            self.opted_out.add(pair)
        elif kind == "START":
            self.opted_out.discard(pair)
        reply = self._new(*pair, OWN_REPLIES[kind], "outbound-reply", "queued", None)
        self.world.queue.after(SENDING, partial(self._sent, reply, can_answer=False))
        return kind

    def _new(
        self, from_: str, to: str, body: str, direction: str, status: str, callback: Callback | None
    ) -> TextMessage:
        sid = self.world.sid("SM")
        message = TextMessage(sid, from_, to, body, direction, self.world.queue.now(), status, callback)
        self.by_sid[sid] = message
        return message

    def _sent(self, message: TextMessage, *, can_answer: bool) -> None:
        """It has left; what comes of it depends on whoever has the number."""
        message.sent = self.world.queue.now()
        self._move(message, "sent")
        seed, count = self.world.seed, len(self.by_sid)
        persona = self.world.callees.persona(message.to, seed, 1)
        fate = chance.weighted(persona.sms, seed, "sms", message.to, count)
        if persona.line == (("does_not_exist", 1.0),):
            fate = "unknown"
        status, code = OUTCOMES[fate]
        seconds = chance.between(RECEIPT, seed, "receipt", message.to, count)
        if status:
            self.world.queue.after(seconds, lambda: self._move(message, status, code))
        if status == "delivered" and can_answer:
            self.world.queue.after(seconds, lambda: self._read(message))

    def _move(self, message: TextMessage, status: str, code: int = 0) -> None:
        """Change the status, and tell the status callback."""
        message.status, message.error_code, message.updated = status, code, self.world.queue.now()
        self._note("line", message, status)
        if message.callback:
            form = self._form(message) | {"MessageStatus": status}
            form |= {"ErrorCode": str(code)} if code else {}
            hook = Webhook(message.callback.method, message.callback.url, form, signs_port=True)
            self.world.courier.send(hook, self._callback_answered, is_callback=True)

    def _callback_answered(self, delivery: Delivery) -> None:
        if delivery.problem:
            self.world.notify(delivery.problem, None)

    def _read(self, message: TextMessage) -> None:
        """The person reads it, and perhaps writes back: the first of their `replies` that fits."""
        number, seed = message.to, self.world.seed
        turn = self._received[number] = self._received.get(number, 0) + 1
        for place, reaction in enumerate(self.world.callees.persona(number, seed, 1).replies):
            used = self._used.get((number, place), 0)
            willing = chance.fraction(seed, "reply", number, turn, place) < reaction.chance
            if willing and reaction.fits(message.body, turn) and (reaction.times is None or used < reaction.times):
                self._used[number, place] = used + 1
                act = chance.weighted([(one, one.weight) for one in reaction.acts], seed, "act", number, turn)
                if act.kind == "say":
                    text = act.texts[int(chance.fraction(seed, "text", number, turn) * len(act.texts))]
                    delay = chance.between(reaction.delay, seed, "reply delay", number, turn)
                    self.world.queue.after(delay, partial(self.receive, number, message.from_, text))
                return

    def _ask(self, message: TextMessage, source: Source, url: str, form: dict[str, str], redirects: int = 0) -> None:
        """Ask the number's messaging URL, and send what it answers; at a fault its fallback URL, once."""
        method = source.fallback_method if url == source.fallback_url else source.method
        answered: Callable[[Delivery], object] = partial(self._answered, message, source, url, form, redirects)
        self.world.courier.send(Webhook(method, url, form, signs_port=True), answered)

    def _answered(
        self, message: TextMessage, source: Source, url: str, form: dict[str, str], redirects: int, delivery: Delivery
    ) -> None:
        verbs, problems = _read_answer(delivery)
        for problem in problems:
            self.world.notify(problem, None)
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            if source.fallback_url and url != source.fallback_url:
                extra = {"ErrorCode": str(errors[0].code), "ErrorUrl": url}
                self._ask(message, source, source.fallback_url, form | extra)
            return
        for verb in verbs:
            if verb.name == "Redirect":
                if redirects < MOST_REDIRECTS:
                    self._ask(message, Source("", verb.method()), urljoin(url, verb.text), form, redirects + 1)
                return
            self._reply(message, verb, url)

    def _reply(self, message: TextMessage, verb: Verb, url: str) -> None:
        body = verb.text or " ".join(child.text for child in verb.children if child.name == "Body")
        if not 1 <= len(body) <= LONGEST_BODY:
            self.world.notify(Problem(14103, f"1 to {LONGEST_BODY} characters, and here are {len(body)}"), None)
            return
        address = verb.get("statusCallback", "") or verb.get("action", "")
        callback = Callback(urljoin(url, address), verb.method()) if address else None
        from_, to = verb.get("from", message.to), verb.get("to", message.from_)
        try:
            self.send(from_, to, body, callback, "outbound-reply")
        except OptedOut:
            self.world.notify(Problem(21610, f"{to} said STOP to {from_}"), None)

    def _form(self, message: TextMessage) -> dict[str, str]:
        return {
            "AccountSid": self.world.account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.from_,
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "To": message.to,
        }

    def _note(self, who: str, message: TextMessage, status: str = "") -> None:
        text = f"{message.from_} to {message.to}: {status or message.body}"
        self.world.listener(None, LogEntry(self.world.queue.now(), who, "message" if status else "wrote", text))


def _read_answer(delivery: Delivery) -> tuple[tuple[Verb, ...], list[Problem]]:
    """The verbs of an answer: TwiML, or plain text that is a reply itself; and what is wrong with it."""
    if delivery.response is None:
        return (), [delivery.problem or Problem(11200, "no answer")]
    if delivery.problem:
        return (), [delivery.problem]
    kind, body = delivery.response.content_type.partition(";")[0].strip().lower(), delivery.response.body
    if not body.strip():
        return (), []
    if kind == "text/plain":
        return (Verb("Message", {}, body.strip()),), []
    if kind not in ("text/xml", "application/xml", "text/html"):
        return (), [Problem(12300, f'"{kind}"')]
    return parse(body, MESSAGING_GRAMMAR)
