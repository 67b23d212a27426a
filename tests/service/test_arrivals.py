"""An invite learns what became of its letter, and never goes back."""

import pytest

from companion.core.values import replace
from companion.ports import DeliveryFailed, Report
from companion.records import Invite, Letter
from companion.service import outbox, reports
from tests.fakes.world import a_world


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def issued(world):
    issued = world.invite("Wren", email="her@example.org", contact_is_safe=True)
    world.store.shelf(Invite).put(replace(issued.invite, state="sent"))
    return issued


def post(world, issued, to="her@example.org", **more):
    return outbox.post(world.deps, to, "s", "b", about=f"invite {issued.invite.id}", **more)


def note(world, letter, outcome, trouble=""):
    reports.note(world.deps, letter, Report(outcome, trouble=trouble))


def test_an_invite_knows_when_its_letter_left_and_when_it_arrived(world, issued):
    letter = post(world, issued)
    outbox.deliver_due(world.deps)
    left = world.clock()
    sent = world.again(issued)
    world.clock.turn(minutes=5)

    note(world, letter, "delivered")

    invite = world.again(issued)
    assert (sent.state, sent.sent_at) == ("sent", left)
    assert (invite.state, invite.sent_at, invite.delivered_at) == ("delivered", left, world.clock())


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (DeliveryFailed("x", permanent=True, trouble="address"), "address"),
        (DeliveryFailed("x", permanent=True), "refused"),
    ],
)
def test_an_invite_says_why_its_letter_did_not_arrive(world, issued, failure, problem):
    world.mailer.failures = [failure]
    post(world, issued)

    outbox.deliver_due(world.deps)

    assert (world.again(issued).state, world.again(issued).problem) == ("bounced", problem)


def test_a_letter_that_came_too_late_is_told(world, issued):
    post(world, issued, not_after=world.clock())

    outbox.deliver_due(world.deps)

    assert (world.again(issued).state, world.again(issued).problem) == ("bounced", "expired")


def test_an_invite_that_bounced_and_was_sent_again_is_sent(world, issued):
    world.mailer.failures = [DeliveryFailed("x", permanent=True)]
    letter = post(world, issued)
    outbox.deliver_due(world.deps)

    outbox.send_again(world.deps, letter.id)
    outbox.deliver_due(world.deps)

    assert (world.again(issued).state, world.again(issued).problem) == ("sent", "")


@pytest.mark.parametrize("state", ["opened", "used", "revoked"])
@pytest.mark.parametrize("outcome", ["sent", "delivered", "failed"])
def test_who_has_opened_it_has_got_it_whatever_a_late_report_says(world, issued, state, outcome):
    letter = post(world, issued)
    world.store.shelf(Invite).put(replace(world.again(issued), state=state))

    note(world, letter, outcome, "address" if outcome == "failed" else "")

    assert (world.again(issued).state, world.again(issued).problem) == (state, "")


def test_a_bounce_after_it_arrived_is_nothing(world, issued):
    letter = post(world, issued)
    outbox.deliver_due(world.deps)
    note(world, letter, "delivered")
    world.store.shelf(Letter).put(replace(letter, state="sent"))

    note(world, letter, "failed", "address")

    assert world.again(issued).state == "delivered"


def test_a_report_of_an_old_letter_says_nothing_about_a_new_link(world, issued):
    old = post(world, issued)
    outbox.deliver_due(world.deps)
    world.clock.turn(minutes=1)
    post(world, issued)

    note(world, old, "failed", "address")

    assert world.again(issued).state == "sent"


def test_an_invite_that_was_made_anew_has_not_bounced(world, issued):
    letter = post(world, issued)
    outbox.deliver_due(world.deps)
    world.store.shelf(Invite).put(replace(world.again(issued), state="draft"))

    note(world, letter, "failed", "address")

    assert world.again(issued).state == "draft"


def test_what_a_crash_hid_is_said_again(world, issued):
    letter = post(world, issued)
    outbox.deliver_due(world.deps)
    world.store.shelf(Letter).put(replace(letter, state="failed", trouble="address"))

    outbox.tidy(world.deps)

    assert world.again(issued).state == "bounced"


@pytest.mark.parametrize("about", ["", "invite", "invite ", "invite gone", "reminder 1", "x"])
def test_a_letter_about_nothing_known_is_nobodys_trouble(world, about):
    letter = outbox.post(world.deps, "her@example.org", "s", "b", about=about)
    outbox.deliver_due(world.deps)

    note(world, letter, "delivered")

    assert world.store.shelf(Invite).find() == []
