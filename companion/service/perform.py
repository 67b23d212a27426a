"""Carries one command through: load, step, stamp, save, send. If somebody saved first it starts over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from companion.core.calls import open_rooms
from companion.core.commands import Command
from companion.core.context import Outcome
from companion.core.effects import Effect
from companion.core.model import SessionState
from companion.core.overdue import next_due
from companion.core.refusals import Refused
from companion.core.step import step
from companion.core.values import replace
from companion.core.views import Panel, Sight, panel_for, seen
from companion.ports import Moved, StoreDown
from companion.records import Access, Saved, TapRecord
from companion.service import call_tasks, unsure
from companion.service.accesses import check_device
from companion.service.deps import Deps
from companion.service.effects import carry_out

TRIES = 50  # stepping has no side effects, so starting over is safe; somebody else got through each time


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of a command; ``again`` when the same tap had already had its effect."""

    state: SessionState
    again: bool = False
    changes: Mapping[str, Panel] = field(default_factory=dict)
    ended: tuple[str, ...] = ()  # one-to-ones whose rooms are open no more


def perform(
    deps: Deps,
    session_id: str,
    command: Command,
    *,
    by: str,
    tap: TapRecord | None = None,
    access: Access | None = None,
) -> Performed:
    """Do what ``command`` asks, durably, once. Raises Refused or StoreDown; then nothing has changed.

    ``access`` is the browser that asks, where one does. Blocks: call it from a worker thread.
    """
    with deps.locks.of(session_id):
        performed, outcome = _commit(deps, session_id, command, by, tap, access)
        if performed.changes:
            deps.panels.send(performed.state, performed.changes)
    if outcome is not None:
        _finish(deps, session_id, outcome.effects, performed.ended, by)
    return performed


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a command leads to: with the number of each seat whose panel it changes moved on, and those changes."""

    outcome: Outcome
    changes: Mapping[str, Panel]
    sight: Sight


def stepped(deps: Deps, before: SessionState, command: Command, by: str, sight: Sight) -> Stepped:
    """Step. ``sight`` is what the seats saw before, as far as it is known. Nothing is kept. Raises Refused."""
    outcome = step(before, command, by=by, at=deps.clock(), fresh=deps.fresh_id())
    if outcome.state == before:
        return Stepped(outcome, {}, sight)
    were = sight if sight.state is before else seen(before, sight)
    now = seen(outcome.state, were)
    changes = _changes(before, were, now)
    after = _stamped(outcome.state, changes)
    # Nothing that is seen tells a number, so this is what is seen after the stamp too.
    return Stepped(replace(outcome, state=after), changes, replace(now, state=after))


def had_its_effect(digest: str | None, tap: TapRecord) -> bool:
    """Whether this very tap is kept already, by its ``digest``. Raises Refused where its id was another tap's."""
    if digest is not None and digest != tap.digest:
        raise Refused("tap_reused")
    return digest is not None


def rooms_ended(before: SessionState, after: SessionState) -> tuple[str, ...]:
    """The one-to-ones whose rooms are open no more."""
    still = open_rooms(after)
    return tuple(one for one in open_rooms(before) if one not in still)


def _finish(deps: Deps, session_id: str, effects: Sequence[Effect], ended: tuple[str, ...], by: str) -> None:
    _afterwards(deps, lambda: carry_out(deps, session_id, effects, by=by))
    if ended:
        _afterwards(deps, lambda: call_tasks.end_rooms(deps, session_id, ended))


def _afterwards(deps: Deps, work: Callable[[], None]) -> None:
    try:
        work()
    except StoreDown:
        # The change itself is on disk: to say "not sent" now would be untrue, and to let it be would leave somebody in.
        deps.undone.add(work)


def _commit(
    deps: Deps, session_id: str, command: Command, by: str, tap: TapRecord | None, access: Access | None
) -> tuple[Performed, Outcome | None]:
    for _ in range(TRIES):
        saved = deps.store.load(session_id)
        if saved is None:
            raise Refused("session_closed")
        if tap is not None and _seen(deps, session_id, tap):
            return Performed(saved.state, again=True), None
        if access is not None:
            check_device(saved.state, access)
        led = stepped(deps, saved.state, command, by, saved.sight)
        outcome, after = led.outcome, led.outcome.state
        if tap is None and after == saved.state and not outcome.effects:
            return Performed(after), None  # nothing to keep; a tap is kept even so, lest it act when sent again
        try:
            with deps.meters.commit(1 if tap else 0):
                deps.store.save(session_id, saved.revision, after, next_due(after), tap)
        except Moved:
            continue
        except StoreDown:
            _look_later(deps, saved, outcome, tap, by)
            raise
        return Performed(after, changes=led.changes, ended=rooms_ended(saved.state, after)), outcome
    raise Refused("too_busy")


def _look_later(deps: Deps, saved: Saved, outcome: Outcome, tap: TapRecord | None, by: str) -> None:
    session_id, ended = saved.state.id, rooms_ended(saved.state, outcome.state)
    if tap is not None and (outcome.effects or ended):
        # Before anything is shown: it may put somebody out who is not to see it.
        unsure.finish_later(deps, session_id, tap, partial(_finish, deps, session_id, outcome.effects, ended, by))
    unsure.show_later(deps, saved.state)


def _seen(deps: Deps, session_id: str, tap: TapRecord) -> bool:
    return had_its_effect(deps.store.seen_tap(session_id, tap.seat_id, tap.tap_id), tap)


def _changes(before: SessionState, were: Sight, now: Sight) -> dict[str, Panel]:
    known = {seat.id for seat in before.seats}
    found: dict[str, Panel] = {}
    for seat_id, panel in now.panels.items():
        if panel is were.panels.get(seat_id):
            continue  # as with most seats
        old = were.panels.get(seat_id) or (panel_for(before, seat_id) if seat_id in known else {})
        found[seat_id] = {name: region for name, region in panel.items() if old.get(name) != region}
    return {seat_id: regions for seat_id, regions in found.items() if regions}


def _stamped(state: SessionState, changes: Mapping[str, Panel]) -> SessionState:
    if not changes:
        return state
    seats = tuple(replace(s, number=s.number + 1) if s.id in changes else s for s in state.seats)
    return replace(state, seats=seats)
