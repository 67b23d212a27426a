"""A Zoom client around a browser's page, as far as our page speaks with it: the library in the page is the real one.

It gives and refuses what the real client does: nothing before ``config``, nothing that was not in its list, host's acts
to hosts alone and only as the role was when it was asked, no room made or taken away while rooms are open, one person
moved at a time and never the host, with a question to her. What it knows outlives a page that is loaded anew.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page

Said = dict[str, Any]

# The native side of the bridge: Windows' own, and for a page in a frame, that of the page around it.
WEBVIEW = """(() => {
  if (window.top !== window.self) return;
  const listeners = [];
  window.zoomSays = (said) => said.forEach((data) => listeners.forEach((heard) => heard({ data })));
  window.chrome = window.chrome || {};
  window.chrome.webview = {
    addEventListener: (type, heard) => type === "message" && listeners.push(heard),
    postMessage: (json) => window.zoomNative(json).then(window.zoomSays),
  };
})();"""
AROUND = """(() => {
  if (window.top !== window.self) return;
  addEventListener("message", ({ data, source }) => {
    if (typeof data === "string") zoomNative(data).then((said) => said.forEach((one) => source.postMessage(one, "*")));
  });
})();"""
HOSTS = ("host", "coHost")
ANYBODYS = {"config", "getUserContext", "getMeetingUUID", "getBreakoutRoomList", "changeBreakoutRoom", "openUrl"}
HOSTS_EVENTS = {"onParticipantChange"}


class No(Exception):
    """What the client answers instead."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass
class Someone:
    """A person in the call."""

    name: str
    role: str = "attendee"
    room: str = ""  # where she is
    assigned: str = ""  # where she was asked to go
    asked: bool = False  # whether the question is on her screen


@dataclass
class ZoomClient:
    """``me`` is whoever has the client open. ``lacks`` is what an older client does not know."""

    me: str = "P-SOL"
    role: str = "host"
    lacks: tuple[str, ...] = ()
    context: str = "inMeeting"
    tells_cohosts: bool = True  # who is in which room
    people: dict[str, Someone] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)  # id → name
    open: bool = False
    settings: Said = field(default_factory=dict)
    asked_to_unmute: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # names of all that was asked, in order
    refused: list[tuple[str, int]] = field(default_factory=list)
    granted: frozenset[str] = frozenset()
    granted_as: str = ""
    beforehand: Callable[[str, Said], None] = lambda name, data: None  # so that a test can come between

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._pages: list[Page] = []
        self.people.setdefault(self.me, Someone("Sol", self.role))

    def around(self, context: BrowserContext, *, framed: bool = False) -> None:
        """Every page of this browser is inside Zoom from now on."""
        context.expose_binding("zoomNative", lambda source, text: self._native(text))
        if not framed:
            context.add_init_script(WEBVIEW)

    def shows(self, page: Page) -> None:
        """Events go to this page."""
        self._pages = [page]

    # What happens in the call

    def joins(self, person: str, name: str) -> None:
        self.people[person] = Someone(name)
        self._participants(person, "join")

    def leaves(self, person: str) -> None:
        gone = self.people.pop(person)
        self.tell("onParticipantChange", {"timestamp": 1, "participants": [_part(person, gone, "leave")]})

    def raises(self, person: str, at: int, feedback: str = "raiseHand") -> None:
        self.tell("onFeedbackReaction", {"participantUUID": person, "timestamp": at, "feedback": feedback})

    def lowers(self, person: str) -> None:
        self.tell("onRemoveFeedbackReaction", {"participantUUID": person, "timestamp": 2})

    def becomes(self, role: str) -> None:
        """The host makes her something else. What was granted before is worth nothing for hosts' acts."""
        self.role = self.people[self.me].role = role
        self.tell("onMyUserContextChange", {"timestamp": 1, "role": role, "screenName": "Sol"})

    def accepts(self, person: str) -> None:
        """She says yes to the question on her screen."""
        someone = self.people[person]
        assert someone.asked, f"{person} was not asked"
        someone.room, someone.asked = someone.assigned, False
        self._participants(person, "leave")
        self._changed("breakoutRoomParticipantsJoined", someone.room, person)

    def declines(self, person: str) -> None:
        """Or no: she stays where she is."""
        assert self.people[person].asked
        self.people[person].asked = False

    def goes_back(self, person: str) -> None:
        """She leaves the room by herself."""
        self.send([*self._back(person)])

    def tell(self, name: str, data: Said) -> None:
        """An event, where it was asked for."""
        self.send(self._events(name, data))

    def send(self, said: list[Said]) -> None:
        """Any message at all."""
        for page in self._pages:
            page.evaluate("said => window.zoomSays && window.zoomSays(said)", said)

    def in_rooms(self) -> dict[str, list[str]]:
        """Who is in which room, by its name."""
        places = {name: [p for p, one in self.people.items() if one.room == key] for key, name in self.rooms.items()}
        return {name: people for name, people in places.items() if people}

    def assigned(self) -> dict[str, str]:
        """Who was sent to which room, by its name."""
        return {p: self.rooms[one.assigned] for p, one in self.people.items() if one.assigned}

    # The wire

    def _native(self, text: str) -> list[Said]:
        asked = json.loads(text)
        assert set(asked) <= {"jsCallId", "apiName", "data"}, asked
        name, data = asked["apiName"], asked.get("data") or {}
        self.asked.append(name)
        self.beforehand(name, data)
        try:
            result, events = self._answer(name, data)
            answer = {"jsCallId": asked["jsCallId"], "result": result}
        except No as no:
            self.refused.append((name, no.code))
            answer, events = {"jsCallId": asked["jsCallId"], "errorCode": no.code, "errorMessage": str(no)}, []
        return [{"type": "apiResponse", "data": answer}, *events]

    def _answer(self, name: str, data: Said) -> tuple[Said, list[Said]]:
        if name == "config":
            return self._config(data), []
        if name not in self.granted:
            raise No(80004, f"{name} is not in the list of capabilities")
        if name in self.lacks:
            raise No(80002, f"this client does not know {name}")
        if name not in ANYBODYS and (self.role not in HOSTS or self.granted_as not in HOSTS):
            raise No(80003, f"{name} is for hosts")
        answer = getattr(self, f"_{name}")(data)
        return answer if isinstance(answer, tuple) else (answer, [])

    def _config(self, data: Said) -> Said:
        wanted = data["js_api_lists"]
        assert data["version"] == "0.16", data
        assert wanted and len(set(wanted)) == len(wanted), wanted
        self.granted, self.granted_as = frozenset(wanted), self.role
        return {
            "clientVersion": "6.2.0.100",
            "browserVersion": "webview2/120",
            "runningContext": self.context,
            "unsupportedApis": [name for name in wanted if name in self.lacks],
            "product": "desktop",
            "auth": {"status": "authorized"},
        }

    def _getUserContext(self, data: Said) -> Said:
        someone = self.people[self.me]
        return {"screenName": someone.name, "role": self.role, "participantUUID": self.me, "status": "authorized"}

    def _getMeetingUUID(self, data: Said) -> Said:
        room = self.people[self.me].room
        return {"meetingUUID": room, "parentUUID": "the-call=="} if room else {"meetingUUID": "the-call=="}

    def _getMeetingParticipants(self, data: Said) -> Said:
        mine = self.people[self.me].room
        return {"participants": [_part(p, one) for p, one in self.people.items() if one.room == mine]}

    def _toggleParticipantMediaAudio(self, data: Said) -> Said:
        people = data["user_UUID_list"]  # as the library calls it on the wire
        assert data["audio"] is True
        assert 0 < len(people) <= 10, "an empty list is everybody"
        if self.me in people:
            raise No(10108, "Self participant is not allowed to include.")
        self.asked_to_unmute += people
        return {"message": "Success"}

    def _openUrl(self, data: Said) -> Said:
        self.opened.append(data["url"])
        return {"message": "success"}

    # Its rooms

    def _getBreakoutRoomList(self, data: Said) -> Said:
        tells = self.role == "host" or (self.role == "coHost" and self.tells_cohosts)
        if self.role not in HOSTS and not self.open:
            raise No(10092, "Breakout Rooms are not open.")
        listed: Said = {
            "rooms": [{"breakoutRoomId": key, "name": name} for key, name in self.rooms.items()],
            "state": "open" if self.open else "closed",
        }
        if tells:
            for room in listed["rooms"]:
                room["participants"] = [
                    _part(p, one) | {"participantStatus": "joined" if one.room else "assigned"}
                    for p, one in self.people.items()
                    if room["breakoutRoomId"] in (one.room, one.assigned)
                ]
            listed["unassigned"] = [_part(p, one) for p, one in self.people.items() if not one.assigned]
        return listed

    def _createBreakoutRooms(self, data: Said) -> tuple[Said, list[Said]]:
        self._closed(10097)
        if len(data["names"]) != data["numberOfRooms"]:
            raise No(10122, "Bo count and the name size do not match.")
        assert data["assign"] == "manually"
        self.rooms = {f"room-{next(self._ids)}": name for name in data["names"]}
        for one in self.people.values():
            one.assigned = ""
        return self._getBreakoutRoomList({}), self._config_changed("breakoutRoomsCreated")

    def _addBreakoutRoom(self, data: Said) -> Said:
        self._closed(10098)
        key = f"room-{next(self._ids)}"
        self.rooms[key] = data["name"]
        return {"uuid": key}

    def _configureBreakoutRooms(self, data: Said) -> Said:
        self._closed(10099)
        self.settings |= data
        return self.settings

    def _openBreakoutRooms(self, data: Said) -> tuple[Said, list[Said]]:
        if self.open:
            raise No(10121, "Breakout Rooms are already open.")
        self.open = True
        return {"message": "Success"}, self._config_changed("breakoutRoomOpened")

    def _assignParticipantToBreakoutRoom(self, data: Said) -> tuple[Said, list[Said]]:
        assert set(data) <= {"uuid", "participantUUID"}, data
        person, room = data["participantUUID"], data.get("uuid")
        someone = self.people.get(person)
        if someone is None or someone.role == "host":
            raise No(10103, "This participant can't be assigned.")
        if room is None:
            return {"message": "Success"}, self._back(person)
        if room not in self.rooms:
            raise No(10093, "The id of the Breakout room is incorrect.")
        someone.assigned, someone.asked = room, self.open
        return {"message": "Success"}, self._changed_said("breakoutRoomParticipantsAssigned", room, person)

    def _changeBreakoutRoom(self, data: Said) -> tuple[Said, list[Said]]:
        if not self.open:
            raise No(10092, "Breakout Rooms are not open.")
        mine = self.people[self.me]
        if data["action"] == "leave":
            assert "uuid" not in data
            return {"message": "success"}, self._back(self.me)
        if data["uuid"] not in self.rooms:
            raise No(10093, "The id of the Breakout room is incorrect.")
        mine.room = mine.assigned = data["uuid"]
        moved = {"action": "join", "breakoutRoomUUID": mine.room, "timestamp": 1}
        return {"message": "success"}, self._events("onBreakoutRoomChange", moved)

    def _closed(self, code: int) -> None:
        if self.open:
            raise No(code, "only while rooms are closed")

    def _back(self, person: str) -> list[Said]:
        someone = self.people[person]
        room, someone.room, someone.assigned, someone.asked = someone.room, "", "", False
        if not room:
            return []
        mine = {"action": "leave", "breakoutRoomUUID": room, "timestamp": 1}
        return [
            *(self._events("onBreakoutRoomChange", mine) if person == self.me else ()),
            *self._changed_said("breakoutRoomParticipantsLeft", room, person),
            *self._events("onParticipantChange", {"timestamp": 1, "participants": [_part(person, someone, "join")]}),
        ]

    # Its events

    def _participants(self, person: str, status: str) -> None:
        part = _part(person, self.people[person], status)
        self.tell("onParticipantChange", {"timestamp": 1, "participants": [part]})

    def _changed(self, change: str, room: str, person: str) -> None:
        self.send(self._changed_said(change, room, person))

    def _changed_said(self, change: str, room: str, person: str) -> list[Said]:
        said = {"timestamp": 1, "change": change, "breakoutRoomUUID": room, "participantUUIDs": [person]}
        return self._events("onMeetingConfigChanged", said)

    def _config_changed(self, change: str) -> list[Said]:
        return self._events("onMeetingConfigChanged", {"timestamp": 1, "change": change})

    def _events(self, name: str, data: Said) -> list[Said]:
        if name not in self.granted or name in self.lacks:
            return []
        if name in HOSTS_EVENTS and (self.role not in HOSTS or self.granted_as not in HOSTS):
            return []
        return [{"type": "event", "name": name, "data": data}]


def _part(person: str, someone: Someone, status: str = "") -> Said:
    said = {
        "participantUUID": person,
        "screenName": someone.name,
        "displayName": someone.name,
        "participantId": 1,
        "role": someone.role,
    }
    return said | ({"status": status} if status else {})
