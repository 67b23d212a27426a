"""The settings of the outbox, what the doctor says of them, and what a mail server pipes in."""

import io
import os
import sys

import pytest

from companion import cli
from companion.commands_line import doctor
from companion.outbox_settings import Pace
from companion.records import Gateway, Letter
from companion.service import outbox
from companion.settings import BadSetting, from_environment
from companion.wiring import make_deps, texter
from tests.integrations import gateways as g
from tests.service.test_bounces import notification

TWILIO = {
    "COMPANION_TEXTS": "twilio",
    "COMPANION_TEXTS_FROM": "+447700900999",
    "COMPANION_TWILIO_ACCOUNT": g.ACCOUNT,
    "COMPANION_TWILIO_TOKEN": g.TOKEN,
}
VONAGE = {
    "COMPANION_TEXTS": "vonage",
    "COMPANION_TEXTS_FROM": "Notes",
    "COMPANION_VONAGE_APPLICATION": g.APPLICATION,
    "COMPANION_VONAGE_KEY": g.PRIVATE,
    "COMPANION_VONAGE_SIGNATURE": g.SIGNATURE,
}
NOTIFY = {
    "COMPANION_TEXTS": "notify",
    "COMPANION_NOTIFY_KEY": g.NOTIFY_KEY,
    "COMPANION_NOTIFY_TEMPLATE": g.TEMPLATE,
    "COMPANION_NOTIFY_CALLBACK": g.CALLBACK,
}
GATEWAYS = {"twilio": TWILIO, "vonage": VONAGE, "notify": NOTIFY, "folder": {"COMPANION_TEXTS": "folder"}, "": {}}
SECRETS = (g.TOKEN, g.SIGNATURE, g.SECRET, g.CALLBACK, "PRIVATE KEY", g.PRIVATE[60:90])


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("COMPANION_") or name in ("PORT", "DATABASE_URL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COMPANION_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def found(home, env):
    return {f.about: (f.mark, f.say) for f in doctor.look({"COMPANION_DATA": str(home), **env})}


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_setting_chooses_the_gateway(name):
    assert texter(from_environment(GATEWAYS[name])).name == name


@pytest.mark.parametrize("name", ["twilio", "vonage", "notify"])
def test_the_doctor_says_what_is_set_up_and_prints_no_key(home, name):
    said = found(home, {**GATEWAYS[name], "COMPANION_BASE_URL": "https://notes.example"})

    assert said["texts"][0] == "good"
    assert name in said["texts"][1]
    assert f"https://notes.example/hooks/text/{name}" in said["reports"][1]
    assert not any(secret in say for _, say in said.values() for secret in SECRETS)


@pytest.mark.parametrize("name", ["twilio", "vonage", "notify"])
def test_the_doctor_names_each_setting_that_is_missing(home, name):
    for missing in set(GATEWAYS[name]) - {"COMPANION_TEXTS"}:
        mark, say = found(home, {**GATEWAYS[name], missing: ""})["texts"]

        assert (mark, missing in say) == ("bad", True)
        assert not any(secret in say for secret in SECRETS)


@pytest.mark.parametrize(
    ("env", "about", "mark"),
    [
        ({}, "texts", "note"),
        ({"COMPANION_TEXTS": "folder"}, "texts", "note"),
        (TWILIO, "reports", "note"),
        ({**VONAGE, "COMPANION_TEXTS_FROM": "Refuge"}, "text sender", "bad"),
        ({**VONAGE, "COMPANION_VONAGE_KEY": "/no/such/file"}, "texts", "bad"),
        ({**VONAGE, "COMPANION_VONAGE_KEY": "-----BEGIN nothing"}, "texts", "bad"),
        ({**NOTIFY, "COMPANION_NOTIFY_KEY": "half"}, "texts", "bad"),
        ({}, "phone line", "note"),
        ({**TWILIO, "COMPANION_PHONE_LINE": "+447700900998"}, "phone line", "bad"),
        ({"COMPANION_PHONE_LINE": "+447700900998"}, "phone line", "bad"),
        ({"COMPANION_PHONE_LINE": "07700 900998"}, "settings", "bad"),
        ({"COMPANION_TEXTS": "pigeon"}, "settings", "bad"),
        ({"COMPANION_TEXTS_API": "http://elsewhere.example"}, "settings", "bad"),
        ({"COMPANION_TEXTS_PACE": "fast"}, "settings", "bad"),
        ({"COMPANION_MAIL_PACE": "0 1 1"}, "settings", "bad"),
        ({"COMPANION_MAIL_BOUNCES": "bounces@example.org"}, "settings", "bad"),
        ({"COMPANION_MAIL_BOUNCES": "back+{}@example.org"}, "bounces", "good"),
        ({"COMPANION_MAIL": "smtp://127.0.0.1:1"}, "bounces", "note"),
    ],
)
def test_the_doctor_sees_each_setting(home, env, about, mark):
    assert found(home, env)[about][0] == mark


def test_the_doctor_says_what_to_type_in_for_the_phone_line(home):
    env = {**TWILIO, "COMPANION_PHONE_LINE": "+447700900998", "COMPANION_BASE_URL": "https://notes.example"}

    said = found(home, env)

    assert said["phone line"] == ("good", "+447700900998. Type in at Twilio for each number:")
    assert said["a call"] == ("good", "comes in: Webhook, https://notes.example/hooks/line/voice, HTTP POST")
    assert said["a message"] == ("good", "comes in: Webhook, https://notes.example/hooks/line/text, HTTP POST")
    assert not any(secret in say for _, say in said.values() for secret in SECRETS)


@pytest.mark.parametrize(("trouble", "mark"), [("credentials", "bad"), ("throttled", "note"), ("down", "note")])
def test_the_doctor_says_when_a_way_out_is_shut(home, trouble, mark):
    deps = make_deps(from_environment())
    deps.store.shelf(Gateway).put(Gateway("mail", 3, trouble, deps.clock()))

    assert found(home, {})["way out"][0] == mark


def test_a_key_may_be_in_a_file(tmp_path):
    file = tmp_path / "private.key"
    file.write_text(g.PRIVATE)

    assert texter(from_environment({**VONAGE, "COMPANION_VONAGE_KEY": str(file)})).name == "vonage"


def test_settings_that_are_not_whole_do_not_start(home):
    with pytest.raises(BadSetting, match="COMPANION_TWILIO_TOKEN"):
        make_deps(from_environment({**TWILIO, "COMPANION_DATA": str(home), "COMPANION_TWILIO_TOKEN": ""}))


def test_settings_do_not_show_their_keys():
    for env in (TWILIO, VONAGE, NOTIFY):
        assert not any(secret in repr(from_environment(env)) for secret in SECRETS)


def test_a_pace_is_three_numbers():
    assert from_environment({"COMPANION_TEXTS_PACE": "2, 30, 400"}).texts_pace == Pace(2, 30, 400)
    assert from_environment({}).texts_pace == Pace(1, 60, 1000)


@pytest.fixture
def piped(monkeypatch, capsys):
    """Give the command a letter; its return code and what it said."""

    def give(raw):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        return cli.main(["mail", "bounce"]), "".join(capsys.readouterr())

    return give


def test_a_bounce_from_the_mail_server_is_noted(home, piped):
    deps = make_deps(from_environment())
    letter = outbox.post(deps, "her@example.org", "s", "b")
    outbox.deliver_due(deps)

    code, said = piped(notification(letter.reference))

    assert (code, said) == (0, "Noted: failed.\n")
    assert deps.store.shelf(Letter).get(letter.id).trouble == "address"


def test_a_forged_bounce_changes_nothing_and_nobody_is_answered(home, piped):
    code, said = piped(notification("0" * 32))

    assert (code, said) == (0, "Nothing was changed: unknown.\n")


def test_while_the_database_is_away_the_mail_server_is_asked_to_come_again(home, piped, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    code, _ = piped(notification("0" * 32))

    assert code == os.EX_TEMPFAIL
