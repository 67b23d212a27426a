"""Who is connected: sockets and form posts are counted in the store, and the core hears of the first and the last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.commands import NoticeDrop, NoticeReturn
from companion.core.model import SessionState
from companion.ports import StoreDown
from companion.records import FORM, Access, Connection
from companion.service import locking
from companion.service.deps import Deps
from companion.service.noticing import notice_all

PING_SECONDS, PING_WAIT_SECONDS = 8, 8  # so that a silent phone shows as lost after about 15 s
SOCKET_SECONDS = 60  # renewed while the node lives, so that a killed node's sockets stop counting
FORM_SECONDS = 300  # somebody without script is here as long as she presses something now and then


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that is connected to this node."""

    access: Access
    connection: str
    node: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A page that has gone. A silent one was last heard of a heartbeat ago; ``resting``: it was out of sight."""

    access_id: str
    session_id: str
    seat_id: str
    connection: str
    silent: bool = False
    resting: bool = False


def sockets_opened(deps: Deps, opened: Sequence[Opened]) -> None:
    """These pages are connected; from now on the form posts of their browsers need not count."""
    until = deps.clock() + timedelta(seconds=SOCKET_SECONDS)
    sockets = [_connection(one.access, one.connection, one.node, until) for one in opened]
    deps.store.open(sockets, instead_of=[_form_id(one.access) for one in opened])
    # While they are connected they are not locked; should this node die without a word, the silence begins now.
    locking.heard(deps, {one.access.id for one in opened})
    tell_if_back(deps, [one.access for one in opened])


def sockets_closed(deps: Deps, closed: Sequence[Closed]) -> None:
    """These pages, all of them silent or none, have gone; seats of which one was the last have dropped."""
    seconds = PING_SECONDS + PING_WAIT_SECONDS if closed[0].silent else 0
    heard = deps.clock() - timedelta(seconds=seconds)
    silences = [(one.access_id, locking.silent_from(heard, resting=one.resting)) for one in closed]
    # From here on the store knows nothing of them, even where its answer is lost and all this is done again: so it is
    # not the store that says whose seats these are.
    deps.store.close([one.connection for one in closed])
    _surely(deps, lambda: locking.went(deps, silences))
    _surely_dropped(deps, sorted({(one.session_id, one.seat_id) for one in closed}), seconds)


def form_used(deps: Deps, access: Access) -> None:
    """A page without script was read or sent a form."""
    until = deps.clock() + timedelta(seconds=FORM_SECONDS)
    deps.store.open([_connection(access, _form_id(access), FORM, until)])
    tell_if_back(deps, [access])


def tell_if_back(deps: Deps, accesses: Sequence[Access]) -> None:
    """Tell the core only where it thinks the seat has dropped: a reload is not worth a commit."""
    loaded = deps.store.load_all({access.session_id for access in accesses})
    dropped = [
        (access.session_id, access.seat_id)
        for access in accesses
        if access.session_id in loaded and _has_dropped(loaded[access.session_id].state, access.seat_id)
    ]
    notice_all(deps, [(session_id, NoticeReturn(seat_id)) for session_id, seat_id in dropped])


def keep_alive(deps: Deps, node: str) -> None:
    """This node lives: its sockets count on. Whoever has stopped counting has dropped."""
    now = deps.clock()
    deps.store.renew(node, now + timedelta(seconds=SOCKET_SECONDS))
    _surely_dropped(deps, deps.store.expire(now))


def begin_node(deps: Deps, node: str) -> None:
    """This node starts, perhaps after it was killed: what it had connected then is not connected now."""
    forgotten = deps.store.forget_node(node)
    if forgotten:
        locking.heard(deps, {connection.access_id for connection in forgotten})
    _surely_dropped(deps, sorted({(connection.session_id, connection.seat_id) for connection in forgotten}))


def _form_id(access: Access) -> str:
    return f"form-{access.id}"


def _connection(access: Access, name: str, node: str, until: datetime) -> Connection:
    return Connection(name, access.session_id, access.seat_id, access.id, node, until)


def _has_dropped(state: SessionState, seat_id: str) -> bool:
    return any(seat.id == seat_id and seat.dropped_at is not None for seat in state.seats)


def _surely_dropped(deps: Deps, seats: Collection[tuple[str, str]], seconds: int = 0) -> None:
    def notice() -> None:
        here = deps.store.present(seats)
        gone = [seat for seat in seats if seat not in here]
        notice_all(deps, [(session_id, NoticeDrop(seat_id, seconds)) for session_id, seat_id in gone])
        # They may have come back before this was written down, and then saw nothing to come back from.
        back = sorted(deps.store.present(gone))
        notice_all(deps, [(session_id, NoticeReturn(seat_id)) for session_id, seat_id in back])

    if seats:
        _surely(deps, notice)


def _surely(deps: Deps, work: Callable[[], object]) -> None:
    # The connection is forgotten already: if this could not be said now, nobody would ever say it.
    deps.undone.add(work)
    with suppress(StoreDown):
        deps.undone.do()
