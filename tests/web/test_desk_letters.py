"""The desk's pages on letters: what to do about each, and how far a long send is."""

from typing import get_args

import pytest

from companion import drawing
from companion.ports import DeliveryFailed
from companion.service import inviting, organising, outbox
from tests.fakes.series import weekly
from tests.web.conftest import Browser
from tests.web.signing_in import signed_in


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def fail(world, trouble, kind="text"):
    permanent = trouble in ("address", "number", "opted_out", "refused")
    failure = DeliveryFailed("the reason", permanent=permanent, trouble=trouble)
    (world.texter if kind == "text" else world.mailer).failures = [failure]
    to = "07700 900123" if kind == "text" else "her@example.org"
    letter = outbox.post(world.deps, to, "s", "PRIVATE", kind=kind)
    outbox.deliver_due(world.deps)
    return letter


@pytest.mark.parametrize("kind", ["mail", "text"])
@pytest.mark.parametrize("advice", get_args(outbox.Advice))
def test_every_advice_has_a_sentence_for_each_kind(advice, kind):
    words = drawing.environment("en").get_template("desk/advice.html").module

    assert words.what_to_do(advice, kind).strip()
    assert words.kind_of(kind).strip()


def test_a_text_is_listed_without_its_number_or_words(world, desk):
    fail(world, "number")

    page = desk.open("/desk/letters")

    assert "Text message to …23" in page.words
    assert "This number takes no texts." in page.words
    assert not any(secret in page.html for secret in ("900123", "PRIVATE", "447700"))


def test_a_key_that_is_not_accepted_is_said_to_be_for_the_operator(world, desk):
    fail(world, "credentials")

    page = desk.open("/desk/letters")

    assert "The text service does not accept our key. The operator must look." in page.words
    assert "It is tried again by itself." in page.words
    assert "Try once more" not in page.words


@pytest.mark.parametrize(("press", "state"), [("arrived", "delivered"), ("again", "waiting"), ("forget", "stopped")])
def test_a_person_decides_about_a_text_that_nobody_is_sure_of(world, desk, press, state):
    world.texter.can_be_asked = False
    letter = fail(world, "unsure")
    page = desk.open("/desk/letters")

    desk.send(f"/desk/letters/{letter.id}/{press}")

    assert {"She has got it", "Try once more", "Take it off this list"} <= {
        words.split(":")[0].strip() for words in (e.words for e in page.all("button"))
    }
    assert world.store.shelf(type(letter)).get(letter.id).state == state


def test_nothing_can_be_pressed_about_what_is_not_there(desk):
    for press in ("again", "arrived", "forget"):
        desk.open("/desk/letters")
        assert desk.send(f"/desk/letters/gone/{press}").status == 404


def test_a_page_shows_how_far_a_long_send_is(world, desk):
    batch = outbox.begin_batch(world.deps, world.group.id)
    for number in range(4):
        outbox.post(world.deps, f"n{number}@example.org" if number else "nobody", "s", "b", batch=batch.id)
    outbox.deliver_due(world.deps)
    outbox.post(world.deps, "late@example.org", "s", "b", batch=batch.id)

    page = desk.open(f"/desk/batches/{batch.id}")

    (bar,) = page.all("progress")
    assert (bar.attributes["max"], bar.attributes["value"]) == ("5", "4")
    for words in ("4 of 5 are done.", "Waiting: 1", "On their way: 3", "Arrived: 0", "Did not arrive: 1"):
        assert words in page.words
    assert page.all("meta", **{"http-equiv": "refresh"}) == []
    assert page.all("a", href=f"/desk/batches/{batch.id}")
    assert page.all("a", href="/desk/letters")


def test_sending_is_paused_resumed_and_stopped(world, desk):
    batch = outbox.begin_batch(world.deps)
    outbox.post(world.deps, "her@example.org", "s", "b", batch=batch.id)
    path = f"/desk/batches/{batch.id}"
    desk.open(path)

    paused = desk.send(f"{path}/pause").words
    resumed = desk.send(f"{path}/resume").words
    stopped = desk.send(f"{path}/stop")

    assert desk.way == [(f"{path}/stop", 303), (path, 200)]
    assert "Sending is paused" in paused
    assert "Go on" in paused
    assert "Pause sending" in resumed
    assert "Sending was stopped" in stopped.words
    assert "Stopped before they left: 1" in stopped.words
    assert not {"/pause", "/resume", "/stop"} & {e.attributes["action"].removeprefix(path) for e in stopped.all("form")}


def test_a_batch_that_nobody_knows_is_no_page(world, desk):
    batch = outbox.begin_batch(world.deps)

    assert desk.open("/desk/batches/gone").status == 404
    desk.open(f"/desk/batches/{batch.id}")
    assert desk.send(f"/desk/batches/{batch.id}/dance").status == 404


def test_an_empty_batch_is_done(world, desk):
    batch = outbox.begin_batch(world.deps)

    page = desk.open(f"/desk/batches/{batch.id}")

    assert "0 of 0 are done." in page.words
    assert page.all("progress", max="1", value="1")


@pytest.mark.parametrize("path", ["/desk/letters", "/desk/batches/x"])
def test_nobody_sees_letters_without_logging_in(browser, path):
    browser.open(path)

    assert browser.at == "/desk/in"


@pytest.mark.parametrize("what", ["invite", "passcode", "one link", "reminder", "notice"])
def test_an_organiser_sees_every_letter_of_her_own_group_and_nobody_elses(world, browser, app, what):
    weekly(world)
    wren = world.person("Wren", email="wren@example.org", contact_is_safe=True)
    abouts = {
        "invite": lambda: f"invite {inviting.invite(world.deps, world.session.id, wren.id).invite.id}",
        "passcode": lambda: f"passcode {inviting.invite(world.deps, world.session.id, wren.id).invite.id}",
        "one link": lambda: f"invite {inviting.invite_to_series(world.deps, 'weekly', wren.id).invite.id}",
        "reminder": lambda: f"reminder {world.session.id} {wren.id}",
        "notice": lambda: f"notice {world.session.id}.1 {wren.id}",
    }
    letter = outbox.post(world.deps, "wren@example.org", "s", "b", about=abouts[what]())
    other = organising.add_group(world.deps, "Another circle")
    desk = signed_in(browser, world, "noor", "organiser")
    stranger = signed_in(Browser(app), world, "kit", "organiser", group=other.id)

    assert "w…@e…" in desk.open("/desk/letters").words
    assert "w…@e…" not in stranger.open("/desk/letters").words
    assert stranger.send(f"/desk/letters/{letter.id}/forget").status == 404
    assert desk.send(f"/desk/letters/{letter.id}/forget").status == 200
