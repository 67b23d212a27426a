"""What tests about dates do again and again: a world with one date, its pages, and what is kept of them."""

from datetime import UTC, datetime

from companion.core.commands import Arrive, OpenDoors
from companion.core.model import SYSTEM
from companion.core.values import replace
from companion.records import Letter, Series
from companion.service import gathering, recurring
from companion.service.perform import perform
from tests.fakes.world import a_world
from tests.web.signing_in import signed_in

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # a Thursday


def a_world_with_a_date():
    """A group in England, and its next date on the 17th of March."""
    world = a_world()
    world.clock.now = NOW
    world.store.save_group(replace(world.group, settings=replace(world.group.settings, holidays="GB-ENG")))
    world.session = replace(world.session, starts_at=datetime(2026, 3, 17, 19, 0, tzinfo=UTC))
    world.store.save_session(world.session)
    return world


def path_of(world, act=""):
    return f"/desk/sessions/{world.session.id}{act}"


def dates_path(world):
    return f"/desk/groups/{world.group.id}/dates"


def asked(**fields):
    fields = {
        "starts_at": "2026-03-10T19:00",
        "ends_at": "20:30",
        "repeats": "once",
        "until": "",
        "times": "",
        **fields,
    }
    return "&".join(f"{name}={value}" for name, value in fields.items())


def look_at(desk, world, **fields):
    return desk.open(f"{dates_path(world)}/new?{asked(**fields)}")


def keep(desk, world, **more):
    hidden = {e.attributes["name"]: e.attributes["value"] for e in desk.page.all("input", type="hidden")}
    return desk.send(dates_path(world), **{**hidden, **more})


def listed(page):
    return [" ".join(e.words.split()) for e in page.all("li") if "ol" in e.parents]


def in_diary(world):
    own = [one for one in world.store.sessions(world.group.id) if one.id != world.session.id]
    return sorted(one.starts_at.strftime("%m-%d %H:%M") for one in own)


def now(world):
    return world.store.session(world.session.id)


def her(world, alias="Wren", **more):
    return world.person(alias, email=f"{alias.lower()}@example.org", contact_is_safe=True, **more)


def letters(world):
    return sorted(world.store.shelf(Letter).find(), key=lambda letter: letter.to)


def move_form(desk, world, **fields):
    fields = {"starts_at": "2026-03-18T19:30", "ends_at": "21:00", **fields}
    return desk.open(path_of(world, "/move?" + "&".join(f"{name}={value}" for name, value in fields.items())))


def confirm(desk, world, **more):
    hidden = {e.attributes["name"]: e.attributes["value"] for e in desk.page.all("input", type="hidden")}
    return desk.send(path_of(world, "/move"), **{**hidden, **more})


def csrf(desk):
    return desk.open("/desk").csrf


def begun(world, doors=False):
    issued = world.invite("Sol", "facilitator")
    gathering.begin(world.deps, world.session.id)
    if doors:
        perform(world.deps, world.session.id, Arrive(seat=issued.invite.seat_id, device="d", alias="Sol"), by=SYSTEM)
        perform(world.deps, world.session.id, OpenDoors(), by=issued.invite.seat_id)


def logged_in(world, desk):
    return csrf(signed_in(desk, world, "joan"))


def a_series(world):
    series = Series(
        "series-1", world.group.id, "FREQ=WEEKLY;BYDAY=TU", datetime.fromisoformat("2026-03-10T19:00"), "Europe/London"
    )
    world.store.shelf(Series).put(series)
    recurring.plan_ahead(world.deps, series)
    return [one for one in reversed(world.store.sessions(world.group.id)) if one.series_id]
