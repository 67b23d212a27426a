"""Hints from node to node over one channel of Redis, in native threads; the event loop never waits for it.

A hint says "this session has changed" and nothing else, sealed and of one length, with a fresh nonce. Whoever reads
the channel learns that something was tapped somewhere; not by whom, in which session, or whether it is the one before.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from redis.exceptions import RedisError

from integrations.nodes.client import connect
from integrations.nodes.errands import Errands

CHANNEL = "companion"
PLACE = ("nodes", "hint")
LENGTH = 128  # bytes before sealing; ids have about 24
SILENCE_SECONDS, GONE_SECONDS = 2.0, 5.0  # then it is asked whether it is there; then it is not
AGAIN_SECONDS = 0.5
THREADS = 4  # that draw what others have changed; a session's lock keeps its panels in order
log = logging.getLogger("companion.nodes")


class Cells(Protocol):
    """What seals hints."""

    def seal(self, plain: bytes, *place: str) -> bytes:
        """``plain`` sealed for this place."""

    def open(self, cell: bytes, *place: str) -> bytes:
        """What was sealed for this place. Raises if it was not."""


class RedisHints:
    """Implements ports.Hints."""

    def __init__(self, url: str, cells: Cells) -> None:
        self._mouth = connect(url)
        self._ear = connect(url, GONE_SECONDS)
        self._cells = cells
        self._me = os.urandom(8)
        self._speaking = Errands(self._say)
        self._missed = threading.Event()
        self._missed.set()
        self._connected = False

    def post(self, session_id: str) -> None:
        self._speaking.add(session_id)

    def listen(self, heard: Callable[[str], object]) -> None:
        hearing = Errands(heard, THREADS)
        threading.Thread(target=self._listen, args=(hearing,), daemon=True).start()

    def missed(self) -> bool:
        missed = self._missed.is_set() or not self._connected
        self._missed.clear()
        return missed

    def _say(self, session_id: str) -> None:
        hint = self._sealed(session_id)
        while True:
            try:
                self._mouth.publish(CHANNEL, hint)
                return
            except RedisError:
                time.sleep(AGAIN_SECONDS)  # meanwhile others wait, each once; taps never do

    def _listen(self, hearing: Errands) -> None:
        while True:
            try:
                self._listen_once(hearing)
            except RedisError:
                if self._connected:
                    log.error("the other nodes cannot be heard; each looks for itself")
                self._connected = False
            except Exception as fault:
                log.error("the other nodes cannot be heard (%s)", type(fault).__name__)
                self._connected = False
            time.sleep(AGAIN_SECONDS)

    def _listen_once(self, hearing: Errands) -> None:
        with self._ear.pubsub() as channel:
            channel.subscribe(CHANNEL)
            last = time.monotonic()
            while True:
                message = channel.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    last = time.monotonic()
                    self._take(message, hearing)
                elif time.monotonic() - last > GONE_SECONDS:
                    raise RedisError("it has fallen silent")
                else:
                    channel.ping()

    def _take(self, message: dict[str, Any], hearing: Errands) -> None:
        if message["type"] == "subscribe":
            # What was said before nobody here has heard: the order of these two lines keeps `missed` from missing it.
            self._connected = True
            self._missed.set()
        elif message["type"] == "message":
            session_id = self._opened(message["data"])
            if session_id:
                hearing.add(session_id)

    def _sealed(self, session_id: str) -> bytes:
        plain = self._me + session_id.encode()
        return self._cells.seal(plain.ljust(LENGTH, b"\0"), *PLACE)

    def _opened(self, hint: bytes) -> str:
        try:
            plain = self._cells.open(hint, *PLACE)
        except Exception:  # it is not from one of us, or from one with newer keys: looking finds it all the same
            return ""
        mine = plain[: len(self._me)] == self._me
        return "" if mine else plain[len(self._me) :].rstrip(b"\0").decode()
