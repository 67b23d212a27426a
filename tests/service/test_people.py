"""What changes about a person: her word on safe contact, what she was told, that she leaves; and totals of answers."""

from __future__ import annotations

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import AccessAnswers, AccessCard, Hours, SafeContact
from companion.service import consents, gathering, induction, inviting, organising, people
from tests.fakes.world import START, a_world

SAFE = {"email": "her@example.org", "phone": "+442079460001", "contact_is_safe": True}


@pytest.fixture
def world():
    return a_world()


def refused(act, *args):
    with pytest.raises(Refused) as no:
        act(*args)
    return no.value.reason


@pytest.mark.parametrize(
    "change",
    [
        {"email": "new@example.org"},
        {"phone": ""},
        {"contact": SafeContact(channel="text")},
        {"contact": SafeContact(hours=(Hours((0,), 600, 660),))},
        {"contact": SafeContact(voicemail=True)},
        {"contact": SafeContact(name_to_use="Aunt Jo")},
    ],
)
def test_her_word_counts_only_for_what_she_gave_it_for(world, change):
    person = world.person(**SAFE)

    changed = people.change(world.deps, person.id, lambda her: replace(her, **change))
    asked = people.change(world.deps, person.id, lambda her: replace(her, **change), is_safe=True)

    assert (changed.contact_confirmed_at, asked.contact_confirmed_at) == (None, START)


def test_her_word_stays_when_something_else_changes(world):
    person = world.person(**SAFE)

    changed = people.change(world.deps, person.id, lambda her: replace(her, alias="Quiet Wren"))

    assert changed.contact_confirmed_at == START


def test_nobody_is_invited_before_she_was_told_how_it_works(world):
    person = organising.add_person(world.deps, world.group.id, "member", "Mary")

    assert refused(inviting.invite, world.deps, world.session.id, person.id) == "not_inducted"
    assert world.store.invites(world.session.id) == []


def test_all_of_it_told_or_waived_by_name_she_is_invited(world):
    told = organising.add_person(world.deps, world.group.id, "member", "Mary")
    waived = organising.add_person(world.deps, world.group.id, "member", "Ann")

    induction.note(world.deps, told.id, induction.ITEMS)
    induction.note(world.deps, waived.id, (), "  Sol ")

    for person in (told, waived):
        assert inviting.invite(world.deps, world.session.id, person.id).passcode
    assert world.store.person(waived.id).induction.waived_by == "Sol"


def test_a_part_of_it_is_not_enough(world):
    person = organising.add_person(world.deps, world.group.id, "member", "Mary")

    noted = induction.note(world.deps, person.id, (*induction.ITEMS[1:], "gossip"))

    assert noted.induction.done == induction.ITEMS[1:]
    assert not induction.is_done(noted)


@pytest.mark.parametrize("role", ["facilitator", "peer_supporter", "tech_helper"])
def test_staff_know_how_it_works(world, role):
    person = organising.add_person(world.deps, world.group.id, role, "Sol")

    assert induction.is_done(person)


def test_who_leaves_has_no_way_in_any_more(world):
    supporter = world.person("Noor", role="peer_supporter")
    mine = inviting.invite(world.deps, world.session.id, supporter.id)
    fan = world.person("Ash")
    people.change(world.deps, fan.id, lambda her: replace(her, preferred_supporter=supporter.id))

    gone = people.leave(world.deps, supporter.id)

    assert gone.left_at == START
    assert world.again(mine).state == "revoked"
    assert world.store.person(fan.id).preferred_supporter == ""


def test_who_has_left_is_not_invited(world):
    person = people.leave(world.deps, world.person("Ash").id)

    assert refused(inviting.invite, world.deps, world.session.id, person.id) == "left_group"


def test_leaving_twice_keeps_the_first_time(world):
    person = world.person("Ash")
    people.leave(world.deps, person.id)
    world.clock.turn(days=3)

    assert people.leave(world.deps, person.id).left_at == START


def test_who_comes_back_is_asked_anew_how_she_may_be_reached(world):
    person = world.person("Ash", **SAFE)
    people.leave(world.deps, person.id)

    back = people.come_back(world.deps, person.id)

    assert (back.left_at, back.contact_confirmed_at) == (None, None)


def test_answers_become_totals_and_lead_to_nobody(world):
    for n, answer in enumerate((True, True, False, True)):
        induction.add_answers(world.deps, world.group.id, {"own_device": answer}, f"form {n}")
    induction.add_answers(world.deps, world.group.id, {"headphones": True}, "form 5")

    assert induction.totals(world.deps, world.group.id) == {"own_device": (3, 4)}
    (kept,) = world.store.shelf(AccessAnswers).find()
    assert kept.id == world.group.id


def test_a_form_sent_twice_is_counted_once_and_an_empty_one_not_at_all(world):
    for _ in range(3):
        induction.add_answers(world.deps, world.group.id, {"own_device": True}, "the same form")
    induction.add_answers(world.deps, world.group.id, {"no such question": True}, "another")

    (kept,) = world.store.shelf(AccessAnswers).find()
    assert (kept.yes["own_device"], kept.answered["own_device"]) == (1, 1)


def test_cues_reach_the_room_only_with_her_consent(world):
    told, untold = world.person("Ash"), world.person("Fern")
    for person, shared in ((told, True), (untold, False)):
        card = replace(person.access_card, cues=("captions",), shared=shared)
        people.change(world.deps, person.id, lambda her, card=card: replace(her, access_card=card))
    seats = [inviting.invite(world.deps, world.session.id, person.id).invite.seat_id for person in (told, untold)]

    gathering.begin(world.deps, world.session.id)

    assert [world.live().seat(seat).cues for seat in seats] == [("captions",), ()]


def held(world, person):
    """What she agrees to today."""
    return sorted(one.kind for one in consents.of(world.deps, person.id) if one.withdrawn_at is None)


def test_what_she_agreed_to_is_written_down_with_her_word_on_contact(world):
    person = world.person("Wren", email="her@example.org")
    before = held(world, person)
    people.change(world.deps, person.id, lambda her: replace(her, email="new@example.org"), is_safe=True)
    given = held(world, person)
    people.change(world.deps, person.id, lambda her: replace(her, email="other@example.org"))

    assert (before, given, held(world, person)) == ([], ["contact"], [])


def test_what_facilitators_may_see_of_her_card_is_written_down_and_ends_when_she_says_so(world):
    person = world.person("Wren", **SAFE)
    people.change(world.deps, person.id, lambda her: replace(her, access_card=AccessCard(("captions",), "", True)))
    shared = held(world, person)
    people.change(world.deps, person.id, lambda her: replace(her, alias="Quiet Wren"))
    still = held(world, person)
    people.change(world.deps, person.id, lambda her: replace(her, access_card=AccessCard(("captions",), "", False)))

    assert (shared, still, held(world, person)) == (["access_card", "contact"], ["access_card", "contact"], ["contact"])


def test_her_word_on_an_old_address_brings_no_old_address_back(world):
    person = world.person("Wren", email="her@example.org")

    class ChangedMeanwhile:
        """A store in which a colleague changes her address while somebody else presses "safe"."""

        def __getattr__(self, name):
            return getattr(world.store, name)

        def person(self, person_id):
            read = world.store.person(person_id)
            people.change(world.deps, person_id, lambda her: replace(her, email="new@example.org"))
            return read

        def shelf(self, kind):
            people.change(world.deps, person.id, lambda her: replace(her, email="new@example.org"))
            return world.store.shelf(kind)

    organising.confirm_contact(replace(world.deps, store=ChangedMeanwhile()), person.id)

    assert world.store.person(person.id).email == "new@example.org"


def test_whoever_is_no_longer_a_facilitator_comes_in_as_what_she_is_now(world):
    person = world.person("Sol", role="facilitator")
    issued = inviting.invite(world.deps, world.session.id, person.id)
    on_the_way = world.enter(issued)

    people.change(world.deps, person.id, lambda her: replace(her, role="member"))

    assert world.store.access(on_the_way.id).state == "ended"
    assert (world.again(issued).role, world.enter(issued).role) == ("member", "member")


def test_a_role_in_a_room_that_is_ready_stays_for_this_evening(world):
    person = world.person("Sol", role="facilitator")
    issued = inviting.invite(world.deps, world.session.id, person.id)
    world.begin()

    people.change(world.deps, person.id, lambda her: replace(her, role="member"))

    assert world.again(issued).role == "facilitator"
