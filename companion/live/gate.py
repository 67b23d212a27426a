"""Who may connect: an allowed origin, a browser that is in, its key, and not too many pages. Then its own room, then
its whole panel, in this order, so that nothing that changes meanwhile is missed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar

from socketio.exceptions import ConnectionRefusedError

from companion import drawing, server
from companion.core.refusals import Refused
from companion.core.telling import reason_told
from companion.handover import Together
from companion.live.limits import Limits
from companion.live.rooms import Format, Member, Rooms
from companion.live.transport import close_soon, hang_up, transport_of
from companion.ports import StoreDown
from companion.records import Access
from companion.service import presence
from companion.service.accesses import access_of_token, check_device, is_connect_key
from companion.service.deps import Deps
from companion.service.tapping import entered

log = logging.getLogger("companion.gate")
T = TypeVar("T")
AGAIN_SECONDS, TRIES = 5.0, 60  # while the database cannot be used, for five minutes


def number_in(value: object) -> int:
    """The number of a drawing that a page says it shows; anything else is none at all."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets connections in and sees them off."""

    deps: Deps
    socketio_server: Any
    rooms: Rooms
    limits: Limits
    node: str
    cookie_name: str
    arrivals: Together[presence.Opened, None]
    departures: Together[presence.Closed, bool]

    def connect(self, connection: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let a connection in, or refuse it with a reason code and a sentence."""
        token = self._token(environ)
        language = (environ.get("HTTP_ACCEPT_LANGUAGE") or "en")[:2]
        try:
            access = server.off_loop(self._check, token, auth)
        except Refused as refused:
            raise self._refusal(connection, refused.reason, language) from refused
        except StoreDown as down:
            raise self._refusal(connection, "not_sent", language) from down
        if not self._is_there(connection):
            # She went while she was looked up: her farewell has been and will not come again.
            raise self._refusal(connection, "no_access", access.language)
        address = str(environ.get("REMOTE_ADDR") or "")
        if not self.limits.open(access.seat_id, address):
            raise self._refusal(connection, "too_many_pages", access.language)
        form: Format = "json" if isinstance(auth, dict) and auth.get("format") == "json" else "html"
        shows = number_in(auth.get("number") if isinstance(auth, dict) else None)
        member = Member(connection, access.id, access.session_id, access.seat_id, access.language, form, address, shows)
        self.rooms.add(member)
        # After the library has told the client that it is connected; a panel before that would be lost on some clients.
        server.spawn(self._welcome, member, access)

    def disconnect(self, connection: str, reason: str = "") -> None:
        """A connection has gone, for whatever reason."""
        if reason == self.socketio_server.reason.CLIENT_DISCONNECT:
            # She may have said so on a transport that goes on, where she could come and go without end.
            server.spawn(close_soon, self.socketio_server.eio, transport_of(self.socketio_server, connection))
        member, resting = self.rooms.remove(connection), self.rooms.was_resting(connection)
        if member is None:
            return
        self.limits.close(member.seat_id, member.address)
        self._see_off(member, reason, resting)

    def send_whole(self, member: Member, shows: int = -1) -> None:
        """Send the whole panel to one connection, in its place in the order of commits.

        Nothing is sent where ``shows`` is the number of the newest drawing: one number is one drawing, and a phone with
        little data has it already.
        """
        server.off_loop(self._send_whole, member, shows)

    def _is_there(self, connection: str) -> bool:
        # The library lets go of an ended transport here, even of one whose client was still being let in.
        return transport_of(self.socketio_server, connection) in self.socketio_server.environ

    def _welcome(self, member: Member, access: Access) -> None:
        if not self._is_there(member.connection):
            # She went while she was told that she is connected, when the library sees nobody off either.
            self.socketio_server.disconnect(member.connection)
            return
        with self._or_hang_up(member):
            self.arrivals.do(presence.Opened(access, member.connection, self.node))
        if self.rooms.member(member.connection) is None:
            # Gone while that was written down, perhaps in part: whichever of the two was last, she is not connected.
            self._see_off(member, "", resting=False)
            return
        with self._or_hang_up(member):
            server.off_loop(self._send_whole, member, member.shows, joins=True)

    @contextmanager
    def _or_hang_up(self, member: Member) -> Iterator[None]:
        try:
            yield
        except (Refused, StoreDown):
            hang_up(self.socketio_server, member.connection)
        except Exception:
            log.exception("a fault of ours while somebody came")
            hang_up(self.socketio_server, member.connection)  # she would look at a page that hears nothing

    def _send_whole(self, member: Member, shows: int, joins: bool = False) -> None:
        access = entered(self.deps, member.access_id)
        with self.deps.locks.of(member.session_id):
            saved = self.deps.store.load(member.session_id)
            if saved is None:
                raise Refused("session_closed")
            check_device(saved.state, access)
            if joins:
                self.deps.panels.welcome(member.connection)
            self.deps.panels.send_whole(saved.state, member.seat_id, member.connection, shows)

    def _see_off(self, member: Member, reason: str, resting: bool) -> None:
        if not self.departures.do(_farewell(member, reason, resting)):
            server.spawn(self._see_off_later, member, reason, resting)

    def _see_off_later(self, member: Member, reason: str, resting: bool) -> None:
        # This node renews whatever it has open, so a connection that is never seen off would count for ever.
        for _ in range(TRIES):
            server.sleep(AGAIN_SECONDS)
            if self.departures.do(_farewell(member, reason, resting)):
                return

    def _check(self, token: str, auth: Any) -> Access:
        found = access_of_token(self.deps, token) if token else None
        if found is None:
            raise Refused("no_access")
        access = entered(self.deps, found.id)
        key = auth.get("key") if isinstance(auth, dict) else None
        if not isinstance(key, str) or not is_connect_key(self.deps, access, key):
            raise Refused("wrong_key")
        saved = self.deps.store.load(access.session_id)
        if saved is None:
            raise Refused("session_closed")
        if saved.state.seat(access.seat_id).state not in ("waiting", "seated"):
            raise Refused("no_access")
        check_device(saved.state, access)
        return access

    def _token(self, environ: dict[str, Any]) -> str:
        try:
            cookies = SimpleCookie(environ.get("HTTP_COOKIE") or "")
        except CookieError:
            return ""
        morsel = cookies.get(self.cookie_name)
        return morsel.value if morsel else ""

    def _refusal(self, connection: str, code: str, language: str) -> ConnectionRefusedError:
        log.info("connection refused reason=%s", reason_told(code))
        self.deps.meters.refused(code)
        server.spawn(close_soon, self.socketio_server.eio, transport_of(self.socketio_server, connection))
        return ConnectionRefusedError(code, {"code": code, "say": drawing.refusal(code, language)})


def arrivals(deps: Deps) -> Together[presence.Opened, None]:
    """Writes down who has come, with whoever comes meanwhile: after a cut everybody comes back at once."""

    def write(opened: list[presence.Opened]) -> Sequence[None]:
        _all_or_each(partial(presence.sockets_opened, deps), opened)
        return [None] * len(opened)

    return Together(write)


def departures(deps: Deps) -> Together[presence.Closed, bool]:
    """The same of who has gone; False where that could not be written down."""

    def write(closed: list[presence.Closed]) -> Sequence[bool]:
        # Each kind by itself: what has been written down of one is not written again because of the other.
        done = {silent: see_off([one for one in closed if one.silent == silent]) for silent in (False, True)}
        return [done[one.silent] for one in closed]

    def see_off(closed: list[presence.Closed]) -> bool:
        try:
            if closed:
                _all_or_each(partial(presence.sockets_closed, deps), closed)
        except StoreDown:
            log.error("a closed connection could not be noted; it is tried again")
            return False
        return True

    return Together(write)


def _all_or_each(work: Callable[[Sequence[T]], None], items: Sequence[T]) -> None:
    try:
        work(items)
    except StoreDown:
        raise
    except Exception:
        # One of them is the reason: each is tried by itself, and that one alone fails.
        log.exception("a fault of ours among those who came or went together")
        if len(items) > 1:
            for one in items:
                _all_or_each(work, [one])


def _farewell(member: Member, reason: str, resting: bool = False) -> presence.Closed:
    silent = reason == "ping timeout"
    return presence.Closed(
        member.access_id, member.session_id, member.seat_id, member.connection, silent=silent, resting=resting
    )
