"""What a group's own words look like to members; and that no page of theirs tells which group it is, or whose."""

import pytest

from companion.core.commands import AdmitAll
from companion.core.values import replace
from companion.records import AccessCard, CrisisLine
from companion.service import agreements, giving, group_settings, inviting, organising, outbox
from companion.service.routes import Routes
from tests.fakes.world import token_of
from tests.web.conftest import Browser
from tests.web.walking import give_passcode, link, walk, walk_to_the_alias

NAME, ORGANISATION = "Zephyr Circle", "Vellum Trust"
ASKED = "/about/who"  # the one place where she hears it, because she asked
STEPS = ("private_space", "who_sees", "agreement")
PAGES = ("/", "/here", "/here?every=30", "/join", "/help", "/about", "/look", "/list", "/call", "/room", "/nowhere")


@pytest.fixture
def world(world):
    return set_up(world, organisation=ORGANISATION, call_link="https://call.example/x", reply_hours="Mondays")


def set_up(world, **settings):
    def changed(group):
        return replace(group, name=NAME, settings=replace(group.settings, **settings))

    group_settings.change(world.deps, world.group.id, changed)
    return world


def joining(world, browser, to):
    """On the way in, at this step."""
    give_passcode(browser, world.invite("Ash"))
    for step in STEPS[: STEPS.index(to)]:
        browser.send(f"/join/{step}", answer="yes")
    return browser.open("/join")


def hears(page):
    text = page.html + str(page.response.headers)
    return [secret for secret in (*NAME.split(), *ORGANISATION.split()) if secret.lower() in text.lower()]


def test_no_page_on_the_way_in_says_which_group_this_is(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    seen = [browser.open(link(issued)), browser.send(passcode="1"), browser.send(passcode=issued.passcode)]
    seen += [browser.open("/join/options"), browser.send(f"{link(issued)}/voice"), browser.open(link(issued))]
    seen += [browser.send(passcode=issued.passcode)]
    for step in STEPS:
        seen += [browser.send(f"/join/{step}"), browser.send(f"/join/{step}", answer="yes", agree="yes")]
    seen += [browser.send("/join/alias", alias="Mary"), browser.send("/join/alias", alias="Fern")]

    assert browser.at == "/here"
    assert [hears(page) for page in seen] == [[]] * len(seen)


@pytest.mark.parametrize("role", ["member", "facilitator", "peer_supporter", "tech_helper"])
def test_no_page_of_a_seat_says_it(world, browser, role):
    host = world.open_doors()
    issued = world.invite("Ash", role)
    if role == "member":
        walk(browser, issued)
        world.perform(AdmitAll(), by=host.invite.seat_id)
    else:
        give_passcode(browser, issued)

    seen = [browser.open(path) for path in PAGES if path not in ("/call", "/room")]
    pages = [browser.client.get(path) for path in ("/call", "/room")]

    assert [hears(page) for page in seen] == [[]] * len(seen)
    assert all(NAME not in answer.get_data(as_text=True) for answer in pages)
    assert pages[0].headers["Location"] == "https://call.example/x"


def test_no_mail_says_it(world):
    ash = world.person("Ash", email="her@example.org", contact_is_safe=True)
    target = giving.target_of(world.deps, "session", world.session.id)

    giving.give(world.deps, target, ash.id, Routes("email", "aloud"))
    outbox.deliver_due(world.deps)

    assert len(world.mailer.sent) == 1
    assert not any(word in str(world.mailer.sent) for word in (*NAME.split(), *ORGANISATION.split()))


def test_who_asks_hears_who_runs_this_and_nobody_else_does(world, app):
    world.open_doors()
    her, stranger = Browser(app), Browser(app, "192.0.2.9")
    walk(her, world.invite("Ash"))

    her.open("/about")
    stranger.open("/")
    asked = her.send(ASKED)
    again = her.open(ASKED)
    refused = stranger._send("POST", ASKED, data={"csrf_token": "none"})

    assert ORGANISATION in asked.words
    assert NAME not in asked.html
    assert (her.at, hears(again)) == ("/about", [])
    assert ORGANISATION not in refused.get_data(as_text=True)
    assert "Who runs this?" not in stranger.open("/about").words


def test_where_the_group_has_not_said_who_runs_it_somebody_can_be_asked(world, browser):
    set_up(world, organisation="")
    walk_to_the_alias(browser, world.invite("Ash"))
    browser.open("/about")

    assert "Please ask a facilitator." in browser.send(ASKED).words


def test_what_we_can_and_cannot_do_comes_before_the_agreement_in_our_words(world, browser):
    page = joining(world, browser, to="who_sees")

    assert "We can We listen, and we share what we have lived through." in page.words
    assert "We cannot We are people like you. We are not a clinic." in page.words


def test_or_in_the_groups_own(world, browser):
    set_up(world, we_can=("We drink tea.",), we_cannot=("We cannot sing.",), who_gets_in=("Sol knows everyone.",))

    page = joining(world, browser, to="who_sees")
    about = browser.open("/about")

    for read in (page, about):
        assert "We can We drink tea. We cannot We cannot sing." in read.words
        assert "We are not a clinic" not in read.words
        assert "Sol knows everyone." in read.words


def test_a_stranger_reads_nothing_of_the_groups_words(world, browser):
    set_up(world, we_can=("We drink tea.",), who_gets_in=("Sol knows everyone.",))

    page = browser.open("/about")

    assert "tea" not in page.html
    assert "Sol" not in page.html


def test_when_somebody_answers_stands_under_help(world, browser):
    give_passcode(browser, world.invite("Ash"))

    assert "When we answer: Mondays" in browser.open("/help").words
    assert "When we answer" not in Browser(browser.app, "192.0.2.8").open("/help").words


@pytest.mark.parametrize(("country", "number"), [("FR", "3114"), ("IE", "116 123"), ("", "116 123")])
def test_she_sees_the_crisis_line_of_her_own_country_on_every_page(world, browser, country, number):
    set_up(world, crisis_lines=(CrisisLine("FR", "Prévention du suicide", "3114"),))
    person = world.person("Ash")
    world.store.save_person(replace(person, country=country))
    walk(browser, inviting.invite(world.deps, world.session.id, person.id))

    for path in ("/join", "/help", "/about"):
        lines = [e.attributes["href"] for e in browser.open(path).all("a") if e.attributes["href"].startswith("tel:")]
        assert f"tel:{number.replace(' ', '')}" in lines


def test_what_is_new_in_the_agreement_is_said_first(world, browser):
    points = ("We listen.", *organising.AGREEMENT[:2])
    agreements.publish(world.deps, world.group.id, points, instead_of=1)

    page = joining(world, browser, to="agreement")

    assert f"New since 5 March 2026: We listen. All of it: We listen. {organising.AGREEMENT[0]}" in page.words
    assert page.value("version") == "2"


def test_an_agreement_that_nobody_changed_has_nothing_new(world, browser):
    assert "New since" not in joining(world, browser, to="agreement").words


def test_whoever_read_the_old_one_reads_the_new_one_before_she_ticks_it(world, browser):
    page = joining(world, browser, to="agreement")
    agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    page = browser.send("/join/agreement", agree="yes", version=page.value("version"))
    then = browser.send("/join/agreement", agree="yes", version=page.value("version"))

    assert page.status == 422
    assert "This has just been changed. Please read it once more." in page.words
    assert "What shall we call you" in then.words


@pytest.mark.parametrize(("typed", "seen"), [({"shares_cues": "yes"}, ("captions",)), ({}, ())])
def test_each_time_she_says_whether_facilitators_may_see_what_helps_her(world, browser, typed, seen):
    world.open_doors()
    person = world.person("Ash")
    card = AccessCard(cues=("captions",), shared=True)
    world.store.save_person(replace(person, access_card=card))
    issued = inviting.invite(world.deps, world.session.id, person.id)
    walk_to_the_alias(browser, issued)

    asked = browser.page.words
    browser.send("/join/alias", cues="asked", **typed)

    assert "What helps you Captions Facilitators may see this today." in asked
    assert world.seat(issued).cues == seen


def test_who_shares_nothing_is_not_asked(world, browser):
    person = world.person("Ash")
    world.store.save_person(replace(person, access_card=AccessCard(cues=("captions",))))
    walk_to_the_alias(browser, inviting.invite(world.deps, world.session.id, person.id))

    assert browser.page.all("input", id="shares_cues") == []
    assert "Captions" not in browser.page.words


def test_the_link_itself_names_nothing(world):
    issued = world.invite("Ash")

    assert issued.link.endswith(f"/i/{token_of(issued)}")
    assert not any(word.lower() in issued.link.lower() for word in (*NAME.split(), *ORGANISATION.split()))
