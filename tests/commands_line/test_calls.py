"""Accounts with those who hold calls, from a terminal: kept, chosen, shown without secrets, and tried with a token."""

import io

import jwt
import pytest

from companion.commands_line import doctor_calls
from companion.core.values import replace
from companion.ports import Planner
from companion.records import Platform
from companion.service import calls, room_gate
from tests.integrations.zoom_server import ACCOUNT, CLIENT, HOST, SCOPES, ZoomServer
from tests.integrations.zoom_server import SECRET as ZOOM_SECRET

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


@pytest.fixture
def zoom(say, tmp_path):
    """Give `platform add zoom`, with what is changed."""
    (tmp_path / "secret").write_text(f"{ZOOM_SECRET}\n")
    (tmp_path / "hook").write_text("secret-token-of-the-app\n")
    usual = {
        "--name": "Our Zoom",
        "--account": ACCOUNT,
        "--client-id": CLIENT,
        "--host": HOST,
        "--secret-file": tmp_path / "secret",
        "--hook-secret-file": tmp_path / "hook",
    }
    return lambda **changed: say(
        "platform",
        "add",
        "zoom",
        *(
            word
            for pair in (usual | {f"--{name.replace('_', '-')}": v for name, v in changed.items()}).items()
            for word in pair
        ),
    )


def test_an_app_at_zoom_is_kept_with_both_secrets_and_the_address_of_its_reports_is_printed(deps, zoom):
    made, reports = zoom().splitlines()
    (kept,) = deps.store.shelf(Platform).find()

    assert reports == f"Its reports go to http://127.0.0.1:8000/hooks/calls/{made}"
    assert (kept.kind, kept.address, kept.account, kept.secret) == ("zoom", "https://zoom.us", ACCOUNT, ZOOM_SECRET)
    assert kept.more == {"client_id": CLIENT, "host": HOST, "webhook_secret": "secret-token-of-the-app"}
    assert isinstance(deps.calls.on(kept), Planner)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"account": ""}, "The account is missing"),
        ({"client_id": ""}, "The client id is missing"),
        ({"host": ""}, "The host is missing"),
        ({"host": "me"}, "The host is missing"),
        ({"hook_secret_file": "/no/such/file"}, "The file named by --hook-secret-file cannot be read"),
        ({"secret_file": "/no/such/file"}, "The file named by --secret-file cannot be read"),
    ],
)
def test_what_is_missing_of_an_app_at_zoom_is_said_and_nothing_is_kept(say, zoom, changed, said):
    assert said in zoom(**changed)
    assert say("platform", "list") == ""


def test_a_hook_secret_that_is_cut_short_is_refused_and_not_shown(zoom, tmp_path):
    (tmp_path / "hook").write_text("It1s")

    told = zoom()

    assert "hook secret is too short" in told
    assert "It1s" not in told


@pytest.fixture
def server():
    made = ZoomServer()
    yield made
    made.close()


class Answering:
    """A probe that finds every address; what it is asked is kept."""

    def __init__(self):
        self.asked = []

    def look(self, address):
        self.asked.append(address)
        return "fine"


def looked_at(deps, server, **more):
    """What the doctor finds of one app."""
    said = {"client_id": CLIENT, "host": HOST, "webhook_secret": "secret-token-of-the-app", "api": server.api} | more
    kept = {name: text for name, text in said.items() if text}
    deps.store.shelf(Platform).put(
        Platform("p4", "zoom", "Our Zoom", server.address, ACCOUNT, ZOOM_SECRET, deps.clock(), kept)
    )
    return [(found.mark, found.say) for found in doctor_calls.look(replace(deps, probe=Answering()))]


def test_the_doctor_tries_the_credentials_of_zoom_and_changes_nothing(deps, server):
    ((mark, told),) = looked_at(deps, server)

    assert told == f"takes our app, has all its scopes and a host with a licence, and {server.api}/users answers"
    assert mark == "good"
    assert server.meetings == {}


def test_the_doctor_says_where_nothing_is_reported(deps, server):
    found = looked_at(deps, server, webhook_secret="")

    assert found[0] == ("note", doctor_calls.NO_REPORTS)
    assert [mark for mark, _ in found] == ["note", "good"]


def test_the_doctor_lists_the_scopes_that_are_missing_and_what_to_do(deps, server):
    server.scopes = SCOPES.replace("meeting:write:registrant:admin", "").replace("meeting:update:status:admin", "")

    ((mark, told),) = looked_at(deps, server)

    assert mark == "bad"
    lacking, _, to_do = told.partition(". ")
    assert lacking == "its app at Zoom lacks meeting:update:status:admin, meeting:write:registrant:admin"
    assert to_do.startswith("Mend it at marketplace.zoom.us")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"client_id": "nobody"}, "does not accept the client id or the client secret"),
        ({"host": "nobody@charity.example"}, "Zoom knows no such host"),
        ({"host": "me"}, "has no host"),
    ],
)
def test_the_doctor_says_which_credential_is_wrong(deps, server, change, said):
    ((mark, told),) = looked_at(deps, server, **change)

    assert mark == "bad"
    assert said in told
    assert ZOOM_SECRET not in told and "nobody@" not in told


def test_the_doctor_says_that_zoom_is_away(deps, server):
    server.close()

    ((mark, told),) = looked_at(deps, server)

    assert mark == "bad"
    assert told.startswith("Zoom cannot be reached")
    assert "status.zoom.us" in told
