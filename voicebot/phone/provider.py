"""What we ask of a telephone provider, and how its answers are judged.

Rule: whoever places a call treats `PhoneUnknown` as "it may be ringing" and never places it again by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from voicebot.errors import OutsideError

Detection = Literal["none", "detect", "beep"]
"""Whether machines are detected; `beep` waits for the end of their greeting."""


UNSUBSCRIBED = 21610
"""The code of a message refused because its receiver has unsubscribed at the provider, by a word like STOP."""


class PhoneRefused(OutsideError):  # noqa: N818  (an answer, not an accident)
    """The provider has definitely not done it. `permanent`: it would refuse the same request again."""

    def __init__(self, code: int, message: str, *, permanent: bool) -> None:
        super().__init__("provider", f"{message} (code {code})" if code else message)
        self.code, self.permanent = code, permanent


class PhoneUnknown(OutsideError):  # noqa: N818
    """The answer was lost: nobody knows whether it was done."""

    def __init__(self, message: str) -> None:
        super().__init__("provider", f"the answer was lost: {message}")


@dataclass(frozen=True)
class RemoteCall:
    """A call as the provider sees it. `status` is one of ours; `created_at` is fixed-width UTC text, or empty."""

    sid: str
    to: str
    from_: str
    status: str
    created_at: str


@dataclass(frozen=True)
class RemoteNumber:
    """A number of ours as the provider knows it (E.164), and the addresses it asks when somebody rings it or writes."""

    e164: str
    voice_url: str
    sms_url: str = ""


class Phone(Protocol):
    """A telephone provider. Every method may raise PhoneRefused or PhoneUnknown."""

    def place(  # noqa: PLR0913  (a call has that many sides)
        self,
        *,
        to: str,
        from_: str,
        url: str,
        status_url: str,
        fallback_url: str,
        amd: Detection = "none",
        amd_url: str = "",
        timeout: int = 25,
        time_limit: int = 4 * 3600,
    ) -> str:
        """Ring `to` and show `from_`; the provider's id. `timeout` and `time_limit` are seconds of ringing and talk."""
        ...

    def move(self, sid: str, url: str) -> bool:
        """Lead a live call to another document; False when the call is over."""
        ...

    def hang_up(self, sid: str) -> bool:
        """End a call; False when it was over."""
        ...

    def cancel(self, sid: str) -> bool:
        """Take back a call that nobody has answered; False when it was answered or over."""
        ...

    def find(self, to: str, from_: str, after: str) -> list[RemoteCall]:
        """Calls between two numbers since a moment (fixed-width UTC text), to match one whose answer was lost."""
        ...

    def fetch(self, sid: str) -> RemoteCall | None:
        """A call as it stands; None when the provider knows none of that id."""
        ...

    def send(self, *, to: str, from_: str, body: str, status_url: str) -> str:
        """Send a text message; the provider's id."""
        ...


class Archive(Protocol):
    """What a provider keeps of calls. Every method may raise PhoneRefused or PhoneUnknown."""

    def delete_recording(self, sid: str) -> bool:
        """Delete a recording; False when there is none of that id."""
        ...


class Account(Protocol):
    """What can be asked of the provider about ourselves. Every method may raise PhoneRefused or PhoneUnknown."""

    def account(self) -> str:
        """The account's status, `active` where all is well."""
        ...

    def numbers(self) -> list[RemoteNumber]:
        """Our numbers at the provider."""
        ...
