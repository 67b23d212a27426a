"""Who is told of a change, who is not and has to be phoned, and that a crash half way loses and doubles nothing."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from companion import drawing
from companion.core.values import replace
from companion.records import Hours, Letter, Notice, PlannedSession, SafeContact, Series
from companion.service import contact, inviting, moving, notices, organising, recurring
from tests.fakes.dying import DyingStore
from tests.web.dating import (
    NOW,
    a_series,
    a_world_with_a_date,
    confirm,
    her,
    letters,
    move_form,
    now,
    path_of,
)
from tests.web.signing_in import signed_in


@pytest.fixture
def world():
    return a_world_with_a_date()


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def test_moving_says_first_who_is_told_how_and_who_cannot_be(world, desk):
    her(world, "Wren")
    world.person("Ash", email="ash@example.org")
    text = her(world, "Robin", phone="020 7946 0001")
    world.store.save_person(replace(text, contact=SafeContact("text")))
    page = move_form(desk, world)

    assert now(world) == world.session
    assert letters(world) == []
    assert "Mary Wrenson-Longname, Wren: by e-mail, at once" in page.words
    assert "Mary Robinson-Longname, Robin: by text message, at once" in page.words
    assert "Mary Ashson-Longname, Ash: nobody has confirmed within 90 days that it is safe" in page.words


def test_every_reason_why_somebody_is_not_told_has_words():
    reasons = {*get_args(contact.WhyNot), "by_call", "by_post", "outside_hours", "letter_failed"} - {""}
    words = drawing.environment("en").get_template("desk/date_parts.html").module.why_not

    assert all(words(reason).strip() for reason in reasons)


def test_moving_tells_everybody_who_can_be_told_once(world, desk):
    her(world, "Wren")
    her(world, "Ash", language="cy")
    move_form(desk, world)
    page = confirm(desk, world)
    hidden = {"starts_at": "2026-03-18T19:30", "ends_at": "21:00", "sequence": "0"}
    again = desk.send(path_of(world, "/move"), **hidden)

    moved = now(world)
    assert (moved.starts_at, moved.minutes) == (datetime(2026, 3, 18, 19, 30, tzinfo=UTC), 90)
    assert (moved.sequence, moved.moved_from) == (1, world.session.starts_at)
    assert [letter.to for letter in letters(world)] == ["ash@example.org", "wren@example.org"]
    assert again.status == 200
    assert "First it was: Tuesday 17 March, 19:00" in page.words


def test_the_letter_of_a_move_is_neutral_and_brings_the_calendar_up_to_date(world, desk):
    her(world, "Wren")
    move_form(desk, world)
    confirm(desk, world)

    (letter,) = letters(world)
    (file,) = letter.attachments
    assert letter.subject == "For your diary"
    assert letter.body.splitlines()[:7:2] == [
        "Hello,",
        "A date in your diary has changed.",
        "It was: Tuesday 17 March, 19:00",
        "It is now: Wednesday 18 March, 19:30",
    ]
    assert "Tuesday circle" not in letter.subject + letter.body + file.content
    assert file.media_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert "DTSTART:20260318T193000Z" in file.content
    assert letter.not_after == datetime(2026, 3, 18, 19, 30, tzinfo=UTC)


def test_who_was_not_reached_stays_on_the_page_until_all_are_ticked(world, desk):
    ash, robin = world.person("Ash"), world.person("Robin")
    move_form(desk, world)
    page = confirm(desk, world)
    first = desk.send(f"/desk/notices/{world.session.id}.1/told/{ash.id}")
    desk.open("/desk")
    kept = desk.open(path_of(world))
    last = desk.send(f"/desk/notices/{world.session.id}.1/told/{robin.id}")

    assert page.words.count("I have told her") == 2
    assert (first.words.count("I have told her"), kept.words.count("Told by phone.")) == (1, 1)
    assert "Not told yet" not in last.words


def test_a_letter_that_came_to_nothing_puts_her_on_the_list(world, desk):
    her(world, "Wren")
    move_form(desk, world)
    before = confirm(desk, world)
    (letter,) = letters(world)
    world.store.shelf(Letter).put(replace(letter, state="failed", problem="no such box"))
    after = desk.open(path_of(world))

    assert "Not told yet" not in before.words
    assert "the letter did not arrive" in after.words


@pytest.mark.parametrize("path", ["/desk/notices/nothing/told/nobody", "/desk/notices/{}.1/told/nobody"])
def test_a_tick_for_nobody_is_no_page(world, desk, path):
    desk.open("/desk")

    assert desk.send(path.format(world.session.id)).status == 404


def test_ending_a_series_is_one_letter_for_all_its_dates(world, desk):
    her(world, "Wren")
    world.person("Ash")
    dates = a_series(world)
    page = desk.open("/desk/series/series-1/end")
    end = desk.send("/desk/series/series-1/end")
    desk.send("/desk/series/series-1/end")

    (letter,) = letters(world)
    assert len(dates) == 26
    assert "Tuesday 10 March, 19:00" in page.words
    assert "From this one on they fall away: Tuesday 10 March, 19:00" in letter.body
    assert {world.store.session(one.id).cancelled_at for one in dates} == {NOW}
    assert now(world).cancelled_at is None
    assert recurring.plan_all(world.deps) == 0
    assert "Not told yet" in end.words


def test_a_change_cut_short_by_a_crash_is_finished_and_one_never_made_is_forgotten(world):
    her(world, "Wren")
    issued = world.invite("Robin")
    gone = organising.add_session(world.deps, world.group.id, datetime(2026, 3, 24, 19, 0, tzinfo=UTC))
    moving.cancel(world.deps, world.session.id, 0, "jo")
    shelf = world.store.shelf(type(moving.cancel(world.deps, gone.id, 0, "jo")))
    cut = shelf.get(notices.notice_id(world.session.id, 1))
    shelf.put(replace(cut, posted_at=None, posted=()))
    shelf.put(replace(shelf.get(notices.notice_id(gone.id, 1)), posted_at=None))
    world.store.save_session(gone)
    world.store.shelf(Letter).remove(state="waiting")
    too_early = moving.finish(world.deps)
    world.clock.turn(minutes=1)

    assert (too_early, moving.finish(world.deps), moving.finish(world.deps)) == (0, 2, 0)
    assert [letter.to for letter in letters(world) if cut.id in letter.about] == ["wren@example.org"]
    assert shelf.get(notices.notice_id(gone.id, 1)) is None
    assert issued is not None


def test_nobody_is_told_whose_invite_was_taken_back_or_who_has_left(world):
    her(world, "Wren")
    gone = her(world, "Ash")
    world.store.save_person(replace(gone, left_at=NOW))
    out = her(world, "Robin")
    inviting.revoke(world.deps, inviting.invite(world.deps, world.session.id, out.id).invite.id)
    moving.cancel(world.deps, world.session.id, 0, "jo")

    assert [letter.to for letter in letters(world)] == ["wren@example.org"]


@pytest.mark.parametrize(
    ("hours", "due", "reason"),
    [
        ((Hours((1,), 9 * 60, 10 * 60),), datetime(2026, 3, 17, 9, 0, tzinfo=UTC), ""),
        ((Hours((1,), 20 * 60, 21 * 60),), None, "outside_hours"),  # the evening itself, an hour too late
    ],
)
def test_a_notice_keeps_to_her_hours_or_she_is_told_by_phone(world, hours, due, reason):
    wren = her(world)
    world.store.save_person(replace(wren, contact=SafeContact("email", hours)))
    world.clock.now = world.session.starts_at - timedelta(days=1)
    notice = moving.cancel(world.deps, world.session.id, 0, "jo")

    assert [letter.due_at for letter in letters(world)] == ([due] if due else [])
    assert [row.reason for row in notices.not_reached(world.deps, notice.session_id)] == ([reason] if reason else [])


def test_a_second_move_stops_what_has_not_left_of_the_first(world, desk):
    her(world, "Wren")
    ash = world.person("Ash")
    first, second = (datetime(2026, 3, day, 19, 0, tzinfo=UTC) for day in (18, 19))
    moving.move(world.deps, world.session.id, first, 90, 0, "jo")
    notices.tell(world.deps, f"{world.session.id}.1", ash.id)
    moving.move(world.deps, world.session.id, second, 90, 1, "jo")

    assert sorted(letter.state for letter in letters(world)) == ["stopped", "waiting"]
    rows = notices.not_reached(world.deps, world.session.id)
    assert [(row.alias, row.notice.sequence, row.told) for row in rows] == [("Ash", 2, False)]


def test_a_text_message_says_it_in_two_lines_without_a_file(world):
    wren = her(world, phone="020 7946 0001")
    world.store.save_person(replace(wren, contact=SafeContact("text")))
    moving.cancel(world.deps, world.session.id, 0, "jo")

    (letter,) = letters(world)
    assert (letter.kind, letter.to, letter.subject, letter.attachments) == ("text", "020 7946 0001", "", ())
    assert letter.body == "A date in your diary falls away. It was: Tuesday 17 March, 19:00"


def test_a_series_whose_end_was_cut_short_by_a_crash_is_ended_as_a_whole(world):
    # Only the first of its dates had fallen away when the process died.
    world.store.shelf(Series).put(Series("s", world.group.id, "FREQ=WEEKLY", NOW.replace(tzinfo=None), "Europe/London"))
    world.store.save_session(replace(now(world), series_id="s"))
    world.store.save_session(PlannedSession("next", world.group.id, NOW + timedelta(days=19), series_id="s"))
    dying = replace(world.deps, store=DyingStore(world.store, 0, Series))
    with pytest.raises(KeyboardInterrupt):
        moving.end_series(dying, "s", NOW, "jo")

    world.clock.turn(minutes=2)
    moving.finish(world.deps)

    assert world.store.shelf(Series).get("s").ended_at is not None
    assert [one.cancelled_at is not None for one in world.store.sessions(world.group.id)] == [True, True]
    assert [one.kind for one in world.store.shelf(Notice).find(posted_at=None)] == []
