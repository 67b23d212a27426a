"""Whoever is no longer of the staff has no way left: not by her seat, not by a link that she made while she was."""

from __future__ import annotations

import pytest

from companion.core.refusals import Refused
from companion.records import Access, AuditEntry, Grant
from companion.service import feeds, inviting, joining
from companion.service.guesses import Guesses
from companion.service.joining import WrongPasscode
from companion.service.staff import accounts, going_in, links, roles
from companion.service.staff.links import Gone
from tests.fakes.series import weekly
from tests.fakes.staff import PASSWORD, again, an_account
from tests.fakes.world import a_world, token_of


@pytest.fixture
def world():
    return a_world()


def standing(world, account):
    return roles.standing(world.deps, again(world.deps, account))


def close(world, noor, jo):
    accounts.close(world.deps, noor.account.id, jo)


def take_away(world, noor, jo):
    roles.take_away(world.deps, noor.memberships[0].id, jo)


ENDS = pytest.mark.parametrize("end", [close, take_away])


def colleagues(world, role="facilitator"):
    keeper = an_account(world.deps, "jo", keeper=True)
    return keeper, standing(world, an_account(world.deps, "noor", role, group=world.group.id))


def opens(world, issued):
    try:
        joining.enter(world.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en")
    except (WrongPasscode, Refused):
        return False
    return True


@ENDS
def test_her_links_to_sessions_open_nothing(world, end):
    jo, noor = colleagues(world)
    weekly(world)
    one = inviting.invite(world.deps, world.session.id, noor.memberships[0].person_id)
    every = inviting.invite_to_series(world.deps, "weekly", noor.memberships[0].person_id)

    end(world, noor, jo)

    assert (opens(world, one), opens(world, every)) == (False, False)
    assert world.store.shelf(type(every.invite)).get(every.invite.id).state == "revoked"


@ENDS
def test_she_is_out_of_the_session_that_she_is_in(world, end):
    jo, noor = colleagues(world)
    world.begin()
    going_in.go_in(world.deps, noor, world.session.id, "en", None)

    end(world, noor, jo)

    assert [access.state for access in world.store.shelf(Access).find()] == ["ended"]
    assert [seat.state for seat in world.live().seats] == ["left"]


@ENDS
def test_her_calendar_address_leads_nowhere(world, end):
    jo, noor = colleagues(world)
    address = feeds.renew(world.deps, noor.memberships[0].person_id)

    end(world, noor, jo)

    assert feeds.served(world.deps, address.rpartition("/")[2].removesuffix(".ics")) is None


@ENDS
def test_a_link_for_a_colleague_that_she_made_makes_no_account_any_more(world, end):
    jo, noor = colleagues(world, "organiser")
    made = links.invite(world.deps, noor, "a friend", [Grant(world.group.id, "organiser")])

    end(world, noor, jo)

    with pytest.raises(Gone):
        links.make_account(world.deps, made.address.rpartition("/")[2], "friend", PASSWORD)


def test_a_keeper_who_is_closed_has_left_no_way_back_for_herself(world):
    jo, other = an_account(world.deps, "jo", keeper=True), an_account(world.deps, "mo", keeper=True)
    made = links.invite(world.deps, standing(world, other), "mo again", [], keeper=True)

    accounts.close(world.deps, other.id, jo)

    with pytest.raises(Gone):
        links.make_account(world.deps, made.address.rpartition("/")[2], "mo again", PASSWORD)


def test_a_link_from_the_terminal_or_from_somebody_who_still_may_goes_on_opening(world):
    _, noor = colleagues(world, "organiser")
    hers = links.invite(world.deps, noor, "Sam", [Grant(world.group.id, "facilitator")])
    ours = links.invite(world.deps, None, "Kit", [], keeper=True)

    made = [
        links.make_account(world.deps, one.address.rpartition("/")[2], name, PASSWORD).name
        for one, name in ((hers, "Sam"), (ours, "Kit"))
    ]

    assert made == ["Sam", "Kit"]


def test_who_shut_her_links_is_written_down(world):
    jo, noor = colleagues(world)
    inviting.invite(world.deps, world.session.id, noor.memberships[0].person_id)

    take_away(world, noor, jo)

    (entry,) = world.store.shelf(AuditEntry).find(what="revoked_invite")
    assert entry.by == f"account {jo.id}"
