"""Delivers webhooks as Twilio does: signed, repeated where that helps, and led through redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from voicebot.simulator import chance
from voicebot.simulator.event_queue import Event, EventQueue
from voicebot.simulator.faults import COPY, DELAY, HELD_BACK, Faults, FaultyTransport, Trouble
from voicebot.simulator.overrides import Overrides, read_overrides
from voicebot.simulator.problems import Problem
from voicebot.simulator.signature import sign
from voicebot.simulator.transport import Response, Transport, TransportError

MAX_REDIRECTS = 10
# Seconds a request is under way in virtual time: the least, and what chance may add.
LATENCY, JITTER = 0.08, 0.04
# A copy that comes sooner than this takes the answer with it: the first request's answer is thrown away.
COUNTING_COPY = 1.5
# kind of TransportError -> the fault that `rp` names, and the code of the notification
FAULTS = {"connect": ("ct", 11205), "broken": ("broken", 11206), "timeout": ("rt", 11200)}


@dataclass(frozen=True)
class Webhook:
    """A request to be made of the application. `cookies` is the jar of its call; what is set there is added.

    Voice webhooks are signed without the port of an HTTPS address, those of messages with it (`signs_port`).
    """

    method: str
    url: str
    form: Mapping[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    signs_port: bool = False


@dataclass(frozen=True)
class Delivery:
    """What became of a webhook: the answer, or the problem; `seconds` is what waiting in vain has cost."""

    response: Response | None
    problem: Problem | None = None
    seconds: float = 0.0


Done = Callable[[Delivery], object]


class Flight:
    """A request under way, from its setting out until it is known what became of it."""

    def __init__(self, queue: EventQueue) -> None:
        self._queue = queue
        self._arrivals: list[Event] = []
        self._afterwards: list[Callable[[], object]] = []
        self.is_over = False

    def arrives(self, seconds: float, action: Callable[[], object]) -> None:
        """Let it arrive in so many seconds (a doubled one arrives twice)."""
        self._arrivals.append(self._queue.after(seconds, action))

    def ends(self) -> None:
        """It is known what became of it."""
        self.is_over = True
        while self._afterwards:
            self._queue.after(0, self._afterwards.pop(0))

    def afterwards(self, action: Callable[[], object]) -> None:
        """Do something when it is over; of what is over already, at once."""
        if self.is_over:
            action()
        else:
            self._afterwards.append(action)

    def hold_up(self) -> Callable[[], None]:
        """Keep it from arriving until the answer of this is called; what has arrived already is not held."""
        held = [event.action for event in self._arrivals if event.action is not None]
        for event in self._arrivals:
            event.cancel()
        self._arrivals.clear()

        def let_go() -> None:
            while held:
                self.arrives(LATENCY, held.pop(0))

        return let_go


class Courier:
    """Sends webhooks off and brings what became of them back as events of the queue."""

    def __init__(
        self, queue: EventQueue, transport: Transport, auth_token: str, seed: int, trouble: Trouble | None = None
    ) -> None:
        self._queue, self._auth_token, self._seed = queue, auth_token, seed
        self._trouble = trouble or Trouble(Faults())
        self._transport = FaultyTransport(transport, self._trouble)
        self._pool = ThreadPoolExecutor(32, "simulator-webhook") if transport.in_background else None
        self._count = 0
        self._held: dict[str, list[Event]] = {}

    def send(self, hook: Webhook, done: Done, *, is_callback: bool = False) -> Flight:
        """Deliver `hook` soon, and call `done` with what became of it, from the queue. A callback may be overtaken."""
        flight = Flight(self._queue)

        def landed(delivery: Delivery) -> None:
            done(delivery)
            flight.ends()

        self._count += 1
        token = chance.token(self._seed, "delivery", self._queue.now(), self._count)
        latency = 0.0
        if not self._pool:
            latency = chance.between((LATENCY, LATENCY + JITTER), self._seed, "latency", self._count)
        if self._trouble.strikes("delayed"):
            latency += self._trouble.seconds(DELAY)
        launch = partial(self._launch, flight, hook, token, landed, latency)
        whose = hook.form.get("CallSid") or hook.form.get("MessageSid", "")
        if is_callback and self._trouble.strikes("reordered"):
            self._held.setdefault(whose, []).append(self._queue.after(HELD_BACK, launch))
            return flight
        launch()
        for late in self._held.pop(whose, []) if is_callback else ():
            if late.action is not None:
                self._queue.after(latency + LATENCY, late.action)
                late.cancel()
        return flight

    def close(self) -> None:
        """Wait for what is under way, and send nothing more."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _launch(self, flight: Flight, hook: Webhook, token: str, done: Done, latency: float) -> None:
        """Let the request set out; a doubled one twice, and one of its two answers, the first or the last, counts."""
        if not self._trouble.strikes("doubled"):
            self._deliver(flight, hook, token, done, latency)
            return
        copy = replace(hook, cookies=dict(hook.cookies))
        if (gap := self._trouble.seconds(COPY)) < COUNTING_COPY:
            self._deliver(flight, copy, token, _ignored, latency)
            self._deliver(flight, hook, token, done, latency + gap)
        else:
            self._deliver(flight, hook, token, done, latency)
            self._deliver(flight, copy, token, _ignored, latency + gap)

    def _deliver(self, flight: Flight, hook: Webhook, token: str, done: Done, latency: float) -> None:
        if self._pool is None:
            flight.arrives(latency, lambda: self._deliver_here(hook, token, done))
        elif latency:
            flight.arrives(latency, lambda: self._submit(hook, token, done))
        else:
            self._submit(hook, token, done)

    def _submit(self, hook: Webhook, token: str, done: Done) -> None:
        if self._pool:
            with suppress(RuntimeError):  # the program is being closed, and nothing more is sent
                self._pool.submit(self._deliver_outside, hook, token, done)

    def _deliver_here(self, hook: Webhook, token: str, done: Done) -> None:
        delivery = deliver(self._transport, hook, self._auth_token, token)
        self._queue.after(delivery.seconds, lambda: done(delivery))

    def _deliver_outside(self, hook: Webhook, token: str, done: Done) -> None:
        delivery = deliver(self._transport, hook, self._auth_token, token)
        self._queue.after(0, lambda: done(delivery))


def _ignored(_delivery: Delivery) -> None:
    """What becomes of a copy whose answer does not count."""


def deliver(transport: Transport, hook: Webhook, auth_token: str, token: str) -> Delivery:
    """Make one request with its redirects; a redirect asks by GET, and the parameters of the POST are lost."""
    method, url, form, seconds = hook.method, hook.url, hook.form, 0.0
    for _ in range(MAX_REDIRECTS + 1):
        delivery = _try(transport, replace(hook, method=method, url=url, form=form), auth_token, token)
        seconds += delivery.seconds
        if delivery.response is None or not 300 <= delivery.response.status < 400:
            return Delivery(delivery.response, delivery.problem, seconds)
        method, url, form = "GET", urljoin(url, delivery.response.headers.get("Location", "")), {}
    return Delivery(None, Problem(11215, f"more than {MAX_REDIRECTS}, the last to {url}"), seconds)


def _try(transport: Transport, hook: Webhook, auth_token: str, token: str) -> Delivery:
    """Make one request, and again as often as its connection overrides allow."""
    try:
        overrides = read_overrides(hook.url)
    except ValueError as error:
        return Delivery(None, Problem(11100, f"{hook.url}: {error}"))
    host = urlsplit(hook.url).hostname
    if urlsplit(hook.url).scheme not in ("http", "https") or not host or "_" in host:
        return Delivery(None, Problem(11100, f'"{hook.url}" needs http:// or https:// and a host without underscore'))
    seconds = 0.0
    for left in range(overrides.retries, -1, -1):
        fault, delivery = _once(transport, hook, auth_token, token, overrides)
        seconds += delivery.seconds
        if not fault or not left or not overrides.repeats_after(fault):
            break
    return Delivery(delivery.response, delivery.problem, seconds)


def _once(
    transport: Transport, hook: Webhook, auth_token: str, token: str, overrides: Overrides
) -> tuple[str, Delivery]:
    """One try: the fault (empty, `4xx`, `5xx`, `ct`, `rt`, `broken`) and what came of it."""
    url = hook.url.split("#", 1)[0]
    if hook.method == "GET" and hook.form:
        url += ("&" if "?" in url else "?") + urlencode(hook.form)
    form = hook.form if hook.method == "POST" else {}
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "X-Twilio-Signature": sign(auth_token, url, form, with_port=hook.signs_port),
        "I-Twilio-Idempotency-Token": token,
    }
    if hook.method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    if hook.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in hook.cookies.items())
    try:
        response = transport.send(hook.method, url, form, headers, overrides.timeouts)
    except TransportError as error:
        fault, code = FAULTS[error.kind]
        wait = overrides.timeouts.connect if error.kind == "connect" else error.seconds
        return fault, Delivery(None, Problem(code, f"{hook.method} {url}: {error}"), wait)
    _keep_cookies(hook.cookies, response)
    if response.status >= 400:
        problem = Problem(11200, f"{hook.method} {url} answered {response.status}")
        return f"{response.status // 100}xx", Delivery(None, problem)
    return "", Delivery(response)


def _keep_cookies(jar: dict[str, str], response: Response) -> None:
    try:
        jar.update(
            {name: morsel.value for name, morsel in SimpleCookie(response.headers.get("Set-Cookie", "")).items()}
        )
    except CookieError:
        return
