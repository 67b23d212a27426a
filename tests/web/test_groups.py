"""The desk's pages on a group: each part on its own page, and what is missing before the doors can open."""

from datetime import UTC, datetime

import pytest

from companion.core.model import AgendaPart
from companion.core.values import replace
from companion.records import CrisisLine
from companion.service import agreements, audit, group_settings, organising, platforms
from companion.service.contact import CONFIRMED_DAYS
from companion.web.group_settings import PAGES, SECTIONS
from tests.fakes.world import START
from tests.web.signing_in import signed_in


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def path(world, page=""):
    return f"/desk/groups/{world.group.id}" + (f"/settings/{page}" if page else "")


def now(world):
    return world.store.group(world.group.id)


def filled(page):
    """What a browser would send of the form as it was drawn."""
    fields = {}
    for e in page.elements:
        name, kind = e.attributes.get("name", ""), e.attributes.get("type", "")
        if not name or e.tag not in ("input", "textarea", "select") or name == "csrf_token":
            continue
        if kind in ("checkbox", "radio"):
            if "checked" in e.attributes:
                fields.setdefault(name, []).append(e.attributes["value"])
        elif e.tag == "input":
            fields[name] = e.attributes.get("value", "")
        elif e.tag == "textarea":
            fields[name] = e.words
    return fields | {name: value for name, value in chosen(page)}


def chosen(page):
    select = ""
    for e in page.elements:
        if e.tag == "select":
            select = e.attributes["name"]
        if e.tag == "option" and "selected" in e.attributes:
            yield select, e.attributes["value"]


def keep(desk, world, section, **typed):
    """Open a part, change some of it, and keep it."""
    page = desk.open(path(world, section))
    fields = {name: value for name, value in filled(page).items() if name not in ("username", "password")}
    return desk.send(**{**fields, **typed})


def test_the_page_of_a_group_leads_to_every_part_of_it(world, desk):
    links = {e.attributes["href"] for e in desk.open(path(world)).all("a")}

    assert {path(world, page) for page in PAGES} <= links
    assert set(PAGES) == {*SECTIONS, "agreement"}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_part_that_is_kept_as_it_is_stays_as_it_is(world, desk, section):
    before = now(world)

    page = keep(desk, world, section, **({"agreed": "yes"} if section == "safeguarding" else {}))

    assert (page.status, desk.at) == (200, path(world))
    plan = replace(before.settings.safeguarding, agreed_at=START) if section == "safeguarding" else None
    expected = replace(before.settings, safeguarding=plan) if plan else before.settings
    assert now(world) == replace(before, settings=expected)


def test_name_and_organisation(world, desk):
    page = keep(desk, world, "name", name="Friday evening", organisation="Harbour Charity")

    assert "Kept." in page.words
    assert (now(world).name, now(world).settings.organisation) == ("Friday evening", "Harbour Charity")


def test_the_call_and_the_telephone(world, desk):
    keep(desk, world, "call", call_link="https://calls.example/1")
    keep(desk, world, "numbers", backup_number="020 7946 0958", reply_hours="Mondays 10 to 12")

    settings = now(world).settings
    assert (settings.call_link, settings.backup_number) == ("https://calls.example/1", "020 7946 0958")
    assert settings.reply_hours == "Mondays 10 to 12"


def test_an_account_that_the_organisation_has_can_hold_a_groups_calls(world, desk):
    made = platforms.add(
        world.deps, "jitsi", "Our Jitsi", "https://meet.example", "companion", "a secret that is long enough for it"
    )

    assert 'value="' + made.id in desk.open(path(world, "call")).html
    keep(desk, world, "call", platform=made.id, call_link="https://calls.example/1")
    assert now(world).settings.platform == made.id

    page = keep(desk, world, "call", platform="somebody-elses")
    assert (page.status, now(world).settings.platform) == (422, made.id)

    keep(desk, world, "call", platform="")
    assert now(world).settings.platform == ""


def test_a_suggested_crisis_line_is_only_written_into_the_form(world, desk):
    page = desk.open(path(world, "crisis") + "?suggest=FR")
    before = now(world).settings.crisis_lines

    keep_it = filled(page)
    desk.send(path(world, "crisis"), **keep_it)

    assert before == ()
    assert now(world).settings.crisis_lines == (CrisisLine("FR", "Prévention du suicide", "3114"),)


def test_a_crisis_line_goes_away_when_its_number_does(world, desk):
    lines = (CrisisLine("FR", "Prévention", "3114"), CrisisLine("IE", "Samaritans", "116 123"))
    group_settings.change(
        world.deps, world.group.id, lambda g: replace(g, settings=replace(g.settings, crisis_lines=lines))
    )

    keep(desk, world, "crisis", **{"lines-0-number": ""})

    assert now(world).settings.crisis_lines == lines[1:]


def test_the_line_of_its_own_country_is_suggested_for_every_page(world, desk):
    keep(desk, world, "place", country="DE")

    page = desk.open(path(world, "crisis") + "?suggest=DE")

    assert (page.value("crisis_name"), page.value("crisis_number")) == ("TelefonSeelsorge", "0800 111 0 111")
    assert now(world).settings.crisis_number == "116 123"


@pytest.mark.parametrize("code", ["XX", "<b>", ""])
def test_a_country_that_we_do_not_know_suggests_nothing(world, desk, code):
    page = desk.open(path(world, "crisis") + f"?suggest={code}")

    assert [page.value(f"lines-{n}-number") for n in (0, 1)] == ["", ""]


def test_country_clock_and_languages(world, desk):
    keep(desk, world, "place", country="IE", zone="Europe/Dublin", languages=["en", "cy"])

    settings = now(world).settings
    assert (settings.country, settings.zone, settings.languages) == ("IE", "Europe/Dublin", ("en", "cy"))


def test_cameras_and_turns(world, desk):
    fields = {"camera_policy": "off", "others_see": "line", "turn_minutes": "3", "one_to_one_minutes": "20"}
    page = desk.open(path(world, "rules"))

    desk.send(**fields)

    assert page.value("reply_allowed") == "yes"
    group = now(world)
    assert (group.settings.camera_policy, group.rules.others_see, group.rules.reply_allowed) == ("off", "line", False)
    assert (group.rules.turn_seconds, group.rules.one_to_one_minutes) == (180, 20)


def test_an_evening_in_parts_and_prompts(world, desk):
    keep(desk, world, "evening", agenda="Hello (10)\n\n  Time to   share \nThe end (0)", prompts="One?\nTwo?\nOne?")

    rules = now(world).rules
    assert rules.agenda == (AgendaPart("Hello", 10), AgendaPart("Time to share"), AgendaPart("The end (0)"))
    assert rules.prompts == ("One?", "Two?")


def test_reminders_and_leaving(world, desk):
    keep(desk, world, "reminders", reminders=["60", "4320"])
    keep(desk, world, "leaving", leave_to="news", leave_words="weather", aside="recipe")

    settings = now(world).settings
    assert settings.reminders == (4320, 60)
    assert (settings.leave_to, settings.leave_words, settings.aside) == ("news", "weather", "recipe")


def test_our_own_words_can_be_started_from_in_any_language(world, desk):
    page = desk.open(path(world, "promises") + "?start=cy")
    untouched = now(world).settings.we_can
    typed = filled(page)
    desk.send(path(world, "promises"), **typed)

    assert untouched == ()
    assert len(now(world).settings.we_can) == 3
    assert "We listen, and we share what we have lived through." not in now(world).settings.we_can


@pytest.mark.parametrize(
    ("section", "wrong", "say"),
    [
        ("name", {"name": ""}, "Please fill this in."),
        ("name", {"name": "n" * 81}, "Please use fewer words."),
        ("name", {"organisation": "o" * 81}, "Please use fewer words."),
        ("call", {"call_link": "http://calls.example"}, "begins with https://"),
        ("call", {"call_link": "javascript:alert(1)"}, "begins with https://"),
        ("call", {"private_call_link": "https://["}, "begins with https://"),
        ("numbers", {"backup_number": "ring me"}, "telephone number"),
        ("crisis", {"lines-0-number": "<b>"}, "telephone number"),
        ("crisis", {"lines-0-country": "XX"}, "Country"),
        ("place", {"zone": "Europe/Nowhere"}, "Clock"),
        ("place", {"languages": []}, "Please fill this in."),
        ("place", {"languages": ["xx"]}, "Languages"),
        ("rules", {"camera_policy": "sideways"}, "Cameras"),
        ("rules", {"others_see": "everything"}, "queue"),
        ("rules", {"turn_minutes": "0"}, "from 1 to 60"),
        ("rules", {"one_to_one_minutes": "soon"}, "one-to-one"),
        ("evening", {"agenda": "a" * 2001}, "Please use fewer words."),
        ("reminders", {"reminders": ["7"]}, "reminded"),
        ("leaving", {"leave_to": "https://evil.example"}, "opens"),
        ("safeguarding", {"lead": ""}, "Please fill this in."),
        ("safeguarding", {"agreed": []}, "Please tick this"),
        ("safeguarding", {"lead_number": "ring me"}, "telephone number"),
    ],
)
def test_mistakes_come_back_with_what_was_typed_and_change_nothing(world, desk, section, wrong, say):
    page = keep(desk, world, section, **wrong)

    assert page.status == 422
    assert say in page.words
    assert now(world) == world.group
    for name, value in wrong.items():
        if isinstance(value, str) and page.all("input", name=name):
            assert page.value(name) == value


@pytest.mark.parametrize("section", ["nothing", "..", "agreement/publish"])
def test_a_part_that_does_not_exist_is_no_page(world, desk, section):
    assert desk.open(path(world, section)).status in (404, 405)


def test_a_proposal_shows_the_difference_and_keeps_nothing(world, desk):
    desk.open(path(world, "agreement"))

    page = desk.send(agreement="\n".join((*organising.AGREEMENT[1:], "We  listen well.", "")), instead_of="1")

    assert now(world) == world.group
    assert f"New We listen well. Goes away {organising.AGREEMENT[0]} Stays" in page.words


def test_what_was_looked_at_becomes_the_agreement_and_every_version_stays(world, desk):
    desk.open(path(world, "agreement"))
    page = desk.send(agreement="We listen.\nWe are kind.", instead_of="1")
    seen = filled(page)

    page = desk.send(path(world, "agreement") + "/publish", **seen)

    assert "Kept." in page.words
    assert now(world).settings.agreement == ("We listen.", "We are kind.")
    assert "Version 2, since 5 March 2026" in page.words
    assert "Version 1, since 5 March 2026" in page.words


def test_a_proposal_against_an_old_version_is_not_published(world, desk):
    desk.open(path(world, "agreement"))
    agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    page = desk.send(path(world, "agreement") + "/publish", agreement="We talk.", instead_of="1")

    assert "This has changed. Please look again." in page.words
    assert now(world).settings.agreement == ("We listen.",)


@pytest.mark.parametrize("typed", [{"agreement": ""}, {"agreement": "a" * 4001}])
def test_an_agreement_of_nothing_or_too_much_comes_back(world, desk, typed):
    desk.open(path(world, "agreement"))

    assert desk.send(path(world, "agreement"), **typed).status == 422
    assert desk.send(path(world, "agreement") + "/publish", **typed).status == 422
    assert now(world) == world.group


def test_the_page_says_what_shuts_the_doors_and_the_plan_opens_them(world, desk):
    world.person("Sol", role="facilitator")
    desk.open("/desk")
    desk.send("/desk/groups", name="New")
    new = desk.at
    missing = desk.page.words
    keep_path = f"{new}/settings/safeguarding"
    desk.open(keep_path)
    plan = {"lead": "Sol", "lead_number": "020 7946 0111", "second": "Rae, 020 7946 0112", "steps": "Stay.\nPhone."}
    page = desk.send(**plan, agreed="yes")

    (group,) = (g for g in world.store.groups() if g.name == "New")
    assert "Before the doors can open A safety plan. The doors stay shut without one. A facilitator." in missing
    assert "A safety plan." not in page.words
    assert (group.settings.safeguarding.steps, group.settings.safeguarding.agreed_at) == ("Stay.\nPhone.", START)


def test_whom_to_ask_again_is_listed_fourteen_days_before(world, desk):
    known = {"email": "her@example.org", "contact_is_safe": True}
    world.person("Wren", **known)
    early = desk.open(path(world)).words
    # The desk locks itself; time is put back instead of forward.
    for person in world.store.people(world.group.id):
        ago = START.replace(tzinfo=UTC) - (datetime(2026, 3, 5, tzinfo=UTC) - datetime(2025, 12, 18, tzinfo=UTC))
        world.store.save_person(replace(person, contact_confirmed_at=ago))
    late = desk.open(path(world)).words

    assert CONFIRMED_DAYS == 90
    assert "To confirm again" not in early
    assert "To confirm again" in late
    assert "counts for a few days more" in late
    assert "her@example.org" not in desk.page.html


@pytest.mark.parametrize("section", ["name", "crisis", "leaving"])
def test_whoever_changes_a_setting_is_written_down_without_what_it_is_now(world, desk, section):
    keep(desk, world, section)

    newest = audit.entries(world.deps)[0]
    assert (newest.what, newest.by, newest.about) == (
        "changed_settings",
        f"account {desk.account.id}",
        f"group {world.group.id}",
    )
