"""Whoever has no passcode knocks: by voice, or for a tech helper."""

import pytest

from companion.core.commands import LetInByVoice, RefuseVoice
from tests.web.conftest import Browser
from tests.web.walking import link, walk


def test_somebody_without_a_passcode_is_let_in_by_her_voice(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))

    page = browser.send(ask="voice")
    seat = world.seat(issued)
    shown = page.all("bdi")[-1].words
    waiting = browser.open(browser.at)
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)
    onward = browser.open(browser.at)

    assert browser.way[-1][0] == "/join"
    assert seat.voice_knock.number == shown
    assert shown in waiting.words
    assert "somewhere private" in onward.words
    assert "at" not in browser.cookies()


def test_a_voice_that_nobody_knows_hears_so(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))
    browser.send(ask="voice")
    seat = world.seat(issued)
    world.perform(RefuseVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)

    page = browser.open(f"{link(issued)}/voice")

    assert "This device was not let in" in page.words
    again = browser.send()
    assert world.seat(issued).voice_knock.number in again.words


def test_a_knock_leaves_the_seat_of_this_browser_alone(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)
    mine = browser.cookies()["id"]
    browser.open("/i/some-other-link")

    browser.send(ask="voice")

    assert browser.cookies()["id"] == mine
    assert browser.open("/here").status == 200


@pytest.mark.parametrize("becomes_of_it", ["waits", "refused", "let in"])
def test_a_knock_in_the_place_of_an_access_tells_nothing_of_the_link(world, app, becomes_of_it):
    host = world.open_doors()
    issued = world.invite("Ash")
    answers = []
    for address in (link(issued), "/i/some-other-link"):
        browser = Browser(app)
        browser.open(address)
        browser.send(ask="voice")
        stranger = Browser(app)
        stranger.client.set_cookie("id", browser.cookies()["at"])
        knock = world.seat(issued).voice_knock
        if knock is not None and becomes_of_it != "waits":
            command = LetInByVoice if becomes_of_it == "let in" else RefuseVoice
            world.perform(command(seat=issued.invite.seat_id, device=knock.device), by=host.invite.seat_id)
        answers.append(
            [
                (answer.status_code, answer.headers.get("Location"), len(answer.data))
                for path in ("/", "/help", "/about", "/here", "/join", "/call", "/room", "/leave")
                for answer in [stranger.client.get(path)]
            ]
        )

    assert answers[0] == answers[1]
    assert world.live().seat(issued.invite.seat_id).state == "expected"


def test_being_let_in_by_voice_may_be_looked_at_twice(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))
    browser.send(ask="voice")
    knock, seat = browser.cookies()["at"], world.seat(issued)
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)
    browser.open(browser.at)
    browser.client.delete_cookie("id")
    browser.client.set_cookie("at", knock)

    page = browser.open(f"{link(issued)}/voice")

    assert "somewhere private" in page.words


def test_the_page_of_a_knock_without_a_knock_is_the_link_itself(world, browser):
    issued = world.invite()

    browser.open(f"{link(issued)}/voice")

    assert browser.at == link(issued)


def test_knocking_without_end_is_stopped(world, app):
    browser = Browser(app)
    browser.open("/i/somewhere")
    statuses = [
        browser.client.post(
            "/i/somewhere/voice",
            data={"csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        ).status_code
        for _ in range(12)
    ]

    assert statuses == [303] * 10 + [429] * 2


def test_somebody_who_cannot_get_in_tells_a_tech_helper(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))

    page = browser.send(ask="help", words="no code came")
    again = browser.open(link(issued))

    (ticket,) = world.live().tickets
    assert (ticket.seat, ticket.words) == (issued.invite.seat_id, "no code came")
    assert "If this link is in use today" in page.words
    assert "If this link is in use today" not in again.words
