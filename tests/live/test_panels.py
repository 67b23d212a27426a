"""What leaves after a change: drawn once, sent without what a page shows already; rooms with an index by client."""

from __future__ import annotations

import json
import re

import pytest

from companion import drawing
from companion.core.values import replace
from companion.core.views import panel_for
from companion.live import panels
from companion.live.lean import LeanManager
from companion.live.packets import TextPacket
from companion.live.rooms import Member, Rooms
from companion.service.perform import _stamped
from tests.conventions.evenings import SEAT_OF, moments

MOMENTS = moments()
EACH = [(moment, role) for moment in MOMENTS for role in sorted(SEAT_OF)]


@pytest.mark.parametrize(("moment", "role"), EACH)
def test_what_is_kept_between_drawings_is_what_would_be_drawn_for_each(moment, role):
    kept = drawing.Drawings()

    for language in ("en", "ar", "en"):
        seat = replace(MOMENTS[moment].seat(SEAT_OF[role]), language=language)
        panel = panel_for(MOMENTS[moment], seat.id)
        assert kept.whole(seat, panel) == drawing.draw_panel(role, panel, language)


@pytest.mark.parametrize("role", sorted(SEAT_OF))
def test_a_page_that_gets_only_what_is_new_shows_what_one_that_gets_all_of_it_shows(role):
    kept, page, left_out = drawing.Drawings(), {}, 0

    for state in (*MOMENTS.values(), *reversed(MOMENTS.values())):
        seat = state.seat(SEAT_OF[role])
        panel = panel_for(state, seat.id)
        for name, html in kept.push(seat, panel).items():
            left_out += html.count("data-same")
            page[name] = filled_in(html, page.get(name, ""))
            assert page[name] == drawing.draw_region(role, name, panel[name], seat.language)
    assert left_out > 20


def test_a_page_that_was_passed_over_gets_all_of_it():
    state = MOMENTS["busy"]
    seat, kept = state.seat("sol"), drawing.Drawings()
    panel = {"queue": panel_for(state, "sol")["queue"]}

    assert "data-same" not in kept.push(seat, panel)["queue"]
    assert "data-same" in kept.push(seat, panel)["queue"]
    assert "data-same" not in kept.whole(seat, panel)["queue"]
    kept.pass_over("sol")
    assert "data-same" not in kept.push(seat, panel)["queue"]


def test_a_seat_is_never_told_that_it_shows_what_only_another_seat_was_sent():
    state, kept = MOMENTS["busy"], drawing.Drawings()
    panel = {"queue": panel_for(state, "sol")["queue"]}

    kept.push(state.seat("sol"), panel)

    assert "data-same" not in kept.push(state.seat("mo"), panel)["queue"]


def test_each_view_is_drawn_once_in_each_language(monkeypatch):
    made, draw = [], drawing.draw_region
    monkeypatch.setattr(drawing, "draw_region", lambda *given, **more: made.append(given[3]) or draw(*given, **more))
    seat, kept = MOMENTS["busy"].seat("sol"), drawing.Drawings()
    panel = panel_for(MOMENTS["busy"], "sol")

    for language in ("en", "ar", "en"):
        kept.push(replace(seat, language=language), panel)

    assert (made.count("en"), made.count("ar")) == (len(panel), len(panel))


def test_of_what_is_kept_there_is_an_end(monkeypatch):
    monkeypatch.setattr(drawing, "MOST_BYTES", 3000)
    monkeypatch.setattr(drawing, "MOST_REGIONS", 2)
    kept = drawing.Drawings()

    for state in MOMENTS.values():
        panel = panel_for(state, "sol")
        assert kept.whole(state.seat("sol"), panel) == drawing.draw_panel("facilitator", panel, "en")

    assert len(kept._regions) == 2
    assert sum(len(part.html) for part in kept._parts._parts.values()) < 3000 + 20_000  # the newest one is always kept


def test_nothing_drawn_is_kept_once_nobody_looks_at_the_session():
    rooms = Rooms()
    for connection in ("one", "two"):
        rooms.add(Member(connection, "access", "session", "sol", "en", "html", "192.0.2.1"))
    kept = rooms.drawings("session")

    rooms.remove("one")
    assert rooms.drawings("session") is kept
    rooms.remove("two")

    assert not rooms._drawings
    assert rooms.drawings("session") is not kept and not rooms._drawings


def filled_in(html, shown):
    """What the page's script does with a drawing: an element that it shows takes the place of each empty one."""
    return SAME.sub(lambda place: element(shown, place[1], place[2]), html)


SAME = re.compile(r'<(\w+) id="([^"]+)" data-same></\w+>')


def element(html, tag, name):
    start = re.search(rf'<{tag}\b[^>]*\sid="{re.escape(name)}"', html).start()
    depth = 0
    for each in re.finditer(rf"<(/?){tag}\b", html[start:]):
        depth += -1 if each[1] else 1
        if depth == 0:
            return html[start : start + html[start + each.end() :].index(">") + each.end() + 1]
    raise AssertionError(f"{name} has no end")


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


def test_whoever_is_put_out_while_she_comes_in_gets_into_no_room():
    rooms = Rooms()
    rooms.add(Member("one", "access", "session", "a", "en", "html", "192.0.2.1"))
    assert rooms.may_join("one") and not rooms.may_join("nobody")

    rooms.put_out("one")
    rooms.put_out("nobody")

    assert not rooms.may_join("one")
    rooms.remove("one")
    assert not rooms._out and not rooms.may_join("one")


class Wire:
    """The part of a Socket.IO server that a cut asks."""

    def leave_room(self, *given):
        pass

    def emit(self, *given, **more):
        pass


@pytest.mark.parametrize(("code", "kept"), [("session_closed", False), ("access_ended", True)])
def test_nothing_drawn_outlives_the_closing_however_late_somebody_hangs_up(monkeypatch, code, kept):
    monkeypatch.setattr(panels.server, "spawn", lambda *given: None)
    rooms = Rooms()
    rooms.add(Member("one", "access", "session", "sol", "en", "html", "192.0.2.1"))
    before = rooms.drawings("session")

    panels.LivePanels(Wire(), rooms, None)._cut(("access",), code)

    assert (rooms.drawings("session") is before) == kept
