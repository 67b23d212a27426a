"""Which regions each role's panel has, in the order of the page, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from companion.core.model import Seat, SessionState
from companion.core.views import desks, facilitator, member
from companion.core.views.alerts import now
from companion.core.views.call import call
from companion.core.views.regions import NewsView, Region, StaffRoom
from companion.core.views.supporter import duty

View = Callable[[SessionState, Seat], Region]
Regions = Mapping[str, View]


def _alike(view: Callable[[SessionState], Region]) -> View:
    """A region that everybody of a role sees alike."""

    def seen(state: SessionState, seat: Seat) -> Region:
        return view(state)

    ALIKE.add(seen)
    return seen


ALIKE: set[View] = set()
MEMBER: Regions = {
    "news": member.news,
    "room": member.room,
    "turn": member.turn,
    "break": member.break_,
    "one_to_one": member.one_to_one,
    "help": member.help_,
}
FACILITATOR: Regions = {
    "news": member.news,
    "now": _alike(now),
    "room": desks.staff_room,
    "queue": _alike(facilitator.queue),
    "signals": _alike(desks.signals),
    "one_to_ones": desks.one_to_ones,
    "tickets": _alike(desks.tickets),
    "door": _alike(facilitator.door),
    "call": call,
    "people": facilitator.people,
    "agenda": _alike(facilitator.agenda),
    "notes": desks.notes,
    "debrief": _alike(facilitator.debrief),
}
# Nothing of care is in a tech helper's panel, in any form.
TECH_HELPER: Regions = {
    "news": member.news,
    "room": desks.staff_room,
    "tickets": desks.helpers_tickets,
    "notes": desks.notes,
}
PEER_SUPPORTER: Regions = {
    "news": member.news,
    "room": desks.staff_room,
    "duty": duty,
    "signals": desks.escalated_signals,
    "one_to_ones": desks.one_to_ones,
    "notes": desks.notes,
}
_OF_ROLE: Mapping[str, Regions] = {
    "member": MEMBER,
    "facilitator": FACILITATOR,
    "tech_helper": TECH_HELPER,
    "peer_supporter": PEER_SUPPORTER,
}


def regions_of(seat: Seat) -> Regions:
    """What is shown to this seat now."""
    if seat.role != "member" and seat.state in ("expected", "left"):
        return OUTSIDE
    return _OF_ROLE[seat.role]


def _no_news(state: SessionState, seat: Seat) -> NewsView:
    return NewsView()


def _no_room(state: SessionState, seat: Seat) -> StaffRoom:
    return StaffRoom("closed", seat.role, seat.alias, seat.language, None, 0, 0)


# Somebody who has just been removed may still be connected when the change is sent round.
OUTSIDE: Regions = {"news": _no_news, "room": _no_room}
