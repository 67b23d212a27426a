"""Calendar files: read by two independent parsers, held to RFC 5545 and 5546, and neutral to whoever sees them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from companion.core.values import replace
from companion.records import Series
from companion.service import calendars, recurring, time_zones
from tests.fakes.world import a_world

WALL = datetime.fromisoformat
LONDON = ZoneInfo("Europe/London")
# What may stand in an entry that a woman shows nobody: S16 names what may not.
KNOWN = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "CLASS", "TRANSP", "STATUS", "ORGANIZER"}
KNOWN |= {"RRULE", "EXDATE", "RECURRENCE-ID"}


@pytest.fixture
def world():
    return a_world()


def a_date(world, **more):
    return replace(world.session, starts_at=datetime(2026, 3, 31, 18, 0, tzinfo=UTC), **more)


def a_series(world, rule="FREQ=WEEKLY;BYDAY=TU", zone="Europe/London", **more):
    return Series("series-1", world.group.id, rule, WALL("2026-03-10T19:00"), zone, **more)


def planned(world, series):
    world.store.shelf(Series).put(series)
    recurring.plan_ahead(world.deps, series)
    own = [one for one in world.store.sessions(world.group.id) if one.series_id]
    return sorted(own, key=lambda one: one.starts_at)


def both(text):
    """The same file, read by two parsers that share no code."""
    lines_are_right(text)
    return icalendar.Calendar.from_ical(text), vobject.readOne(text)


def lines_are_right(text):
    """RFC 5545, 3.1: CRLF and at most 75 octets a line."""
    raw = text.encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75


def names(text):
    """The properties of the entries of a file, unfolded."""
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text.replace("\r\n ", ""), re.DOTALL)
    return {re.split("[;:]", line)[0] for event in events for line in event.splitlines()}


@pytest.mark.parametrize("language", ["en", "cy", "ur", "ar"])
def test_two_parsers_read_the_same_date(world, language):
    text = calendars.one_date(world.deps, a_date(world), language)

    one, other = both(text)

    (event,) = one.walk("VEVENT")
    assert event.decoded("dtstart") == other.vevent.dtstart.value == datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
    assert event.decoded("dtend") == other.vevent.dtend.value == datetime(2026, 3, 31, 19, 30, tzinfo=UTC)
    assert event["uid"] == other.vevent.uid.value
    assert event["summary"] == other.vevent.summary.value


@pytest.mark.parametrize("cancelled", [False, True])
def test_an_entry_says_when_and_nothing_else(world, cancelled):
    text = calendars.one_date(world.deps, a_date(world, cancelled_at=world.clock() if cancelled else None), "en")

    assert names(text) == KNOWN - {"RRULE", "EXDATE", "RECURRENCE-ID"}
    assert "SUMMARY:Diary note\r\n" in text
    assert "CLASS:PRIVATE\r\n" in text
    assert re.findall(r"https?:|VALARM|ATTENDEE|LOCATION|DESCRIPTION|X-|Tuesday|circle|Companion", text) == []
    assert [one.errors for one in icalendar.Calendar.from_ical(text).walk("VEVENT")] == [[]]


def test_a_date_is_published_and_a_cancelled_one_withdrawn(world):
    shown = calendars.attachment(world.deps, a_date(world), "en")
    gone = calendars.attachment(world.deps, a_date(world, sequence=1, cancelled_at=world.clock()), "en")

    (first, _), (second, _) = both(shown.content), both(gone.content)
    assert [shown.media_type, gone.media_type] == [
        f"text/calendar; charset=utf-8; method={method}" for method in ("PUBLISH", "CANCEL")
    ]
    assert [calendar["method"] for calendar in (first, second)] == ["PUBLISH", "CANCEL"]
    events = [calendar.walk("VEVENT")[0] for calendar in (first, second)]
    assert [event["status"] for event in events] == ["CONFIRMED", "CANCELLED"]
    # RFC 5546, 3.2.1 and 3.2.5: exactly one organiser, no attendee of a published entry, the same id, a later number.
    assert [str(event["organizer"]) for event in events] == ["mailto:hello@localhost"] * 2
    assert events[0]["uid"] == events[1]["uid"]
    assert [event["sequence"] for event in events] == [0, 1]


def test_the_id_of_an_entry_stays_and_tells_nothing(world):
    date = a_date(world)
    texts = [calendars.one_date(world.deps, each, "en") for each in (date, replace(date, sequence=3), date)]
    other = calendars.one_date(world.deps, replace(date, id="another"), "en")

    ids = [icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["uid"] for text in (*texts, other)]
    assert len(set(ids[:3])) == 1
    assert ids[3] != ids[0]
    assert re.fullmatch("[0-9a-f]{40}", ids[0])
    assert date.id not in ids[0]


def occurrences(text, until=datetime(2026, 5, 1, tzinfo=UTC)):
    """Every time of a calendar, as a calendar program works them out: rule, exceptions, and moved dates."""
    calendar = icalendar.Calendar.from_ical(text)
    found, moved = [], {}
    for event in calendar.walk("VEVENT"):
        starts = event.decoded("dtstart")
        if "recurrence-id" in event:
            moved[event.decoded("recurrence-id")] = starts
        elif "rrule" in event:
            gone = {each.dt for part in as_list(event.get("exdate")) for each in part.dts}
            rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=starts)
            found += [at for at in rule.between(starts, until, inc=True) if at not in gone]
        else:
            found.append(starts)
    return sorted(moved.get(at, at).astimezone(UTC) for at in found if at < until)


def as_list(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def test_a_feed_tells_a_series_with_one_date_left_out_and_one_moved(world):
    series = a_series(world)
    dates = planned(world, series)
    dates[1] = replace(dates[1], cancelled_at=world.clock(), sequence=1)
    dates[3] = replace(
        dates[3], moved_from=dates[3].starts_at, starts_at=dates[3].starts_at + timedelta(days=1), sequence=1
    )

    text = calendars.feed(world.deps, [series], dates, "en")

    one, other = both(text)
    assert [at.strftime("%m-%d %H:%M") for at in occurrences(text)] == [
        "03-10 19:00",
        "03-24 19:00",
        "04-01 18:00",
        "04-07 18:00",
        "04-14 18:00",
        "04-21 18:00",
        "04-28 18:00",
    ]
    master, moved = one.walk("VEVENT")
    assert master["uid"] == moved["uid"]
    assert moved.decoded("recurrence-id") == datetime(2026, 3, 31, 19, 0, tzinfo=LONDON)
    assert [master["sequence"], moved["sequence"]] == [2, 2]
    first, second = other.vevent_list
    walls = [f"{at:%m-%d %H:%M}" for at in first.getrruleset(addRDate=True)[:3]]  # the other parser's own rule set
    assert walls == ["03-10 19:00", "03-24 19:00", "03-31 19:00"]
    assert second.recurrence_id.value.astimezone(UTC) == datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
    assert "method" not in one
    assert names(text) <= KNOWN


def test_a_series_twice_moved_is_known_by_its_first_time(world):
    series = a_series(world)
    (first, *rest) = planned(world, series)
    twice = replace(first, moved_from=first.starts_at, starts_at=first.starts_at + timedelta(days=2), sequence=2)

    text = calendars.feed(world.deps, [series], [twice, *rest], "en")

    assert "RECURRENCE-ID;TZID=Europe/London:20260310T190000\r\n" in text
    assert occurrences(text)[0] == datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "ended_at", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260331T235959", None, "UNTIL=20260331T225959Z"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260324T235959", None, "UNTIL=20260324T235959Z"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", None, "COUNT=3"),
        ("FREQ=WEEKLY;BYDAY=TU", datetime(2026, 3, 24, 19, 0, tzinfo=UTC), "UNTIL=20260324T190000Z"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=9", datetime(2026, 3, 24, 19, 0, tzinfo=UTC), "UNTIL=20260324T190000Z"),
    ],
)
def test_the_end_of_a_series_stands_in_utc(world, rule, ended_at, expected):
    series = a_series(world, rule, ended_at=ended_at)

    text = calendars.feed(world.deps, [series], planned(world, series), "en")

    both(text)
    assert expected in re.findall(r"RRULE:(.*)\r", text.replace("\r\n ", ""))[-1]
    assert [at for at in occurrences(text)] == [at for _, at in recurring.dates(series, world.clock())][
        : len(occurrences(text))
    ]


def test_single_dates_stand_in_the_feed_and_cancelled_ones_do_not(world):
    text = calendars.feed(world.deps, [], [a_date(world), a_date(world, cancelled_at=world.clock())], "en")

    one, _ = both(text)
    assert len(one.walk("VEVENT")) == 1
    assert one.walk("VTIMEZONE") == []


def test_an_empty_feed_is_still_a_calendar(world):
    assert calendars.feed(world.deps, [], [], "en").startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/London",
        "Europe/Dublin",
        "America/New_York",
        "Asia/Karachi",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Gaza",
        "Pacific/Apia",
    ],
)
def test_the_rules_of_a_zone_in_the_file_are_those_of_the_zone(zone, tmp_path):
    written = time_zones.component(zone, 2026).to_ical().decode()
    # dateutil reads no RDATE in a zone: zones without a yearly rule are read by icalendar below.
    if "RDATE" not in written:
        file = tmp_path / "zone.ics"
        file.write_text(f"BEGIN:VCALENDAR\r\n{written}END:VCALENDAR\r\n")
        read = tzical(str(file)).get(zone)
        assert [at for at in moments(zone) if read.utcoffset(at) != offset(zone, at)] == []
    read = icalendar.Timezone.from_ical(written).to_tz(lookup_tzid=False)
    assert [at for at in moments(zone) if read.utcoffset(at) != offset(zone, at)] == []


def offset(zone, wall):
    return wall.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def moments(zone):
    """Each noon and each small hour of four years, but for the hours that a change leaves out or doubles."""
    start = WALL("2026-01-02T00:00")
    walls = (start + timedelta(days=day, hours=hour) for day in range(0, 1400, 1) for hour in (0, 5, 12, 20))
    for wall in walls:
        early, late = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
        if early == late:
            yield wall


def test_a_change_of_the_clocks_is_written_on_the_clock_before_it():
    written = time_zones.component("Europe/London", 2026).to_ical().decode()

    onsets = re.findall(r"DTSTART:(\w+)\r\nRRULE:(.+)\r\nTZNAME:(\w+)", written)
    assert onsets == [
        ("20261025T020000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "GMT"),
        ("20260329T010000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "BST"),
    ]
