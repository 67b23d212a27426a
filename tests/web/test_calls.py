"""Opening the call from a page: our own redirect, to an address that no page shows; and calm words where it is away."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from companion.core.commands import AdmitAll
from companion.core.values import replace
from companion.ports import CallDown
from companion.records import Platform
from companion.service import platforms
from integrations.calls import ChosenCalls
from tests.web.conftest import Browser, make_app
from tests.web.walking import walk

SECRET = "a secret of one's own server, long enough"


class Away:
    """Implements ports.Calls: nothing answers."""

    def of(self, group):
        return self

    def entry(self, room, who, now):
        raise CallDown("secret words of a server")


@pytest.fixture
def world(world):
    calls = ChosenCalls(world.store.shelf(Platform).get, "jitsi.example")
    world.deps = replace(world.deps, calls=calls)
    made = platforms.add(world.deps, "jitsi", "Ours", "https://meet.example", "companion", SECRET)
    platforms.choose(world.deps, world.group.id, made.id)
    return world


def seated(world, browser):
    host = world.open_doors()
    walk(browser, world.invite("Ash"))
    world.perform(AdmitAll(), by=host.invite.seat_id)


def test_it_leads_to_her_own_way_in_and_browsers_are_told_to_forget_it(world, browser):
    seated(world, browser)

    answer = browser.client.get("/call")

    address = urlsplit(answer.headers["Location"])
    claims = jwt.decode(
        parse_qs(address.query)["jwt"][0],
        SECRET,
        ["HS256"],
        audience="jitsi",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert (answer.status_code, address.netloc, address.path) == (303, "meet.example", f"/{claims['room']}")
    assert claims["context"]["user"]["name"] in browser.open("/here").words
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_whoever_waits_is_told_so_and_nothing_of_the_call(world, browser):
    world.open_doors()
    walk(browser, world.invite("Ash"))

    answer = browser.client.get("/call")

    assert answer.status_code == 422
    assert "meet.example" not in answer.get_data(as_text=True)


def test_a_call_that_is_away_is_said_calmly_with_a_number_at_hand(world):
    world.deps = replace(world.deps, calls=Away())
    browser = Browser(make_app(world))
    seated(world, browser)

    for path, status in (("/call", 503), ("/room", 422)):
        answer = browser.client.get(path)
        assert answer.status_code == status
        assert "secret words" not in answer.get_data(as_text=True)
    assert "The call does not answer just now" in browser.open("/call").words
    assert browser.open("/here").response.status_code == 200
