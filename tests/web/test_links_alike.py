"""Links for every date of a series, and links to cancelled dates: a stranger cannot tell them from any other (X5)."""

from datetime import timedelta
from functools import cache

import pytest

from companion.core.values import replace
from companion.records import Invite, Series, StandingInvite
from companion.service import inviting, joining
from companion.service.guesses import Guesses
from tests.fakes.series import invite_for_all, open_date, weekly
from tests.fakes.world import START, a_world, token_of, wrong_for
from tests.web.conftest import make_app
from tests.web.walking import everything_a_stranger_sees, link


def a_world_with_doors_open():
    world = a_world()
    dates = weekly(world)
    open_date(world, dates[0])
    return world, dates


def standing_link(world, dates, kind):
    issued = invite_for_all(world, "Ash")
    if kind in ("real", "used"):
        change(world, issued, state="used" if kind == "used" else "sent", used_at=START)
        return link(issued), wrong_for(issued)
    SHUT[kind](world, dates, issued)
    return link(issued), issued.passcode


def change(world, issued, **changes):
    world.store.shelf(StandingInvite).put(replace(issued.invite, **changes))


def leaves(world, dates, issued):
    world.store.save_person(replace(world.store.person(issued.invite.person_id), left_at=START))


def series_ends(world, dates, issued):
    world.store.shelf(Series).change("weekly", lambda series: replace(series, ended_at=START))


def all_dates(world, dates, **changes):
    for date in dates:
        world.store.save_session(replace(date, **changes))


def removed(world, dates, issued):
    invites = world.store.invites(dates[0].id)
    (seat,) = (one for one in invites if one.person_id == issued.invite.person_id)
    world.store.shelf(Invite).put(replace(seat, state="revoked"))


LONG_AGO = START - timedelta(hours=1)
SHUT = {
    "revoked": lambda world, dates, issued: inviting.revoke(world.deps, issued.invite.id),
    "left": leaves,
    "too old": lambda world, dates, issued: change(world, issued, expires_at=START),
    "ended": series_ends,
    "no date left": lambda world, dates, issued: all_dates(world, dates, phase="closed", closed_at=LONG_AGO),
    "removed tonight": removed,
    "cancelled": lambda world, dates, issued: all_dates(world, dates, cancelled_at=START),
}


@cache
def at_a_link_to_one_date():
    """What a stranger sees there; a random link is compared with it in test_joining.py."""
    world, _ = a_world_with_doors_open()
    single = world.invite("Wren")
    return everything_a_stranger_sees(make_app(world), link(single), wrong_for(single))


@pytest.mark.parametrize("kind", ["real", "used", *SHUT])
def test_a_link_for_every_date_looks_like_any_other(kind):
    world, dates = a_world_with_doors_open()

    path, digits = standing_link(world, dates, kind)

    assert everything_a_stranger_sees(make_app(world), path, digits) == at_a_link_to_one_date()


def test_a_link_to_a_cancelled_date_looks_alike_until_its_passcode_is_given():
    world, dates = a_world_with_doors_open()
    issued = world.invite("Wren")

    world.store.save_session(replace(dates[0], cancelled_at=START))

    assert everything_a_stranger_sees(make_app(world), link(issued), wrong_for(issued)) == at_a_link_to_one_date()


def test_fifty_looks_and_fifty_empty_forms_use_nothing_of_a_link_for_every_date_up():
    world, _ = a_world_with_doors_open()
    issued = invite_for_all(world, "Ash")
    client = make_app(world).test_client()
    before = repr(world.store.shelf(StandingInvite).find()), len(world.hasher.verified)

    for n in range(50):
        place = {"REMOTE_ADDR": f"192.0.2.{n}"}
        assert client.get(link(issued), environ_overrides=place).status_code == 200
        assert client.post(link(issued), environ_overrides=place).status_code in (400, 422)

    assert (repr(world.store.shelf(StandingInvite).find()), len(world.hasher.verified)) == before
    assert joining.enter(world.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en").access.seat_id
