"""What every store promises about groups, people, sessions, invites, accesses and letters."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError

from companion.core.values import replace
from companion.ports import UpTo
from companion.records import Invite, SendItem, SendJob, Series, StandingInvite, forgotten
from tests.store.builders import (
    MINUTE,
    NOW,
    a_group,
    a_letter,
    a_person,
    a_session,
    an_access,
    an_invite,
    with_an_invite,
)

REFUSED = (IntegrityError, LookupError)  # databases and memory each say it in their own way


def test_groups_come_back_whole_and_by_name(store):
    second, first = a_group("a", name="zebra"), a_group("b", name="Acorn")
    store.save_group(second)
    store.save_group(first)

    assert store.group("a") == second
    assert store.groups() == [first, second]
    assert store.group("nowhere") is None


def test_saving_again_replaces(store):
    with_an_invite(store)
    changes = {
        "group": replace(a_group(), name="Wednesday"),
        "person": replace(a_person(), email="", phone="", contact_confirmed_at=None, first_time=False),
        "session": replace(a_session(), phase="closed", closed_at=NOW, came=7, mean_ticket_wait_seconds=40),
        "invite": replace(an_invite(), state="used", used_at=NOW, token_hash="another"),
    }

    store.shelf(Invite).put(changes["invite"])
    for name, changed in changes.items():
        if name != "invite":
            getattr(store, f"save_{name}")(changed)

    found = {name: getattr(store, name)(changed.id) for name, changed in changes.items()}
    assert found == changes


def test_people_of_a_group_come_by_name(store):
    store.save_group(a_group())
    store.save_group(a_group("other"))
    people = [a_person("2", name="beth"), a_person("1", name="Carol"), a_person("3", name="Élodie 🙂")]
    for person in (*people[::-1], a_person("4", group_id="other")):
        store.save_person(person)

    assert store.people("tuesday") == people
    assert store.person("nowhere") is None


def test_sessions_come_newest_first(store):
    store.save_group(a_group())
    store.save_group(a_group("other"))
    old, new = a_session("old", starts_at=NOW - 5 * MINUTE), a_session("new")
    elsewhere = a_session("elsewhere", group_id="other", starts_at=NOW - MINUTE)
    for session in (old, new, elsewhere):
        store.save_session(session)

    assert store.sessions("tuesday") == [new, old]
    assert store.sessions() == [new, elsewhere, old]
    assert store.session("nowhere") is None


def test_an_invite_is_found_by_id_token_and_seat(store):
    with_an_invite(store)
    other = an_invite("invite-2", seat_id="seat-2")
    store.shelf(Invite).put(other)

    assert store.invite("invite-1") == an_invite()
    assert store.invite_by_token("hash of invite-2") == other
    assert store.invite_of_seat("evening", "seat-1") == an_invite()
    assert store.invites("evening") == [an_invite(), other]
    nothing = [store.invite("x"), store.invite_by_token("x"), store.invite_of_seat("evening", "x")]
    assert nothing == [None, None, None]


def test_of_several_invites_to_a_seat_the_one_that_still_opens_counts(store):
    with_an_invite(store)
    store.shelf(Invite).put(an_invite("a", state="revoked", expires_at=NOW + 600 * MINUTE))
    store.shelf(Invite).put(an_invite("z", expires_at=NOW + 90 * MINUTE))

    assert store.invite_of_seat("evening", "seat-1").id == "z"


def test_a_standing_invite_is_found_by_its_token_and_comes_back_whole(store):
    store.save_group(a_group())
    store.save_person(a_person())
    store.shelf(Series).put(Series("weekly", "tuesday", "FREQ=WEEKLY", datetime(2026, 3, 3, 19, 0), "Europe/London"))  # noqa: DTZ001 - a wall clock
    standing = StandingInvite("all", "person-1", "weekly", "hash", "argon2", NOW, failed_at=(NOW,), link_route="email")

    added = [store.shelf(StandingInvite).add(standing) for _ in range(2)]

    assert added == [True, False]
    assert store.shelf(StandingInvite).find(token_hash="hash") == [standing]
    assert store.shelf(StandingInvite).find(token_hash="another") == []


def test_people_of_a_long_send_come_back_whole(store):
    store.save_group(a_group())
    store.save_person(a_person())
    job = SendJob("job", "session evening", "running", NOW)
    item = SendItem("item", "job", "person-1", "email", "aloud", secret=("token", "12345678"), forget_at=NOW)

    store.shelf(SendJob).put(job)
    store.shelf(SendItem).put(item)

    assert store.shelf(SendJob).find(state="running") == [job]
    assert store.shelf(SendItem).find(job_id="job", state="waiting") == [item]
    assert store.shelf(SendItem).find(forget_at=UpTo(NOW - MINUTE)) == []


def test_an_access_is_found_by_id_token_and_seat(store):
    with_an_invite(store)
    first, later = an_access(), an_access("browser-2", state="held", created_at=NOW + MINUTE, voice_number="42")
    gone, elsewhere = an_access("browser-3", state="ended"), an_access("browser-4", seat_id="seat-2")
    for access in (later, first, gone, elsewhere):
        store.save_access(access)

    assert store.access("browser-2") == later
    assert store.access_by_token("hash of browser-1") == first
    assert store.accesses_of_seat("evening", "seat-1") == [first, later]
    assert (store.access("x"), store.access_by_token("x")) == (None, None)


def test_an_access_changes_as_somebody_joins(store):
    with_an_invite(store)
    store.save_access(an_access(state="joining", steps=()))

    store.save_access(an_access(state="in", token_hash="rotated", alias="Ash", by_voice=True))

    assert store.access_by_token("rotated") == an_access(state="in", token_hash="rotated", alias="Ash", by_voice=True)
    assert store.access_by_token("hash of browser-1") is None


@pytest.mark.parametrize(
    ("chosen", "ended"),
    [
        ({}, ["a", "b", "c"]),
        ({"seat_id": "seat-1"}, ["a", "b"]),
        ({"access_id": "c"}, ["c"]),
        ({"seat_id": "seat-1", "access_id": "c"}, []),
    ],
)
def test_ending_accesses_tells_which_were_ended(store, chosen, ended):
    with_an_invite(store)
    for name, seat in (("a", "seat-1"), ("b", "seat-1"), ("c", "seat-2")):
        store.save_access(an_access(name, seat_id=seat))

    assert store.end_accesses("evening", **chosen) == ended
    assert store.end_accesses("evening", **chosen) == []
    assert store.end_accesses("other") == []
    assert [store.access(name).state for name in "abc"] == ["ended" if name in ended else "in" for name in "abc"]


def test_an_access_that_has_ended_never_comes_back(store):
    with_an_invite(store)
    store.save_access(an_access(state="joining"))
    store.end_accesses("evening", "seat-1")

    store.save_access(an_access(state="in", alias="Ash"))

    assert store.access("browser-1") == forgotten(an_access(state="ended"))


def test_an_access_that_has_ended_keeps_nothing_of_the_evening(store):
    with_an_invite(store)
    store.save_access(an_access(state="in", alias="Ash", avatar=7, takes_part="text", steps=("agreement",)))

    store.end_accesses("evening")

    kept = store.access("browser-1")
    assert (kept.state, kept.alias, kept.avatar, kept.takes_part, kept.steps) == ("ended", "", 1, "video", ())


@pytest.mark.parametrize("save", ["save_person", "save_session", "save_access"])
def test_what_belongs_to_nothing_is_refused(store, save):
    record = {"save_person": a_person, "save_session": a_session, "save_access": an_access}

    with pytest.raises(REFUSED):
        getattr(store, save)(record[save]())
    with pytest.raises(REFUSED):
        store.shelf(Invite).put(an_invite())


def test_no_two_invites_or_browsers_share_a_token(store):
    with_an_invite(store)
    store.save_access(an_access())

    with pytest.raises(REFUSED):
        store.shelf(Invite).put(an_invite("invite-2", token_hash="hash of invite-1"))
    with pytest.raises(REFUSED):
        store.save_access(an_access("browser-2", token_hash="hash of browser-1"))


def test_letters_leave_in_the_order_in_which_they_are_due(store):
    early, late = a_letter("b", due_at=NOW - MINUTE), a_letter("a")
    future, failed = a_letter("c", due_at=NOW + MINUTE), a_letter("d", state="failed", problem="m@example.org: no")
    for letter in (late, early, future, failed):
        store.post(letter)

    assert store.due_letters(NOW) == [early, late]
    assert store.due_letters(NOW, limit=1) == [early]
    assert store.letters() == [early, late, failed, future]


def test_letters_of_one_kind_are_found_alone(store):
    mail, text = a_letter("a"), a_letter("b", kind="text")
    store.post(mail)
    store.post(text)

    assert (store.due_letters(NOW, kind="mail"), store.due_letters(NOW, kind="text")) == ([mail], [text])


@pytest.mark.parametrize("state", ["sent", "delivered", "stopped"])
def test_a_letter_that_has_gone_out_is_not_among_those_that_are_here(store, state):
    store.post(a_letter())

    store.post(a_letter(state=state, attempts=1))

    assert (store.letters(), store.due_letters(NOW)) == ([], [])
