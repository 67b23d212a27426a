"""The way in as people meet it: plain pages, in any order, with everything typed wrongly."""

import pytest

from companion.core.commands import SettleDevice
from companion.core.values import replace
from tests.fakes.world import START, wrong_for
from tests.web.conftest import Browser
from tests.web.walking import found, give_passcode, link, only_access, walk, walk_to_the_alias


def test_a_member_walks_from_her_link_to_the_waiting_room(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    assert "Your passcode" in browser.open(link(issued)).words
    assert "somewhere private" in browser.send(passcode=issued.passcode).words
    assert "Who can get in" in browser.send("/join/private_space", answer="yes").words
    assert "What we agree on" in browser.send("/join/who_sees").words
    assert "What shall we call you" in browser.send("/join/agreement", agree="yes").words
    browser.send("/join/alias", alias="Fern", avatar="7", takes_part="text")

    assert browser.at == "/here"
    seat = world.seat(issued)
    assert (seat.state, seat.alias, seat.avatar, seat.takes_part) == ("waiting", "Fern", 7, "text")


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}\u00a0{1}"])
def test_a_passcode_may_be_typed_with_spaces_and_dashes(world, browser, typed):
    issued = world.invite()
    browser.open(link(issued))

    browser.send(passcode=typed.format(issued.passcode[:4], issued.passcode[4:]))

    assert browser.at == "/join"


def test_the_field_takes_a_pasted_code_and_asks_for_no_memory_of_it(world, browser):
    page = browser.open(link(world.invite()))

    (field,) = page.all("input", name="passcode")
    assert field.attributes["autocomplete"] == "one-time-code"
    assert field.attributes["inputmode"] == "numeric"
    assert "required" not in field.attributes
    assert field.attributes["spellcheck"] == "false"


def test_a_wrong_passcode_is_answered_calmly_with_the_tries_left_and_another_way(world, browser):
    issued = world.invite()
    browser.open(link(issued))

    answers = [browser.send(passcode=wrong_for(issued)) for _ in range(6)]

    assert [page.status for page in answers] == [422] * 5 + [429]
    assert [found(r"(\d) tr(?:y|ies) left", page.words) for page in answers] == ["4", "3", "2", "1", "", ""]
    assert all("let in by voice" in page.words for page in answers)
    assert all("wait 15 minutes" in page.words for page in answers[4:])


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "1" * 90, "\x00", "🌿" * 8])
def test_what_is_no_passcode_costs_no_try(world, browser, typed):
    issued = world.invite()
    browser.open(link(issued))

    for _ in range(8):
        assert browser.send(passcode=typed).status == 422

    assert "eight digits" in browser.page.words
    browser.send(passcode=issued.passcode)
    assert browser.at == "/join"
    assert world.again(issued).failures == 0


def test_whoever_is_not_alone_hears_what_helps_and_may_go_on(world, browser):
    give_passcode(browser, world.invite())

    for answer in ("no", "not_sure"):
        browser.open("/join")
        page = browser.send("/join/private_space", answer=answer)
        assert "headphones" in page.words

        assert "Who can get in" in browser.open("/join").words
        world.store.save_access(replace(only_access(world), steps=()))


@pytest.mark.parametrize("answer", [None, "", "maybe"])
def test_an_answer_must_be_one_of_three(world, browser, answer):
    give_passcode(browser, world.invite())

    page = browser.send("/join/private_space", **({"answer": answer} if answer is not None else {}))

    assert page.status == 422
    assert "Each of them is fine" in page.words or "Not a valid choice" in page.words


def test_without_the_tick_nobody_goes_on_and_nobody_is_scolded(world, browser):
    give_passcode(browser, world.invite())
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")

    page = browser.send("/join/agreement")

    assert page.status == 422
    assert "Please tick the box to go on." in page.words
    assert all(item in page.words for item in world.group.settings.agreement)


@pytest.mark.parametrize("step", ["who_sees", "agreement", "alias", "enter"])
def test_a_step_cannot_be_jumped_over(world, browser, step):
    world.open_doors()
    issued = world.invite()
    give_passcode(browser, issued)

    page = browser.send(f"/join/{step}", agree="yes", suggested="Ash")

    assert browser.at == "/join"
    assert "somewhere private" in page.words
    assert world.seat(issued).state == "expected"


def test_an_unknown_step_is_no_page(world, browser):
    give_passcode(browser, world.invite())

    assert browser.send("/join/somewhere").status == 404


@pytest.mark.parametrize(
    ("alias", "why"),
    [("Mary", "part of your own name"), ("Fern 1987", "a year"), ("Fern M1 1AE", "a postcode")],
)
def test_a_name_that_gives_her_away_is_met_with_a_gentle_word_and_may_be_kept(world, browser, alias, why):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, alias=alias, avatar="5", takes_part="audio")
    kept = {name: page.value(name) for name in ("alias", "avatar", "takes_part")}
    browser.send("/join/alias", **kept, keep=alias)

    assert (page.status, why in page.words) == (422, True)
    assert "Longname" not in page.html
    assert kept == {"alias": alias, "avatar": "5", "takes_part": "audio"}
    assert (browser.at, world.seat(issued).alias) == ("/here", alias)


def test_keeping_one_name_does_not_keep_another(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, alias="Mary", keep="Fern 1987")

    assert page.status == 422


def test_nothing_must_be_typed(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    walk(browser, issued)

    assert (browser.at, world.seat(issued).alias) == ("/here", "Ash")


def test_suggested_names_and_all_24_pictures_are_offered_with_words(world, browser):
    give_passcode(browser, world.invite("Ash"))
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")

    page = browser.send("/join/agreement", agree="yes")

    assert len(page.all("input", name="suggested")) == 4
    assert len(page.all("input", name="avatar")) == 24
    assert page.value("suggested") == "Ash"


@pytest.mark.parametrize(
    "wrong", [{"avatar": "25"}, {"avatar": "x"}, {"takes_part": "telepathy"}, {"alias": "w" * 101}]
)
def test_what_is_not_on_offer_comes_back(world, browser, wrong):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, **wrong)

    assert page.status == 422
    assert world.seat(issued).state == "expected"


def test_markup_in_a_name_stays_words(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    walk(browser, issued, alias="<b>Mary</b>")

    assert not browser.page.all("b")


def test_before_the_doors_are_open_she_waits_calmly_and_loses_nothing(world, browser):
    world.store.save_session(replace(world.session, starts_at=START))
    issued = world.invite("Ash")

    page = walk(browser, issued, alias="Fern")
    again = browser.send("/join/enter")
    world.open_doors()
    browser.send("/join/enter")

    assert "The doors are not open yet" in page.words
    assert "Thursday 5 March, 19:00" in page.words
    assert again.words == page.words
    assert (browser.at, world.seat(issued).alias) == ("/here", "Fern")


def test_a_session_that_is_over_says_so(world, browser):
    issued = world.invite("Ash")
    walk(browser, issued)
    world.store.save_session(replace(world.session, phase="closed", closed_at=START))

    page = browser.send("/join/enter")

    assert "It is over for today" in page.words


@pytest.mark.parametrize("role", ["facilitator", "peer_supporter", "tech_helper"])
def test_staff_go_straight_in(world, browser, role):
    world.begin()
    issued = world.invite("Sol", role)

    give_passcode(browser, issued)

    assert browser.at == "/here"
    assert world.seat(issued).state == "seated"


def test_staff_wait_calmly_until_it_is_begun(world, browser):
    issued = world.invite("Sol", "facilitator")

    page = give_passcode(browser, issued)
    world.begin()
    browser.send("/join/enter")

    assert "not open yet" in page.words
    assert browser.at == "/here"


def test_a_second_device_waits_until_a_facilitator_says_yes(world, app):
    host = world.open_doors()
    issued = world.invite("Ash")
    walk(Browser(app), issued)
    second = Browser(app)

    page = walk(second, issued)
    device = world.seat(issued).devices[-1].id
    world.perform(SettleDevice(seat=issued.invite.seat_id, device=device, keep="both"), by=host.invite.seat_id)

    assert "Please wait" in page.words
    assert "Please wait a moment" not in second.open("/here").words


def test_opening_her_link_again_on_the_same_phone_is_no_second_device(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)

    give_passcode(browser, issued)

    assert browser.at == "/here"
    assert len(world.seat(issued).devices) == 1


def test_who_left_and_comes_back_walks_the_whole_way_again(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)
    browser.client.post("/leave", headers={"Origin": "http://127.0.0.1:8000"})
    left = world.seat(issued).state

    page = give_passcode(browser, issued)

    assert left == "left"
    assert "somewhere private" in page.words


@pytest.mark.parametrize("seconds", [0, 59])
def test_an_answer_lost_on_the_way_in_makes_no_second_device(world, browser, seconds):
    world.open_doors()
    issued = world.invite("Ash")
    walk_to_the_alias(browser, issued)
    before, form = browser.cookies()["id"], {"csrf_token": browser.page.csrf}
    browser.send("/join/alias")
    mine = browser.cookies()["id"]
    browser.client.set_cookie("id", before)
    world.clock.turn(seconds=seconds)

    browser.send("/join/alias", **form)

    assert (browser.at, browser.page.status, browser.cookies()["id"]) == ("/here", 200, mine)
    assert len(world.seat(issued).devices) == 1


@pytest.mark.parametrize("path", ["/", "/help", "/about"])
def test_the_open_pages_can_be_read_without_any_way_in(browser, path):
    page = browser.open(path)

    assert page.status == 200
    assert "116 123" in page.html


def test_about_tells_the_camera_policy_to_those_in_the_group_alone(world, browser):
    assert "Cameras" not in browser.open("/about").words

    give_passcode(browser, world.invite())

    assert "Switch your camera on when you are ready" in browser.open("/about").words


def test_the_groups_number_is_on_every_page_once_she_is_known(world, browser):
    issued = world.invite("Ash")

    assert "020 7946 0000" not in browser.open(link(issued)).html
    assert "020 7946 0000" in browser.send(passcode=issued.passcode).html


def test_with_the_database_down_the_way_in_says_so(world, browser):
    issued = world.invite("Ash")
    browser.open(link(issued))
    world.store.down = True

    assert browser.send(passcode=issued.passcode).status == 503


@pytest.mark.parametrize("language", ["en", "cy", "ar", "zz"])
def test_the_language_of_the_phone_is_kept_where_nothing_else_is_known(world, browser, language):
    page = browser.open("/i/somewhere", headers={"Accept-Language": language})

    assert page.all("html")[0].attributes["lang"] in (language, "en")
