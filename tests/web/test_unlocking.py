"""A browser that was silent for a while: what it is shown and refused, what opens it again, and what puts that off."""

from datetime import timedelta

import pytest

from companion.service import locking, presence
from tests.fakes.world import token_of, wrong_for
from tests.web.conftest import Browser
from tests.web.walking import give_passcode, walk

READING = timedelta(seconds=locking.READING_SECONDS)
SILENT = timedelta(seconds=locking.SILENT_SECONDS)


@pytest.fixture
def wren(world, browser):
    """Her browser in the waiting room, connected."""
    world.open_doors()
    browser.issued = world.invite("Wren")
    walk(browser, browser.issued, alias="Wren")
    (access,) = world.store.accesses_of_seat(world.session.id, browser.issued.invite.seat_id)
    browser.access_id = access.id
    connect(world, browser)
    return browser


def access_of(world, browser):
    return world.store.access(browser.access_id)


def connect(world, browser):
    presence.sockets_opened(world.deps, [presence.Opened(access_of(world, browser), "page", "node")])


def close(world, browser, **how):
    access = access_of(world, browser)
    gone = presence.Closed(access.id, access.session_id, access.seat_id, "page", **how)
    presence.sockets_closed(world.deps, [gone])


def left(world, browser):
    return access_of(world, browser).locks_at - world.clock()


def lock(world, browser):
    close(world, browser)
    world.clock.turn(minutes=1)
    assert browser.open("/here").status == 401


def act(browser, **fields):
    headers = {"Sec-Fetch-Site": "same-origin"}
    return browser.client.post("/act/choose_how", data={"how": "text", **fields}, headers=headers)


def test_it_gives_no_hint_of_its_group_on_any_page(world, wren):
    lock(world, wren)

    assert not any(word in wren.page.html for word in ("Wren", "Tuesday", "7946"))
    for path in ("/help", "/about"):
        assert wren.open(path).words == Browser(wren.app).open(path).words
        assert "7946" not in wren.page.html


def test_her_link_opens_it_with_one_passcode_as_the_same_device(world, wren):
    lock(world, wren)

    give_passcode(wren, wren.issued)

    assert (wren.at, wren.page.status) == ("/here", 200)
    assert [device.id for device in world.seat(wren.issued).devices] == [wren.access_id]


def test_whoever_goes_again_right_after_her_passcode_is_locked_again(world, wren):
    lock(world, wren)
    wren.send("/here/open", passcode=wren.issued.passcode)
    assert wren.page.status == 200

    world.clock.turn(minutes=15)

    assert wren.open("/here").status == 401


def test_a_double_click_ends_on_her_page(world, wren):
    lock(world, wren)
    csrf, old = wren.page.csrf, wren.cookies()["id"]
    answers = []
    for _ in range(2):
        wren.client.set_cookie("id", old)  # the second was sent before the first was answered
        answers.append(wren.client.post("/here/open", data={"csrf_token": csrf, "passcode": wren.issued.passcode}))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert wren.open("/here").status == 200


def test_the_old_cookie_alone_is_given_the_new_one_nowhere(world, wren):
    lock(world, wren)
    old = wren.cookies()["id"]
    wren.send("/here/open", passcode=wren.issued.passcode)
    thief = Browser(wren.app)
    thief.client.set_cookie("id", old)

    csrf = thief.open(f"/i/{token_of(wren.issued)}").csrf
    thief.client.post("/join/enter", data={"csrf_token": csrf})
    wrong = thief.client.post("/here/open", data={"csrf_token": csrf, "passcode": wrong_for(wren.issued)})

    assert (wrong.status_code, thief.cookies()["id"]) == (422, old)
    assert thief.open("/here").status == 401


def test_too_many_wrong_passcodes_are_told_to_wait(world, wren):
    lock(world, wren)

    answers = [wren.send("/here/open", passcode=wrong_for(wren.issued)) for _ in range(6)]

    assert [page.status for page in answers] == [422] * 5 + [429]
    assert world.again(wren.issued).failures == 5


def test_a_browser_without_any_access_has_nothing_to_open(world, wren):
    lock(world, wren)
    csrf = wren.page.csrf
    wren.client.delete_cookie("id")

    answer = wren.client.post("/here/open", data={"csrf_token": csrf, "passcode": wren.issued.passcode})

    assert answer.status_code == 401


def test_a_page_that_was_asked_for_before_hers_had_gone_takes_its_place(world, wren):
    world.clock.turn(minutes=5)
    wren.open("/help")

    close(world, wren)

    assert left(world, wren) == READING


def test_a_reload_leaves_the_short_time_as_it_is_and_renews_the_long_one(world, wren):
    close(world, wren)
    wren.open("/here")
    assert left(world, wren) == SILENT

    wren.open("/help")
    world.clock.turn(minutes=14)
    wren.open("/here")

    assert left(world, wren) == READING


def test_acts_by_plain_forms_put_it_off(world, wren):
    close(world, wren)
    world.clock.turn(seconds=44)

    assert act(wren).status_code == 303

    assert left(world, wren) == READING


def test_a_page_that_is_still_open_loses_no_tap(world, wren):
    stamp = wren.open("/here").all("main")[0].attributes["data-tap"]
    lock(world, wren)

    assert act(wren, tap=stamp).status_code == 303

    assert world.seat(wren.issued).takes_part == "text"
    assert left(world, wren) == READING


def test_without_the_value_of_a_page_a_locked_browser_can_do_nothing(world, wren):
    lock(world, wren)
    before = world.live()

    assert act(wren).status_code == 401

    assert world.live() == before
