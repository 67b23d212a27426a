"""Each person's place in a planned call: asked for once, kept with its address until the live data goes."""

from __future__ import annotations

from datetime import datetime

from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import CallDown, Planner, Registered
from companion.records import CallPlace, HeldCall
from companion.service.call_refs import attendee, place_id
from companion.service.deps import Deps

A_DAY = 3  # times that a platform adds the same person on one day


def known(deps: Deps, held: HeldCall, seat_id: str) -> CallPlace | None:
    """The place that she has in this call. No platform is asked."""
    place = deps.store.shelf(CallPlace).get(place_id(deps, held.id, seat_id))
    return place if place is not None and place.call == held.ref and place.url else None


def place_of(deps: Deps, planner: Planner, held: HeldCall, state: SessionState, seat_id: str) -> CallPlace:
    """Her place; asked for now if she has none. Pressing twice asks once. Raises CallDown, or Refused if it is over."""
    with deps.locks.of(f"place {held.id} {seat_id}"):
        place = known(deps, held, seat_id)
        if place is not None:
            return place
        _check_may_add(deps, held, seat_id)
        made = planner.register(held.ref, attendee(deps, state, seat_id), deps.clock())
        return _keep(deps, held, seat_id, made)


def forget(deps: Deps, session_id: str) -> None:
    """Nothing opens the call of this session any more."""
    deps.store.shelf(CallPlace).remove(session_id=session_id)


def forget_seat(deps: Deps, session_id: str, seat_id: str) -> None:
    """The same for one person."""
    deps.store.shelf(CallPlace).remove(id=place_id(deps, session_id, seat_id))


def _check_may_add(deps: Deps, held: HeldCall, seat_id: str) -> None:
    before = deps.store.shelf(CallPlace).get(place_id(deps, held.id, seat_id))
    if before is not None and _adds_today(before, deps.clock()) >= A_DAY:
        raise CallDown("somebody was given a place as often as a platform allows on one day", "refused")


def _keep(deps: Deps, held: HeldCall, seat_id: str, made: Registered) -> CallPlace:
    now, shelf = deps.clock(), deps.store.shelf(CallPlace)
    place = CallPlace(place_id(deps, held.id, seat_id), held.id, seat_id, now, held.ref, made.ref, made.url, 1)

    def newer(one: CallPlace) -> CallPlace | None:
        # Another node may have been quicker: then hers stands, so that she has one place and not two.
        return None if one.call == held.ref else replace(place, adds=_adds_today(one, now) + 1)

    kept = place if shelf.add(place) else shelf.change(place.id, newer) or place
    if deps.store.load(held.id) is None:  # destroyed while we asked: an address must not outlive it
        shelf.remove(id=place.id)
        raise Refused("session_closed")
    return kept


def _adds_today(place: CallPlace, now: datetime) -> int:
    return place.adds if place.made_at.date() == now.date() else 0
