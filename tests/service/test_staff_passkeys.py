"""Passkeys: a device signs a challenge that was drawn for one browser, once, for us and nobody else."""

import json

import pytest

from companion.core.values import replace
from companion.records import Challenge, Passkey
from companion.service.staff import passkeys
from companion.service.staff.passkeys import NotThisKey
from companion.settings import Settings
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import a_browser, an_account
from tests.fakes.world import a_world


class Desk:
    """Somebody with a device, in one browser."""

    def __init__(self, world, name="jo"):
        self.deps = world.deps
        self.account = an_account(world.deps, name)
        self.session = a_browser(world.deps, self.account).session
        self.device = Authenticator()

    def options(self, purpose="use"):
        ask = passkeys.to_use if purpose == "use" else passkeys.to_add
        return ask(self.deps, self.session, self.account)

    def add(self, given=None, session=None):
        given = self.device.make(self.options("add")) if given is None else given
        return passkeys.add(self.deps, session or self.session, self.account, given, " my   phone ")

    def use(self, given, session=None):
        passkeys.use(self.deps, session or self.session, self.account, given)


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def jo(world):
    desk = Desk(world)
    desk.add()
    return desk


def test_a_passkey_that_was_made_opens_again_and_again(world, jo):
    for _ in range(3):
        jo.use(jo.device.use(jo.options()))

    (kept,) = passkeys.of_account(world.deps, jo.account.id)
    assert (kept.label, kept.sign_count) == ("my phone", 3)


def test_what_is_asked_of_the_device_names_no_group_and_wants_her_to_be_asked(jo):
    made, used = json.loads(jo.options("add")), json.loads(jo.options())

    assert (made["rp"], made["user"]["name"]) == ({"name": "Notes", "id": "localhost"}, "jo")
    assert made["authenticatorSelection"]["userVerification"] == used["userVerification"] == "required"
    assert made["attestation"] == "none"
    assert made["excludeCredentials"] == used["allowCredentials"]
    assert len(used["allowCredentials"]) == 1


def test_the_same_signature_opens_nothing_the_second_time(jo):
    given = jo.device.use(jo.options())
    jo.use(given)

    with pytest.raises(NotThisKey):
        jo.use(given)


def test_a_refused_signature_uses_its_challenge_up(jo):
    options = jo.options()
    jo.device.verifies = False
    with pytest.raises(NotThisKey):
        jo.use(jo.device.use(options))

    jo.device.verifies = True
    with pytest.raises(NotThisKey):
        jo.use(jo.device.use(options))


@pytest.mark.parametrize("forged", ["origin", "host", "verifies", "count", "challenge", "signature", "purpose", "late"])
def test_what_is_not_quite_right_opens_nothing(world, jo, forged):
    jo.use(jo.device.use(jo.options()))
    options = jo.options("use")
    changes = {"origin": "http://localhost:9000", "host": "evil.example", "verifies": False, "count": 0}
    if forged in changes:
        setattr(jo.device, forged, changes[forged])
    if forged == "challenge":
        options = json.dumps({**json.loads(options), "challenge": "A" * 86})
    if forged == "purpose":
        options = json.dumps({**json.loads(options), "challenge": json.loads(jo.options("add"))["challenge"]})
    given = json.loads(jo.device.use(options))
    if forged == "signature":
        given["response"]["signature"] = json.loads(Authenticator(keys=jo.device.keys).use(jo.options()))["response"][
            "signature"
        ]
    if forged == "late":
        world.clock.turn(minutes=5)

    with pytest.raises(NotThisKey):
        jo.use(json.dumps(given))


@pytest.mark.parametrize("forged", ["origin", "host", "verifies"])
def test_no_passkey_is_made_elsewhere_or_unasked(world, jo, forged):
    jo.device = Authenticator(**{forged: {"origin": "https://evil.example", "host": "evil", "verifies": False}[forged]})

    with pytest.raises(NotThisKey):
        jo.add()

    assert len(passkeys.of_account(world.deps, jo.account.id)) == 1


@pytest.mark.parametrize(
    "given", ["", "{}", "[]", "null", "x" * 9000, '{"id": 1, "response": {}}', '{"id":"a","rawId":"a"}']
)
def test_what_no_device_would_send_opens_nothing(jo, given):
    with pytest.raises(NotThisKey):
        jo.use(given)
    with pytest.raises(NotThisKey):
        jo.add(given)


def test_a_challenge_belongs_to_one_browser(world, jo):
    other = a_browser(world.deps, jo.account).session
    given = jo.device.use(jo.options())

    with pytest.raises(NotThisKey):
        jo.use(given, session=other)


def test_a_colleagues_passkey_does_not_open_my_account(world, jo):
    sam = Desk(world, "sam")
    sam.add()
    options = json.loads(jo.options())
    options["allowCredentials"] = [{"id": name} for name in sam.device.keys]

    with pytest.raises(NotThisKey):
        jo.use(sam.device.use(json.dumps(options)))


def test_a_passkey_is_known_once(world, jo):
    given = jo.device.make(jo.options("add"))
    jo.add(given)
    options = json.loads(jo.options("add"))
    sam = Desk(world, "sam")
    again = json.loads(given)
    again["response"]["clientDataJSON"] = json.loads(Authenticator().make(json.dumps(options)))["response"][
        "clientDataJSON"
    ]

    with pytest.raises(NotThisKey):
        passkeys.add(sam.deps, jo.session, sam.account, json.dumps(again), "")

    assert world.store.shelf(Passkey).get(again["id"]).account_id == jo.account.id


def test_old_challenges_are_cleared_away(world, jo):
    for _ in range(3):
        jo.options()
    world.clock.turn(minutes=6)

    jo.options()

    assert len(world.store.shelf(Challenge).find()) == 1


def test_a_passkey_that_was_removed_opens_nothing(world, jo):
    options = jo.options()
    (kept,) = passkeys.of_account(world.deps, jo.account.id)

    passkeys.forget(world.deps, jo.account, kept.id)

    with pytest.raises(NotThisKey):
        jo.use(jo.device.use(options))


def test_nobody_removes_the_passkey_of_somebody_else(world, jo):
    (kept,) = passkeys.of_account(world.deps, jo.account.id)

    passkeys.forget(world.deps, replace(jo.account, id="sam"), kept.id)

    assert passkeys.of_account(world.deps, jo.account.id) == [kept]


@pytest.mark.parametrize(
    ("settings", "host", "origins"),
    [
        ({"port": 9000}, "localhost", ("http://localhost:9000",)),
        ({"base_url": "https://notes.example"}, "notes.example", ("https://notes.example",)),
        ({"base_url": "https://notes.example:8443/"}, "notes.example", ("https://notes.example:8443",)),
        ({"base_url": "http://192.0.2.7:8000"}, "", ()),
        ({"base_url": "https://[2001:db8::7]"}, "", ()),
        (
            {"base_url": "https://notes.example", "origins": ("https://zoom.example", "https://evil.example")},
            "notes.example",
            ("https://notes.example",),
        ),
    ],
)
def test_passkeys_are_for_the_name_that_people_open(settings, host, origins):
    found = Settings(**settings)

    assert (found.passkey_host, found.passkey_origins) == (host, origins)
