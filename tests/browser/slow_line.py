"""Stands between a browser and the server for a bad mobile line: slow, far, losing packets, and broken when told to."""

from __future__ import annotations

import asyncio
import math
import re
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from tests.browser.packets import PACKET, TICK, Distance, Flow, Link

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)  # linger for no time: the other end is told of a break, not of an end
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
UPGRADE = re.compile(rb"^upgrade: *websocket *\r\n", re.IGNORECASE | re.MULTILINE)
CONNECTION = re.compile(rb"^connection:.*\r\n", re.IGNORECASE | re.MULTILINE)
LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


class SlowLine:
    """A line to a local HTTP server, as a context manager. Every switch may be used from the test while it runs.

    `drop_upgrade` answers each request for a WebSocket with 400, as a strict proxy does; `strip_upgrade` passes it on
    without the words that make it one, as a careless proxy does. The server under test must know `address` for one of
    its own (COMPANION_ORIGINS), or it will rightly refuse what pages send through here.
    """

    def __init__(
        self,
        target_port: int,
        *,
        kbit_per_second: float = 50,
        round_trip_ms: float = 800,
        loss: float = 0.05,
        seed: int = 7,
    ) -> None:
        self._target, self._seed = target_port, seed
        self._distance = Distance(round_trip_ms / 1000, loss)
        self._up, self._down = (Link(kbit_per_second * 1000 / 8) for _ in range(2))
        self.connections = 0
        self.stalled = self.drop_upgrade = self.strip_upgrade = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slow line")
        self._faults: list[BaseException] = []
        self._carried: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._listening: asyncio.Server | None = None
        self._place = socket.create_server((HOST, 0))
        self.port = int(self._place.getsockname()[1])
        self.address = f"http://{HOST}:{self.port}"

    def __enter__(self) -> SlowLine:
        self._thread.start()
        self._do(self._listen)
        return self

    def __exit__(self, *problem: object) -> None:
        try:
            self._do(self._break)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._place.close()
        assert not self._faults, f"the line itself is at fault: {self._faults}"

    @property
    def bytes_up(self) -> int:
        """Bytes that the server was given so far."""
        return self._up.delivered

    @property
    def bytes_down(self) -> int:
        """Bytes that browsers were given so far."""
        return self._down.delivered

    def stall(self) -> None:
        """Go on accepting, and deliver nothing."""
        self.stalled = True

    def resume(self) -> None:
        """Deliver again, first of all what has been waiting."""
        self.stalled = False

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._do(self._break)

    def restore(self) -> None:
        """Take new connections again."""
        self._do(self._listen)

    def _do(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(act(), self._loop).result(10)

    async def _listen(self) -> None:
        if self._listening is None:
            self._listening = await asyncio.start_server(self._accept, sock=self._place)

    async def _break(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
            # Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
            self._place = socket.socket()
            self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._place.bind((HOST, self.port))
        for task, writers in self._carried.items():
            for writer in writers:
                _reset(writer)
            task.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)
        await asyncio.sleep(TICK)  # for whoever was being accepted just then

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._listening is None:
            return _reset(writer)
        self.connections += 1
        writers = [writer]
        task = self._loop.create_task(self._carry(reader, writers, self.connections))
        self._carried[task] = writers
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._carried[task]
        if not task.cancelled() and (error := task.exception()):
            self._faults.append(error)

    async def _carry(self, reader: asyncio.StreamReader, writers: list[asyncio.StreamWriter], number: int) -> None:
        # A die for each connection and direction: what one loses does not hang on what another happened to send.
        dice = [Random(f"{self._seed} {number} {way}") for way in ("setting up", "up", "down")]  # noqa: S311
        try:
            await self._set_up(dice[0])
            server_reader, server_writer = await asyncio.open_connection(HOST, self._target)
            writers.append(server_writer)
            up = Flow(self._up, self._distance, dice[1], self, server_writer)
            down = Flow(self._down, self._distance, dice[2], self, writers[0])
            async with asyncio.TaskGroup() as group:
                group.create_task(self._upwards(reader, up, down))
                group.create_task(_downwards(server_reader, down))
                group.create_task(up.deliver())
                group.create_task(down.deliver())
        except* OSError:
            # One of the two has hung up, or there is no server: the other is told, and that is all.
            pass
        finally:
            for writer in writers:
                writer.close()
            await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    async def _set_up(self, dice: Random) -> None:
        lost = sum(self._distance.losses(dice) for _ in ("there", "back"))
        await asyncio.sleep(self._distance.round_trip + self._distance.patience * (2**lost - 1))
        while self.stalled:
            await asyncio.sleep(TICK)

    async def _upwards(self, reader: asyncio.StreamReader, up: Flow, down: Flow) -> None:
        while head := await _head(reader):
            upgrade = UPGRADE.search(head) is not None
            if upgrade and self.drop_upgrade:
                await down.send(REFUSAL)
                await down.end()
                break
            if upgrade and self.strip_upgrade:
                head, upgrade = CONNECTION.sub(b"", UPGRADE.sub(b"", head)), False
            await up.send(head)
            await _copy(reader, up, math.inf if upgrade else _body_length(head))
        await up.end()


def _reset(writer: asyncio.StreamWriter) -> None:
    held = writer.get_extra_info("socket")
    if held.fileno() != -1:  # else it has ended by itself
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def _downwards(reader: asyncio.StreamReader, down: Flow) -> None:
    await _copy(reader, down, math.inf)
    await down.end()


async def _copy(reader: asyncio.StreamReader, flow: Flow, length: float) -> None:
    while length > 0 and (body := await reader.read(int(min(PACKET, length)))):
        await flow.send(body)
        length -= len(body)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return error.partial


def _body_length(head: bytes) -> int:
    # Browsers say how long the body of a request is; none sends one in chunks.
    found = LENGTH.search(head)
    return int(found[1]) if found else 0
