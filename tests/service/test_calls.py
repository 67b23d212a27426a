"""Into the call: who may, into which room, and what the platform is told of her."""

from urllib.parse import parse_qs, urlsplit

import pytest

from companion.core import commands as c
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import CallDown
from companion.records import Platform
from companion.service import calls, group_settings, platforms
from companion.service.platforms import BadPlatform
from integrations.calls import ChosenCalls
from tests.fakes.world import a_world

SECRET = "a secret of one's own server, long enough"
CALL = "https://calls.example/j/123"


@pytest.fixture
def world():
    made = a_world()
    shelf = made.store.shelf(Platform)
    made.deps = replace(made.deps, calls=ChosenCalls(shelf.get, "jitsi.example"))
    group_settings.change(
        made.deps, made.group.id, lambda one: replace(one, settings=replace(one.settings, call_link=CALL))
    )
    return made


@pytest.fixture
def evening(world):
    """Sol has opened the doors; Wren and Noor are in the room."""
    sol = world.open_doors()
    people = {
        "Sol": sol,
        **{alias: world.invite(alias, role) for alias, role in (("Wren", "member"), ("Noor", "peer_supporter"))},
    }
    accesses = {alias: world.enter(issued) for alias, issued in people.items()}
    for alias in ("Wren", "Noor"):
        seat = people[alias].invite.seat_id
        world.perform(c.Arrive(seat=seat, device=accesses[alias].id, alias=alias))
    return world, {alias: issued.invite.seat_id for alias, issued in people.items()}, accesses


def own_server(world) -> Platform:
    made = platforms.add(world.deps, "jitsi", "Our server", "https://meet.example/", "companion", SECRET)
    platforms.choose(world.deps, world.group.id, made.id)
    return made


def let_in(world, seats) -> None:
    world.perform(c.AdmitSeat(seats["Wren"]), by=seats["Sol"])


def place(entry) -> tuple[str, str]:
    return urlsplit(entry.url)[1:3]


def test_whoever_waits_at_the_door_has_no_way_into_the_call(evening):
    world, seats, accesses = evening

    assert calls.into_the_call(world.deps, accesses["Wren"]) is None
    let_in(world, seats)
    assert calls.into_the_call(world.deps, accesses["Wren"]).url == CALL


def test_with_an_account_each_has_an_address_of_her_own_to_one_room(evening):
    world, seats, accesses = evening
    own_server(world)
    let_in(world, seats)

    hers, his = (calls.into_the_call(world.deps, accesses[alias]) for alias in ("Wren", "Sol"))

    assert place(hers) == place(his)
    assert hers.url != his.url
    assert parse_qs(urlsplit(hers.url).query)["jwt"] != []


def test_the_name_of_a_room_and_of_a_person_stand_on_no_panel(evening):
    world, seats, _ = evening
    state = world.live()
    room, who = calls.room_of(world.deps, world.session), calls.attendee(world.deps, state, seats["Wren"])

    for told in (room.ref, who.ref):
        assert (len(told), told.isalnum(), told == told.lower()) == (32, True, True)
        assert not any(known in told for known in (world.session.id, world.group.id, *seats.values()))
    assert (who.alias, who.leads, calls.attendee(world.deps, state, seats["Sol"]).leads) == ("Wren", False, True)


def test_another_evening_has_another_room_and_other_references(world):
    other = replace(world.session, id="another")

    assert calls.room_of(world.deps, world.session) != calls.room_of(world.deps, other)
    assert calls.ref_of(world.deps, "one", "seat") != calls.ref_of(world.deps, "two", "seat")


def test_two_in_a_one_to_one_share_a_room_that_nobody_else_has(evening):
    world, seats, accesses = evening
    own_server(world)
    let_in(world, seats)
    world.perform(c.GoOnDuty(), by=seats["Noor"])
    world.perform(c.RequestBreakout(), by=seats["Wren"])
    request = world.live().breakouts[0].id
    world.perform(c.ClaimBreakout(request), by=seats["Noor"])

    assert calls.into_my_room(world.deps, accesses["Wren"]) is None, "it is not open yet"
    world.perform(c.AcceptBreakout(), by=seats["Wren"])

    hers, noors = (calls.into_my_room(world.deps, accesses[alias]) for alias in ("Wren", "Noor"))
    assert place(hers) == place(noors) != place(calls.into_the_call(world.deps, accesses["Wren"]))
    assert calls.into_my_room(world.deps, accesses["Sol"]) is None


def test_a_platform_that_is_away_is_said_calmly_and_changes_nothing(evening):
    world, seats, accesses = evening
    let_in(world, seats)
    before = world.store.load(world.session.id)

    class Away:
        def of(self, group):
            return self

        def entry(self, room, who, now):
            raise CallDown("it does not answer")

    with pytest.raises(Refused, match="call_away"):
        calls.into_the_call(replace(world.deps, calls=Away()), accesses["Wren"])
    assert world.store.load(world.session.id) == before


def test_an_account_that_is_taken_away_leaves_the_groups_own_address(evening):
    world, seats, accesses = evening
    platform = own_server(world)
    let_in(world, seats)

    assert platforms.remove(world.deps, platform.id)

    assert calls.into_the_call(world.deps, accesses["Wren"]).url == CALL
    assert world.store.group(world.group.id).settings.platform == ""
    assert not platforms.remove(world.deps, platform.id)


@pytest.mark.parametrize(
    ("address", "account", "secret", "problem"),
    [
        ("http://meet.example", "companion", SECRET, "not_https"),
        ("https://meet.example?x=1", "companion", SECRET, "not_https"),
        ("https://me:pass@meet.example", "companion", SECRET, "not_https"),
        ("https://[", "companion", SECRET, "not_https"),
        ("https://meet.example", "", SECRET, "no_account"),
        ("https://meet.example", "companion", "short", "weak_secret"),
    ],
)
def test_what_could_open_no_room_is_not_kept(world, address, account, secret, problem):
    with pytest.raises(BadPlatform, match=problem):
        platforms.add(world.deps, "jitsi", "Our server", address, account, secret)

    assert platforms.every(world.deps) == []


def test_a_group_cannot_choose_what_is_not_there(world):
    with pytest.raises(Refused, match="no_such_page"):
        platforms.choose(world.deps, world.group.id, "nothing")
