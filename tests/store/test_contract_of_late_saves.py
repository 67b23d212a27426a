"""Whoever saves what she read a while ago undoes nothing that happened meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from companion.records import Access, Invite
from tests.store.builders import MINUTE, NOW, an_access, an_invite, with_an_invite


def test_a_late_save_of_an_access_leaves_its_lock_and_its_language(store):
    with_an_invite(store)
    store.save_access(an_access())
    read = store.access("browser-1")
    store.lock_at("browser-1", NOW + MINUTE)
    store.speak("browser-1", "cy")

    store.save_access(replace(read, alias="Ash"))

    assert store.access("browser-1") == replace(read, alias="Ash", language="cy", locks_at=NOW + MINUTE)


def test_a_new_access_has_the_lock_and_the_language_that_it_is_given(store):
    with_an_invite(store)
    given = an_access(language="ur", locks_at=NOW + MINUTE)

    store.save_access(given)

    assert store.access("browser-1") == given


def test_a_change_in_one_piece_can_set_the_lock(store):
    with_an_invite(store)
    store.save_access(an_access())

    store.shelf(Access).change("browser-1", lambda access: replace(access, locks_at=NOW))

    assert store.access("browser-1") == an_access(locks_at=NOW)


@pytest.mark.parametrize("late", ["opened", "used", "delivered"])
def test_a_late_save_of_an_invite_does_not_bring_a_revoked_one_back(store, late):
    with_an_invite(store)
    read = store.invite("invite-1")
    store.save_invite(replace(read, state="revoked"))

    store.save_invite(replace(read, state=late, opened_at=NOW))

    assert store.invite("invite-1") == replace(read, state="revoked", opened_at=NOW)


def test_a_late_save_of_an_invite_forgets_no_guess_and_no_first_use(store):
    with_an_invite(store)
    read = store.invite("invite-1")
    guessed = {"failures": 3, "retired": True}
    store.shelf(Invite).change("invite-1", lambda invite: replace(invite, **guessed, state="used", used_at=NOW))

    store.save_invite(replace(read, state="opened", opened_at=NOW))

    kept = store.invite("invite-1")
    assert (kept.failures, kept.retired, kept.used_at, kept.opened_at) == (3, True, NOW, NOW)


def test_a_new_link_begins_anew(store):
    with_an_invite(store)
    store.save_invite(an_invite(state="revoked", failures=20, retired=True))
    fresh = an_invite(token_hash="another", state="draft")

    store.save_invite(fresh)

    assert store.invite("invite-1") == fresh


def test_an_address_is_found_however_it_was_typed(store):
    with_an_invite(store)
    people = store.shelf(type(store.person("person-1")))

    def found(**contact):
        return [person.id for person in people.find(**contact)]

    assert found(email=" M@Example.org ") == ["person-1"]
    assert found(phone="+44 (0)20 7946-0000".replace("(0)", "")) == ["person-1"]
    assert (found(email="n@example.org"), found(phone="020 7946 0000")) == ([], [])
