"""What a node tells its own pages of what another node has changed: what is new to each seat, once, and in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from companion.core.commands import AdmitAll, Arrive, RaiseBreakSignal, RequestTurn, StartSession, WithdrawTurn
from companion.core.model import SessionState
from companion.core.values import replace
from companion.live.panels import LivePanels
from companion.live.rooms import Format, Member, Rooms
from companion.live.sharing import SharedPanels
from companion.ports import StoreDown
from companion.server import Courier
from companion.service import gathering
from companion.service.perform import perform
from tests.fakes.world import World, a_world


@dataclass
class Sent:
    """Stands for the Socket.IO server: what was sent, by room."""

    messages: list[tuple[str, int, bool]] = field(default_factory=list)

    def emit(self, event: str, message: dict[str, Any], room: str) -> None:
        self.messages.append((room, message["number"], message["whole"]))

    def take(self) -> list[tuple[str, int, bool]]:
        taken, self.messages = self.messages, []
        return taken


class Hinted:
    """Implements ports.Hints: what was hinted; a test says what was missed."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.misses = False

    def post(self, session_id: str) -> None:
        self.posted.append(session_id)

    def listen(self, heard: Callable[[str], object]) -> None:
        return None

    def missed(self) -> bool:
        return self.misses


@dataclass
class Node:
    """One node with an evening, whose other node is the world's own deps."""

    world: World
    rooms: Rooms
    sent: Sent
    hints: Hinted
    panels: SharedPanels
    seats: dict[str, str]

    def look(self, alias: str, connection: str = "", form: Format = "json") -> None:
        """A page connects, as the gate has it."""
        connection = connection or f"page of {alias}"
        seat = self.seats[alias]
        self.rooms.add(Member(connection, "access", self.world.session.id, seat, "en", form, "here"))
        self.panels.send_whole(self.world.live(), seat, connection)

    def elsewhere(self, alias: str, command: Any) -> SessionState:
        """Somebody presses something at the other node."""
        return self.world.perform(command, by=self.seats[alias])

    def here(self, alias: str, command: Any) -> None:
        """Somebody presses something at this node."""
        deps = replace(self.world.deps, panels=self.panels)
        perform(deps, self.world.session.id, command, by=self.seats[alias])

    def redraw(self) -> None:
        self.panels.redraw(self.world.session.id)

    def room(self, alias: str) -> str:
        return Rooms.name(self.seats[alias], "json")

    def number(self, alias: str) -> int:
        return self.world.live().seat(self.seats[alias]).number


@pytest.fixture
def node() -> Node:
    world = a_world()
    host = world.open_doors()
    seats = {"Sol": host.invite.seat_id}
    for alias in ("Wren", "Ash"):
        issued = world.invite(alias)
        seats[alias] = issued.invite.seat_id
        gathering.begin(world.deps, world.session.id)
        world.perform(Arrive(seat=issued.invite.seat_id, device=f"device of {alias}", alias=alias))
    world.perform(AdmitAll(), by=seats["Sol"])
    world.perform(StartSession(), by=seats["Sol"])
    rooms, sent, hints, courier = Rooms(), Sent(), Hinted(), Courier()
    panels = SharedPanels(LivePanels(sent, rooms, courier), rooms, hints, world.store, world.deps.locks)
    courier._bell.close()
    courier._ear.close()
    return Node(world, rooms, sent, hints, panels, seats)


def test_each_seat_hears_what_is_new_to_it_and_no_other_does(node: Node) -> None:
    for alias in ("Sol", "Wren", "Ash"):
        node.look(alias)
    node.sent.take()

    node.elsewhere("Wren", RaiseBreakSignal(strength="check_on_me"))
    node.redraw()

    assert node.sent.take() == [
        (node.room(alias), node.number(alias), False) for alias in sorted(("Sol", "Wren"), key=node.seats.__getitem__)
    ]
    node.redraw()
    assert node.sent.take() == [], "told twice"


def test_a_seat_that_is_two_behind_gets_the_whole(node: Node) -> None:
    node.look("Wren")
    node.sent.take()
    node.elsewhere("Wren", RequestTurn())
    node.elsewhere("Wren", WithdrawTurn())

    node.redraw()

    assert node.sent.take() == [(node.room("Wren"), node.number("Wren"), True)]


def test_a_tap_here_brings_what_changed_elsewhere_before(node: Node) -> None:
    for alias in ("Sol", "Ash"):
        node.look(alias)
    node.sent.take()
    node.elsewhere("Wren", RaiseBreakSignal(strength="check_on_me"))

    node.here("Ash", RaiseBreakSignal(strength="check_on_me"))

    assert dict((room, (number, whole)) for room, number, whole in node.sent.take()) == {
        node.room("Sol"): (node.number("Sol"), True),
        node.room("Ash"): (node.number("Ash"), False),
    }
    assert node.hints.posted == [node.world.session.id]
    node.redraw()
    assert node.sent.take() == []


def test_a_page_that_comes_hears_nothing_of_the_past_twice(node: Node) -> None:
    node.look("Sol")
    node.rooms.remove("page of Sol")
    node.elsewhere("Wren", RaiseBreakSignal(strength="check_on_me"))
    node.look("Sol")
    node.sent.take()

    node.redraw()

    assert node.sent.take() == []


def test_a_session_that_nobody_here_looks_at_is_not_read(node: Node) -> None:
    node.world.store.down = True

    node.redraw()
    node.panels.look_around()

    assert node.sent.take() == []


def test_nothing_of_a_session_stays_in_memory_once_it_is_gone(node: Node) -> None:
    node.look("Sol")
    assert node.panels._told
    node.world.store.destroy(node.world.session.id)

    node.panels.cut((), "session_closed")
    node.panels.look_around()

    assert node.panels._told == {}


def test_a_node_looks_for_itself_while_hints_are_missed(node: Node) -> None:
    node.look("Wren")
    node.panels.look_around()
    node.sent.take()
    node.elsewhere("Wren", RequestTurn())
    node.panels.look_around()
    assert node.sent.take() == [], "it looked though nothing was missed"

    node.hints.misses = True
    node.panels.look_around()

    assert node.sent.take() == [(node.room("Wren"), node.number("Wren"), False)]


def test_a_look_that_failed_is_not_put_off(node: Node) -> None:
    node.look("Wren")
    node.panels.look_around()
    node.sent.take()
    node.elsewhere("Wren", RequestTurn())
    node.hints.misses, node.world.store.down = True, True
    with pytest.raises(StoreDown):
        node.panels.look_around()

    node.hints.misses, node.world.store.down = False, False
    node.panels.look_around()

    assert node.sent.take() == [(node.room("Wren"), node.number("Wren"), False)]
