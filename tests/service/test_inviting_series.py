"""One link and one passcode for every date of a series: which date they open, and what shuts them."""

from datetime import timedelta

import pytest

from companion.core.commands import LetInByVoice, RemoveSeat
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite, Series, StandingInvite
from companion.service import arriving, inviting, joining, knocking, links, locking, moving, new_phones, people
from companion.service.arriving import STEPS
from companion.service.guesses import Guesses
from companion.service.joining import WrongPasscode
from companion.service.perform import perform
from tests.fakes.series import WEEK, close, invite_for_all, open_date, weekly
from tests.fakes.world import START, a_world, token_of, wrong_for


def enter(world, issued, passcode=None, guesses=None, address="192.0.2.1"):
    return joining.enter(world.deps, guesses or Guesses(), token_of(issued), passcode or issued.passcode, address, "en")


def arrive(world, issued):
    access = enter(world, issued).access
    for step in STEPS:
        access = arriving.finish_step(world.deps, access, step)
    return arriving.take_seat(world.deps, access)


def kept(world, issued):
    return world.store.shelf(StandingInvite).get(issued.invite.id)


def opens(world, issued):
    """The date that the link opens now; nothing if it looks like a link that leads nowhere."""
    try:
        return enter(world, issued).access.session_id
    except WrongPasscode:
        return None


def test_it_opens_each_date_in_its_turn():
    world = a_world()
    dates = weekly(world)
    issued = invite_for_all(world)
    opened = []

    for date in dates:
        world.clock.now = date.starts_at
        opened.append(opens(world, issued))
        close(world, date)
        opened.append(opens(world, issued))
        world.clock.turn(minutes=31)
        opened.append(opens(world, issued))

    first, second, third = (date.id for date in dates)
    assert opened == [first, first, second, second, second, third, third, third, None]


def test_a_date_that_was_never_held_gives_way_after_half_a_day_unless_it_still_goes_on():
    world = a_world()
    first, second, _ = weekly(world)
    issued = invite_for_all(world)

    world.clock.turn(hours=11.9)
    early = opens(world, issued)
    world.clock.turn(hours=0.1)
    late = opens(world, issued)
    open_date(world, first)
    going_on = opens(world, issued)

    assert (early, late, going_on) == (first.id, second.id, first.id)


def test_a_cancelled_date_is_passed_over():
    world = a_world()
    first, second, _ = weekly(world)
    issued = invite_for_all(world)
    world.store.save_session(replace(first, cancelled_at=START))

    assert opens(world, issued) == second.id


def test_each_date_has_a_seat_of_its_own_and_coming_back_to_a_date_has_the_same():
    world = a_world()
    first, second, _ = weekly(world)
    issued = invite_for_all(world)

    seats = [enter(world, issued).access.seat_id for _ in range(2)]
    close(world, first)
    world.clock.turn(days=7)
    later = enter(world, issued).access.seat_id

    assert seats[0] == seats[1] != later
    assert [len(world.store.invites(date.id)) for date in (first, second)] == [1, 1]


def test_a_seat_of_a_date_has_no_link_and_no_passcode_of_its_own():
    world = a_world()
    (first, *_) = weekly(world)
    enter(world, invite_for_all(world))

    (invite,) = world.store.invites(first.id)

    assert invite.passcode_hash == ""
    assert not world.hasher.verify(invite.passcode_hash, "")


def test_everybody_with_such_a_link_is_expected_when_the_room_is_got_ready():
    world = a_world()
    (first, *_) = weekly(world)
    invite_for_all(world, "Wren")
    gone = invite_for_all(world, "Ash")
    inviting.revoke(world.deps, gone.invite.id)

    open_date(world, first)

    assert sorted(seat.alias for seat in world.live().seats) == ["Sol", "Wren"]


def test_she_is_told_calmly_when_the_doors_open_if_she_comes_days_before():
    world = a_world()
    first, *_ = weekly(world)
    issued = invite_for_all(world)
    close(world, first)
    world.clock.turn(days=1)
    access = enter(world, issued).access

    doors = arriving.doors(world.deps, access)

    assert arriving.too_soon(world.deps, access)
    assert (doors.starts_at, doors.open, doors.over) == (START + WEEK, False, False)


def test_an_evening_within_her_twelve_hours_is_not_too_soon():
    world = a_world()
    weekly(world)
    issued = invite_for_all(world)
    world.clock.turn(hours=-12)
    soon = arriving.too_soon(world.deps, enter(world, issued).access)
    world.clock.turn(minutes=-1)

    assert not soon
    assert arriving.too_soon(world.deps, enter(world, issued).access)


@pytest.mark.parametrize("how", ["revoked", "left", "ended", "too old", "random"])
def test_what_shuts_it_shuts_every_date_and_looks_like_a_link_that_never_was(how):
    world = a_world()
    weekly(world)
    issued, real = invite_for_all(world, "Wren"), invite_for_all(world, "Ash")
    person = world.store.person(issued.invite.person_id)
    token, digits = token_of(issued), issued.passcode
    if how == "revoked":
        inviting.revoke(world.deps, issued.invite.id)
    elif how == "left":
        world.store.save_person(replace(person, left_at=START))
    elif how == "ended":
        world.store.shelf(Series).change("weekly", lambda series: replace(series, ended_at=START))
        real = world.invite("Fern")
    elif how == "too old":
        world.store.shelf(StandingInvite).put(replace(issued.invite, expires_at=START))
    else:
        token = "r" * len(token)
    before = len(world.hasher.verified)

    answers = [guess(world, token, digits), guess(world, token_of(real), wrong_for(real))]

    assert answers[0] == answers[1] == [4, 3, 2, 1, 0, "too_fast", "too_fast"]
    assert len(world.hasher.verified) - before == 10  # a slow hash for each of both


def guess(world, token, digits):
    guesses, answers = Guesses(), []
    for _ in range(7):
        try:
            joining.enter(world.deps, guesses, token, digits, "192.0.2.1", "en")
        except WrongPasscode as wrong:
            answers.append(wrong.left)
        except Refused as refused:
            answers.append(refused.reason)
    return answers


def test_twenty_wrong_guesses_over_all_its_dates_retire_it():
    world = a_world()
    dates = weekly(world, 5)
    issued = invite_for_all(world)

    for date in dates[:4]:
        world.clock.now = date.starts_at
        for n in range(5):
            with pytest.raises((WrongPasscode, Refused)):
                enter(world, issued, wrong_for(issued), address=f"198.51.100.{n}")
        close(world, date)
    world.clock.now = dates[4].starts_at

    with pytest.raises(Refused, match="passcode_retired"):
        enter(world, issued)
    assert (kept(world, issued).failures, len(kept(world, issued).failed_at)) == (20, 20)
    assert [invite.failures for date in dates for invite in world.store.invites(date.id)] == []


def test_a_locked_browser_is_opened_by_the_same_passcode_and_counts_in_the_same_twenty():
    world = a_world()
    first, *_ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)
    entered = arrive(world, issued)

    with pytest.raises(WrongPasscode):
        locking.unlock(world.deps, Guesses(), entered.token, wrong_for(issued), "192.0.2.1")
    unlocked = locking.unlock(world.deps, Guesses(), entered.token, issued.passcode, "192.0.2.1")

    assert unlocked.access.id == entered.access.id
    assert kept(world, issued).failures == 1


def test_a_voice_opens_a_standing_link_too():
    world = a_world()
    first, *_ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)
    link = token_of(issued)
    inviting.revoke(world.deps, invite_for_all(world, "Ash").invite.id)
    knock = knocking.new_knock(world.deps, link)
    host = next(seat.id for seat in world.live().seats if seat.role == "facilitator")

    gone = enter_seat(world, issued, first)
    knocking.ring(world.deps, link, knock, "en")
    rung = world.live().seat(gone).voice_knock
    world.perform(LetInByVoice(seat=gone, device=rung.device), by=host)
    answer, entered = knocking.answer(world.deps, knock)

    assert (answer, entered.access.state, entered.access.standing_id) == ("let_in", "joining", issued.invite.id)


def enter_seat(world, issued, date):
    enter(world, issued)
    return next(one.seat_id for one in world.store.invites(date.id) if one.person_id == issued.invite.person_id)


def test_revoking_it_takes_her_out_of_what_is_live():
    world = a_world()
    first, *_ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)
    entered = arrive(world, issued)

    inviting.revoke(world.deps, issued.invite.id)

    assert world.store.access(entered.access.id).state == "ended"
    assert world.live().seat(entered.access.seat_id).state == "left"
    assert entered.access.id in {access for ids, _ in world.panels.cuts for access in ids}


def test_a_new_link_after_revoking_opens_its_dates_again():
    world = a_world()
    first, *_ = weekly(world)
    issued = invite_for_all(world)
    enter(world, issued)
    inviting.revoke(world.deps, issued.invite.id)

    again = inviting.reissue(world.deps, issued.invite.id)

    assert (opens(world, issued), opens(world, again)) == (None, first.id)


def test_who_was_taken_out_of_one_evening_comes_to_the_next_one():
    world = a_world()
    first, second, _ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)
    seat = arrive(world, issued).access.seat_id
    host = next(each.id for each in world.live().seats if each.role == "facilitator")

    perform(world.deps, first.id, RemoveSeat(seat=seat), by=host)
    tonight = [opens(world, issued), opens(world, inviting.reissue(world.deps, issued.invite.id))]
    close(world, first)
    again = inviting.reissue(world.deps, issued.invite.id)
    world.clock.turn(minutes=31)

    assert tonight == [None, None]
    assert opens(world, again) == second.id


def test_leaving_the_group_shuts_every_link_of_hers_and_leaves_what_is_over():
    world = a_world()
    first, second, _ = weekly(world)
    issued = invite_for_all(world)
    over = inviting.invite(world.deps, second.id, issued.invite.person_id).invite
    close(world, second)
    open_date(world, first)
    entered = arrive(world, issued)

    people.leave(world.deps, issued.invite.person_id)

    assert kept(world, issued).state == "revoked"
    invites = world.store.shelf(Invite).find(person_id=issued.invite.person_id)
    assert {one.session_id: one.state for one in invites} == {first.id: "revoked", second.id: over.state}
    assert world.store.access(entered.access.id).state == "ended"


def test_coming_by_it_says_so_and_keeps_the_first_time():
    world = a_world()
    first, second, _ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)

    enter(world, issued)
    opened = kept(world, issued)
    arrive(world, issued)
    close(world, first)
    world.clock.turn(days=7)
    open_date(world, second, "Rae")
    arrive(world, issued)

    assert (opened.state, opened.opened_at) == ("opened", START)
    assert (kept(world, issued).state, kept(world, issued).used_at) == ("used", START)


def test_a_new_phone_keeps_link_and_place_and_ends_the_old_one():
    world = a_world()
    first, *_ = weekly(world)
    open_date(world, first)
    issued = invite_for_all(world)
    old = arrive(world, issued).access

    moved = new_phones.move(world.deps, issued.invite.id)
    with pytest.raises(WrongPasscode):
        enter(world, issued)
    same_link = replace(issued, passcode=moved.passcode)
    new = arrive(world, same_link).access

    assert moved.link == ""
    assert world.store.access(old.id).state == "ended"
    assert (new.state, new.seat_id) == ("in", old.seat_id)
    assert [device.id for device in world.live().seat(new.seat_id).devices] == [new.id]


def test_nobody_of_another_group_and_nobody_who_was_not_told_gets_one():
    world = a_world()
    weekly(world)
    stranger = replace(world.person("Ash"), id="stranger", group_id="another")
    untold = world.person("Fern", waived_by="")
    world.store._people["stranger"] = stranger

    for person, why in ((stranger, "not_yours_to_do"), (untold, "not_inducted")):
        with pytest.raises(Refused, match=why):
            inviting.invite_to_series(world.deps, "weekly", person.id)
    assert world.store.shelf(StandingInvite).find() == []


def test_a_moved_date_keeps_its_links_good():
    world = a_world()
    issued = world.invite()
    world.store.save_session(replace(world.session, starts_at=START + timedelta(days=1)))

    moving.move(world.deps, world.session.id, START + timedelta(days=3), 90, 0, "jo")

    assert world.again(issued).expires_at == START + timedelta(days=3, hours=12)


def test_two_presses_at_once_make_one_seat():
    world = a_world()
    first, *_ = weekly(world)
    person = world.person("Wren")

    seats = {links.seat_at(world.deps, first, person).seat_id for _ in range(2)}
    single = inviting.invite(world.deps, first.id, person.id).invite.seat_id

    assert seats == {single}
