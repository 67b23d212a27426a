"""From link and passcode to a seat, and how guessing is answered."""

from datetime import timedelta

import pytest

from companion.core.commands import Arrive, LeaveSession, LetInByVoice, RefuseVoice, RemoveSeat, SettleDevice
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown
from companion.records import Access, Invite
from companion.service import arriving, inviting, joining, knocking, organising
from companion.service.accesses import access_of_token
from companion.service.arriving import STEPS
from companion.service.guesses import Guesses
from companion.service.joining import WrongPasscode
from tests.fakes.world import START, a_world, token_of, wrong_for


def enter(world, issued, passcode=None, guesses=None, address="192.0.2.1", current=None):
    return joining.enter(
        world.deps, guesses or Guesses(), token_of(issued), passcode or issued.passcode, address, "en", current
    )


def through_the_steps(world, access, **alias):
    for step in STEPS:
        access = arriving.finish_step(world.deps, access, step, **(alias if step == "alias" else {}))
    return access


def arrive(world, issued, **alias):
    return arriving.take_seat(world.deps, through_the_steps(world, enter(world, issued).access, **alias))


def guess(world, guesses, token, times, address="192.0.2.1", digits="00000000"):
    answers = []
    for _ in range(times):
        try:
            joining.enter(world.deps, guesses, token, digits, address, "en")
        except WrongPasscode as wrong:
            answers.append(wrong.left)
        except Refused as refused:
            answers.append(refused.reason)
    return answers


def test_the_passcode_opens_a_way_in_for_twelve_hours_whose_token_is_kept_hashed():
    world = a_world()
    issued = world.invite()

    entered = enter(world, issued)

    assert (entered.access.state, entered.access.seat_id) == ("joining", issued.invite.seat_id)
    assert entered.access.expires_at == START + timedelta(hours=12)
    assert access_of_token(world.deps, entered.token) == entered.access
    assert entered.token not in repr(vars(world.store))


def test_a_wrong_passcode_says_how_many_tries_are_left_and_then_asks_to_wait():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()

    answers = guess(world, guesses, token_of(issued), 7, digits=wrong_for(issued))
    world.clock.turn(minutes=15)

    assert answers == [4, 3, 2, 1, 0, "too_fast", "too_fast"]
    assert enter(world, issued, guesses=guesses).access.state == "joining"


def test_the_right_passcode_wipes_out_her_slips():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()
    guess(world, guesses, token_of(issued), 4, digits=wrong_for(issued))

    enter(world, issued, guesses=guesses)

    assert guess(world, guesses, token_of(issued), 1, digits=wrong_for(issued)) == [4]


def test_guesses_from_one_address_do_not_stop_her_at_another():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()
    guess(world, guesses, token_of(issued), 6, address="198.51.100.9", digits=wrong_for(issued))

    assert enter(world, issued, guesses=guesses).access.state == "joining"


def test_twenty_wrong_guesses_in_all_retire_the_passcode_for_everybody():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()
    answers = [
        guess(world, guesses, token_of(issued), 1, address=f"198.51.100.{n}", digits=wrong_for(issued))
        for n in range(20)
    ]

    with pytest.raises(Refused, match="passcode_retired"):
        enter(world, issued, guesses=guesses)

    assert answers[-1] == ["passcode_retired"]
    assert world.again(issued).retired


@pytest.mark.parametrize("kind", ["random", "revoked", "expired", "over"])
def test_links_that_lead_nowhere_are_answered_like_those_that_do(kind):
    world = a_world()
    real, dead = world.invite("Wren"), world.invite("Ash")
    token = token_of(dead)
    if kind == "random":
        token = "r" * len(token)
    elif kind == "revoked":
        inviting.revoke(world.deps, dead.invite.id)
    elif kind == "expired":
        world.store.shelf(Invite).put(replace(dead.invite, expires_at=START))
    else:
        other = organising.add_session(world.deps, world.group.id, START)
        real = inviting.invite(world.deps, other.id, real.invite.person_id)
        world.store.save_session(replace(world.session, phase="closed", closed_at=START - timedelta(minutes=31)))
    guesses = Guesses()

    def all_answers(link, digits):
        return [guess(world, guesses, link, 7, address=f"{link} {place}", digits=digits) for place in ("a", "b", "c")]

    at_dead = all_answers(token, dead.passcode)
    at_real = all_answers(token_of(real), wrong_for(real))

    assert at_dead == [[4, 3, 2, 1, 0, "too_fast", "too_fast"]] * 3
    assert at_real == at_dead
    assert len(world.hasher.verified) == 30  # a slow hash for each of both


def test_a_link_that_never_was_retires_like_a_real_one():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()

    def every(token, digits):
        return [guess(world, guesses, token, 1, address=f"198.51.100.{n}", digits=digits) for n in range(25)]

    assert every("never-was", "00000000") == every(token_of(issued), wrong_for(issued))


def test_the_memory_of_guesses_is_bounded():
    guesses = Guesses(remembered=100)

    for n in range(1000):
        guesses.begin(("token", n), START)
        guesses.count_nowhere(f"token {n}")

    assert len(guesses._recent) == len(guesses._nowhere) == 100


def test_a_database_that_is_down_costs_nobody_a_try():
    world = a_world()
    issued = world.invite()
    guesses = Guesses()
    world.store.down = True
    for _ in range(6):
        with pytest.raises(StoreDown):
            enter(world, issued, guesses=guesses)
    world.store.down = False

    assert enter(world, issued, guesses=guesses).access.state == "joining"


def test_a_step_cannot_be_jumped_over():
    world = a_world()
    access = enter(world, world.invite()).access

    for step in STEPS[1:]:
        with pytest.raises(Refused, match="step_missing"):
            arriving.finish_step(world.deps, access, step)
    with pytest.raises(Refused, match="step_missing"):
        arriving.take_seat(world.deps, access)


def test_a_member_arrives_in_the_waiting_room_with_what_she_chose_and_a_new_token():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    entered = enter(world, issued)
    access = through_the_steps(world, entered.access, alias="Fern", avatar=7, takes_part="text", language="cy")

    seated = arriving.take_seat(world.deps, access)

    seat = world.seat(issued)
    assert (seat.state, seat.alias, seat.avatar, seat.takes_part, seat.language) == ("waiting", "Fern", 7, "text", "cy")
    assert [device.id for device in seat.devices] == [entered.access.id]
    assert access_of_token(world.deps, entered.token) is None
    assert access_of_token(world.deps, seated.token).state == "in"
    assert world.again(issued).state == "used"


def test_before_the_doors_are_open_nothing_is_lost():
    world = a_world()
    issued = world.invite("Ash")
    access = through_the_steps(world, enter(world, issued).access, alias="Fern")

    for prepare in (lambda: None, world.begin):
        prepare()
        with pytest.raises(Refused, match="session_not_open"):
            arriving.take_seat(world.deps, access)
    world.open_doors()
    arriving.take_seat(world.deps, world.store.access(access.id))

    assert world.seat(issued).alias == "Fern"


def test_staff_need_no_steps_and_come_before_the_doors_open():
    world = a_world()
    issued = world.invite("Sol", "facilitator")
    world.begin()

    seated = arriving.take_seat(world.deps, enter(world, issued).access)

    assert seated.access.state == "in"
    assert world.seat(issued).state == "seated"


def test_a_session_that_is_over_says_so():
    world = a_world()
    issued = world.invite()
    access = through_the_steps(world, enter(world, issued).access)
    world.store.save_session(replace(world.session, phase="closed", closed_at=START))

    with pytest.raises(Refused, match="session_closed"):
        arriving.take_seat(world.deps, access)


def test_a_second_device_is_held_and_goes_on_when_a_facilitator_says_so():
    world = a_world()
    host = world.open_doors()
    issued = world.invite("Ash")
    first, second = arrive(world, issued), arrive(world, issued)

    held = second.access
    command = SettleDevice(seat=issued.invite.seat_id, device=held.id, keep="both")
    world.perform(command, by=host.invite.seat_id)

    assert (first.access.state, held.state) == ("in", "held")
    assert world.store.access(held.id).state == "in"


def test_the_same_browser_again_is_no_second_device():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    first = arrive(world, issued)

    again = enter(world, issued, current=first.access)

    assert (again.access.id, again.access.state) == (first.access.id, "in")
    assert len(world.seat(issued).devices) == 1
    assert access_of_token(world.deps, first.token) is None


def test_who_left_and_comes_back_goes_through_every_step_again():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    first = arrive(world, issued)
    world.perform(LeaveSession(), by=issued.invite.seat_id)

    back = enter(world, issued, current=access_of_token(world.deps, first.token))

    assert world.store.access(first.access.id).state == "ended"
    assert back.access.id != first.access.id
    assert (back.access.state, back.access.steps) == ("joining", ())


@pytest.mark.parametrize("how", ["removed", "revoked"])
def test_who_was_taken_out_while_joining_does_not_get_in(how):
    world = a_world()
    host = world.open_doors()
    issued = world.invite("Ash")
    access = through_the_steps(world, enter(world, issued).access)
    if how == "removed":
        world.perform(Arrive(seat=issued.invite.seat_id, device="another"))
        world.perform(RemoveSeat(seat=issued.invite.seat_id), by=host.invite.seat_id)
    else:
        inviting.revoke(world.deps, issued.invite.id)

    with pytest.raises(Refused, match="no_access"):
        arriving.take_seat(world.deps, access)  # with the access as it was read before

    assert world.store.access(access.id).state == "ended"
    with pytest.raises(WrongPasscode):
        enter(world, issued)


def test_who_is_revoked_in_the_very_moment_of_arriving_is_out_again():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    access = through_the_steps(world, enter(world, issued).access)
    shelf = world.store.shelf

    def revoke_just_before(kind):
        if kind is Access:
            world.store.shelf = shelf
            inviting.revoke(world.deps, issued.invite.id)
        return shelf(kind)

    world.store.shelf = revoke_just_before

    with pytest.raises(Refused, match="no_access"):
        arriving.take_seat(world.deps, access)

    assert world.store.access(access.id).state == "ended"


def test_a_knock_by_voice_shows_the_same_number_on_both_sides_and_lets_her_on_without_a_passcode():
    world = a_world()
    host = world.open_doors()
    issued = world.invite("Ash")
    link = token_of(issued)
    knock = knocking.new_knock(world.deps, link)

    knocking.ring(world.deps, link, knock, "en")
    rung = world.seat(issued).voice_knock
    waiting = knocking.answer(world.deps, knock)
    let_in(world, host, issued)
    answer, entered = knocking.answer(world.deps, knock)

    assert rung.number == knocking.number(world.deps, knock)
    assert waiting == ("waits", None)
    assert answer == "let_in"
    assert (entered.access.state, entered.access.by_voice, entered.access.steps) == ("joining", True, ())
    assert access_of_token(world.deps, knock) is None


def let_in(world, host, issued):
    seat = world.seat(issued)
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)


def test_a_voice_that_is_not_known_ends_there():
    world = a_world()
    host = world.open_doors()
    issued = world.invite("Ash")
    knock = knocking.new_knock(world.deps, token_of(issued))
    knocking.ring(world.deps, token_of(issued), knock, "en")
    seat = world.seat(issued)

    world.perform(RefuseVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)

    assert knocking.answer(world.deps, knock) == ("not_let_in", None)


def test_only_the_newest_knock_of_a_seat_rings():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")
    first, second = (knocking.new_knock(world.deps, token_of(issued)) for _ in range(2))

    knocking.ring(world.deps, token_of(issued), first, "en")
    knocking.ring(world.deps, token_of(issued), second, "en")

    assert world.seat(issued).voice_knock.number == knocking.number(world.deps, second)
    assert [a.state for a in world.store.accesses_of_seat(world.session.id, issued.invite.seat_id)] == ["door"]


@pytest.mark.parametrize("kind", ["random", "revoked", "not begun"])
def test_a_knock_at_a_link_that_leads_nowhere_rings_nowhere_and_waits_alike(kind):
    world = a_world()
    issued = world.invite("Ash")
    if kind == "revoked":
        world.begin()
        inviting.revoke(world.deps, issued.invite.id)
    link = "never-was" if kind == "random" else token_of(issued)
    before = repr(vars(world.store))
    knock = knocking.new_knock(world.deps, link)

    knocking.ring(world.deps, link, knock, "en")
    knocking.cannot_get_in(world.deps, link, "the code does not work")

    assert knocking.answer(world.deps, knock) == ("waits", None)
    assert knocking.number(world.deps, knock).isdigit()
    assert repr(vars(world.store)) == before


def test_a_knock_is_good_at_its_own_link_alone():
    world = a_world()
    knock = knocking.new_knock(world.deps, "one")

    assert knocking.is_for(world.deps, "one", knock)
    assert not knocking.is_for(world.deps, "two", knock)
    assert not any(knocking.is_for(world.deps, "one", forged) for forged in ("", ".", "x.y", knock + "x", "é.é"))


def test_somebody_who_cannot_get_in_opens_a_ticket_under_the_alias_she_was_invited_with():
    world = a_world()
    world.open_doors()
    issued = world.invite("Ash")

    knocking.cannot_get_in(world.deps, token_of(issued), "no code came" * 20)

    (ticket,) = world.live().tickets
    assert (ticket.seat, ticket.kind, len(ticket.words)) == (issued.invite.seat_id, "cannot_get_in", 80)
