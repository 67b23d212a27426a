"""Invites: shown once, kept as hashes, sent only where it is safe, and revoked for good."""

from contextlib import suppress
from datetime import timedelta

import pytest

from companion.core.commands import Arrive, RemoveSeat
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Access, Invite
from companion.service import contact, inviting, joining, organising, people
from companion.service.guesses import Guesses
from tests.fakes.world import START, a_world, token_of, wrong_for

SAFE = {"email": "her@example.org", "contact_is_safe": True}


def everything_kept(world):
    return repr([value for name, value in vars(world.store).items() if name != "_lock"])


def test_link_and_passcode_are_shown_once_and_only_hashes_are_kept():
    world = a_world()

    issued = world.invite()

    assert issued.link == f"http://127.0.0.1:8000/i/{token_of(issued)}"
    assert token_of(issued) not in everything_kept(world)
    assert issued.passcode not in everything_kept(world).replace(world.hasher.hash(issued.passcode), "")
    assert world.store.invite_by_token(world.hash(token_of(issued))) == issued.invite
    assert issued.invite.state == "draft"
    assert issued.invite.expires_at == START + timedelta(hours=12)


def test_inviting_somebody_twice_leads_to_the_same_seat_by_a_new_link():
    world = a_world()
    first = world.invite()

    second = inviting.invite(world.deps, world.session.id, first.invite.person_id)

    assert second.invite.seat_id == first.invite.seat_id
    assert len(world.store.invites(world.session.id)) == 1
    assert world.store.invite_by_token(world.hash(token_of(first))) is None


def test_nobody_is_invited_to_another_groups_session():
    world = a_world()
    other = organising.add_group(world.deps, "Another")
    stranger = organising.add_person(world.deps, other.id, "member", "Stranger")

    with pytest.raises(Refused, match="not_yours_to_do"):
        inviting.invite(world.deps, world.session.id, stranger.id)


def test_nobody_is_invited_to_a_session_that_is_over():
    world = a_world()
    wren = world.person()
    world.store.save_session(replace(world.session, phase="closed", closed_at=START))

    with pytest.raises(Refused, match="session_closed"):
        inviting.invite(world.deps, world.session.id, wren.id)


def test_who_is_invited_while_the_session_is_live_has_a_seat_at_once():
    world = a_world()
    world.open_doors()

    issued = world.invite("Ash", phone="020 7946 0001", language="cy")

    seat = world.seat(issued)
    assert (seat.alias, seat.role, seat.state, seat.language, seat.has_phone) == (
        "Ash",
        "member",
        "expected",
        "cy",
        True,
    )


def test_a_new_link_forgives_failures_and_wakes_a_retired_passcode():
    world = a_world()
    issued = world.invite()
    for n in range(20):
        guess_wrongly(world, issued, f"198.51.100.{n}")

    again = inviting.reissue(world.deps, issued.invite.id)

    assert world.again(issued).failures == 0
    assert not world.again(issued).retired
    assert again.passcode != issued.passcode


def test_a_new_link_sends_back_who_is_on_the_way_and_leaves_who_is_in():
    world = a_world()
    issued = world.invite()
    for state in ("door", "joining", "held", "in"):
        world.store.save_access(an_access(issued.invite, state))

    inviting.reissue(world.deps, issued.invite.id)

    assert {state: world.store.access(state).state for state in ("door", "joining", "held", "in")} == {
        "door": "ended",
        "joining": "ended",
        "held": "held",
        "in": "in",
    }


def guess_wrongly(world, issued, address):
    with suppress(joining.WrongPasscode, Refused):
        joining.enter(world.deps, Guesses(), token_of(issued), wrong_for(issued), address, "en")


def test_who_was_removed_gets_no_new_link_tonight():
    world = a_world()
    host = world.open_doors()
    issued = world.invite("Ash")
    world.perform(Arrive(seat=issued.invite.seat_id, device="d"))
    world.perform(RemoveSeat(seat=issued.invite.seat_id), by=host.invite.seat_id)

    with pytest.raises(Refused, match="no_access"):
        inviting.reissue(world.deps, issued.invite.id)

    assert world.again(issued).state == "revoked"


def test_a_changed_address_has_to_be_confirmed_again():
    world = a_world()
    person = world.person(**SAFE)

    people.change(world.deps, person.id, lambda her: replace(her, email="new@example.org"))

    assert world.store.person(person.id).contact_confirmed_at is None


def test_confirming_a_contact_again_lasts_another_90_days():
    world = a_world()
    person = world.person(**SAFE)
    world.clock.turn(days=100)

    confirmed = organising.confirm_contact(world.deps, person.id)

    assert not contact.is_confirmed(person, world.clock())
    assert contact.is_confirmed(confirmed, world.clock())


def test_revoking_clears_her_place_cuts_her_pages_and_leaves_no_way_back():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    world.perform(Arrive(seat=issued.invite.seat_id, device="in"))
    world.store.save_access(an_access(issued.invite, "in"))
    world.store.save_access(an_access(issued.invite, "joining"))

    inviting.revoke(world.deps, issued.invite.id)

    assert world.again(issued).state == "revoked"
    assert world.store.access("in").state == world.store.access("joining").state == "ended"
    assert world.seat(issued).state == "left"
    assert {access for ids, _ in world.panels.cuts for access in ids} >= {"in", "joining"}


def test_revoking_before_anything_is_live_is_quiet():
    world = a_world()
    issued = world.invite()

    inviting.revoke(world.deps, issued.invite.id)
    inviting.revoke(world.deps, issued.invite.id)

    assert inviting.shown_state(world.again(issued), START) == "revoked"


def test_the_state_that_is_shown_tells_expired_and_retired_apart():
    world = a_world()
    issued = world.invite()

    assert inviting.shown_state(issued.invite, START) == "draft"
    assert inviting.shown_state(issued.invite, START + timedelta(hours=12)) == "expired"
    assert inviting.shown_state(replace(issued.invite, retired=True), START) == "retired"
    assert inviting.shown_state(replace(issued.invite, state="used"), START) == "used"


def test_somebody_who_came_before_is_not_new_the_second_time():
    world = a_world()
    first = world.invite()
    world.store.shelf(Invite).put(replace(first.invite, used_at=START))
    later = organising.add_session(world.deps, world.group.id, START + timedelta(days=7))

    inviting.invite(world.deps, later.id, first.invite.person_id)

    assert world.store.person(first.invite.person_id).first_time is False


def an_access(invite, state):
    return Access(
        state,
        f"hash of {state}",
        invite.id,
        invite.session_id,
        invite.seat_id,
        invite.role,
        state,
        START,
        START + timedelta(hours=12),
    )
