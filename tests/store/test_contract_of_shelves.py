"""What every shelf promises, whatever it holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import text

from companion.core.values import replace
from companion.ports import UpTo
from companion.records import AccessCard, Hours, Induction, Letter, Person, SafeContact, Series
from tests.store.builders import MINUTE, NOW, a_group, a_letter, a_person

MONTHLY = Series("monthly", "tuesday", "FREQ=MONTHLY;BYDAY=1TU", datetime(2026, 3, 3, 19, 0), "Europe/London")  # noqa: DTZ001 - a wall clock


def test_what_is_put_comes_back_whole(store):
    store.save_group(a_group())
    skipping = replace(MONTHLY, skipped=(datetime(2026, 12, 1, 19, 0),), ended_at=NOW)  # noqa: DTZ001 - a wall clock
    series, people = store.shelf(Series), store.shelf(Person)
    careful = a_person(
        contact=SafeContact("text", (Hours((0, 2), 540, 1020),), voicemail=True, name_to_use="Meg"),
        access_card=AccessCard(("captions",), "left ear", shared=True),
        induction=Induction(("security",), at=NOW),
        preferred_supporter="person-9",
        country="IE",
    )

    series.put(MONTHLY)
    series.put(skipping)
    people.put(careful)

    assert (series.get("monthly"), series.get("weekly")) == (skipping, None)
    assert people.get("person-1") == store.person("person-1") == careful


def test_adding_the_same_twice_keeps_the_first(store):
    store.save_group(a_group())
    series = store.shelf(Series)

    assert (series.add(MONTHLY), series.add(replace(MONTHLY, minutes=30))) == (True, False)
    assert series.get("monthly") == MONTHLY


def test_what_fits_is_found_in_order(store):
    letters = store.shelf(Letter)
    kept = [a_letter(name, due_at=NOW + minutes * MINUTE) for minutes, name in enumerate("dbca")]
    for letter in kept:
        letters.put(letter)
    letters.put(replace(kept[0], state="failed", sent_at=NOW))

    def found(**columns):
        return "".join(letter.id for letter in letters.find(**columns))

    assert found() == "abcd"
    assert found(state="failed") == "d"
    assert found(state=("failed", "waiting"), limit=2) == "ab"
    assert found(due_at=UpTo(NOW + MINUTE)) == "bd"
    assert found(sent_at=UpTo(NOW + MINUTE)) == "d"
    assert found(sent_at=None) == "abc"


def test_what_fits_is_removed_but_never_everything_by_mistake(store):
    letters = store.shelf(Letter)
    for name in "abc":
        letters.put(a_letter(name, batch="" if name == "c" else "long"))

    with pytest.raises(ValueError, match="whole shelf"):
        letters.remove()
    assert letters.remove(batch="long") == 2
    assert [letter.id for letter in letters.find()] == ["c"]


def test_changes_at_the_same_time_are_all_kept(store):
    letters = store.shelf(Letter)
    letters.put(a_letter("a", attempts=0))

    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            pool.submit(letters.change, "a", lambda letter: replace(letter, attempts=letter.attempts + 1))

    found = letters.get("a")
    assert found is not None and found.attempts == 40


def test_a_change_can_leave_it_alone_and_none_is_made_to_nothing(store):
    letters = store.shelf(Letter)
    letters.put(a_letter("a"))

    assert letters.change("a", lambda letter: None) == a_letter("a") == letters.get("a")
    assert letters.change("b", lambda letter: letter) is None


def test_a_sealed_column_cannot_be_looked_for(on_database):
    with pytest.raises(ValueError, match="sealed"):
        on_database.shelf(Letter).find(subject="For your diary")


def test_a_row_from_before_a_column_was_there_reads_as_the_default(on_database):
    on_database.save_group(a_group())
    on_database.save_person(a_person(contact=SafeContact("call")))
    with on_database.database.writing() as connection:
        connection.execute(text("UPDATE people SET contact = NULL, access_card = NULL"))

    assert on_database.person("person-1") == a_person()
