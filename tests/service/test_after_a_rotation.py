"""What people hold goes on working after a new key was put first: links, passcodes, cookies, pages, passwords."""

from __future__ import annotations

import pytest

from companion.core.values import replace
from companion.service import arriving, knocking
from companion.service.accesses import access_of_token, connect_key, form_tap, is_connect_key, is_form_tap
from companion.service.hashing import Argon2Hasher
from companion.service.joining import WrongPasscode, renewed_already
from companion.service.staff import accounts
from tests.fakes.staff import PASSWORD
from tests.fakes.world import a_world, token_of

OLD, NEW = b"a test's own secret ", b"a newer secret "


@pytest.fixture
def world():
    return a_world()


def rotate(world):
    world.deps.sealer.secrets = (NEW, OLD)


def drop_old(world):
    world.deps.sealer.secrets = (NEW,)


def test_a_link_that_was_sent_before_still_opens(world):
    issued = world.invite()

    rotate(world)

    assert world.enter(issued).invite_id == issued.invite.id
    drop_old(world)
    with pytest.raises(WrongPasscode):
        world.enter(issued)


def test_a_cookie_and_an_open_page_go_on_and_a_new_cookie_is_kept_with_the_new_key(world):
    world.open_doors()
    access = world.enter(world.invite())
    for step in arriving.STEPS:
        access = arriving.finish_step(world.deps, access, step)
    entered = arriving.take_seat(world.deps, access)
    key, tap = connect_key(world.deps, access), form_tap(world.deps, access)

    rotate(world)

    assert access_of_token(world.deps, entered.token) == entered.access
    assert renewed_already(world.deps, entered.token) is None
    assert (is_connect_key(world.deps, access, key), is_form_tap(world.deps, access, tap)) == (True, True)
    fresh = world.enter(world.invite("Ash"))
    drop_old(world)
    assert world.store.access_by_token(fresh.token_hash) == fresh
    assert access_of_token(world.deps, entered.token) is None


def test_a_knock_by_voice_keeps_its_number(world):
    link = token_of(world.invite())
    knock = knocking.new_knock(world.deps, link)
    before = knocking.number(world.deps, knock)

    rotate(world)

    assert (knocking.number(world.deps, knock), knocking.is_for(world.deps, link, knock)) == (before, True)


def test_a_colleague_logs_in_and_is_kept_with_the_new_key_from_then_on(world):
    peppers = [b"old"]
    deps = replace(world.deps, hasher=Argon2Hasher(lambda: tuple(peppers)))
    account = accounts.make(deps, "jo", PASSWORD)
    peppers.insert(0, b"new")
    rotate(world)

    assert accounts.opened(deps, "jo", PASSWORD).id == account.id
    accounts.index_anew(deps)
    del peppers[1]
    drop_old(world)
    assert accounts.opened(deps, "jo", PASSWORD).id == account.id
    assert accounts.opened(deps, "jo", "another") is None
