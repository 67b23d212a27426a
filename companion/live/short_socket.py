"""The library's socket with a short way in and out, as soon as it is a WebSocket and nothing else is on its way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

import msgspec
from engineio import packet
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.socket import Socket

from companion import server
from companion.live import limits
from companion.live.ends import Ends
from companion.live.frames import frame_of, frame_of_text
from companion.live.heartbeats import Heartbeats
from companion.live.outlet import MOST_WAITING, Outlet
from companion.live.pace import Budget

log = logging.getLogger("companion.transport")
PING = packet.Packet(packet.PING)  # always the same one, so that its frame is made once
PONG, EVENT, ACK = b"%d" % packet.PONG, b"42", b"43"  # Engine.IO's message with an event or an answer of Socket.IO's

LEAST = 64  # bytes that a packet without a frame counts for

Answers = Callable[[str, dict[str, Any]], dict[str, Any] | None]  # by the transport and the tap
_tap = msgspec.json.Decoder(tuple[Literal["tap"], dict[str, Any]])


class ShortSocket(Socket):
    """One client. What is short and comes all the time is done here, anything else by the library."""

    outlet: Outlet | None = None
    ends: Ends | None = None
    answers: Answers
    floods = False
    budget: Budget | None = None
    queued = 0  # bytes for whoever polls
    full = False
    last_ping: Any  # the library's: when it asked, None once she has answered

    def schedule_ping(self) -> None:
        """After a pong: the next ping, in a while."""
        if self.last_ping:
            self.last_ping = None
            PINGS.after(self.server.ping_interval, self)

    def ping(self) -> None:
        """Ask whether she is still there."""
        if self.closed:
            self._forget()
        elif not self.closing:
            self.last_ping = time.time()
            self.send(PING)
            LOOKS.after(self.server.ping_timeout, self)

    def look(self) -> None:
        """Whether her answer, which is due, has come."""
        if self.closed:
            self._forget()
        elif self.last_ping and time.time() - self.last_ping >= self.server.ping_timeout:
            # If we are slow it has come and has not been read: then she is not the one to blame.
            server.spawn(self._look_again)
        elif self.last_ping:
            LOOKS.after(self.server.ping_timeout, self)  # another ping than the one that this look was for

    def send(self, pkt: Any) -> None:
        """Write a packet, or queue it where this is no WebSocket yet."""
        if self.outlet is None:
            self._queue(pkt)
        elif not self.closed:
            self.outlet.write(frame_of(pkt))

    def poll(self) -> Any:
        """What the library's writer waits for; with an outlet that is nothing, and it ends."""
        if self.outlet is not None:
            return []
        packets = super().poll()
        self.queued = 0  # all that there was
        return packets

    def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """Close it, after which nothing more is read either."""
        super().close(wait=wait and self.outlet is None, abort=abort, reason=reason)
        if self.ends is not None and self.closed:
            self.ends.close()

    def hears(self, text: bytes) -> bool:
        """Do what this message asks, if it is one of those that come all the time."""
        self.budget = self.budget or Budget(limits.MESSAGES)
        if not self.budget.spend():
            self._cut_for_flooding()
            return True
        if text == PONG:
            self.schedule_ping()
            return True
        found = _numbered(text) if text.startswith(EVENT) else None
        if found is None or self.outlet is None:
            return False
        number, tap = found
        try:
            answer = self.answers(self.sid, tap)
        except Exception:
            log.exception("a fault of ours in a message")
            return True
        if answer is not None:
            self.outlet.write(frame_of_text(ACK + number + msgspec.json.encode([answer])))
        return answer is not None

    def begin_short(self, outlet: Outlet) -> None:
        """From now on there is no other way out; what was queued before goes first."""
        for _ in range(self.queue.qsize()):
            pkt = self.queue.get()
            self.queue.task_done()
            if pkt is not None:
                outlet.write(frame_of(pkt))
        self.outlet = outlet

    def _websocket_handler(self, ws: Any) -> Any:
        ends = self.ends = Ends(self, ws)
        try:
            return super()._websocket_handler(ends) if self.connected else self._from_the_start(ends)
        except OSError:
            self.upgrading = False  # the library waits only so long for what completes an upgrade
            return []
        finally:
            ends.end()
            self.ends = None  # nothing that hangs together in a circle is left for the collector

    def _from_the_start(self, ends: Ends) -> Any:
        # As the library does it where nothing has to be upgraded, but without a task for a writer that ends at once.
        self.connected = self.upgraded = True
        with suppress(Exception):  # it has gone
            while (said := ends.wait()) is not None and len(said) <= self.server.max_http_buffer_size:
                self._receive_one(said)
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        return []

    def _receive_one(self, said: Any) -> None:
        pkt = packet.Packet(encoded_packet=said)
        try:
            self.receive(pkt)
        except UnknownPacketError:
            pass
        except SocketIsClosedError:
            raise
        except Exception:
            log.exception("a fault of ours in a message")
            raise

    def _queue(self, pkt: Any) -> None:
        if self.full:
            return
        if self.queued <= MOST_WAITING:  # so that one message gets through, however large it is
            self.queued += len(getattr(pkt, "frame", b"")) or LEAST
            super().send(pkt)
            return
        self.full = True
        log.error("a client that did not poll was cut")
        # In a task of its own: to see somebody off takes a commit, and everybody's panels would wait for it.
        server.spawn(self.close, False, True, self.server.reason.TRANSPORT_ERROR)

    def _cut_for_flooding(self) -> None:
        # At once: its task would go on reading for as long as something comes, and nobody else would have a turn.
        if not self.floods:
            log.error("a connection that flooded was cut")
        self.floods = True
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)

    def _look_again(self) -> None:
        asked = self.last_ping
        server.sleep(0)  # whatever has come by now is read meanwhile
        if self.last_ping == asked:
            self.close(wait=False, reason=self.server.reason.PING_TIMEOUT)
        if self.closed:
            self._forget()

    def _forget(self) -> None:
        # The library has a task that wakes for each client all the time to see to this.
        self.server.sockets.pop(self.sid, None)


PINGS: Heartbeats[ShortSocket] = Heartbeats(ShortSocket.ping)
LOOKS: Heartbeats[ShortSocket] = Heartbeats(ShortSocket.look)


def _numbered(text: bytes) -> tuple[bytes, dict[str, Any]] | None:
    # ``42<number>["tap",{...}]``; anything else may be right all the same, and the library says what it is.
    begin = text.find(b"[")
    number = text[len(EVENT) : begin]
    if begin < 0 or not number.isdigit() or len(number) > 9:
        return None
    try:
        return b"%d" % int(number), _tap.decode(text[begin:])[1]
    except (msgspec.DecodeError, RecursionError):
        return None
