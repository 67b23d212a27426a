"""Links that work once, roles in groups, coming back after being locked out, and going in by one's account."""

from __future__ import annotations

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Grant, Membership, OneTimeLink, Recovery
from companion.service import inviting, organising
from companion.service.staff import accounts, browsers, going_in, links, recovering, roles
from companion.service.staff.accounts import NotGood
from companion.service.staff.links import Gone
from tests.fakes.staff import PASSWORD, a_browser, again, an_account
from tests.fakes.world import a_world, token_of


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def other(world):
    return organising.add_group(world.deps, "Another circle")


def standing(world, account):
    return roles.standing(world.deps, account)


def someone(world, name, *held, group=None, **more):
    account = an_account(world.deps, name, *held, group=group or world.group.id, **more)
    return standing(world, account)


def token(made):
    return made.address.rpartition("/")[2]


# the first account


def test_the_first_link_makes_the_keeper_once(world):
    made = links.begin(world.deps)

    keeper = links.make_account(world.deps, token(made), "Jo", PASSWORD)

    assert keeper.keeper
    assert not keeper.totp_secret
    with pytest.raises(Gone):
        links.make_account(world.deps, token(made), "Sam", PASSWORD)
    with pytest.raises(Refused):
        links.begin(world.deps)


def test_a_link_printed_anew_takes_the_place_of_the_one_before(world):
    first, second = links.begin(world.deps), links.begin(world.deps)

    with pytest.raises(Gone):
        links.look(world.deps, token(first))
    assert links.look(world.deps, token(second)).kind == "begin"


def test_two_open_beginnings_make_one_keeper(world):
    made = links.begin(world.deps)
    an_account(world.deps, "sam", keeper=True)

    with pytest.raises(Gone):
        links.make_account(world.deps, token(made), "Jo", PASSWORD)


def test_looking_and_mistakes_use_no_link_up(world):
    made = links.begin(world.deps)
    for _ in range(50):
        links.look(world.deps, token(made))
    for name, password in (("Jo", "short"), ("", PASSWORD)):
        with pytest.raises(NotGood):
            links.make_account(world.deps, token(made), name, password)

    assert links.make_account(world.deps, token(made), "Jo", PASSWORD).name == "Jo"


@pytest.mark.parametrize(("kind", "hours"), [("begin", 24), ("invite", 72), ("recover", 1), ("demo", 24)])
def test_each_link_has_its_end_and_is_kept_hashed(world, kind, hours):
    account = an_account(world.deps, "sam")
    make = {
        "begin": lambda: links.begin(world.deps),
        "invite": lambda: links.invite(world.deps, None, "Noor", [Grant(world.group.id, "organiser")]),
        "recover": lambda: links.recover(world.deps, account),
        "demo": lambda: links.demo(world.deps, account),
    }
    made = make[kind]()
    world.clock.turn(hours=hours, seconds=-1)
    before = links.look(world.deps, token(made))
    world.clock.turn(seconds=1)

    assert before.kind == kind
    assert token(made) not in repr(world.store.shelf(OneTimeLink).find())
    with pytest.raises(Gone):
        links.look(world.deps, token(made))


def test_a_link_does_what_it_is_for_and_nothing_else(world):
    jo = an_account(world.deps, "jo", keeper=True)
    invited = links.invite(world.deps, standing(world, jo), "Noor", [Grant(world.group.id, "facilitator")])

    for wrong in (
        lambda: links.come_back(world.deps, token(invited), PASSWORD),
        lambda: links.into_the_demo(world.deps, token(invited)),
        lambda: links.make_account(world.deps, token(links.recover(world.deps, jo)), "Eve", PASSWORD),
        lambda: links.add_to(world.deps, token(links.demo(world.deps, jo)), jo),
    ):
        with pytest.raises(Gone):
            wrong()


# colleagues


@pytest.mark.parametrize(
    ("who", "grants", "keeper", "may"),
    [
        ("keeper", ["organiser here", "facilitator there"], True, True),
        ("organiser", ["organiser here", "facilitator here"], False, True),
        ("organiser", ["facilitator there"], False, False),
        ("organiser", ["facilitator here", "facilitator there"], False, False),
        ("organiser", ["facilitator here"], True, False),
        ("organiser", [], False, False),
        ("keeper", [], False, False),
        ("facilitator", ["facilitator here"], False, False),
    ],
)
def test_whoever_organises_a_group_invites_to_it_and_to_no_other(world, other, who, grants, keeper, may):
    held = () if who == "keeper" else (who,)
    mine = someone(world, "jo", *held, keeper=who == "keeper")
    places = {"here": world.group.id, "there": other.id}
    wanted = [Grant(places[place], role) for role, place in (one.split() for one in grants)]

    if may:
        assert links.invite(world.deps, mine, "Noor", wanted, keeper=keeper).link.grants == tuple(wanted)
    else:
        with pytest.raises(Refused):
            links.invite(world.deps, mine, "Noor", wanted, keeper=keeper)


def test_a_colleague_gets_her_roles_and_a_person_who_is_invited_like_everybody(world, other):
    mine = someone(world, "jo", keeper=True)
    grants = [Grant(world.group.id, "organiser"), Grant(world.group.id, "facilitator"), Grant(other.id, "tech_helper")]
    made = links.invite(world.deps, mine, "Noor", grants)

    noor = standing(world, links.make_account(world.deps, token(made), "Noor Hale", PASSWORD, "Sol"))

    assert noor.roles_in(world.group.id) == {"organiser", "facilitator"}
    assert noor.roles_in(other.id) == {"tech_helper"}
    assert not noor.keeper
    people = [world.store.person(one.person_id) for one in noor.seats()]
    assert sorted((one.group_id, one.role, one.name, one.alias) for one in people) == sorted(
        [(world.group.id, "facilitator", "Noor Hale", "Sol"), (other.id, "tech_helper", "Noor Hale", "Sol")]
    )


def test_somebody_the_group_knows_already_is_not_there_twice(world):
    known = world.person("Sol", "facilitator")
    noor = an_account(world.deps, known.name, "facilitator", group=world.group.id)

    twin = an_account(world.deps, "Noor", "peer_supporter", "tech_helper", group=world.group.id)

    assert standing(world, noor).seats()[0].person_id == known.id
    assert [one.role for one in standing(world, twin).seats()] == ["peer_supporter"]
    assert len(world.store.people(world.group.id)) == 2


def test_a_colleague_with_an_account_takes_the_roles_into_it(world, other):
    noor = an_account(world.deps, "noor", "facilitator", group=world.group.id)
    made = links.invite(world.deps, None, "Noor", [Grant(other.id, "organiser")], keeper=True)

    links.add_to(world.deps, token(made), noor)

    now = standing(world, again(world.deps, noor))
    assert (now.keeper, now.organises(other.id)) == (True, True)
    with pytest.raises(Gone):
        links.add_to(world.deps, token(made), noor)


def test_a_role_that_is_taken_away_opens_nothing_any_more(world):
    jo = someone(world, "jo", keeper=True)
    noor = someone(world, "noor", "facilitator")
    issued = inviting.invite(world.deps, world.session.id, noor.seats()[0].person_id)

    roles.take_away(world.deps, noor.memberships[0].id, jo.account)

    assert standing(world, noor.account).memberships == ()
    assert world.again(issued).state == "revoked"
    assert world.store.person(noor.seats()[0].person_id).left_at == world.clock.now
    with pytest.raises(Refused):
        roles.take_away(world.deps, noor.memberships[0].id, jo.account)


def test_links_that_wait_are_seen_and_withdrawn_by_whoever_made_them_and_by_keepers(world):
    keeper, jo, sam = (
        someone(world, "k", keeper=True),
        someone(world, "jo", "organiser"),
        someone(world, "sam", "organiser"),
    )
    made = links.invite(world.deps, jo, "Noor", [Grant(world.group.id, "facilitator")])

    assert [len(links.waiting(world.deps, who)) for who in (keeper, jo, sam)] == [1, 1, 0]
    with pytest.raises(Refused):
        links.withdraw(world.deps, made.link.id, sam)
    links.withdraw(world.deps, made.link.id, jo)
    with pytest.raises(Gone):
        links.look(world.deps, token(made))


# coming back


def the_recovery(world):
    (found,) = world.store.shelf(Recovery).find()
    return found.id


def test_two_who_know_her_let_her_in_again_and_the_second_gets_the_link(world):
    noor, jo, sam = (
        someone(world, "noor", "facilitator"),
        someone(world, "jo", "organiser"),
        someone(world, "s", keeper=True),
    )
    opened = a_browser(world.deps, noor.account)
    recovering.ask(world.deps, " NOOR ")
    recovering.ask(world.deps, "noor")

    first = recovering.agree(world.deps, the_recovery(world), jo)
    second = recovering.agree(world.deps, the_recovery(world), sam)
    links.come_back(world.deps, token(second), "quite another sentence")

    assert first is None
    assert browsers.find(world.deps, opened.token) is None
    now = again(world.deps, noor.account)
    assert (now.totp_secret, accounts.is_right(world.deps, now, "quite another sentence")) == ("", True)
    assert recovering.for_colleague(world.deps, jo) == []


def test_one_who_agrees_twice_is_one(world):
    someone(world, "noor", "facilitator")
    jo, _ = someone(world, "jo", "organiser"), someone(world, "sam", keeper=True)
    recovering.ask(world.deps, "noor")

    assert [recovering.agree(world.deps, the_recovery(world), jo) for _ in range(3)] == [None] * 3


def test_nobody_agrees_to_her_own_and_no_stranger_to_another_groups(world, other):
    noor = someone(world, "noor", "organiser", keeper=True)
    strangers = [someone(world, "jo", "organiser", group=other.id), someone(world, "sam", "facilitator")]
    recovering.ask(world.deps, "noor")

    for who in (noor, *strangers):
        assert recovering.for_colleague(world.deps, who) == []
        for act in (recovering.agree, recovering.decline):
            with pytest.raises(Refused):
                act(world.deps, the_recovery(world), who)


def test_a_name_that_nobody_has_leaves_nothing(world):
    recovering.ask(world.deps, "nobody")

    assert world.store.shelf(Recovery).find() == []


def test_a_request_that_was_declined_or_is_old_is_gone(world):
    jo, _ = someone(world, "jo", keeper=True), someone(world, "noor")
    recovering.ask(world.deps, "noor")
    recovering.decline(world.deps, the_recovery(world), jo)
    recovering.ask(world.deps, "noor")
    seen = recovering.for_colleague(world.deps, jo)
    world.clock.turn(days=3)

    assert [(one.name, one.agreed, one.mine) for one in seen] == [("noor", 0, False)]
    assert recovering.for_colleague(world.deps, jo) == []


def test_the_terminal_counts_where_two_colleagues_are_missing(world):
    someone(world, "noor", "facilitator")

    alone = recovering.at_the_terminal(world.deps, "noor")
    jo = someone(world, "jo", "organiser")
    with_one = recovering.at_the_terminal(world.deps, "noor")
    both = recovering.agree(world.deps, the_recovery(world), jo)
    someone(world, "sam", keeper=True)

    assert (alone is not None, with_one, both is not None) == (True, None, True)
    with pytest.raises(Refused):
        recovering.at_the_terminal(world.deps, "noor")
    with pytest.raises(Refused):
        recovering.at_the_terminal(world.deps, "nobody")


def test_a_colleague_who_cannot_sign_in_herself_is_not_waited_for(world):
    noor = someone(world, "noor", "facilitator")
    accounts.make(world.deps, "half", PASSWORD, keeper=True)

    assert recovering.who_may_agree(world.deps, noor.account) == []


def test_whoever_agreed_and_then_left_counts_no_more(world):
    someone(world, "noor", "facilitator")
    keeper, jo, sam = (
        someone(world, "k", keeper=True),
        someone(world, "jo", "organiser"),
        someone(world, "s", "organiser"),
    )
    recovering.ask(world.deps, "noor")
    recovering.agree(world.deps, the_recovery(world), jo)
    accounts.close(world.deps, jo.account.id, keeper.account)

    assert recovering.agree(world.deps, the_recovery(world), sam) is None
    assert recovering.agree(world.deps, the_recovery(world), keeper) is not None


# going in


@pytest.mark.parametrize("role", ["facilitator", "peer_supporter", "tech_helper"])
def test_staff_go_in_by_their_account(world, role):
    world.open_doors()
    noor = someone(world, "noor", role)

    entered = going_in.go_in(world.deps, noor, world.session.id, "cy", None)

    assert (entered.access.role, entered.access.state, entered.access.language) == (role, "in", "cy")
    seat = world.live().seat(entered.access.seat_id)
    assert (seat.role, seat.state) == (role, "seated")
    assert world.store.access_by_token(world.hash(entered.token)) == entered.access


def test_going_in_twice_from_one_browser_is_one_device(world):
    world.open_doors()
    noor = someone(world, "noor", "facilitator")

    first = going_in.go_in(world.deps, noor, world.session.id, "en", None)
    second = going_in.go_in(world.deps, noor, world.session.id, "en", first.access)

    assert second.access.id == first.access.id
    assert len(world.live().seat(first.access.seat_id).devices) == 1


def test_the_link_that_she_was_sent_stays_good(world):
    world.open_doors()
    noor = someone(world, "noor", "facilitator")
    issued = inviting.invite(world.deps, world.session.id, noor.seats()[0].person_id)

    entered = going_in.go_in(world.deps, noor, world.session.id, "en", None)

    assert entered.access.invite_id == issued.invite.id
    assert world.store.invite_by_token(world.hash(token_of(issued))).passcode_hash == issued.invite.passcode_hash


def test_before_the_room_is_ready_she_is_on_the_way(world):
    noor = someone(world, "noor", "facilitator")

    assert going_in.go_in(world.deps, noor, world.session.id, "en", None).access.state == "joining"


def test_a_keeper_or_organiser_who_takes_no_part_has_no_seat(world):
    world.open_doors()

    for who in (someone(world, "jo", keeper=True), someone(world, "sam", "organiser")):
        with pytest.raises(Refused, match="not_yours_to_do"):
            going_in.go_in(world.deps, who, world.session.id, "en", None)


def test_nobody_goes_into_another_groups_session_or_one_that_is_over(world, other):
    stranger, noor = someone(world, "jo", "facilitator", group=other.id), someone(world, "noor", "facilitator")
    issued = inviting.invite(world.deps, world.session.id, noor.seats()[0].person_id)

    with pytest.raises(Refused, match="not_yours_to_do"):
        going_in.go_in(world.deps, stranger, world.session.id, "en", None)
    inviting.revoke(world.deps, issued.invite.id)
    with pytest.raises(Refused, match="no_access"):
        going_in.go_in(world.deps, noor, world.session.id, "en", None)
    world.store.save_session(replace(world.session, closed_at=world.clock.now))
    with pytest.raises(Refused, match="session_closed"):
        going_in.go_in(world.deps, noor, world.session.id, "en", None)


def test_her_dates_are_those_of_groups_in_which_she_takes_part(world, other):
    noor = someone(world, "noor", "peer_supporter")
    over = organising.add_session(world.deps, world.group.id, world.clock())
    world.store.save_session(replace(over, closed_at=world.clock.now))
    organising.add_session(world.deps, other.id, world.clock())

    assert going_in.dates(world.deps, noor) == [world.session]
    assert going_in.dates(world.deps, someone(world, "jo", keeper=True)) == []


def test_every_kind_of_role_is_kept_once(world):
    noor = an_account(world.deps, "noor", "organiser", "organiser", "facilitator", group=world.group.id)

    assert len(world.store.shelf(Membership).find(account_id=noor.id)) == 2
