"""What every seat sees, worked out anew only where something it was worked out from has changed.

``Watched`` writes down which values of the session a region was worked out from. As long as each of them is the very
same value, so is the region. A session is immutable, so "the very same" is a comparison of two pointers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import cast

from companion.core.model import Seat, SessionState
from companion.core.values import Value, made, names, replace
from companion.core.views.panels import ALIKE, View, regions_of
from companion.core.views.regions import Panel, Region
from companion.core.views.watched import OWN, Watched

# What is noted of a seat in passing. No region shows it, but her own "news" shows news, and staff see when a connection
# was lost that is shown as lost.
IN_PASSING = ("number", "news", "drops", "drop_noted", "dropped_at")
_but_in_passing = attrgetter(*(name for name in names(Seat) if name not in IN_PASSING))
_VALUES = (*(name for name in names(SessionState) if name != "seats"), "speaking", "spoken", "queue_turn")
_values_of = attrgetter(*_VALUES)
_Key = tuple[str, str]  # whose it is, a seat or all of a role, and the region


class _Kept(Value, frozen=True):
    region: Region
    reads: frozenset[str]  # the values of the session it was worked out from
    own: tuple[tuple[str, object], ...]  # what was found of the seat itself, by the method that found it
    touched_by: frozenset[str]  # all of these


class Sight(Value, frozen=True):
    """What the seats of a session see, and from what it was worked out."""

    state: SessionState | None = None
    panels: Mapping[str, Panel] = made(dict)  # by seat
    seats: tuple[Seat, ...] = ()  # without what changes in passing
    kept: Mapping[_Key, _Kept] = made(dict)


NOTHING_SEEN = Sight()


def seen(state: SessionState, before: Sight) -> Sight:
    """What the seats see now, if ``before`` is what they saw. A region that is as it was is the same object, and a
    panel too.
    """
    seats = _plain(state, before)
    if before.state is None or seats is not before.seats:
        return _all_anew(state, seats, before)
    return _what_changed(state, before, before.state)


def _all_anew(state: SessionState, seats: tuple[Seat, ...], before: Sight) -> Sight:
    kept: dict[_Key, _Kept] = {}
    panels = {}
    for real, seat in zip(state.seats, seats, strict=True):
        if seat.state != "expected":
            old = before.panels.get(seat.id, {})
            panels[seat.id] = {
                name: _region(state, seats, seat, real, name, view, before, kept, old)
                for name, view in regions_of(seat).items()
            }
    return Sight(state, panels, seats, kept)


def _region(
    state: SessionState,
    seats: tuple[Seat, ...],
    seat: Seat,
    real: Seat,
    name: str,
    view: View,
    before: Sight,
    kept: dict[_Key, _Kept],
    old: Panel,
) -> Region:
    if name == "news":
        return _same_if_equal(view(state, real), old.get(name))
    key = _key(seat, name, view)
    if key not in kept:
        kept[key] = _worked_out(state, seats, seat, view, before.kept.get(key))
    return kept[key].region


def _what_changed(state: SessionState, before: Sight, was: SessionState) -> Sight:
    changed = frozenset(
        n for n, old, new in zip(_VALUES, _values_of(was), _values_of(state), strict=True) if old is not new
    )
    kept, panels = dict(before.kept), dict(before.panels)
    for key, one in before.kept.items():
        if not changed.isdisjoint(one.touched_by) and not _holds(one, changed, state, key[0]):
            kept[key] = _again(state, before, key, one)
            if kept[key].region is not one.region:
                _put(panels, before.seats, key, kept[key].region)
    for real, had in zip(state.seats, was.seats, strict=True):
        if real.id in panels and (real.news is not had.news or "speaking" in changed):
            _put_news(panels, state, real)
    return Sight(state, panels, before.seats, kept)


def _holds(one: _Kept, changed: frozenset[str], state: SessionState, seat_id: str) -> bool:
    if not changed.isdisjoint(one.reads):
        return False
    return all(OWN[name] not in changed or getattr(state, name)(seat_id) is found for name, found in one.own)


def _again(state: SessionState, before: Sight, key: _Key, was: _Kept) -> _Kept:
    seat = next(seat for seat in before.seats if key[0] in (seat.id, seat.role) and key[1] in regions_of(seat))
    return _worked_out(state, before.seats, seat, regions_of(seat)[key[1]], was)


def _put(panels: dict[str, Panel], seats: tuple[Seat, ...], key: _Key, region: Region) -> None:
    whose, name = key
    if whose in panels:
        panels[whose] = {**panels[whose], name: region}
        return
    for seat in seats:
        if seat.role == whose and name in panels.get(seat.id, ()):
            panels[seat.id] = {**panels[seat.id], name: region}


def _put_news(panels: dict[str, Panel], state: SessionState, real: Seat) -> None:
    panel = panels[real.id]
    news = regions_of(real)["news"](state, real)
    if news != panel["news"]:
        panels[real.id] = {**panel, "news": news}


def _key(seat: Seat, name: str, view: View) -> _Key:
    return (seat.role if view in ALIKE else seat.id, name)


def _worked_out(state: SessionState, seats: tuple[Seat, ...], seat: Seat, view: View, was: _Kept | None) -> _Kept:
    watched = Watched(state, seats, seat.id)
    region = _same_if_equal(view(cast("SessionState", watched), seat), was.region if was else None)
    reads, own = watched.reads(), watched.own()
    return _Kept(region, reads, own, reads.union(OWN[name] for name, _ in own))


def _plain(state: SessionState, before: Sight) -> tuple[Seat, ...]:
    # The very same seats as before, as long as nothing but what is noted in passing has changed of them.
    if before.state is None:
        return tuple(map(_shown, state.seats))
    if state.seats is before.state.seats:
        return before.seats
    were = {real.id: (real, plain) for real, plain in zip(before.state.seats, before.seats, strict=True)}
    now = tuple(_plain_seat(seat, *were.get(seat.id, (None, None))) for seat in state.seats)
    alike = len(now) == len(before.seats) and all(a is b for a, b in zip(now, before.seats, strict=True))
    return before.seats if alike else now


def _plain_seat(seat: Seat, was: Seat | None, plain: Seat | None) -> Seat:
    if plain is not None and (seat is was or _looks_like(seat, plain)):
        return plain
    return _shown(seat)


def _looks_like(seat: Seat, plain: Seat) -> bool:
    return bool(_but_in_passing(seat) == _but_in_passing(plain)) and _shown_drop(seat) == plain.dropped_at


def _shown(seat: Seat) -> Seat:
    return replace(seat, number=0, news=None, drops=0, drop_noted=False, dropped_at=_shown_drop(seat))


def _shown_drop(seat: Seat) -> datetime | None:
    return seat.dropped_at if seat.lost else None


def _same_if_equal(region: Region, was: Region | None) -> Region:
    return was if was is not None and was == region else region
