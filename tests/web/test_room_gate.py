"""A Jitsi server asks before it makes a room: yes while a session or a one-to-one goes on, and a calm no otherwise."""

import logging
from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Platform
from companion.service import calls, platforms, room_gate
from integrations.calls import ChosenCalls
from tests.web.conftest import make_app

SECRET = "a secret of one's own server, long enough"
NAME = "application/x-www-form-urlencoded"


class Gate:
    """A server that asks, and the session whose rooms it asks for."""

    def __init__(self, world):
        self.world = world
        world.deps = replace(world.deps, calls=ChosenCalls(world.store.shelf(Platform).get, "jitsi.example"))
        self.deps = world.deps
        self.platform = platforms.add(self.deps, "jitsi", "Ours", "https://meet.example", "companion", SECRET)
        platforms.choose(self.deps, world.group.id, self.platform.id)
        self.token = room_gate.new_token(self.deps, self.platform.id)
        self.client = make_app(world).test_client()

    def ask(self, method="POST", ref="", *, token=None, platform=None, body=None):
        path = f"/hooks/rooms/{platform or self.platform.id}/conference{'' if method == 'POST' else f'/{ref}'}"
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        form = {"name": ref, "start_time": "2026-03-03T19:00:00.000Z", "mail_owner": "r7wren@meet.example"}
        content = {"data": form if body is None else body, "content_type": NAME} if method == "POST" else {}
        return self.client.open(path, method=method, headers=headers, **content)

    def room(self, one_to_one=""):
        return calls.room_of(self.deps, self.world.session, one_to_one).ref


@pytest.fixture
def gate(world):
    return Gate(world)


def test_the_room_of_a_session_opens_once_it_has_begun_and_not_before(gate):
    before = gate.ask(ref=gate.room())
    gate.world.open_doors()
    made = gate.ask(ref=gate.room())

    assert (before.status_code, before.json["message"]) == (403, "This room is not open now.")
    assert (made.status_code, made.json["id"], made.json["name"]) == (200, gate.room(), gate.room())
    assert made.json["duration"] == (90 + 120) * 60
    assert "max_occupants" not in made.json
    assert set(map(type, made.json.values())) == {str, int}


def test_a_room_that_is_open_lasts_an_hour_however_late_it_is(gate):
    gate.world.open_doors()
    gate.world.clock.now += timedelta(hours=5)

    assert gate.ask(ref=gate.room()).json["duration"] == 3600


def test_after_the_end_it_does_not_open_again(gate):
    sol = gate.world.open_doors()
    gate.world.perform(c.StartSession(), by=sol.invite.seat_id)
    gate.world.perform(c.BeginEnding(), by=sol.invite.seat_id)
    gate.world.perform(c.CloseSession(confirmed=True), by=sol.invite.seat_id)

    assert gate.ask(ref=gate.room()).status_code == 403
    assert gate.ask("GET", gate.room()).status_code == 404
    assert gate.ask("DELETE", gate.room()).status_code == 200


def test_the_room_of_two_opens_while_their_one_to_one_lasts_and_holds_no_crowd(gate):
    world = gate.world
    sol, wren, noor = world.open_doors(), world.invite("Wren"), world.invite("Noor", "peer_supporter")
    for issued, alias in ((wren, "Wren"), (noor, "Noor")):
        world.perform(c.Arrive(seat=issued.invite.seat_id, device=f"of {alias}", alias=alias))
    world.perform(c.AdmitAll(), by=sol.invite.seat_id)
    world.perform(c.GoOnDuty(), by=noor.invite.seat_id)
    world.perform(c.RequestBreakout(), by=wren.invite.seat_id)
    request = world.live().breakouts[0].id
    world.perform(c.ClaimBreakout(request), by=noor.invite.seat_id)

    asked = gate.ask(ref=gate.room(request)).status_code
    world.perform(c.AcceptBreakout(), by=wren.invite.seat_id)
    made = gate.ask(ref=gate.room(request))
    world.perform(c.FinishBreakout(), by=wren.invite.seat_id)
    ended = gate.ask(ref=gate.room(request)).status_code

    assert (asked, made.status_code, ended) == (403, 200, 403)
    assert made.json["max_occupants"] == 3


@pytest.mark.parametrize("way", ["no token", "another token", "an older token", "another platform", "no platform"])
def test_whoever_shows_no_token_of_this_account_learns_nothing(gate, way):
    gate.world.open_doors()
    other = platforms.add(gate.deps, "jitsi", "Theirs", "https://other.example", "companion", SECRET)
    old, token, platform = gate.token, gate.token, gate.platform.id
    if way == "an older token":
        room_gate.new_token(gate.deps, platform)
        token = old
    elif way in ("no token", "another token"):
        token = "" if way == "no token" else room_gate.new_token(gate.deps, other.id)
    else:
        platform = other.id if way == "another platform" else "nobody"

    answers = [gate.ask(method, gate.room(), token=token, platform=platform) for method in ("POST", "GET", "DELETE")]

    assert [(one.status_code, one.json["code"]) for one in answers] == [(401, "forged")] * 3


def test_the_rooms_of_another_organisation_are_not_its_own_to_open(gate):
    gate.world.open_doors()
    other = platforms.add(gate.deps, "jitsi", "Theirs", "https://other.example", "companion", SECRET)

    answer = gate.ask(ref=gate.room(), token=room_gate.new_token(gate.deps, other.id), platform=other.id)

    assert (answer.status_code, answer.json["code"]) == (403, "unknown")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"name=", 400, "malformed"),
        (b"name=" + b"x" * 300, 400, "malformed"),
        (b"name=" + b"x" * 5_000, 413, "oversized"),
        (b"name=%ff%fe", 403, "unknown"),
        ("name=räum".encode(), 403, "unknown"),
    ],
)
def test_what_is_no_question_is_refused_with_a_reason(gate, body, status, code):
    answer = gate.ask(body=body)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_the_log_knows_the_reason_and_no_name_or_room(gate, caplog):
    caplog.set_level(logging.DEBUG)
    gate.world.open_doors()
    gate.ask(ref=gate.room())
    gate.ask(ref="somebody-guesses")
    gate.ask(token="guessed-token")

    assert "room refused reason=unknown" in caplog.text
    assert "room refused reason=forged" in caplog.text
    assert not any(
        word in caplog.text for word in (gate.room(), "somebody-guesses", "guessed-token", "r7wren", gate.token)
    )


def test_only_an_account_of_ones_own_server_has_a_gate(gate):
    blue = platforms.add(gate.deps, "bigbluebutton", "Blue", "https://bbb.example/api", "", SECRET)

    for nobody in (blue.id, "nobody"):
        with pytest.raises(Refused, match="no_such_page"):
            room_gate.new_token(gate.deps, nobody)
