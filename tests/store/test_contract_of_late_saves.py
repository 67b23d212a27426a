"""Whoever saves what she read a while ago undoes nothing that happened meanwhile."""

from __future__ import annotations

from companion.core.values import replace
from companion.records import Access
from tests.store.builders import MINUTE, NOW, an_access, with_an_invite


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


def test_an_address_is_found_however_it_was_typed(store):
    with_an_invite(store)
    people = store.shelf(type(store.person("person-1")))

    def found(**contact):
        return [person.id for person in people.find(**contact)]

    assert found(email=" M@Example.org ") == ["person-1"]
    assert found(phone="+44 (0)20 7946-0000".replace("(0)", "")) == ["person-1"]
    assert (found(email="n@example.org"), found(phone="020 7946 0000")) == ([], [])
