"""Gets TwiML documents from the application, and says what is wrong when it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Script, Wait
from voicebot.simulator.signals import Delivered
from voicebot.simulator.transport import Response
from voicebot.simulator.twiml import Document, Verb, parse
from voicebot.simulator.webhooks import Delivery, Webhook

XML_TYPES = ("text/xml", "application/xml", "text/html")


class DocumentFault(Exception):  # noqa: N818  (a fault is what Twilio calls it)
    """A document could not be had or carried out. `url` is where it came from, empty for inline TwiML."""

    def __init__(self, problem: Problem, url: str) -> None:
        super().__init__(str(problem))
        self.problem, self.url = problem, url


def ask(call: SimCall, method: str, url: str, extra: Mapping[str, str]) -> Script[Delivery]:
    """Make a webhook request and wait for what becomes of it."""
    mark = object()

    def arrived(delivery: Delivery) -> None:
        if call.process:
            call.process.signal(Delivered(mark, delivery))

    hook = Webhook(method, url, call.form() | dict(extra), call.cookies)
    call.note("line", "asked", f"{method} {url}{_shown(extra)}")
    call.flight = call.world.courier.send(hook, arrived)
    while True:
        signal = yield Wait(None, (Delivered,))
        if isinstance(signal, Delivered) and signal.mark is mark:
            return signal.delivery


def inform(call: SimCall, method: str, url: str, form: Mapping[str, str]) -> None:
    """Make a request whose answer does not matter to the call; a failure is recorded."""

    def arrived(delivery: Delivery) -> None:
        if delivery.problem:
            call.world.notify(delivery.problem, call)

    call.world.courier.send(Webhook(method, url, form, call.cookies), arrived, is_callback=True)


def load(call: SimCall, source: Source, extra: Mapping[str, str] | None = None) -> Script[Document]:
    """Fetch a document. Raises DocumentFault when there is none to be had."""
    if source.twiml:
        return _checked(call, "", *parse(source.twiml))
    delivery = yield from ask(call, source.method, source.url, extra or {})
    if delivery.response is None:
        raise DocumentFault(delivery.problem or Problem(11200, source.url), source.url)
    return _document(call, source.url, delivery.response)


def resolve(document: Document, url: str) -> str:
    """`url` made absolute. An empty one is the document itself. Raises DocumentFault for inline TwiML."""
    if not document.url and "://" not in url:
        raise DocumentFault(Problem(15004, f'"{url}"; write the whole URL'), "")
    return urljoin(document.url, url)


def _document(call: SimCall, url: str, response: Response) -> Document:
    """The document in an answer (https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types)."""
    kind = response.content_type.partition(";")[0].strip().lower()
    if kind in XML_TYPES:
        return _checked(call, url, *parse(response.body))
    if kind.startswith("audio/"):
        return Document((Verb("Play", {}, url), Verb("Hangup")), url)
    if kind == "text/plain":
        verbs, problems = parse(response.body)
        if any(problem.code in (12100, 12102) for problem in problems):
            return Document((Verb("Say", {}, response.body.strip()), Verb("Hangup")), url)
        return _checked(call, url, verbs, problems)
    if not kind:
        raise DocumentFault(Problem(11200, f"{url} answered without a Content-Type (502)"), url)
    raise DocumentFault(Problem(12300, f'{url} answered with "{kind}"; TwiML is one of {", ".join(XML_TYPES)}'), url)


def _checked(call: SimCall, url: str, verbs: tuple[Verb, ...], problems: Iterable[Problem]) -> Document:
    """The document, its warnings recorded; its first error ends it."""
    errors = [problem for problem in problems if problem.level == "error"]
    for problem in problems:
        if problem not in errors[:1]:
            call.world.notify(problem, call)
    if errors:
        raise DocumentFault(errors[0], url)
    return Document(verbs, url)


def _shown(extra: Mapping[str, str]) -> str:
    return "".join(f" {name}={value}" for name, value in extra.items())
