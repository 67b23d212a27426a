"""Many people at once: looked at first, kept once."""

from __future__ import annotations

import pytest

from companion.core.values import replace
from companion.service import contact, importing, induction
from companion.service.importing import Newcomer
from companion.service.sheets import read
from tests.fakes.world import START, a_world


@pytest.fixture
def world():
    return a_world()


def checked(world, *rows, head="name,alias,role,email,phone,language,country"):
    sheet = read("\n".join((head, *rows)).encode())
    return importing.check(world.deps, world.store.group(world.group.id), sheet)


def troubles(world, *rows):
    return [row.troubles for row in checked(world, *rows)]


def test_a_row_is_shown_as_it_would_be_kept(world):
    (row,) = checked(world, "Mary Longname,Quiet Wren,Peer Supporter,her@example.org,01 800 0000,Cymraeg,Ireland")

    assert (row.line, row.shown, row.troubles, row.remarks) == (2, "Mary Longname", (), ())
    assert row.newcomer == Newcomer(
        "Mary Longname", "Quiet Wren", "peer_supporter", "her@example.org", "+35318000000", "cy", "IE"
    )


def test_a_name_is_enough(world):
    (row,) = checked(world, "Mary Longname")

    assert row.newcomer == Newcomer("Mary Longname", "", "member", "", "", "en", "")
    assert row.remarks == ("alias_made",)


@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        (",Wren", "no_name"),
        (f"{'n' * 81},Wren", "too_long"),
        (f"Mary,{'w' * 31}", "too_long"),
        ("Mary,Wren,queen", "bad_role"),
        ("Mary,Wren,system", "bad_role"),
        ("Mary,Wren,,her example.org", "bad_email"),
        ("Mary,Wren,,a@b>", "bad_email"),
        ("Mary,Wren,,,12", "bad_number"),
        ("Mary,Wren,,,ring me", "bad_number"),
        ("Mary,Wren,,,,Klingon", "bad_language"),
        ("Mary,Wren,,,,,Atlantis", "bad_country"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_keeps_nobody(world, row, trouble):
    (found,) = checked(world, row)

    assert (found.troubles, found.newcomer) == ((trouble,), None)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("020 7946 0001", "", "+442079460001"),
        ("+353 1 800 0000", "", "+35318000000"),
        ("01 800 0000", "IE", "+35318000000"),
        ("030 1234567", "Germany", "+49301234567"),
    ],
)
def test_a_number_is_meant_in_the_country_where_she_lives(world, typed, country, kept):
    (row,) = checked(world, f"Mary,Wren,,,{typed},,{country}")

    assert row.newcomer.phone == kept


def test_the_same_person_twice_in_a_file_comes_once(world):
    found = troubles(
        world,
        "Mary Longname,,,her@example.org",
        "mary  longname",
        "Ann,,,HER@example.org",
        "Eve,,,,020 7946 0001",
        "Ivy,,,,+44 20 7946 0001",
    )

    assert found == [(), ("twice_in_file",), ("twice_in_file",), (), ("twice_in_file",)]


def test_who_is_in_the_group_is_known_by_name_address_and_number(world):
    world.person("Wren", email="her@example.org", phone="020 7946 0001")

    found = troubles(
        world, "mary wrenson-longname", "Ann,,,Her@Example.org", "Eve,,,,+442079460001", "Ivy,,,ivy@example.org"
    )

    assert found == [("known_name",), ("known_contact",), ("known_contact",), ()]


def test_somebody_of_another_group_is_nobodys_business_here(world):
    other = a_world()
    other.person("Wren", email="her@example.org")

    assert troubles(world, "Mary Wrenson-Longname,,,her@example.org") == [()]


def test_who_has_left_can_come_in_again(world):
    world.store.save_person(replace(world.person("Wren"), left_at=START))

    assert troubles(world, "Mary Wrenson-Longname") == [()]


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ("=Mary,Wren", "neutralised"),
        ("Mary Longname,Mary", "own_name"),
        ("Mary,Wren 1974", "year"),
        ("Mary,SW1A 1AA", "postcode"),
    ],
)
def test_what_is_worth_a_look_is_said_but_stops_nobody(world, row, remark):
    (found,) = checked(world, row)

    assert (found.remarks, found.troubles) == ((remark,), ())


def test_looking_keeps_nothing(world):
    checked(world, "Mary Longname")

    assert world.store.people(world.group.id) == []


def newcomers(*names):
    return tuple(Newcomer(name, f"{name} Wren", "member", f"{name}@example.org", "", "cy", "IE") for name in names)


def test_what_was_looked_at_is_kept_once_however_often_it_is_pressed(world):
    first = importing.keep(world.deps, world.group.id, newcomers("Ann", "Eve"), "batch")
    second = importing.keep(world.deps, world.group.id, newcomers("Ann", "Eve"), "batch")

    kept = world.store.people(world.group.id)
    assert (first, second) == (2, 0)
    assert [(one.name, one.alias, one.email, one.language, one.country) for one in kept] == [
        ("Ann", "Ann Wren", "Ann@example.org", "cy", "IE"),
        ("Eve", "Eve Wren", "Eve@example.org", "cy", "IE"),
    ]


def test_pressing_again_does_not_undo_what_was_changed_meanwhile(world):
    importing.keep(world.deps, world.group.id, newcomers("Ann"), "batch")
    (ann,) = world.store.people(world.group.id)
    world.store.save_person(replace(ann, name="Anna"))

    importing.keep(world.deps, world.group.id, newcomers("Ann"), "batch")

    assert [one.name for one in world.store.people(world.group.id)] == ["Anna"]


def test_a_sheet_never_says_that_she_may_be_reached_or_that_she_was_told(world):
    importing.keep(world.deps, world.group.id, newcomers("Ann"), "batch")

    (ann,) = world.store.people(world.group.id)
    assert contact.may_reach(ann, "mail", START) == "contact_not_confirmed"
    assert not induction.is_done(ann)


def test_who_has_no_alias_in_the_sheet_gets_one(world):
    importing.keep(world.deps, world.group.id, (replace(newcomers("Ann")[0], alias=""),), "batch")

    (ann,) = world.store.people(world.group.id)
    assert ann.alias not in ("", "Ann")
