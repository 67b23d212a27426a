"""What leaves after a change: drawn once for all who see the same, kept no longer; rooms with an index by client."""

from __future__ import annotations

import json

import pytest

from companion import drawing
from companion.core.views import panel_for
from companion.live.lean import LeanManager
from companion.live.packets import TextPacket
from companion.live.rooms import Member, Rooms
from companion.service.perform import _stamped
from tests.conventions.evenings import SEAT_OF, moments

MOMENTS = moments()
EACH = [(moment, role) for moment in MOMENTS for role in sorted(SEAT_OF)]


@pytest.mark.parametrize(("moment", "role"), EACH)
def test_what_is_drawn_once_is_what_would_be_drawn_for_each(moment, role):
    panel = panel_for(MOMENTS[moment], SEAT_OF[role])
    once = drawing.OnceEach()

    for language in ("en", "ar", "en"):
        assert once.draw_panel(role, panel, language) == drawing.draw_panel(role, panel, language)


def test_each_view_is_drawn_once_in_each_language_and_again_for_the_next_change(monkeypatch):
    made = []
    monkeypatch.setattr(drawing, "draw_region", lambda *given: made.append(given[3]) or "")
    panel = panel_for(MOMENTS["busy"], SEAT_OF["facilitator"])
    once = drawing.OnceEach()

    for language in ("en", "ar", "en"):
        once.draw_panel("facilitator", panel, language)
    assert (made.count("en"), made.count("ar")) == (len(panel), len(panel))

    drawing.OnceEach().draw_panel("facilitator", panel, "en")
    assert made.count("en") == 2 * len(panel)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_number_of_a_drawing_stands_in_no_view(moment):
    # So the panels of before a tap are those of after the one before it, whatever its numbers were.
    state = MOMENTS[moment]
    stamped = _stamped(state, {seat.id: {} for seat in state.seats})

    assert stamped != state
    for seat in state.seats:
        assert panel_for(stamped, seat.id) == panel_for(state, seat.id)


def test_words_leave_as_they_are_and_come_back_the_same():
    said = ["panel", {"number": 1, "words": "«é» مرحبا \u2028 </script>"}]

    sent = TextPacket(data=said, namespace="/").encode()

    assert "مرحبا" in sent
    assert json.loads(sent[1:]) == said
    assert TextPacket(encoded_packet=sent).data == said


class Wires:
    """The part of a Socket.IO server that a manager asks."""

    packet_class = TextPacket

    def __init__(self):
        self.sent = []
        self.eio = self

    def generate_id(self):
        self.number = getattr(self, "number", 0) + 1
        return f"client-{self.number}"

    def _send_eio_packet(self, transport, message):
        self.sent.append((transport, message))


@pytest.fixture
def manager():
    made = LeanManager()
    made.set_server(Wires())
    return made


def connected(manager, transport, room):
    client = manager.connect(transport, "/")
    manager.enter_room(client, "/", room)
    return client


def test_one_message_is_made_for_a_room_and_goes_to_nobody_else(manager):
    for transport, room in (("a", "html seat-1"), ("b", "html seat-1"), ("c", "html seat-2")):
        connected(manager, transport, room)

    manager.emit("panel", {"number": 1}, "/", room="html seat-1")
    manager.emit("panel", {"number": 1}, "/", room="nobody's")

    sent = manager.server.sent
    assert [transport for transport, _ in sent] == ["a", "b"]
    assert sent[0][1] is sent[1][1]
    assert sent[0][1].encode() == '42["panel",{"number":1}]'


def test_who_has_gone_is_in_no_room_and_nothing_of_her_stays(manager):
    gone, stays = connected(manager, "a", "html seat-1"), connected(manager, "b", "html seat-1")
    manager.enter_room(gone, "/", "another")
    manager.leave_room(gone, "/", "another")

    manager.pre_disconnect(gone, "/")
    manager.disconnect(gone, "/")

    assert list(manager.get_participants("/", "html seat-1")) == [(stays, "b")]
    assert not manager.is_connected(gone, "/") and manager.is_connected(stays, "/")
    assert manager.get_rooms(gone, "/") == [] and gone not in str(manager._rooms_of)
    assert (manager.pending_connect, manager.pending_disconnect) == ({}, {})
    manager.disconnect(stays, "/")
    assert (manager.rooms, manager._rooms_of) == ({}, {})


def test_a_seat_knows_its_own_connections():
    rooms = Rooms()
    for name, seat, form in (("one", "a", "html"), ("two", "a", "json"), ("three", "b", "html")):
        rooms.add(Member(name, "access", "session", seat, "en", form, "192.0.2.1"))

    assert (rooms.formats("a"), rooms.formats("b"), rooms.formats("c")) == (("html", "json"), ("html",), ())
    rooms.remove("two")
    rooms.remove("three")
    assert (rooms.formats("a"), rooms.formats("b"), rooms._of_seat.keys()) == (("html",), (), {"a"})
    assert rooms.remove("three") is None
