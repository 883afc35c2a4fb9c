"""Trouble on purpose: how often which fault strikes webhooks, REST answers, streams and recordings, from a seed.

Rule: a fault strikes on the way between the simulator and the application. What has happened has happened: neither
side's own state is ever damaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from http.client import RemoteDisconnected
from itertools import count
from typing import Any, NoReturn

import requests
from urllib3.exceptions import ProtocolError

from voicebot.errors import VoicebotError, did_you_mean
from voicebot.simulator import chance
from voicebot.simulator.transport import Response, Timeouts, Transport, TransportError

Span = tuple[float, float]
# Seconds: a delayed webhook; the copy of a doubled one; one held back for the next to overtake it; a slow REST answer.
DELAY: Span = (0.5, 12.0)
COPY: Span = (0.2, 8.0)
HELD_BACK = 6.0
SLOW: Span = (1.0, 15.0)
# Seconds: until a stream breaks; between the completion of a recording and its file, where that is late.
BREAKS: Span = (2.0, 30.0)
LATE_FILE: Span = (2.0, 30.0)
# Seconds an SDK waits for an answer when it says nothing else.
PATIENCE = 10.0
REST_KINDS = ("lost_before", "lost_after", "failed", "refused", "slow")


@dataclass(frozen=True)
class Faults:
    """How likely each fault is, from 0 to 1. Each kind strikes or spares by itself; of several that strike the same
    REST request one befalls it.

    `doubled`: the webhook arrives twice. `delayed`: it sets out late. `reordered`: a callback is overtaken by the
    call's next one. `dropped`: a try does not reach the application. `timed_out`: it does, and its answer is lost.
    `lost_before`, `lost_after`: no REST answer, and nothing (or everything) was done. `failed`: an answer of 500,
    before or after the act. `refused`: 429. `slow`: the answer takes `SLOW` seconds.

    Of a stream, each befalls it or not as a whole (see `stream_faults`). `frames_lost`: the share `loss` of its frames.
    `gaps`: now and then nothing comes for a while, and then all at once. `jitter`: frames come late. `noise`: at `snr`
    decibels below the voice. `stream_broken`: the connection breaks. `stream_refused`: it never stands. `file_late`,
    `file_lost`: the file of a recording that is told to be complete is not there yet, or never.
    """

    doubled: float = 0.0
    delayed: float = 0.0
    reordered: float = 0.0
    dropped: float = 0.0
    timed_out: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    failed: float = 0.0
    refused: float = 0.0
    slow: float = 0.0
    frames_lost: float = 0.0
    gaps: float = 0.0
    jitter: float = 0.0
    noise: float = 0.0
    stream_broken: float = 0.0
    stream_refused: float = 0.0
    file_late: float = 0.0
    file_lost: float = 0.0
    seed: int = 1
    loss: Span = (0.005, 0.05)
    snr: Span = (5.0, 25.0)

    def __post_init__(self) -> None:
        for kind in KINDS:
            if not 0 <= (given := getattr(self, kind)) <= 1:
                raise VoicebotError(kind, f"{given:g} is no probability.", "Write a number from 0 to 1.")
        if not 0 <= self.loss[0] <= self.loss[1] <= 1:
            raise VoicebotError("loss", f"{self.loss} is no share.", "Write a number from 0 to 1.")

    @classmethod
    def everywhere(cls, probability: float, seed: int = 1) -> Faults:
        """Every kind with the same probability."""
        given: dict[str, Any] = dict.fromkeys(KINDS, probability)
        return cls(**given, seed=seed)

    @classmethod
    def read(cls, text: str, seed: int = 1) -> Faults:
        """`0.2` for every kind; or `dropped=0.1,slow=0.3`, also after the one for all: `0.2,dropped=0`.

        `loss=0.1` and `snr=10` say how bad it is where it strikes. Raises VoicebotError for a kind that does not exist
        and for what is no probability.
        """
        faults = cls(seed=seed)
        for place, part in enumerate(text.split(",")):
            name, sign, number = part.strip().rpartition("=")
            if not sign and not place:
                faults = cls.everywhere(_number(part), seed)
            elif name not in KINDS and name not in SEVERITIES:
                remedy = did_you_mean(name, [*KINDS, *SEVERITIES]) or f"Kinds are: {', '.join(KINDS)}."
                raise VoicebotError(f'faults "{text}"', f'there is no kind "{name or part.strip()}".', remedy)
            else:
                value = _number(number)
                change: dict[str, Any] = {name: value if name in KINDS else (value, value)}
                faults = replace(faults, **change)
        return faults


SEVERITIES = ("loss", "snr")
KINDS = tuple(field.name for field in fields(Faults) if field.name not in ("seed", *SEVERITIES))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise VoicebotError("faults", f'"{text}" is no number.', "Write e.g. 0.2, or dropped=0.1,slow=0.3.") from None


@dataclass(frozen=True)
class RestFault:
    """What befalls one REST request: one of REST_KINDS; `seconds` of a slow one; whether a `failed` one was done."""

    kind: str = ""
    seconds: float = 0.0
    done: bool = False


class Trouble:
    """Draws the faults of one world, in the order in which they are asked for; `struck` counts them.

    What strikes something that has a name of its own (a stream, a recording) is drawn by that name, and so does not
    depend on what else is asked for.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.struck: Counter[str] = Counter()
        self._draws = count(1)

    def strikes(self, kind: str) -> bool:
        """Whether a fault of this kind happens now."""
        return self._counted(kind, self._is_drawn(kind))

    def befalls(self, kind: str, *name: object) -> bool:
        """Whether a fault of this kind befalls what has this name."""
        return self._counted(kind, self._probability(kind) > self.fraction(kind, *name))

    def seconds(self, span: Span) -> float:
        """A time within `span`."""
        return span[0] + (span[1] - span[0]) * self._draw("seconds")

    def rest(self) -> RestFault:
        """What befalls the next REST request."""
        struck = [kind for kind in REST_KINDS if self._is_drawn(kind)]
        if not struck:
            return RestFault()
        kind = struck[int(self._draw("which") * len(struck))]
        self.struck[kind] += 1
        return RestFault(kind, self.seconds(SLOW), self._draw("done") < 0.5)

    def fraction(self, *name: object) -> float:
        """A number from 0 up to 1 of that name."""
        return chance.fraction(self.faults.seed, "fault", *name)

    def within(self, span: Span, *name: object) -> float:
        """A number of that name within `span`."""
        return chance.between(span, self.faults.seed, "fault", *name)

    def _probability(self, kind: str) -> float:
        probability: float = getattr(self.faults, kind)
        return probability

    def _is_drawn(self, kind: str) -> bool:
        return self._probability(kind) > 0 and self._draw(kind) < self._probability(kind)

    def _counted(self, kind: str, happens: bool) -> bool:
        self.struck[kind] += happens
        return happens

    def _draw(self, name: str) -> float:
        return self.fraction(name, next(self._draws))


class FaultyTransport:
    """A transport some of whose requests never arrive, and some of whose answers never come back."""

    def __init__(self, transport: Transport, trouble: Trouble) -> None:
        self._transport, self._trouble = transport, trouble

    @property
    def in_background(self) -> bool:
        return self._transport.in_background

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Response:
        if self._trouble.strikes("dropped"):
            raise TransportError("connect", "dropped on purpose")
        answer = self._transport.send(method, url, form, headers, timeouts)
        if self._trouble.strikes("timed_out"):
            raise TransportError("timeout", "its answer was lost on purpose", min(timeouts.read, timeouts.total))
        return answer


def lose_answer(*, waited: bool) -> NoReturn:
    """Raise what `requests` raises when an answer does not come: the connection broke, or waiting was in vain."""
    if waited:
        raise requests.exceptions.ReadTimeout("read timed out, on purpose")
    broken = ProtocolError("Connection aborted.", RemoteDisconnected("closed without an answer, on purpose"))
    raise requests.exceptions.ConnectionError(broken)
