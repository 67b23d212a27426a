"""Who may open what at the desk: every route, every role, in one's own group and in another one."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from companion.records import CallTask, Letter, Membership, Notice, SendJob, Series
from companion.service import inviting, organising, outbox
from companion.service.staff import accounts
from companion.web import desk_rights
from tests.fakes.staff import PASSWORD, a_browser, an_account
from tests.web.conftest import Browser

ROLES = ("keeper", "organiser", "facilitator", "peer_supporter", "tech_helper", "nothing")
EVERYONE = set(ROLES)
KEEPERS = {"keeper"}
ORGANISERS = {"keeper", "organiser"}
HOSTS = {"keeper", "organiser", "facilitator"}
SEATED = {"facilitator", "peer_supporter", "tech_helper"}

# Written down a second time, on purpose: whoever changes the table says here, too, whom it lets in.
EXPECTED = {
    "GET /desk": EVERYONE,
    "GET /desk/again": EVERYONE,
    "POST /desk/again": EVERYONE,
    "POST /desk/again/passkey": EVERYONE,
    "GET /desk/unlock": EVERYONE,
    "POST /desk/unlock": EVERYONE,
    "POST /desk/unlock/passkey": EVERYONE,
    "GET /desk/me": EVERYONE,
    "POST /desk/me/password": EVERYONE,
    "POST /desk/me/browsers/<browser_id>/end": EVERYONE,
    "POST /desk/me/browsers/end": EVERYONE,
    "GET /desk/me/factors": EVERYONE,
    "POST /desk/me/factors/app": EVERYONE,
    "POST /desk/me/factors/passkey": EVERYONE,
    "POST /desk/me/factors/app/remove": EVERYONE,
    "POST /desk/me/factors/<passkey_id>/remove": EVERYONE,
    "GET /desk/colleagues": ORGANISERS,
    "POST /desk/colleagues": ORGANISERS,
    "GET /desk/colleagues/link": ORGANISERS,
    "POST /desk/colleagues/links/<link_id>/withdraw": ORGANISERS,
    "POST /desk/colleagues/roles/<membership_id>/remove": ORGANISERS,
    "POST /desk/colleagues/<account_id>/close": KEEPERS,
    "GET /desk/audit": KEEPERS,
    "POST /desk/recoveries/<recovery_id>/agree": ORGANISERS,
    "POST /desk/recoveries/<recovery_id>/decline": ORGANISERS,
    "GET /desk/recoveries/link": ORGANISERS,
    "POST /desk/groups": ORGANISERS,
    "GET /desk/groups/<group_id>": HOSTS,
    "POST /desk/groups/<group_id>/people": ORGANISERS,
    "POST /desk/groups/<group_id>/sessions": ORGANISERS,
    "GET /desk/people/<person_id>": HOSTS,
    "POST /desk/people/<person_id>": ORGANISERS,
    "POST /desk/people/<person_id>/safe": ORGANISERS,
    "POST /desk/people/<person_id>/show": ORGANISERS,
    "GET /desk/sessions/<session_id>": HOSTS,
    "POST /desk/sessions/<session_id>/begin": HOSTS,
    "POST /desk/sessions/<session_id>/go-in": SEATED,
    "POST /desk/<any(sessions, series):kind>/<target_id>/invite/<person_id>": HOSTS,
    "GET /desk/<any(sessions, series):kind>/<target_id>/everybody": HOSTS,
    "POST /desk/<any(sessions, series):kind>/<target_id>/everybody": HOSTS,
    "GET /desk/series/<series_id>/invited": HOSTS,
    "POST /desk/invites/<holder_id>/reissue": HOSTS,
    "POST /desk/invites/<holder_id>/new-phone": HOSTS,
    "POST /desk/invites/<holder_id>/revoke": HOSTS,
    "GET /desk/invites/<holder_id>/sheet": HOSTS,
    "GET /desk/sending/<job_id>": HOSTS,
    "POST /desk/sending/<job_id>/stop": HOSTS,
    "POST /desk/sending/<job_id>/resume": HOSTS,
    "POST /desk/sending/<job_id>/slips": HOSTS,
    "GET /desk/calls": ORGANISERS,
    "POST /desk/calls/<task_id>/again": ORGANISERS,
    "POST /desk/calls/<task_id>/forget": ORGANISERS,
    "GET /desk/letters": ORGANISERS,
    "POST /desk/letters/<letter_id>/again": ORGANISERS,
    "POST /desk/letters/<letter_id>/arrived": ORGANISERS,
    "POST /desk/letters/<letter_id>/forget": ORGANISERS,
    "GET /desk/batches/<batch_id>": HOSTS,
    "POST /desk/batches/<batch_id>/<any(pause, resume, stop):act>": HOSTS,
    "GET /desk/groups/<group_id>/dates": HOSTS,
    "POST /desk/groups/<group_id>/dates": ORGANISERS,
    "GET /desk/groups/<group_id>/dates/new": ORGANISERS,
    "GET /desk/sessions/<session_id>/move": HOSTS,
    "POST /desk/sessions/<session_id>/move": HOSTS,
    "GET /desk/sessions/<session_id>/cancel": HOSTS,
    "POST /desk/sessions/<session_id>/cancel": HOSTS,
    "POST /desk/sessions/<session_id>/holiday": HOSTS,
    "POST /desk/sessions/<session_id>/check": HOSTS,
    "GET /desk/series/<series_id>/end": ORGANISERS,
    "POST /desk/series/<series_id>/end": ORGANISERS,
    "POST /desk/notices/<notice_id>/told/<person_id>": HOSTS,
    "GET /desk/people/<person_id>/feed": HOSTS,
    "POST /desk/people/<person_id>/feed": HOSTS,
    "POST /desk/people/<person_id>/feed/end": HOSTS,
    "GET /desk/groups/<group_id>/settings/<section>": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/<section>": ORGANISERS,
    "GET /desk/groups/<group_id>/settings/agreement": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/agreement": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/agreement/publish": ORGANISERS,
    "GET /desk/groups/<group_id>/people/import": ORGANISERS,
    "GET /desk/groups/<group_id>/people/import/example": ORGANISERS,
    "POST /desk/groups/<group_id>/people/import": ORGANISERS,
    "POST /desk/groups/<group_id>/people/import/confirm": ORGANISERS,
    "GET /desk/people/<person_id>/contact": ORGANISERS,
    "POST /desk/people/<person_id>/contact": ORGANISERS,
    "GET /desk/people/<person_id>/access": ORGANISERS,
    "POST /desk/people/<person_id>/access": ORGANISERS,
    "GET /desk/people/<person_id>/line": ORGANISERS,
    "POST /desk/people/<person_id>/line": ORGANISERS,
    "POST /desk/people/<person_id>/line/end": ORGANISERS,
    "GET /desk/people/<person_id>/induction": HOSTS,
    "POST /desk/people/<person_id>/induction": HOSTS,
    "POST /desk/people/<person_id>/induction/answers": HOSTS,
    "POST /desk/people/<person_id>/leave": ORGANISERS,
    "POST /desk/people/<person_id>/back": ORGANISERS,
    "GET /desk/people/<person_id>/record": ORGANISERS,
    "GET /desk/people/<person_id>/record/consents/<consent_id>": ORGANISERS,
    "POST /desk/people/<person_id>/record/consents/<consent_id>": ORGANISERS,
    "GET /desk/people/<person_id>/record/copy": ORGANISERS,
    "POST /desk/people/<person_id>/record/copy": ORGANISERS,
    "GET /desk/people/<person_id>/record/erase": ORGANISERS,
    "POST /desk/people/<person_id>/record/erase": ORGANISERS,
}
OPEN = {
    "GET /desk/feed/<token>.ics",
    "GET /desk/in",
    "POST /desk/in",
    "GET /desk/begin/<token>",
    "POST /desk/begin/<token>",
    "GET /desk/lost",
    "POST /desk/lost",
    "POST /desk/out",
}
HALF_WAY = {"GET /desk/in/code", "POST /desk/in/code", "POST /desk/in/passkey"}
OF_A_GROUP = (
    "group_id",
    "person_id",
    "session_id",
    "invite_id",
    "membership_id",
    "letter_id",
    "batch_id",
    "task_id",
    "series_id",
    "notice_id",
    "target_id",
    "holder_id",
    "job_id",
)


class Place:
    """A group with one of each thing in it."""

    def __init__(self, world, name, staff):
        deps = world.deps
        group = organising.add_group(deps, name)
        session = organising.add_session(deps, group.id, deps.clock())
        person = organising.add_person(deps, group.id, "member", f"{name} person", waived_by="Sol")
        invite = inviting.invite(deps, session.id, person.id).invite
        letter = Letter(f"letter {name}", "mail", "", "", "", deps.clock(), state="failed", about=f"invite {invite.id}")
        deps.store.post(letter)
        held = Membership(deps.fresh_id(), staff.id, group.id, "facilitator")
        deps.store.shelf(Membership).put(held)
        batch = outbox.begin_batch(deps, group.id)
        series = Series(deps.fresh_id(), group.id, "FREQ=WEEKLY", datetime(2026, 3, 5, 19), "Europe/London")  # noqa: DTZ001 - a wall clock
        deps.store.shelf(Series).put(series)
        at = deps.clock()
        notice = Notice(deps.fresh_id(), group.id, session.id, "", "moved", 1, at, at, at, "Sol")
        deps.store.shelf(Notice).put(notice)
        job = SendJob(deps.fresh_id(), f"session {session.id}", "running", at)
        deps.store.shelf(SendJob).put(job)
        task = CallTask(deps.fresh_id(), "platform", session.id, "stop", at, at, state="failed")
        deps.store.shelf(CallTask).put(task)
        self.group = group
        self.ids = {
            "group_id": group.id,
            "person_id": person.id,
            "session_id": session.id,
            "invite_id": invite.id,
            "membership_id": held.id,
            "letter_id": letter.id,
            "batch_id": batch.id,
            "task_id": task.id,
            "series_id": series.id,
            "notice_id": notice.id,
            "target_id": session.id,
            "holder_id": invite.id,
            "job_id": job.id,
        }


@pytest.fixture
def places(world):
    staff = an_account(world.deps, "somebody")
    return [Place(world, name, staff) for name in ("mine", "theirs")]


@pytest.fixture
def door(app):
    """The application with nothing behind its door: what gets through says so."""
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            app.view_functions[rule.endpoint] = lambda **_: "let through"
    return app


def desk_routes(app):
    """Every route of the desk, as the table names them."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule == "/desk" or rule.rule.startswith("/desk/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def open_as(world, app, role, group):
    held = () if role in ("keeper", "nothing") else (role,)
    account = an_account(world.deps, role, *held, group=group.id, keeper=role == "keeper")
    browser = app.test_client()
    browser.set_cookie("me", a_browser(world.deps, account).token)
    return browser


def ask(browser, route, ids):
    method, _, path = route.partition(" ")
    for name, value in ids.items():
        path = path.replace(f"<{name}>", value)
    for other in (
        "<browser_id>",
        "<passkey_id>",
        "<link_id>",
        "<account_id>",
        "<recovery_id>",
        "<consent_id>",
        "<token>",
    ):
        path = path.replace(other, "x")
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
    return browser.open(path, method=method)


def is_let_through(response, otherwise=404):
    """Whether it came as far as the page; if not, the answer tells nothing of it."""
    through = response.get_data(as_text=True) == "let through"
    assert response.status_code == (200 if through else otherwise)
    return through


def names_a_group(route):
    return any(f"<{name}>" in route for name in OF_A_GROUP)


def test_every_route_of_the_desk_has_its_row_and_every_row_its_route(app):
    assert desk_routes(app) == set(desk_rights.RIGHTS)


def test_every_row_is_written_down_here_too():
    assert set(desk_rights.RIGHTS) == {*EXPECTED, *OPEN, *HALF_WAY}
    assert {route for route in desk_rights.RIGHTS if desk_rights.RIGHTS[route].door == "open"} == OPEN


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_is_hers_and_nothing_of_another_group(world, door, places, role):
    mine, theirs = places
    browser = open_as(world, door, role, mine.group)

    here = {route for route in EXPECTED if is_let_through(ask(browser, route, mine.ids))}
    there = {route for route in EXPECTED if is_let_through(ask(browser, route, theirs.ids))}

    hers = {route for route, roles in EXPECTED.items() if role in roles}
    assert here == hers
    assert there == (hers if role == "keeper" else {route for route in hers if not names_a_group(route)})


def test_without_signing_in_nothing_opens(door, places):
    browser = door.test_client()

    answers = {ask(browser, route, places[0].ids).headers.get("Location") for route in (*EXPECTED, *HALF_WAY)}

    assert answers == {"/desk/in"}


@pytest.mark.parametrize("stage", ["code", "setup"])
def test_half_way_in_only_the_next_step_opens(world, door, places, stage):
    account = an_account(world.deps, "jo", keeper=True)
    browser = door.test_client()
    browser.set_cookie("me", a_browser(world.deps, account, stage).token)
    next_step = {"code": "/desk/in/code", "setup": "/desk/me/factors"}[stage]

    let_through = set()
    for route in desk_rights.RIGHTS:
        response = ask(browser, route, places[0].ids)
        if response.status_code == 200:
            let_through.add(route)
        else:
            assert (response.status_code, response.headers["Location"]) == (303, next_step)

    mine = (
        HALF_WAY
        if stage == "code"
        else {
            route
            for route in EXPECTED
            if route.startswith(("GET /desk/me/factors", "POST /desk/me/factors/app", "POST /desk/me/factors/passkey"))
            and not route.endswith("remove")
        }
    )
    assert let_through == mine | OPEN


def test_locked_everything_asks_for_the_password(world, door, places):
    browser = open_as(world, door, "keeper", places[0].group)
    world.clock.turn(minutes=15)

    answers = {route: ask(browser, route, places[0].ids) for route in EXPECTED}

    assert {route for route, one in answers.items() if is_let_through(one, otherwise=401)} == {
        route for route in EXPECTED if "/desk/unlock" in route
    }


def test_what_is_not_there_is_no_page(world, door, places):
    browser = open_as(world, door, "keeper", places[0].group)
    nowhere = dict.fromkeys(OF_A_GROUP, "nowhere")

    assert not any(is_let_through(ask(browser, route, nowhere)) for route in EXPECTED if names_a_group(route))


def test_a_route_without_a_row_is_no_page_to_anybody(world, app):
    app.add_url_rule("/desk/forgotten", view_func=lambda: "let through")
    keeper = open_as(world, app, "keeper", world.group)

    assert [one.get("/desk/forgotten").status_code for one in (keeper, app.test_client())] == [404, 404]
    assert keeper.options("/desk").status_code == 404


def test_a_person_and_a_session_of_two_groups_do_not_meet(world, door, places):
    keeper = open_as(world, door, "keeper", places[0].group)
    mixed = {**places[0].ids, "person_id": places[1].ids["person_id"]}

    assert ask(keeper, "POST /desk/sessions/<session_id>/invite/<person_id>", mixed).status_code == 404


def test_a_letter_about_nothing_known_is_a_keepers_alone(world, door, places):
    world.store.post(Letter("stray", "mail", "", "", "", world.clock(), state="failed"))
    route = "POST /desk/letters/<letter_id>/again"
    statuses = [
        ask(open_as(world, door, role, places[0].group), route, {"letter_id": "stray"}).status_code
        for role in ("keeper", "organiser")
    ]

    assert statuses == [200, 404]


def test_a_closed_account_opens_nothing(world, door, places):
    keeper = an_account(world.deps, "k", keeper=True)
    browser = open_as(world, door, "organiser", places[0].group)
    accounts.close(world.deps, accounts.find(world.deps, "organiser").id, keeper)

    assert browser.get("/desk").headers["Location"] == "/desk/in"


# what stands on the pages


def pages_of(world, app, role):
    browser = Browser(app)
    browser.client = open_as(world, app, role, world.group)
    return browser


@pytest.mark.parametrize(("role", "changes"), [("keeper", True), ("organiser", True), ("facilitator", False)])
def test_only_who_may_change_a_group_is_offered_to(world, app, role, changes):
    person = world.person(email="her@example.org")
    browser = pages_of(world, app, role)

    group = browser.open(f"/desk/groups/{world.group.id}")
    offered = {form.attributes["action"] for form in group.all("form", method="post")}
    about_her = browser.open(f"/desk/people/{person.id}")
    offered |= {form.attributes["action"] for form in about_her.all("form", method="post")}

    ours = {
        f"/desk/groups/{world.group.id}/people",
        f"/desk/groups/{world.group.id}/sessions",
        f"/desk/people/{person.id}",
        f"/desk/people/{person.id}/safe",
        f"/desk/people/{person.id}/show",
        f"/desk/people/{person.id}/leave",
    }
    assert offered == ({*ours, "/desk/out"} if changes else {"/desk/out"})


@pytest.mark.parametrize("role", ROLES)
def test_every_link_and_button_on_the_first_page_opens_for_whoever_sees_it(world, app, role):
    world.invite("Ash")
    browser = pages_of(world, app, role)
    page = browser.open("/desk")

    links = [a.attributes["href"] for a in page.all("a") if a.attributes["href"].startswith("/desk")]
    assert {browser.open(link).status for link in links} == {200}
    forms = {form.attributes["action"] for form in page.all("form", method="post")}
    assert any(action.endswith("/go-in") for action in forms) == (role in SEATED)
    assert ("/desk/groups" in forms) == (role in ORGANISERS)


def test_an_organiser_sees_her_own_groups_their_letters_and_colleagues_only(world, app):
    other = organising.add_group(world.deps, "Another circle")
    an_account(world.deps, "Stranger", "facilitator", group=other.id)
    an_account(world.deps, "Colleague", "facilitator", group=world.group.id)
    issued = world.invite("Ash", email="ash@example.org")
    for name, about in (("mine", f"invite {issued.invite.id}"), ("theirs", "")):
        letter = Letter(name, "mail", f"{name}@example.org", "", "", world.clock(), state="failed", about=about)
        world.store.post(letter)
    browser = pages_of(world, app, "organiser")

    desk, colleagues, letters = (browser.open(f"/desk{path}").words for path in ("", "/colleagues", "/letters"))

    assert ("Tuesday circle" in desk, "Another circle" in desk) == (True, False)
    assert "1 letter has not left" in desk
    assert ("Colleague" in colleagues, "Stranger" in colleagues) == (True, False)
    assert "Another circle" not in colleagues
    assert ("m…@e…" in letters, "t…@e…" in letters) == (True, False)


def test_whoever_makes_a_group_organises_it(world, app):
    browser = pages_of(world, app, "organiser")
    browser.open("/desk")

    page = browser.send("/desk/groups", name="Friday circle")

    assert page.status == 200
    assert "Friday circle" in browser.open("/desk").words


def test_an_account_with_no_role_left_is_told_so(world, app):
    accounts.make(world.deps, "x", PASSWORD)

    assert "nothing here for you yet" in pages_of(world, app, "nothing").open("/desk").words
