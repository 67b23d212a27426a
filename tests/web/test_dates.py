"""Dates at the desk: many at once, holidays, full days, moving, cancelling, and who still has to be told by phone."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from companion.core.values import replace
from companion.records import GroupSettings, Hours, PlannedSession, SafeContact, Series
from companion.service import gathering, inviting, moving, organising, recurring
from tests.fakes.world import token_of, wrong_for
from tests.web.conftest import Browser, make_app
from tests.web.dating import (
    NOW,
    a_series,
    a_world_with_a_date,
    asked,
    begun,
    confirm,
    csrf,
    dates_path,
    her,
    in_diary,
    keep,
    letters,
    listed,
    logged_in,
    look_at,
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


def test_one_date_is_shown_before_it_is_kept_and_kept_once(world, desk):
    page = look_at(desk, world)
    before = in_diary(world)
    made = desk.page.value("made")
    keep(desk, world)
    desk.send(dates_path(world), **dict(pair.split("=") for pair in asked().split("&")), made=made)

    assert listed(page) == ["Tuesday 10 March, 19:00"]
    assert before == []
    assert in_diary(world) == ["03-10 19:00"]
    assert {one.minutes for one in world.store.sessions(world.group.id)} == {90}


def test_every_week_is_shown_on_the_wall_clock_across_the_change_of_the_clocks(world, desk):
    page = look_at(desk, world, starts_at="2026-03-17T19:00", repeats="weekly", times="4")
    keep(desk, world)

    assert listed(page)[:2] == ["Tuesday 17 March, 19:00", "Tuesday 24 March, 19:00"]
    assert listed(page)[2:] == ["Tuesday 31 March, 19:00", "Tuesday 7 April, 19:00"]
    assert in_diary(world) == ["03-17 19:00", "03-24 19:00", "03-31 18:00", "04-07 18:00"]


def test_what_is_kept_twice_is_one_series(world, desk):
    look_at(desk, world, repeats="weekly")
    fields = {e.attributes["name"]: e.attributes["value"] for e in desk.page.all("input", type="hidden")}
    for _ in range(2):
        desk.send(dates_path(world), **fields)

    assert len(world.store.shelf(Series).find()) == 1
    assert len(in_diary(world)) == 26
    assert "every week; next: Tuesday 10 March, 19:00" in desk.page.words


def test_a_holiday_is_named_before_anything_is_kept(world, desk):
    page = look_at(desk, world, starts_at="2026-04-03T19:00")

    assert listed(page) == ["Friday 3 April, 19:00 (holiday: Good Friday)"]


@pytest.mark.parametrize(
    ("fields", "mistake"),
    [
        ({"starts_at": ""}, "Please give a date and a time."),
        ({"ends_at": ""}, "Please say when it ends."),
        ({"starts_at": "2026-03-04T19:00"}, "That day has gone by."),
        ({"starts_at": "2026-03-05T11:59", "ends_at": "13:00"}, "That time has gone by today."),
        ({"starts_at": "2026-03-05T12:00", "ends_at": "13:00"}, "That time has gone by today."),
        ({"starts_at": "2028-03-10T19:00"}, "That is too far ahead."),
        ({"ends_at": "18:59"}, "The end comes before the start."),
        ({"ends_at": "19:00"}, "The end comes before the start."),
        ({"starts_at": "2026-03-10T09:00"}, "That is very long."),
        ({"until": "2026-03-09", "repeats": "weekly"}, "The last day comes before the first."),
        ({"until": "2026-03-31", "times": "3", "repeats": "weekly"}, "not both"),
        ({"times": "0", "repeats": "weekly"}, "a number from 1 to 200"),
    ],
)
def test_each_mistake_has_words_of_its_own(world, desk, fields, mistake):
    page = look_at(desk, world, **fields)

    (said,) = [e.words for e in page.all("p") if "mistake" in e.attributes.get("class", "")]
    assert page.status == 422
    assert mistake in said
    assert in_diary(world) == []


def test_a_group_elsewhere_has_its_own_clock(world, desk):
    there = organising.add_group(world.deps, "Karachi circle", GroupSettings(zone="Asia/Karachi", country="PK"))
    desk.open(f"/desk/groups/{there.id}/dates/new?{asked()}")
    keep(desk, replace(world, group=there))

    (kept,) = world.store.sessions(there.id)
    assert kept.starts_at == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    assert "Tuesday 10 March, 19:00" in desk.page.words


def on_good_friday(world, desk):
    world.clock.now = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
    world.store.save_session(replace(world.session, starts_at=datetime(2026, 4, 3, 18, 0, tzinfo=UTC)))
    logged_in(world, desk)


def test_a_holiday_within_four_weeks_stands_on_the_desk_and_on_both_pages(world, desk):
    on_good_friday(world, desk)
    pages = [desk.open(path) for path in ("/desk", f"/desk/groups/{world.group.id}", dates_path(world))]

    assert ["Good Friday" in page.words for page in pages] == [True] * 3
    assert "This is a holiday: Good Friday" in desk.open(path_of(world)).words


def test_a_holiday_further_away_is_not_mentioned_yet(world, desk):
    world.store.save_session(replace(world.session, starts_at=datetime(2026, 4, 3, 18, 0, tzinfo=UTC)))

    assert "Good Friday" not in desk.open("/desk").words


def test_whoever_says_that_it_takes_place_is_not_asked_again(world, desk):
    on_good_friday(world, desk)
    desk.open(path_of(world))
    desk.send(path_of(world, "/holiday"))

    assert desk.at == path_of(world)
    assert [("holiday" in desk.open(path).words) for path in ("/desk", path_of(world))] == [False, False]


def test_a_date_moved_to_another_holiday_is_asked_about_anew(world, desk):
    on_good_friday(world, desk)
    desk.open(path_of(world))
    desk.send(path_of(world, "/holiday"))
    world.store.save_session(replace(now(world), starts_at=datetime(2026, 4, 6, 18, 0, tzinfo=UTC)))

    assert "Easter Monday" in desk.open("/desk").words


def test_a_cancelled_date_is_on_no_holiday(world, desk):
    on_good_friday(world, desk)
    moving.cancel(world.deps, world.session.id, 0, "jo")

    assert "Good Friday" not in desk.open("/desk").words


def other_group(world, starts_at, minutes=90):
    other = organising.add_group(world.deps, f"Circle of {starts_at:%H:%M}")
    organising.add_person(world.deps, other.id, "facilitator", "Solveig", "Sol", email="Sol@example.org ")
    session = organising.add_session(world.deps, other.id, starts_at)
    world.store.save_session(replace(session, minutes=minutes))


def a_full_day(world):
    world.person("Sol", "facilitator", email="sol@example.org")
    other_group(world, datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
    other_group(world, datetime(2026, 3, 10, 13, 0, tzinfo=UTC))


def test_a_third_group_in_a_day_needs_a_tick_and_a_name_is_noted(world, desk):
    a_full_day(world)
    page = look_at(desk, world)
    refused = keep(desk, world)
    nothing = in_diary(world)
    keep(desk, world, hold="yes")
    (kept,) = [one for one in world.store.sessions(world.group.id) if one.id != world.session.id]

    assert "Sol would have more than two groups that day." in page.words
    assert (refused.status, nothing) == (422, [])
    assert "Please tick this" in refused.words
    assert "Kept all the same by: jo" in desk.open(f"/desk/sessions/{kept.id}").words


@pytest.mark.parametrize(("starts", "warned"), [("20:59", True), ("21:00", False), ("17:31", True), ("17:30", False)])
def test_less_than_half_an_hour_between_two_groups_is_too_little(world, desk, starts, warned):
    world.person("Sol", "facilitator", email="sol@example.org")
    at = datetime.fromisoformat(f"2026-03-10T{starts}:00+00:00")
    other_group(world, at, minutes=60)

    assert ("less than 30 minutes" in look_at(desk, world).words) == warned


def test_a_full_day_further_on_than_what_is_shown_is_found_too(world, desk):
    world.person("Sol", "facilitator", email="sol@example.org")
    other_group(world, datetime(2026, 8, 18, 17, 0, tzinfo=UTC))
    page = look_at(desk, world, repeats="weekly")

    assert "Tuesday 18 August, 19:00: Sol would have less than 30 minutes between two groups." in page.words
    assert "18 August" not in "".join(listed(page)[:8])


def test_another_facilitator_with_a_full_day_is_not_her(world, desk):
    a_full_day(world)
    world.store.save_person(replace(world.store.people(world.group.id)[0], email="robin@example.org"))

    assert "A full day" not in look_at(desk, world).words


@pytest.mark.parametrize(
    ("fields", "mistake"),
    [
        ({"starts_at": "2026-03-04T19:00"}, "That day has gone by."),
        ({"starts_at": "2026-03-05T11:00", "ends_at": "12:00"}, "That time has gone by today."),
        ({"ends_at": "19:00"}, "The end comes before the start."),
        ({"starts_at": "2026-03-17T19:00", "ends_at": "20:30"}, "It is at that time already."),
    ],
)
def test_a_move_that_cannot_be_says_which_way(world, desk, fields, mistake):
    page = move_form(desk, world, **fields)
    hidden = {"starts_at": "2026-03-18T19:30", "ends_at": "21:00", "sequence": "0", **fields}
    sent = desk.send(path_of(world, "/move"), csrf_token=csrf(desk), **hidden)

    assert [page.status, sent.status] == [422, 422]
    assert mistake in page.words
    assert mistake in sent.words
    assert now(world) == world.session


def test_somebody_elses_change_is_not_overwritten(world, desk):
    move_form(desk, world)
    moving.move(world.deps, world.session.id, datetime(2026, 3, 20, 19, 0, tzinfo=UTC), 90, 0, "sam")
    page = confirm(desk, world)

    assert "Somebody else has changed this date." in page.words
    assert now(world).starts_at == datetime(2026, 3, 20, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", ["open", "closed", "over", "cancelled"])
def test_what_is_going_on_or_over_can_be_neither_moved_nor_cancelled(world, desk, state):
    move_form(desk, world)
    if state == "open":
        begun(world, doors=True)
    elif state == "closed":
        world.store.save_session(replace(world.session, phase="closed", closed_at=NOW))
    elif state == "over":
        world.clock.now = world.session.starts_at
    else:
        moving.cancel(world.deps, world.session.id, 0, "sam")
    before = now(world)
    fields = {"starts_at": "2026-03-18T19:30", "ends_at": "21:00", "sequence": str(before.sequence)}
    token = csrf(desk) if state != "over" else logged_in(world, desk)
    moved = desk.send(path_of(world, "/move"), csrf_token=token, **fields)
    cancelled = desk.send(path_of(world, "/cancel"), csrf_token=token, sequence=str(before.sequence))

    sentence = {
        "open": "The session has already started.",
        "closed": "This session is over.",
        "over": "This date is over.",
        "cancelled": "This date is cancelled.",
    }[state]
    assert (sentence in moved.words, sentence in cancelled.words) == (True, True)
    assert now(world) == before
    assert "Move it" not in desk.open(path_of(world)).words


def test_a_room_made_ready_too_early_does_not_hold_a_date(world, desk):
    begun(world)
    move_form(desk, world)
    confirm(desk, world)

    assert now(world).starts_at == datetime(2026, 3, 18, 19, 30, tzinfo=UTC)


def test_an_old_link_still_opens_at_the_new_time(world, desk):
    issued = world.invite()
    move_form(desk, world, starts_at="2026-04-21T19:00")
    confirm(desk, world, hold="yes")
    world.clock.now = datetime(2026, 4, 21, 18, 0, tzinfo=UTC)
    visitor = Browser(desk.app, "192.0.2.9")
    visitor.open(f"/i/{token_of(issued)}")
    visitor.send(passcode=issued.passcode)

    assert visitor.at.startswith("/join")


def test_cancelling_says_who_is_told_and_then_tells_them_once(world, desk):
    her(world, "Wren")
    page = desk.open(path_of(world, "/cancel"))
    nothing = letters(world)
    desk.send(path_of(world, "/cancel"), sequence="0")
    desk.send(path_of(world, "/cancel"), csrf_token=csrf(desk), sequence="0")

    (letter,) = letters(world)
    assert ("Mary Wrenson-Longname, Wren: by e-mail, at once" in page.words, nothing) == (True, [])
    assert (now(world).cancelled_at, now(world).sequence) == (NOW, 1)
    assert "A date in your diary falls away." in letter.body
    assert "METHOD:CANCEL\r\n" in letter.attachments[0].content
    assert "STATUS:CANCELLED\r\n" in letter.attachments[0].content


def test_a_link_to_a_cancelled_date_tells_so_to_nobody_without_the_passcode(world, desk):
    issued = world.invite()
    moving.cancel(world.deps, world.session.id, 0, "jo")
    answers = []
    for number, token in enumerate((token_of(issued), "a" * 26)):
        visitor = Browser(desk.app, f"192.0.2.{20 + number}")
        shown = visitor.open(f"/i/{token}")
        tried = visitor.send(passcode=wrong_for(issued))
        answers.append((shown.status, shown.words, tried.status, tried.words, visitor.at == f"/i/{token}"))

    visitor.open(f"/i/{token_of(issued)}")
    told = visitor.send(passcode=issued.passcode)

    assert answers[0] == answers[1]
    assert answers[0][-1]
    assert "it does not take place" in told.words


def test_a_cancelled_date_is_neither_begun_nor_invited_to(world, desk):
    wren = her(world)
    issued = inviting.invite(world.deps, world.session.id, wren.id)
    moving.cancel(world.deps, world.session.id, 0, "jo")
    robin = her(world, "Robin")
    desk.open("/desk")
    pages = [
        desk.send(path_of(world, "/begin")),
        desk.send(path_of(world, f"/invite/{robin.id}")),
        desk.send(f"/desk/invites/{issued.invite.id}/reissue"),
    ]

    assert ["This date is cancelled." in page.words for page in pages] == [True] * 3
    assert not gathering.is_live(world.deps, world.session.id)
    assert len(world.store.invites(world.session.id)) == 1


def test_whoever_is_on_the_way_in_is_sent_back_when_the_date_is_cancelled(world, desk):
    issued = world.invite()
    visitor = Browser(desk.app, "192.0.2.9")
    visitor.open(f"/i/{token_of(issued)}")
    visitor.send(passcode=issued.passcode)
    on_the_way = visitor.at
    begun(world)
    moving.cancel(world.deps, world.session.id, 0, "jo")

    assert on_the_way.startswith("/join")
    assert (visitor.open(on_the_way).status, visitor.at) == (200, "/")
    assert not gathering.is_live(world.deps, world.session.id)


def test_one_date_of_a_series_is_moved_and_another_skipped_for_good(world, desk):
    first, second, third = a_series(world)[:3]
    moving.move(world.deps, first.id, first.starts_at + timedelta(days=1), 90, 0, "jo")
    moving.cancel(world.deps, second.id, 0, "jo")
    made = recurring.plan_all(world.deps)

    kept = [world.store.session(one.id) for one in (first, second, third)]
    assert made == 0
    assert [(one.starts_at.day, one.cancelled_at is not None) for one in kept] == [(11, False), (17, True), (24, False)]
    assert world.store.shelf(Series).get("series-1").skipped == (datetime.fromisoformat("2026-03-17T19:00"),)


def test_the_pages_of_dates_need_a_log_in_and_their_forms_a_token(world, browser, desk):
    paths = ["/move", "/cancel"]
    posts = [*(path_of(world, path) for path in (*paths, "/holiday", "/check")), dates_path(world)]
    stranger = Browser(desk.app, "192.0.2.7")

    assert [desk.client.post(path, data={"sequence": "0"}).status_code for path in posts] == [400] * 5
    for path in (dates_path(world), path_of(world, "/move"), path_of(world, "/cancel"), "/desk/series/x/end"):
        stranger.open(path)
        assert stranger.at == "/desk/in"


@pytest.mark.parametrize(
    "path",
    [
        "/desk/groups/x/dates",
        "/desk/sessions/x/move",
        "/desk/sessions/x/cancel",
        "/desk/series/x/end",
        "/desk/people/x/feed",
    ],
)
def test_what_does_not_exist_is_no_page(desk, path):
    assert desk.open(path).status == 404


def test_a_red_flag_says_what_to_do_about_the_call(world):
    class Gone:
        result = "unreachable"

        def look(self, address):
            return self.result

    probe = Gone()
    world.deps = replace(world.deps, probe=probe)
    group = world.store.group(world.group.id)
    world.deps.store.save_group(replace(group, settings=replace(group.settings, call_link="https://calls.example/1")))
    desk = Browser(make_app(world))
    logged_in(world, desk)
    desk.open(path_of(world))
    flagged = desk.send(path_of(world, "/check"))
    probe.result = "changed"
    world.clock.turn(seconds=1)
    changed = desk.send(path_of(world, "/check"))
    probe.result = "fine"
    world.clock.turn(seconds=1)
    fine = desk.send(path_of(world, "/check"))

    assert "could not be reached. Look again soon" in flagged.words
    assert "looks changed. Please open it" in changed.words
    assert "The address of the call has answered." in fine.words


def test_two_nodes_move_a_date_once(world):
    her(world, "Wren")
    numbers = count()
    at = datetime(2026, 3, 18, 19, 0, tzinfo=UTC)
    other_node = replace(world.deps, locks=type(world.deps.locks)(), fresh_id=lambda: f"other-{next(numbers)}")

    made = [moving.move(deps, world.session.id, at, 90, 0, "jo").id for deps in (world.deps, other_node)]

    assert len(set(made)) == 1
    assert len(letters(world)) == 1
    assert world.store.shelf(PlannedSession).get(world.session.id).sequence == 1


def elsewhere(world):
    """The group lives by another clock: 19:00 in London is midnight there."""
    world.store.save_group(replace(world.group, settings=replace(world.group.settings, zone="Asia/Karachi")))


def test_she_reads_on_her_way_in_when_it_begins_on_the_clock_of_her_group(world, browser):
    elsewhere(world)
    issued = world.invite("Wren")
    browser.open(f"/i/{token_of(issued)}")

    page = browser.send(passcode=issued.passcode)

    assert ("Wednesday 18 March, 00:00" in page.words, "19:00" in page.words) == (True, False)


def test_staff_read_their_dates_on_the_clock_of_each_group(world, browser):
    elsewhere(world)
    desk = signed_in(browser, world, "noor", "peer_supporter")

    assert "Wednesday 18 March, 00:00" in desk.open("/desk").words


def test_when_a_letter_leaves_is_said_on_the_clock_of_the_group(world, desk):
    elsewhere(world)
    wren = her(world)
    evenings = SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), 20 * 60, 21 * 60),))
    world.store.save_person(replace(wren, contact=evenings))
    desk.open(path_of(world))

    page = desk.send(f"{path_of(world)}/invite/{wren.id}", link="email", passcode="aloud")

    assert ("20:00" in page.words, "15:00" in page.words) == (True, False)


def test_the_next_date_of_a_series_is_said_on_the_clock_of_the_group(world, desk):
    elsewhere(world)
    world.store.shelf(Series).put(Series("s", world.group.id, "FREQ=WEEKLY", NOW.replace(tzinfo=None), "Asia/Karachi"))
    world.store.save_session(replace(now(world), series_id="s"))

    assert "Wednesday 18 March, 00:00" in desk.open("/desk/series/s/invited").words


def test_the_next_date_of_a_group_stands_first_and_what_is_over_or_cancelled_in_a_drawer(world, desk):
    begun = NOW - timedelta(hours=2)
    for name, starts_at, more in (
        ("later", NOW + timedelta(days=30), {}),
        ("begun", begun, {}),
        ("forgotten", NOW - timedelta(days=3), {}),
        ("over", NOW - timedelta(days=8), {"closed_at": NOW - timedelta(days=8)}),
        ("cancelled", NOW + timedelta(days=2), {"cancelled_at": NOW}),
    ):
        world.store.save_session(PlannedSession(name, world.group.id, starts_at, **more))

    page = desk.open(f"/desk/groups/{world.group.id}")

    links = [e for e in page.all("a") if e.attributes["href"].startswith("/desk/sessions/")]
    shown = {
        inside: [e.attributes["href"].split("/")[-1] for e in links if ("details" in e.parents) == inside]
        for inside in (False, True)
    }
    assert shown == {False: ["begun", world.session.id, "later"], True: ["cancelled", "forgotten", "over"]}
