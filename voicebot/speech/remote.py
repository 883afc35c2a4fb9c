"""Recognizers on another machine: a vosk-server, over its WebSocket protocol.

The server answers every stretch of sound with one text, and the word `eof` with the last result, after which it hangs
up. (Its younger versions know a word that ends an utterance without that, its published images do not; so an end of
speech is the end of a connection, and the next sound opens another.) We do not wait for the answer to each stretch:
answers are taken as they come, and a server that falls too far behind is given up.
"""

from __future__ import annotations

import json
from collections import deque
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from voicebot.errors import VoicebotError
from voicebot.speech import grammar, models, results
from voicebot.speech.recognizer import Hypothesis, RecognizerError, Utterance
from voicebot.speech.websocket import Connection, address

STRETCH = 0.2
"""Seconds of sound in one message, for each of which the server looks for an end once."""

CONNECT_SECONDS = 3.0
"""How long a server may take to greet, and to take what it is sent."""

ANSWER_SECONDS = 5.0
"""How long a server may take for one answer that is waited for."""

BEHIND = 25
"""Stretches of sound that may be without an answer before one is waited for; at 0.2 s each, 5 seconds of sound."""

LARGEST = 1_000_000
"""Bytes of an answer beyond which it is none: an hour of words is less."""

EOF = '{"eof" : 1}'
"""To the letter: the server compares it as text."""


class RemoteEngine:
    """An engine on a server. It is not asked anything before the first caller; `probe` does that."""

    source = "vosk-server"

    def __init__(
        self, url: str, *, rate: int = models.DEFAULT_RATE, dynamic: bool = False, alternatives: int = 0
    ) -> None:
        """`rate` is what the server is sent; `dynamic` says whether its model takes a grammar."""
        if address(url) is None:
            raise VoicebotError("vosk-server", f'"{url}" is no address of a WebSocket.', "Write ws://host:2700.")
        self.name, self.rate, self.dynamic = url, rate, dynamic
        self._alternatives = alternatives

    def open(self, grammar: tuple[str, ...] = ()) -> RemoteRecognizer:
        """A recognizer for one caller, connected (see `recognizer.Engine`). What the model lacks cannot be asked."""
        config: dict[str, object] = {
            "sample_rate": self.rate,
            "words": 1,
            "max_alternatives": self._alternatives,
        }
        if grammar:
            config["phrase_list"] = self._phrases(grammar)
        return RemoteRecognizer(self.name, self.rate, json.dumps({"config": config}, ensure_ascii=False))

    def _phrases(self, phrases: tuple[str, ...]) -> list[str]:
        if not self.dynamic:
            raise RecognizerError(self.name, "the server's model takes no grammar.", "Listen for any words instead.")
        return list(json.loads(grammar.text(grammar.usable(phrases, lambda _: True))))


class RemoteRecognizer:
    """One caller's recognizer on a server (see `recognizer.Recognizer`)."""

    source = "vosk-server"

    def __init__(self, url: str, rate: int, config: str) -> None:
        self.rate = rate
        self._url, self._config = url, config
        self._closed = False
        self._samples = 0  # in all connections; of these ...
        self._before = 0  # ... so many before the present one, whose times begin at 0
        self._waiting = 0  # answers that are still to come
        self._answers: deque[str] = deque()  # those that came and have not been looked at
        self._half = b""
        self._said = ""
        self._client: Connection | None = None
        self._connected()

    # --- the seam ---------------------------------------------------------------------------------------------------

    def feed(self, pcm: bytes) -> Utterance | None:
        """Take sound; tell what the server has made of it so far, or of what came before it."""
        sound = self._half + pcm
        whole = len(sound) // 2 * 2
        self._half = sound[whole:]
        stretch = 2 * int(self.rate * STRETCH)
        for begin in range(0, whole, stretch):
            self._send(sound[begin : min(begin + stretch, whole)])
        self._take_answers()
        return self._next()

    def end_of_speech(self) -> Utterance | None:
        """The caller is silent: what was said since the last final utterance. It ends the connection."""
        self._check()
        if self._client is None or self._samples == self._before:
            return None
        self._send(EOF)
        deadline = monotonic() + ANSWER_SECONDS
        while self._waiting:
            self._receive(max(0.0, deadline - monotonic()))
        finals = [text for text in self._answers if results.is_final(text, self._url)]
        utterance = self._placed(results.final(finals, self.source))
        self._disconnect()
        return utterance

    def reset(self) -> None:
        """Forget what was said since the last final utterance. It ends the connection."""
        self._check()
        if self._samples != self._before:
            self._disconnect()

    def close(self) -> None:
        """Hang up."""
        self._closed = True
        if self._client is not None:
            with suppress(OSError):
                self._client.send(EOF)  # a server that is not told complains in its log
            self._disconnect()

    # --- answers ----------------------------------------------------------------------------------------------------

    def _take_answers(self) -> None:
        """Take what has come; wait only for a server that is too far behind."""
        while self._waiting > BEHIND:
            self._receive(ANSWER_SECONDS)
        while self._waiting and self._receive(None):
            pass

    def _next(self) -> Utterance | None:
        """The next final utterance among the answers, or else the words of the last partial one if they are new."""
        said = self._said
        while self._answers:
            text = self._answers.popleft()
            if not results.is_final(text, self._url):
                said = results.partial(text, self._url)
                continue
            said = self._said = ""
            if utterance := self._placed(results.final([text], self.source)):
                return utterance
        changed, self._said = said != self._said, said
        return results.said(said, self.source) if said and changed else None

    def _placed(self, utterance: Utterance | None) -> Utterance | None:
        """An utterance of the present connection, its times since the recognizer was made."""
        if utterance is None:
            return None
        before = self._before / self.rate
        return replace(utterance, readings=tuple(_later(reading, before) for reading in utterance.readings))

    # --- the line ---------------------------------------------------------------------------------------------------

    def _send(self, message: bytes | str) -> None:
        self._check()
        try:
            self._connected().send(message)
        except OSError as error:
            raise self._lost(f"the server is lost: {error}") from error
        self._waiting += 1
        if isinstance(message, bytes):
            self._samples += len(message) // 2

    def _receive(self, seconds: float | None) -> bool:
        """Take one answer; None: only if it is there. Raises RecognizerError when it does not come in time."""
        try:
            text = self._connected().receive(seconds or 0.0)
        except OSError as error:
            raise self._lost(f"the server is lost: {error}") from error
        if text is None:
            if seconds is None:
                return False
            raise self._lost("the server does not keep up")
        if not isinstance(text, str):
            raise self._lost("the server's answer is no text")
        self._waiting -= 1
        self._answers.append(text)
        return True

    def _connected(self) -> Connection:
        if self._client is None:
            try:
                self._client = Connection(self._url, seconds=CONNECT_SECONDS, largest=LARGEST)
                self._client.send(self._config)
            except OSError as error:
                raise self._lost(f"the server cannot be reached: {error}") from error
        return self._client

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        self._before, self._waiting, self._said = self._samples, 0, ""
        self._answers.clear()
        if client is not None:
            client.close()

    def _check(self) -> None:
        if self._closed:
            raise RecognizerError(self._url, "the recognizer is closed.")

    def _lost(self, problem: str) -> RecognizerError:
        self._closed = True
        self._disconnect()
        return RecognizerError(self._url, f"{problem}.", "Is a vosk-server running there?")


def _later(reading: Hypothesis, seconds: float) -> Hypothesis:
    words = tuple(replace(word, start=word.start + seconds, end=word.end + seconds) for word in reading.words)
    return replace(reading, words=words)
