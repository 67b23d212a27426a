"""A meeting server of another origin that does what Jitsi does: its page speaks the real wire (meeting_page.js),
it checks tokens, lets only moderators lead, and tells everybody in a room what everybody there hears.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.browser.meeting_server import serve
from tests.integrations.jitsi_server import NotLetIn, Prosody

SECRET = "a secret of one's own server, long enough"
LEADS = (
    "add-breakout-room",
    "remove-breakout-room",
    "close-breakout-room",
    "send-participant-to-room",
    "ask-to-unmute",
)
Event = dict[str, Any]


@dataclass
class Someone:
    """One connection to the call."""

    number: str
    alias: str
    context: dict[str, str]
    leads: bool
    page: str = ""
    raised: int = 0
    connection: str = field(default_factory=lambda: f"{secrets.token_hex(8)}@meet.example/{secrets.token_hex(4)}")


@dataclass
class CallRoom:
    """The main room, or a breakout room of it."""

    id: str
    jid: str
    name: str
    main: bool
    people: dict[str, Someone] = field(default_factory=dict)


class Meeting:
    """One call on one server. What was refused, and whom somebody asked to unmute, can be read from it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._prosody = Prosody("companion", SECRET, "127.0.0.1")
        self._pages: dict[str, queue.Queue[Event | None]] = {}
        self._tickets = 0
        self.rooms: dict[str, CallRoom] = {}
        self.refused: list[str] = []
        self.asked: list[str] = []
        self.moves: list[tuple[str, str]] = []
        self.referers: list[str] = []
        self.addresses: list[str] = []
        self.older = False  # a release without references, timestamps of hands and rooms-info
        self._server = serve(self)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        for page in list(self._pages):
            self._say(page, None)
        self._server.shutdown()
        self._server.server_close()

    def breakouts(self) -> dict[str, set[str]]:
        """Who is in which breakout room, by their names."""
        with self._lock:
            found = [room for room in self.rooms.values() if not room.main]
            return {room.name: {one.alias for one in room.people.values()} for room in found}

    def main(self) -> set[str]:
        """Who is in the main room."""
        with self._lock:
            return {one.alias for room in self.rooms.values() if room.main for one in room.people.values()}

    def joins(self, alias: str, ref: str = "") -> Someone:
        """Somebody at a device of her own."""
        one = Someone(secrets.token_hex(4), alias, {"id": ref, "name": alias} if ref else {}, leads=False)
        with self._lock:
            self._enter(one, self._main())
        return one

    def leaves(self, one: Someone) -> None:
        with self._lock:
            self._go(one)
            self._tell_rooms()

    def raises(self, one: Someone) -> None:
        """Her hand goes up."""
        self._hand(one, int(self._now().timestamp() * 1000) + self._tick())

    def lowers(self, one: Someone) -> None:
        self._hand(one, 0)

    def goes_back(self, one: Someone) -> None:
        """She presses "leave this room" herself."""
        with self._lock:
            self._move(one, self._main())

    def event(self, alias: str, event: Event) -> None:
        """Something that only the page of this person hears."""
        with self._lock:
            self._say(self._find(alias).page, event)

    def find(self, alias: str) -> Someone:
        with self._lock:
            return self._find(alias)

    # What the pages ask for

    def join(self, page: str, token: str, room: str, same: str) -> Someone | None:
        name = room if room not in self.rooms or self.rooms[room].main else self._main().id
        try:
            user = self._prosody.let_in(token, name, self._now())
        except NotLetIn as no:
            self.refused.append(str(no))
            return None
        with self._lock:
            self._pages[page] = queue.Queue()
            self.rooms.setdefault(name, CallRoom(name, f"{name}@muc.meet.example", "", main=True))
            number = same or secrets.token_hex(4)
            one = Someone(
                number, user["name"], {"id": user["id"], "name": user["name"]}, bool(user.get("moderator")), page
            )
            self._enter(one, self.rooms.get(room, self._main()))
        return one

    def command(self, page: str, name: str, data: list[Any]) -> None:
        with self._lock:
            one = self._of(page)
            if name in LEADS and (one is None or not one.leads):
                self.refused.append(name)
                return
            act = getattr(self, "_" + name.replace("-", "_"), None)
            if act is not None:
                act(*data)

    def request(self, page: str, name: str) -> Any:
        with self._lock:
            if name == "list-breakout-rooms":
                return self._as_kept() if len(self.rooms) > 1 else {}
            if name == "rooms-info" and not self.older:
                return {"rooms": [self._info(room) for room in self.rooms.values()]}
        return None

    def pushed_to(self, page: str) -> queue.Queue[Event | None]:
        return self._pages[page]

    def gone(self, page: str, pushed: queue.Queue[Event | None]) -> None:
        with self._lock:
            if self._pages.get(page) is not pushed:
                return
            del self._pages[page]
            one = self._of(page)
            if one is not None:
                self._go(one)
                self._tell_rooms()

    def _add_breakout_room(self, name: str) -> None:
        ref = secrets.token_hex(6)
        self.rooms[ref] = CallRoom(ref, f"{ref}@breakout.meet.example", name, main=False)
        self._tell_rooms()

    def _remove_breakout_room(self, jid: str) -> None:
        room = next((one for one in self.rooms.values() if one.jid == jid), None)
        if room is not None and not room.main:
            for one in list(room.people.values()):
                self._move(one, self._main())
            del self.rooms[room.id]
            self._tell_rooms()

    def _close_breakout_room(self, ref: str) -> None:
        for one in list(self.rooms[ref].people.values()):
            self._move(one, self._main())

    def _send_participant_to_room(self, who: str, ref: str) -> None:
        for room in self.rooms.values():
            for one in list(room.people.values()):
                if who in (one.number, one.connection) and ref in self.rooms:
                    self.moves.append((one.alias, self.rooms[ref].name))
                    self._move(one, self.rooms[ref])
                    return

    def _ask_to_unmute(self, who: str) -> None:
        self.asked.append(who)

    # What everybody hears of it

    def _enter(self, one: Someone, room: CallRoom) -> None:
        for other in room.people.values():
            self._say(one.page, self._joined(other))
            if other.raised:
                self._say(one.page, self._raised(other))
        for other in room.people.values():
            self._say(other.page, self._joined(one))
        room.people[one.number] = one
        if one.page:
            role = "moderator" if one.leads else "participant"
            self._say(one.page, {"name": "participant-role-changed", "id": one.number, "role": role})
            told = {"id": one.number, "displayName": one.alias, "breakoutRoom": not room.main}
            self._say(one.page, {"name": "video-conference-joined", "roomName": room.id, **told})
        self._tell_rooms()

    def _go(self, one: Someone) -> None:
        for room in self.rooms.values():
            if room.people.get(one.number) is one:
                del room.people[one.number]
                for other in room.people.values():
                    self._say(other.page, {"name": "participant-left", "id": one.number})

    def _move(self, one: Someone, room: CallRoom) -> None:
        if one.number in room.people:
            return
        self._go(one)
        one.raised = 0
        if one.page:
            self._say(one.page, {"name": "moved", "room": room.id})
        else:
            self._enter(one, room)

    def _hand(self, one: Someone, raised: int) -> None:
        with self._lock:
            one.raised = raised
            for room in self.rooms.values():
                for other in room.people.values() if one.number in room.people else ():
                    self._say(other.page, self._raised(one))

    def _joined(self, one: Someone) -> Event:
        told = {"name": "participant-joined", "id": one.number, "displayName": one.alias}
        return told if self.older else {**told, "userContext": one.context}

    def _raised(self, one: Someone) -> Event:
        return {
            "name": "raise-hand-updated",
            "id": one.number,
            "handRaised": bool(one.raised) if self.older else one.raised,
        }

    def _tell_rooms(self) -> None:
        if len(self.rooms) < 2:
            return
        for room in self.rooms.values():
            for one in room.people.values():
                self._say(one.page, {"name": "breakout-rooms-updated", "rooms": self._as_kept()})

    def _as_kept(self) -> dict[str, Any]:
        return {room.id: self._kept(room) for room in self.rooms.values()}

    def _kept(self, room: CallRoom) -> dict[str, Any]:
        people = {
            f"{room.jid}/{one.number}": {"jid": one.connection, "displayName": one.alias, "role": "participant"}
            for one in room.people.values()
        }
        return {"id": room.id, "jid": room.jid, "name": room.name, "isMainRoom": room.main, "participants": people}

    def _info(self, room: CallRoom) -> dict[str, Any]:
        people = [
            {
                "id": one.number,
                "displayName": one.alias,
                "role": "moderator" if one.leads else "participant",
                "userContext": one.context,
            }
            for one in room.people.values()
        ]
        return {"id": room.id, "jid": room.jid, "isMainRoom": room.main, "participants": people}

    def _say(self, page: str, event: Event | None) -> None:
        if page in self._pages:
            self._pages[page].put(event)

    def _main(self) -> CallRoom:
        return next(room for room in self.rooms.values() if room.main)

    def _everybody(self) -> list[Someone]:
        return [one for room in self.rooms.values() for one in room.people.values()]

    def _of(self, page: str) -> Someone | None:
        return next((one for one in self._everybody() if one.page == page), None)

    def _find(self, alias: str) -> Someone:
        return next(one for one in self._everybody() if one.alias == alias)

    def _tick(self) -> int:
        self._tickets += 1
        return self._tickets
