"""What should have left and has not is counted alike by every store, and found without opening anything."""

from __future__ import annotations

from companion.records import CallTask, Late, Letter
from tests.store.builders import MINUTE, NOW, a_group, a_letter, a_session


def test_what_is_late_is_counted_by_kind_and_attempts(store):
    letters = (
        a_letter("due", due_at=NOW - 2 * MINUTE),
        a_letter("due too", due_at=NOW - MINUTE),
        a_letter("to come", due_at=NOW + MINUTE),
        a_letter("tried", due_at=NOW + 9 * MINUTE, attempts=2, tried_at=NOW - 3 * MINUTE),
        a_letter("on its way", state="sending", due_at=NOW + MINUTE, attempts=1, tried_at=NOW + MINUTE),
        a_letter("long on its way", state="sending", due_at=NOW + MINUTE, attempts=1, tried_at=NOW - MINUTE),
        a_letter("a text", kind="text", due_at=NOW),
        *(a_letter(state, state=state, due_at=NOW - MINUTE) for state in ("sent", "held", "failed", "unsure")),
    )
    for letter in letters:
        store.shelf(Letter).put(letter)

    assert sorted(store.late(NOW), key=repr) == [
        Late("mail", 0, 2, NOW - 2 * MINUTE),
        Late("mail", 1, 1, NOW - MINUTE),
        Late("mail", 2, 1, NOW - 3 * MINUTE),
        Late("text", 0, 1, NOW),
    ]


def test_tasks_for_platforms_count_unless_they_tell_of_people(store):
    store.save_group(a_group())
    store.save_session(a_session())
    for what in ("make", "change", "end", "register"):
        store.shelf(CallTask).put(CallTask(f"task {what}", "zoom", "evening", what, NOW, NOW - MINUTE))

    assert list(store.late(NOW)) == [Late("call", 0, 2, NOW)]
    assert list(store.late(NOW - MINUTE)) == []
