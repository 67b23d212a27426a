"""Packets on a bad mobile line: how soon they leave, how long they travel, which are lost, and when they come again.

The model, for one direction of one connection: a packet leaves when the link, which all connections share, has room for
it, and arrives half a round trip later. A lost one is sent again: a round trip after the next packet that got through
has left, since its receiver then asks for what is missing, or when the sender's patience ends, if nothing follows. What
came after it waits, so that bytes keep their order. Headers and acknowledgements weigh nothing.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from random import Random
from typing import Protocol

PACKET = 1460  # bytes: what fits between an Ethernet's headers
IN_FLIGHT = 64  # packets that a sender has on their way at most
TICK = 0.005  # seconds between two looks at whether a packet may arrive


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the other end is, and how many packets get lost on the way."""

    round_trip: float  # seconds
    loss: float  # 0.05 is one in twenty

    @property
    def patience(self) -> float:
        """How long a sender waits for a sign before it sends again; each further time twice as long."""
        return max(1.0, 1.5 * self.round_trip)

    def losses(self, dice: Random) -> int:
        """How many times one packet gets lost before it gets through."""
        count = 0
        while dice.random() < self.loss:
            count += 1
        return count


class Link:
    """One direction of the line: a bucket of bytes that fills steadily and holds one packet."""

    def __init__(self, bytes_per_second: float) -> None:
        self._rate = bytes_per_second
        self._emptied = 0.0
        self.delivered = 0  # bytes, each counted once however often it was sent

    def book(self, size: int, now: float) -> float:
        """The time at which a packet that is ready now has left; the next one leaves after it."""
        self._emptied = max(self._emptied, now - PACKET / self._rate) + size / self._rate
        return max(now, self._emptied)


class Weather(Protocol):
    """What befalls the whole line."""

    stalled: bool


class Packet:
    """Some bytes on their way; none at all stand for the end."""

    def __init__(self, body: bytes, left: float, losses: int, distance: Distance) -> None:
        self.body, self.losses = body, losses
        self._distance = distance
        waits = distance.patience * (2**losses - 1)
        self.arrives = left + distance.round_trip / 2 + waits

    def is_missed(self, since: float) -> None:
        """A later packet left and got through: the receiver asks for this one."""
        again = since + 1.5 * self._distance.round_trip
        more = self._distance.patience * (2**self.losses - 2)
        self.arrives = min(self.arrives, again + more)


class Flow:
    """One direction of one connection, in order."""

    def __init__(
        self,
        link: Link,
        distance: Distance,
        dice: Random,
        weather: Weather,
        to: asyncio.StreamWriter,
    ) -> None:
        self._link, self._distance, self._dice, self._weather = link, distance, dice, weather
        self._to = to
        self._flying: asyncio.Queue[Packet] = asyncio.Queue(IN_FLIGHT)
        self._missing: list[Packet] = []

    async def send(self, body: bytes) -> None:
        """Put bytes on their way, and come back when they have left."""
        for start in range(0, len(body), PACKET):
            await self._send(body[start : start + PACKET])

    async def end(self) -> None:
        """Say that nothing more comes."""
        await self._send(b"")

    async def deliver(self) -> None:
        """Hand over what arrives, until the end does."""
        while True:
            packet = await self._flying.get()
            # It is looked at again and again: a packet that is missed comes sooner than it would have.
            while self._weather.stalled or time.monotonic() < packet.arrives:
                await asyncio.sleep(TICK)
            if not packet.body:
                return self._to.write_eof()
            self._link.delivered += len(packet.body)
            self._to.write(packet.body)
            await self._to.drain()

    async def _send(self, body: bytes) -> None:
        while self._weather.stalled:
            await asyncio.sleep(TICK)
        leaves = self._link.book(len(body), time.monotonic())
        await asyncio.sleep(leaves - time.monotonic())
        packet = Packet(body, leaves, self._distance.losses(self._dice), self._distance)
        self._link.book(len(body) * packet.losses, leaves)
        self._note(packet, leaves)
        await self._flying.put(packet)

    def _note(self, packet: Packet, left: float) -> None:
        if packet.losses:
            self._missing.append(packet)
            return
        for missing in self._missing:
            missing.is_missed(left)
        self._missing.clear()
