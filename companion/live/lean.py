"""The list of who is in which room, with an index by client, and a way to send that makes a message once."""

from __future__ import annotations

from typing import Any

import msgspec
from engineio import packet as engine_packet
from socketio import Manager, packet

from companion.live.frames import frame_of_text

PREFIX = b"%d%d" % (engine_packet.MESSAGE, packet.EVENT)


class Message(engine_packet.Packet):
    """An event in the usual namespace: written once, as the bytes that a WebSocket needs."""

    def __init__(self, said: list[Any]) -> None:
        super().__init__(engine_packet.MESSAGE)
        self.text = PREFIX + msgspec.json.encode(said)
        self.frame = frame_of_text(self.text)

    def encode(self, b64: bool = False) -> str:
        """As text, for whoever polls."""
        return self.text.decode()


class _Pending(dict[str, None]):
    """Those who are on their way in or out, as the library keeps them: it looks for each among all of them."""

    def append(self, sid: str) -> None:
        """One more."""
        self[sid] = None

    def remove(self, sid: str) -> None:
        """One less."""
        del self[sid]


class LeanManager(Manager):
    """The library's own, which looks through every room of the server when somebody goes."""

    def __init__(self) -> None:
        super().__init__()
        self._rooms_of: dict[tuple[str, str], set[Any]] = {}

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, skip_sid: Any = None, **more: Any) -> None:
        """Send one event with one value to a room; whatever is asked beyond that is the library's to do."""
        if skip_sid or not isinstance(room, str) or any(more.values()):
            super().emit(event, data, namespace, room=room, skip_sid=skip_sid, **more)
            return
        there = self.rooms.get(namespace, {}).get(room)
        if not there:
            return
        message = Message([event, data]) if namespace == "/" else self._message(namespace, [event, data])
        for transport in list(there.values()):
            self.server._send_eio_packet(transport, message)

    def _message(self, namespace: str, said: list[Any]) -> engine_packet.Packet:
        encoded = self.server.packet_class(packet.EVENT, namespace=namespace, data=said).encode()
        return engine_packet.Packet(engine_packet.MESSAGE, encoded)

    def pre_connect(self, eio_sid: str, namespace: str) -> Any:
        """Somebody asks to come in."""
        self.pending_connect.setdefault(namespace, _Pending())
        return super().pre_connect(eio_sid, namespace)

    def pre_disconnect(self, sid: str, namespace: str) -> Any:
        """Somebody is about to go."""
        self.pending_disconnect.setdefault(namespace, _Pending())
        return super().pre_disconnect(sid, namespace)

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        """Put a client into a room."""
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self._rooms_of.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        """Take it out again."""
        super().basic_leave_room(sid, namespace, room)
        self._rooms_of.get((namespace, sid), set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **more: Any) -> None:
        """Take a client out of all its rooms, looking at no others."""
        for room in self._rooms_of.pop((namespace, sid), set()):
            super().basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]
