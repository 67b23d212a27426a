"""Who is connected: sockets and form posts are counted in the store, and the core hears of the first and the last."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from companion.core.commands import Command, NoticeDrop, NoticeReturn
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import FORM, Access, Connection
from companion.service import locking
from companion.service.deps import Deps
from companion.service.perform import perform

PING_SECONDS, PING_WAIT_SECONDS = 8, 8  # so that a silent phone shows as lost after about 15 s
SOCKET_SECONDS = 60  # renewed while the node lives, so that a killed node's sockets stop counting
FORM_SECONDS = 300  # somebody without script is here as long as she presses something now and then


def socket_opened(deps: Deps, access: Access, connection_id: str, node: str) -> None:
    """A page is connected; from now on its form posts need not count."""
    until = deps.clock() + timedelta(seconds=SOCKET_SECONDS)
    deps.store.open(Connection(connection_id, access.session_id, access.seat_id, access.id, node, until))
    deps.store.close(_form_id(access))
    # While it is connected it is not locked; should this node die without a word, the silence begins now.
    locking.heard(deps, access.id)
    tell_if_back(deps, access)


def socket_closed(
    deps: Deps, access: Access, connection_id: str, *, silent: bool = False, resting: bool = False
) -> None:
    """A page has gone; if it was the last, the seat has dropped. A silent one was last heard of a heartbeat ago."""
    seconds = PING_SECONDS + PING_WAIT_SECONDS if silent else 0
    heard_at = deps.clock() - timedelta(seconds=seconds)
    last = deps.store.close(connection_id)
    _surely(deps, lambda: locking.went(deps, access.id, heard_at, resting=resting))
    if last:
        _notice_drop(deps, access.session_id, access.seat_id, seconds)


def form_used(deps: Deps, access: Access) -> None:
    """A page without script was read or sent a form."""
    until = deps.clock() + timedelta(seconds=FORM_SECONDS)
    deps.store.open(Connection(_form_id(access), access.session_id, access.seat_id, access.id, FORM, until))
    tell_if_back(deps, access)


def tell_if_back(deps: Deps, access: Access) -> None:
    """Tell the core only where it thinks the seat has dropped: a reload is not worth a commit."""
    saved = deps.store.load(access.session_id)
    if saved is not None and saved.state.seat(access.seat_id).dropped_at is not None:
        _notice(deps, access.session_id, NoticeReturn(access.seat_id))


def keep_alive(deps: Deps, node: str) -> None:
    """This node lives: its sockets count on. Whoever has stopped counting has dropped."""
    now = deps.clock()
    deps.store.renew(node, now + timedelta(seconds=SOCKET_SECONDS))
    for session_id, seat_id in deps.store.expire(now):
        _notice_drop(deps, session_id, seat_id)


def begin_node(deps: Deps, node: str) -> None:
    """This node starts, perhaps after it was killed: what it had connected then is not connected now."""
    forgotten = deps.store.forget_node(node)
    for access_id in {connection.access_id for connection in forgotten}:
        locking.heard(deps, access_id)
    gone = {(connection.session_id, connection.seat_id) for connection in forgotten}
    for session_id, seat_id in gone:
        _notice_drop(deps, session_id, seat_id)


def _form_id(access: Access) -> str:
    return f"form-{access.id}"


def _notice_drop(deps: Deps, session_id: str, seat_id: str, seconds: int = 0) -> None:
    def notice() -> None:
        if deps.store.present(session_id, seat_id):
            return
        _notice(deps, session_id, NoticeDrop(seat_id, seconds))
        # She may have come back before this was written down, and then saw nothing to come back from.
        if deps.store.present(session_id, seat_id):
            _notice(deps, session_id, NoticeReturn(seat_id))

    _surely(deps, notice)


def _surely(deps: Deps, work: Callable[[], object]) -> None:
    # The connection is forgotten already: if this could not be said now, nobody would ever say it.
    deps.undone.add(work)
    with suppress(StoreDown):
        deps.undone.do()


def _notice(deps: Deps, session_id: str, command: Command) -> None:
    try:
        perform(deps, session_id, command, by=SYSTEM)
    except Refused:
        return  # the session is over, or the seat has left: there is nobody to tell
