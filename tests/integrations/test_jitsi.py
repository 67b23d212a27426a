"""Tokens for Jitsi: who is let in by a server's own rules, for how long, and what everybody in the room is told."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from companion.core.values import replace
from companion.ports import Attendee, Room
from companion.records import Platform
from integrations.jitsi.adapter import as_a_service, on_its_own_server
from tests.integrations.jitsi_server import EightByEight, NotLetIn, Prosody

NOW = datetime(2026, 3, 3, 19, 0, 30, tzinfo=UTC)
SECRET = "a secret of one's own server, long enough"
OWN = Platform("p1", "jitsi", "Our server", "https://meet.example", "companion", SECRET, NOW)
ROOM, PAIR = Room("abcdefghij234567", private=False), Room("zyxwvutsrq765432", private=True)
WREN, SOL = Attendee("r7wren", "Wren"), Attendee("r7sol", "Sol", leads=True)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
TENANT = "vpaas-magic-cookie-1234"
SERVICE = Platform("p2", "jaas", "The service", "https://8x8.vc", TENANT, PEM, NOW, more={"key_id": "abc123"})


def prosody() -> Prosody:
    return Prosody("companion", SECRET, "meet.example")


def service() -> EightByEight:
    return EightByEight(TENANT, {f"{TENANT}/abc123": KEY.public_key()})


KINDS = pytest.mark.parametrize(
    ("meetings", "server"),
    [(on_its_own_server(OWN), prosody()), (as_a_service(SERVICE), service())],
    ids=["a server of one's own", "a service"],
)


def token_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["jwt"][0]


@KINDS
def test_a_token_lets_her_into_this_room_and_no_other(meetings, server):
    token = token_in(meetings.entry(ROOM, WREN, NOW).url)

    assert server.let_in(token, ROOM.ref, NOW)["name"] == "Wren"
    with pytest.raises(NotLetIn, match="another room"):
        server.let_in(token, PAIR.ref, NOW)


@KINDS
def test_it_opens_for_three_minutes_whatever_the_clocks_say(meetings, server):
    entry = meetings.entry(ROOM, WREN, NOW)
    token = token_in(entry.url)

    assert entry.expires_at == NOW + timedelta(minutes=3)
    for minutes in (-0.9, 0, 2.9):
        server.let_in(token, ROOM.ref, NOW + timedelta(minutes=minutes))
    for minutes in (-2, 3.1, 60 * 24):
        with pytest.raises(NotLetIn, match="not at this time"):
            server.let_in(token, ROOM.ref, NOW + timedelta(minutes=minutes))


def test_everybody_in_the_room_learns_an_alias_and_an_opaque_reference_and_no_more():
    own = on_its_own_server(OWN)
    heard = prosody().let_in(token_in(own.entry(ROOM, WREN, NOW).url), ROOM.ref, NOW)
    leading = prosody().let_in(token_in(own.entry(ROOM, SOL, NOW).url), ROOM.ref, NOW)

    assert heard == {"id": "r7wren", "name": "Wren"}
    assert leading == {"id": "r7sol", "name": "Sol", "affiliation": "owner", "moderator": True}


def test_only_who_leads_moderates_at_the_service():
    there = as_a_service(SERVICE)

    assert [
        service().let_in(token_in(there.entry(ROOM, who, NOW).url), ROOM.ref, NOW)["moderator"] for who in (WREN, SOL)
    ] == ["false", "true"]


def test_the_id_of_a_key_may_be_typed_as_the_console_shows_it():
    whole = as_a_service(replace(SERVICE, more={"key_id": f"{TENANT}/abc123"}))

    assert service().let_in(token_in(whole.entry(ROOM, WREN, NOW).url), ROOM.ref, NOW)["id"] == "r7wren"


def test_nothing_is_recorded_streamed_or_dialled_at_the_service():
    token = token_in(as_a_service(SERVICE).entry(ROOM, SOL, NOW).url)
    features = jwt.decode(token, options={"verify_signature": False})["context"]["features"]

    assert set(features) >= {"recording", "livestreaming", "transcription", "outbound-call"}
    assert set(features.values()) == {"false"}


@pytest.mark.parametrize(
    "server",
    [
        Prosody("somebody-else", SECRET, "meet.example"),
        Prosody("companion", SECRET, "other.example"),
        Prosody("companion", "another secret of the same length, or so", "meet.example"),
    ],
    ids=["another app", "another host", "another secret"],
)
def test_no_other_server_takes_it(server):
    with pytest.raises(NotLetIn):
        server.let_in(token_in(on_its_own_server(OWN).entry(ROOM, WREN, NOW).url), ROOM.ref, NOW)


def test_the_address_is_the_servers_with_camera_and_microphone_off():
    own = urlsplit(on_its_own_server(OWN).entry(ROOM, WREN, NOW).url)
    pair = urlsplit(on_its_own_server(OWN).entry(PAIR, WREN, NOW).url)
    there = urlsplit(as_a_service(SERVICE).entry(ROOM, WREN, NOW).url)

    assert (own.netloc, own.path) == ("meet.example", f"/{ROOM.ref}")
    assert own.fragment == "config.startWithAudioMuted=true&config.startWithVideoMuted=true"
    assert pair.fragment == "config.startWithVideoMuted=true"
    assert (there.netloc, there.path) == ("8x8.vc", f"/{TENANT}/{ROOM.ref}")


@pytest.mark.parametrize(
    ("platform", "make", "wrong"),
    [
        (OWN, on_its_own_server, ""),
        (replace(OWN, account=""), on_its_own_server, "no_account"),
        (replace(OWN, secret="short"), on_its_own_server, "weak_secret"),
        (SERVICE, as_a_service, ""),
        (replace(SERVICE, account=""), as_a_service, "no_account"),
        (replace(SERVICE, more={}), as_a_service, "no_account"),
        (replace(SERVICE, secret="no key"), as_a_service, "bad_key"),
        (
            replace(
                SERVICE,
                secret=ec.generate_private_key(ec.SECP256R1())
                .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                .decode(),
            ),
            as_a_service,
            "bad_key",
        ),
    ],
)
def test_what_cannot_sign_is_said_and_leads_nowhere(platform, make, wrong):
    meetings = make(platform)

    assert meetings.check() == wrong
    assert (meetings.entry(ROOM, WREN, NOW) is None) == bool(wrong)
