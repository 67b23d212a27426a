"""A text is never sent twice by itself, whatever dies and whenever; and none is lost where anybody can tell."""

import pytest

from companion.core.values import replace
from companion.ports import DeliveryFailed, Report, StoreDown
from companion.records import Invite, Letter, SafeContact
from companion.service import outbox, reports
from tests.fakes.world import a_world

MOBILE = "07700 900123"
SILENT = DeliveryFailed("silent", trouble="unsure")


def text(world, **more):
    return outbox.post(world.deps, MOBILE, "", "Hello.", kind="text", **more)


def state(world, letter):
    return world.store.shelf(Letter).get(letter.id).state


def hours(world, count):
    """Rounds every minute for so long."""
    for _ in range(count * 60):
        outbox.deliver_due(world.deps)
        world.clock.turn(minutes=1)


class Dies(BaseException):
    """The process is killed."""


class DiesBefore:
    """A texter whose process dies before anything was handed over."""

    name = "fake"

    def __init__(self, world):
        self.look_up = world.texter.look_up

    def send(self, to, body, reference):
        raise Dies


def test_a_crash_after_the_gateway_took_it_sends_nothing_twice():
    world = a_world()
    letter = text(world)
    world.texter.after = [Dies()]

    with pytest.raises(Dies):
        outbox.deliver_due(world.deps)
    hours(world, 1)

    assert len(world.texter.sent) == 1
    assert state(world, letter) == "sent"
    assert world.store.shelf(Letter).get(letter.id).body == ""


def test_a_crash_before_the_gateway_got_it_loses_nothing():
    world = a_world()
    letter = text(world)

    with pytest.raises(Dies):
        outbox.deliver_due(replace(world.deps, texter=DiesBefore(world)))
    hours(world, 1)

    assert len(world.texter.sent) == 1
    assert state(world, letter) == "sent"


@pytest.mark.parametrize("arrived", [True, False])
def test_where_nobody_can_be_asked_a_person_decides(arrived):
    world = a_world()
    world.texter.can_be_asked = False
    letter = text(world)
    world.texter.after = [Dies()]
    with pytest.raises(Dies):
        outbox.deliver_due(world.deps)
    hours(world, 30)
    (before,) = outbox.undelivered(world.deps)

    (outbox.has_arrived if arrived else outbox.send_again)(world.deps, letter.id)
    hours(world, 1)

    assert (before.letter.state, before.advice, before.can_be_sent_again) == ("unsure", "unsure", True)
    assert len(world.texter.sent) == (1 if arrived else 2)
    assert state(world, letter) == ("delivered" if arrived else "sent")


def test_a_late_report_tells_what_nobody_could():
    world = a_world()
    world.texter.can_be_asked = False
    letter = text(world)
    world.texter.after = [SILENT]
    outbox.deliver_due(world.deps)

    reports.note(world.deps, letter, Report("delivered", letter=letter.id, reference="fake-1"))
    hours(world, 1)

    assert len(world.texter.sent) == 1
    assert state(world, letter) == "delivered"


def test_a_gateway_that_took_it_and_fell_silent_is_asked():
    world = a_world()
    world.texter.after = [SILENT]
    letter = text(world)
    outbox.deliver_due(world.deps)
    at_once = state(world, letter)

    hours(world, 1)

    assert (at_once, state(world, letter), len(world.texter.sent)) == ("unsure", "sent", 1)


def test_a_gateway_that_fell_silent_and_took_nothing_gets_it_again():
    world = a_world()
    world.texter.failures = [SILENT]
    letter = text(world)

    hours(world, 1)

    assert (state(world, letter), len(world.texter.sent)) == ("sent", 1)


def test_a_report_that_comes_before_we_wrote_down_that_it_left_is_kept():
    world = a_world()
    letter = text(world)

    class Quick:
        name = "fake"

        def send(self, to, body, reference):
            reports.note(world.deps, letter, Report("delivered", letter=reference))
            return "fake-1"

    outbox.deliver_due(replace(world.deps, texter=Quick()))

    assert state(world, letter) == "delivered"


class Breaking:
    """A shelf that cannot be written to after so many changes."""

    def __init__(self, store, good):
        self._store, self._good = store, good

    def __getattr__(self, name):
        return getattr(self._store, name)

    def shelf(self, kind):
        shelf = self._store.shelf(kind)
        return Breaks(self, shelf) if kind in (Letter, Invite) else shelf


class Breaks:
    def __init__(self, of, shelf):
        self._of, self._shelf = of, shelf

    def __getattr__(self, name):
        return getattr(self._shelf, name)

    def change(self, record_id, how):
        if self._of._good == 0:
            raise StoreDown("full")
        self._of._good -= 1
        return self._shelf.change(record_id, how)


@pytest.mark.parametrize("good", range(4))
@pytest.mark.parametrize("kind", ["mail", "text"])
def test_a_database_that_breaks_at_any_step_loses_and_doubles_nothing(kind, good):
    world = a_world()
    issued = world.invite("Wren", email="her@example.org", phone=MOBILE, contact_is_safe=True)
    wren = world.store.person(issued.invite.person_id)
    world.store.save_person(replace(wren, contact=SafeContact("email", also="text")))
    to = MOBILE if kind == "text" else "her@example.org"
    letter = outbox.post(world.deps, to, "s", "b", kind=kind, about=f"invite {issued.invite.id}")
    world.store.shelf(Invite).put(replace(issued.invite, state="sent"))

    try:
        outbox.deliver_due(replace(world.deps, store=Breaking(world.store, good)))
    except StoreDown:
        world.clock.turn(seconds=1)
    hours(world, 1)

    left = world.texter.sent if kind == "text" else {sent.reference for sent in world.mailer.sent}
    assert len(left) == 1
    assert state(world, letter) == "sent"
    assert world.again(issued).state == "sent"
