"""Which rooms of a Jitsi server are open now: those of sessions that go on, and of one-to-ones while they last.

The server asks before it makes a room. So no room can be made before there is a session, or after its end.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from companion.core import calls as rules
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import PlannedSession, Platform
from companion.service import calls
from companion.service.deps import Deps

MOST_FOR_TWO = 3  # somebody who has dropped stays in the room for a minute, and must not shut her own return out
LATE = timedelta(hours=2)  # how long a session may run over before its room ends
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room that may be made now, and how long it lasts at most."""

    ref: str
    lasts: timedelta
    most: int | None = None  # people; None: as many as the server takes


def new_token(deps: Deps, platform_id: str) -> str:
    """What the server shows when it asks; an older one counts no more. Raises Refused."""
    token = secrets.token_urlsafe(32)
    kept = deps.store.shelf(Platform).change(
        platform_id, lambda one: replace(one, more={**one.more, "gate": token}) if one.kind == "jitsi" else None
    )
    if kept is None or kept.kind != "jitsi":
        raise Refused("no_such_page")
    return token


def asking(deps: Deps, platform_id: str, token: str) -> Platform | None:
    """The account whose server asks, if it shows what it was given."""
    platform = deps.store.shelf(Platform).get(platform_id)
    wanted = platform.more.get("gate", "") if platform else ""
    # Compared in any case, so that nobody learns from the time it takes which accounts there are.
    right = hmac.compare_digest(token.encode(), (wanted or secrets.token_urlsafe(32)).encode())
    return platform if wanted and right else None


def find(deps: Deps, platform: Platform, ref: str) -> OpenRoom | None:
    """The open room of this name on this account; None where there is none."""
    return next((room for room in _open(deps, platform) if hmac.compare_digest(room.ref.encode(), ref.encode())), None)


def _open(deps: Deps, platform: Platform) -> Iterator[OpenRoom]:
    live = set(deps.store.live())
    for group in deps.store.groups():
        if group.settings.platform != platform.id:
            continue
        for session in deps.store.sessions(group.id):
            if session.id in live:
                yield from _rooms(deps, session)


def _rooms(deps: Deps, session: PlannedSession) -> Iterator[OpenRoom]:
    saved = deps.store.load(session.id)
    if saved is None or not rules.is_open(saved.state):
        return
    end = session.starts_at + timedelta(minutes=session.minutes)
    lasts = max(end + LATE - deps.clock(), SHORTEST)
    yield OpenRoom(calls.room_of(deps, session).ref, lasts)
    for one_to_one in rules.open_rooms(saved.state):
        yield OpenRoom(calls.room_of(deps, session, one_to_one).ref, lasts, MOST_FOR_TWO)
