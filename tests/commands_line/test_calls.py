"""Accounts with those who hold calls, from a terminal: kept, chosen, shown without secrets, and tried with a token."""

import io

import jwt
import pytest

from companion.service import calls, room_gate

SECRET = "a secret of one's own server, long enough"


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))


def an_account(say):
    return say(
        "platform", "add", "jitsi", "--name", "Ours", "--address", "https://meet.example", "--account", "companion"
    )


def test_a_token_for_one_seat_is_printed_and_fits_the_room_of_the_evening(say, deps, typed):
    platform = an_account(say)
    group = say("group", "add", "Tuesday circle")
    say("person", "add", group, "Amina Okafor", "--alias", "Wren", "--role", "facilitator")
    session = say("session", "add", group, "2036-07-03T19:00")
    say("invite", session, "Wren")
    say("session", "begin", session)
    without = say("call", "token", "--session", session, "--seat", "Wren")

    say("platform", "use", "Tuesday circle", platform)
    claims = jwt.decode(
        say("call", "token", "--session", session, "--seat", "Wren"), SECRET, ["HS256"], audience="jitsi"
    )

    assert without.startswith("1: The calls of this group are opened without a token")
    assert claims["room"] == calls.room_of(deps, deps.store.session(session)).ref
    assert (claims["iss"], claims["sub"]) == ("companion", "meet.example")
    assert claims["context"]["user"]["name"] == "Wren"
    assert "Amina" not in str(claims)
    address = say("call", "token", "--session", session, "--seat", "Wren", "--url")
    assert address.startswith(f"https://meet.example/{claims['room']}?jwt=")
    assert say("call", "token", "--session", session, "--seat", "Ash").startswith("1: 0 seats are called Ash")
    assert say("call", "token", "--session", "none", "--seat", "Ash").startswith("1: There is no session none")


def test_accounts_are_listed_without_their_secrets_and_can_be_taken_away(say, typed):
    platform, group = an_account(say), say("group", "add", "Tuesday circle")
    say("platform", "use", group, platform)

    listed = say("platform", "list")

    assert listed == f"{platform}  jitsi  Ours  https://meet.example\n  {group}  Tuesday circle"
    assert "Forgotten" in say("platform", "remove", platform)
    assert say("platform", "list") == ""
    assert say("platform", "remove", platform).startswith(f"1: There is no account {platform}")


def test_a_group_goes_back_to_its_own_address(say, deps, typed):
    group = say("group", "add", "Tuesday circle", "--call-link", "https://calls.example/1")
    say("platform", "use", group, an_account(say))
    say("platform", "use", group, "none")

    assert deps.calls.of(deps.store.groups()[0]).watched() == "https://calls.example/1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--address", "http://meet.example"), "must begin with https://"),
        (("--address", "https://meet.example", "--account", ""), "The account is missing"),
        (("--address", "https://meet.example", "--secret-file", "/no/such/file"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(say, typed, words, said):
    assert said in say("platform", "add", "jitsi", "--name", "Ours", "--account", "companion", *words)
    assert say("platform", "list") == ""


def test_a_weak_secret_is_refused(say, tmp_path):
    (tmp_path / "secret").write_text("hunter2")

    told = say(
        "platform",
        "add",
        "jitsi",
        "--name",
        "Ours",
        "--address",
        "https://meet.example",
        "--account",
        "companion",
        "--secret-file",
        tmp_path / "secret",
    )

    assert "too short" in told
    assert "hunter2" not in told


def test_a_gate_is_printed_as_prosody_wants_it_and_the_last_one_counts(say, deps, typed):
    platform = an_account(say)

    first, second = (say("platform", "gate", platform) for _ in range(2))

    prefix, headers, _, _, feed, feed_headers = second.splitlines()
    token = headers.partition("Bearer ")[2].partition('"')[0]
    assert prefix == f'reservations_api_prefix = "http://127.0.0.1:8000/hooks/rooms/{platform}"'
    assert feed == f'api_prefix = "http://127.0.0.1:8000/hooks/calls/{platform}"'
    assert feed_headers.removeprefix("api_headers") == headers.removeprefix("reservations_api_headers")
    assert first != second
    assert room_gate.asking(deps, platform, token) is not None
    assert say("platform", "gate", "nobody").startswith("1: ")
