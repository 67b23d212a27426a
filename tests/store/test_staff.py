"""What every store promises about accounts of staff; the shelves themselves are tried elsewhere."""

from __future__ import annotations

from companion.core.values import replace
from companion.records import Account, Challenge, Membership, OneTimeLink, Passkey, Recovery, StaffSession
from tests.store.builders import MINUTE, NOW, a_group, an_account, keep_staff

SESSION = StaffSession("s", "1", "hash of a cookie", "in", "Firefox", NOW, NOW, NOW + 60 * MINUTE)
MEMBERSHIP = Membership("m", "1", "tuesday", "facilitator", "person-1")


def test_each_kind_comes_back_whole(store):
    keep_staff(store)
    store.save_group(a_group())
    kept = [replace(SESSION, proof_hash="proof", proved_at=NOW), MEMBERSHIP, Challenge("c", "s", "use", NOW)]
    for record in kept:
        store.shelf(type(record)).put(record)

    assert [store.shelf(type(record)).get(record.id) for record in kept] == kept
    assert store.shelf(Account).find(name_index=("older", "index of 1")) == [an_account()]
    assert store.shelf(OneTimeLink).find(token_hash="hash of link")[0].grants[0].group_id == "tuesday"
    assert store.shelf(Recovery).get("again").agreed == ("Sol",)


def test_a_challenge_is_taken_once(store):
    keep_staff(store)
    store.shelf(StaffSession).put(SESSION)
    store.shelf(Challenge).put(Challenge("c", "s", "use", NOW))

    assert [store.shelf(Challenge).remove(id="c", session_id="s") for _ in range(2)] == [1, 0]


def test_what_belongs_to_an_account_goes_with_it(on_database):
    keep_staff(on_database)
    on_database.save_group(a_group())
    for record in (SESSION, MEMBERSHIP, Challenge("c", "s", "use", NOW)):
        on_database.shelf(type(record)).put(record)

    on_database.shelf(Account).remove(id="1")

    kinds = (Membership, Passkey, StaffSession, Challenge, Recovery)
    assert [on_database.shelf(kind).find() for kind in kinds] == [[]] * 5
