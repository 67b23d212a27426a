"""Joining by one JSON message."""

import pytest

from companion.core.refusals import REASONS
from companion.service.accesses import connect_key
from tests.fakes.world import token_of, wrong_for


def message(issued, **more):
    return {
        "token": token_of(issued),
        "passcode": issued.passcode,
        "private_space": "yes",
        "agreement": True,
        **more,
    }


@pytest.fixture
def join(app):
    client = app.test_client()

    def post(body, **more):
        return client.post("/api/join", json=body, **more)

    return post


def test_one_message_leads_to_a_seat_with_cookie_and_key(world, app, join):
    world.open_doors()
    issued = world.invite("Ash")

    answer = join(message(issued, alias="Fern", avatar=3, takes_part="text"))

    given = answer.get_json()
    access = world.store.access_by_token(world.hash(given["cookie"]["value"]))
    assert answer.status_code == 200
    assert given == {
        "cookie": {"name": "id", "value": given["cookie"]["value"]},
        "key": connect_key(world.deps, access),
        "seat": issued.invite.seat_id,
        "role": "member",
        "state": "in",
    }
    assert "Set-Cookie" not in answer.headers
    assert (world.seat(issued).alias, world.seat(issued).takes_part, access.state) == ("Fern", "text", "in")


def test_the_cookie_opens_the_page_of_that_seat(world, app, join):
    world.open_doors()
    cookie = join(message(world.invite("Ash"))).get_json()["cookie"]
    client = app.test_client()
    client.set_cookie(cookie["name"], cookie["value"])

    assert client.get("/here").status_code == 200


def test_a_second_device_is_held(world, join):
    world.open_doors()
    issued = world.invite("Ash")

    states = [join(message(issued)).get_json()["state"] for _ in range(2)]

    assert states == ["in", "held"]


def test_staff_arrive_before_the_doors_open(world, join):
    world.begin()

    answer = join(message(world.invite("Sol", "facilitator")))

    assert (answer.get_json()["state"], answer.get_json()["role"]) == ("in", "facilitator")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"token": None}, 422, "missing_field"),
        ({"passcode": ""}, 422, "missing_field"),
        ({"private_space": None}, 422, "missing_field"),
        ({"token": 7}, 422, "wrong_type"),
        ({"passcode": 12345678}, 422, "wrong_type"),
        ({"alias": ["Fern"]}, 422, "wrong_type"),
        ({"avatar": "3"}, 422, "wrong_type"),
        ({"avatar": True}, 422, "wrong_type"),
        ({"avatar": 25}, 422, "not_a_choice"),
        ({"private_space": "maybe"}, 422, "not_a_choice"),
        ({"takes_part": "telepathy"}, 422, "not_a_choice"),
        ({"language": "xx"}, 422, "not_a_choice"),
        ({"agreement": False}, 422, "tick_needed"),
        ({"agreement": "yes"}, 422, "tick_needed"),
        ({"agreement": None}, 422, "tick_needed"),
        ({"seat": "somebody else's"}, 422, "unknown_field"),
        ({"alias": "w" * 201}, 413, "too_long"),
        ({"passcode": "12"}, 400, "malformed"),
    ],
)
def test_each_mistake_has_its_own_code_and_a_sentence(world, join, change, status, code):
    world.open_doors()
    issued = world.invite("Ash")

    answer = join(message(issued, **change))

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.get_json()["say"]
    assert code in REASONS
    assert world.seat(issued).state == "expected"
    assert world.again(issued).failures == 0


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_what_is_no_object_is_malformed(join, body):
    assert join(body).get_json()["code"] == "malformed"


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"{", "application/json"), (b"token=x", "application/x-www-form-urlencoded"), (b"{}", "text/plain"), (b"", "")],
)
def test_anything_but_json_is_malformed(app, data, kind):
    answer = app.test_client().post("/api/join", data=data, content_type=kind)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


def test_a_browser_with_cookies_and_a_foreign_page_are_refused(world, app, join):
    world.open_doors()
    issued = world.invite("Ash")
    with_cookie = app.test_client()
    with_cookie.set_cookie("id", "anything")

    answers = [
        with_cookie.post("/api/join", json=message(issued)),
        join(message(issued), headers={"Origin": "https://elsewhere.example"}),
        join(message(issued), headers={"Origin": "null"}),
    ]

    assert [(a.status_code, a.get_json()["code"]) for a in answers] == [(403, "wrong_origin")] * 3
    assert join(message(issued), headers={"Origin": "http://127.0.0.1:8000"}).status_code == 200


def test_guessing_is_counted_together_with_the_pages(world, join):
    world.open_doors()
    issued = world.invite("Ash")
    body = message(issued, passcode=wrong_for(issued))

    answers = [join(body).get_json() for _ in range(6)]
    nowhere = [join({**body, "token": "never-was"}).get_json() for _ in range(6)]

    assert [(a["code"], a.get("left")) for a in answers] == [
        *(("wrong_passcode", left) for left in (4, 3, 2, 1, 0)),
        ("too_fast", None),
    ]
    assert answers == nowhere


def test_closed_doors_are_told_and_leave_no_way_in_behind(world, join):
    answer = join(message(world.invite("Ash")))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "session_not_open")
    assert [access.state for access in world.store._accesses.values()] == ["ended"]


def test_a_database_that_is_down_is_told(world, join):
    issued = world.invite("Ash")
    world.store.down = True

    answer = join(message(issued))

    assert (answer.status_code, answer.get_json()["code"]) == (503, "not_sent")


def test_too_long_a_message_and_too_many_are_refused(world, join):
    assert join({"token": "x" * 20_000}).get_json()["code"] == "too_long"
    answers = [
        join({"token": f"t{n}", "passcode": "12345678", "private_space": "yes", "agreement": True}) for n in range(70)
    ]

    assert answers[-1].get_json()["code"] == "too_fast"
    assert answers[-1].status_code == 429


def test_other_methods_are_refused(app):
    assert app.test_client().get("/api/join").status_code == 405
