"""The terminal: from nothing to an invited person, and what the doctor says."""

import re
import stat
from importlib.metadata import entry_points

import pytest

from companion import cli
from companion.commands_line import doctor
from companion.core.values import replace
from companion.records import Grant, Recovery
from companion.service.staff import links, recovering, roles
from tests.fakes.staff import an_account
from tests.integrations.mail_server import a_mail_server


def findings(**env):
    return {(found.mark, found.about): found.say for found in doctor.look(env)}


def marks(**env):
    return {(found.mark, found.about) for found in doctor.look(env)}


def test_from_nothing_to_an_invited_person(say, deps):
    first = re.search(r"/desk/begin/(\w+)", say("staff", "begin"))[1]
    group = say("group", "add", "Tuesday circle", "--backup-number", "020 7946 0000")
    person = say("person", "add", "Tuesday circle", "Amina Okafor", "--alias", "Wren", "--role", "facilitator")
    session = say("session", "add", group, "2036-07-03T19:00")
    invited = say("invite", session, "Wren")
    ready = say("session", "begin", session)

    link, passcode = re.fullmatch(r"link\s+(\S+)\npasscode\s+(\d{4} \d{4})", invited).groups()
    assert links.make_account(deps, first, "jo", "seven herons by the water").keeper
    assert link.startswith("http://127.0.0.1:8000/i/")
    assert deps.hasher.verify(deps.store.invites(session)[0].passcode_hash, passcode.replace(" ", ""))
    assert deps.store.session(session).starts_at.isoformat() == "2036-07-03T18:00:00+00:00"
    assert deps.store.person(person).role == "facilitator"
    assert "ready" in ready
    assert [seat.alias for seat in deps.store.load(session).state.seats] == ["Wren"]


def test_a_colleague_is_invited_with_her_roles(say, deps):
    group = say("group", "add", "Tuesday circle")

    told = say("staff", "invite", "Noor", "--organiser", group, "--tech-helper", "Tuesday circle")

    link = links.look(deps, re.search(r"/desk/begin/(\w+)", told)[1])
    assert (link.name, link.keeper) == ("Noor", False)
    assert link.grants == (Grant(group, "organiser"), Grant(group, "tech_helper"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("invite", "Noor"), "Please say what she does here"),
        (("invite", "Noor", "--organiser", "nowhere"), "There is no group 'nowhere'"),
        (("recover", "nobody"), "There is no account 'nobody'"),
    ],
)
def test_what_staff_commands_cannot_do_is_said_plainly(say, words, told):
    assert say("staff", *words).startswith(f"1: {told}")


def test_whoever_keeps_the_house_alone_is_let_in_from_the_terminal(say, deps):
    first = links.begin(deps).address.rpartition("/")[2]
    jo = links.make_account(deps, first, "jo", "seven herons by the water")

    begun = say("staff", "begin")
    told = say("staff", "recover", "JO")

    assert begun.startswith("1: Somebody looks after this installation already.")
    assert links.look(deps, re.search(r"/desk/begin/(\w+)", told)[1]).account_id == jo.id


def test_the_terminal_is_one_of_two_where_there_is_one_colleague(say, deps):
    account, keeper = an_account(deps, "noor"), an_account(deps, "jo", keeper=True)

    alone = say("staff", "recover", "noor")
    (recovery,) = deps.store.shelf(Recovery).find()
    made = recovering.agree(deps, recovery.id, roles.standing(deps, keeper))
    an_account(deps, "sam", keeper=True)

    assert "One colleague must agree too" in alone
    assert made.link.account_id == account.id
    assert say("staff", "recover", "noor").startswith("1: Two colleagues can agree at their desk")


def test_a_group_agrees_on_what_it_does_in_danger(say, deps):
    group = say("group", "add", "Tuesday circle")

    said = say(
        *("group", "plan", "Tuesday circle", "--lead", "Sol", "--number", "020 7946 0111"),
        *("--second", "Rae, 020 7946 0112", "--steps", "Stay with her."),
    )

    plan = deps.store.group(group).settings.safeguarding
    assert said == "Kept. The doors of this group can open."
    assert (plan.lead, plan.second) == ("Sol", "Rae, 020 7946 0112")


def test_the_list_shows_ids_and_no_contacts(say):
    group = say("group", "add", "Tuesday circle")
    person = say("person", "add", group, "Amina Okafor", "--email", "her@example.org", "--phone", "020 7946 0001")

    listed = say("group", "list")

    assert group in listed
    assert person in listed
    assert "example.org" not in listed
    assert "7946" not in listed


def test_a_link_by_mail_leaves_its_passcode_behind(say, home):
    group = say("group", "add", "Tuesday circle")
    person = say("person", "add", group, "Amina", "--email", "her@example.org", "--contact-is-safe")
    session = say("session", "add", group, "2036-07-03T19:00")
    say("person", "told", person)

    told = say("invite", "send", session, person)

    (letter,) = (home / "mail").iterdir()
    (passcode,) = re.findall(r"\d{4} \d{4}", told)
    assert "left by e-mail" in told
    assert "/i/" not in told
    shown = say("mail", "show")
    assert letter.suffix == ".sealed"
    assert passcode not in shown
    assert "/i/" in shown


def test_nothing_is_sent_where_it_may_not_be_safe(say, home):
    group = say("group", "add", "Tuesday circle")
    person = say("person", "add", group, "Amina", "--email", "her@example.org")
    session = say("session", "add", group, "2036-07-03T19:00")

    untold = say("invite", "send", session, person)
    told = say("person", "told", person, "--by", "Sol")
    refused = say("invite", "send", session, person)
    confirmed = say("person", "confirm", person)
    sent = say("invite", "send", session, person)

    assert untold.startswith("1: Nobody has told her yet how it works")
    assert told == "Kept. She can be invited."
    assert refused.startswith("1: Nobody has confirmed within 90 days")
    assert confirmed == "Confirmed for 90 days."
    assert "left by e-mail" in sent


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("session", "add", "nowhere", "2036-07-03T19:00"), "There is no group 'nowhere'"),
        (("session", "begin", "nowhere"), "There is no session 'nowhere'"),
        (("invite", "nowhere", "x"), "There is no session 'nowhere'"),
        (("person", "confirm", "nowhere"), "This person is not here now."),
    ],
)
def test_what_is_not_there_is_said_plainly(say, words, told):
    assert say(*words).startswith(f"1: {told}")


def test_two_of_one_name_are_not_mixed_up(say):
    group = say("group", "add", "Tuesday circle")
    session = say("session", "add", group, "2036-07-03T19:00")
    for _ in range(2):
        say("person", "add", group, "Amina")

    assert say("invite", session, "Amina").startswith("1: There is more than one person 'Amina'")


def test_a_date_that_is_none_is_said_plainly(say):
    say("group", "add", "Tuesday circle")

    assert "write it like" in say("session", "add", "Tuesday circle", "soon")


@pytest.mark.parametrize(
    "setting", [("PORT", "many"), ("COMPANION_SECRET_KEY", "short"), ("COMPANION_BASE_URL", "ftp://x")]
)
def test_a_bad_setting_is_said_plainly(say, monkeypatch, setting):
    monkeypatch.setenv(*setting)

    assert say("group", "list").startswith("1: ")
    assert setting[0] in say("group", "list")


def test_a_database_that_cannot_be_reached_is_said_plainly(say, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")

    told = say("group", "list")

    assert told.startswith("1: ")
    assert "secret" not in told


def test_every_command_explains_itself(capsys):
    for words in (
        [],
        ["staff"],
        ["staff", "invite"],
        ["group"],
        ["person"],
        ["session"],
        ["invite"],
        ["demo"],
        ["run"],
        ["doctor"],
    ):
        with pytest.raises(SystemExit) as left:
            cli.main([*words, "--help"])
        assert left.value.code == 0
        assert "usage: companion" in capsys.readouterr().out


def test_the_doctor_changes_nothing_on_a_bare_machine(home, say):
    told = say("doctor")

    assert "made at the first start" in told
    assert "Nothing stands in the way." in told
    assert not home.exists()


def test_the_doctor_finds_what_is_configured(say, home):
    say("group", "add", "Tuesday circle")

    told = say("doctor")

    assert "takes a write" in told
    assert "1 groups" in told
    assert "no https address for its call" in told
    assert "Tuesday" not in told


@pytest.mark.parametrize(
    ("env", "finding"),
    [
        ({"PORT": "x"}, ("bad", "settings")),
        ({"COMPANION_BASE_URL": "http://notes.example"}, ("bad", "address")),
        ({"COMPANION_BASE_URL": "https://notes.example"}, ("good", "address")),
        ({"COMPANION_BASE_URL": "https://support-group.example"}, ("bad", "address")),
        ({"COMPANION_BASE_URL": "https://notes.example"}, ("note", "proxy")),
        ({"COMPANION_BASE_URL": "https://notes.example", "COMPANION_DEVELOPMENT": "1"}, ("bad", "development")),
        ({"COMPANION_MAIL": "pigeon"}, ("bad", "mail")),
        ({"COMPANION_MAIL": "smtp://us:secret@127.0.0.1:1"}, ("bad", "mail")),
        ({"COMPANION_MAIL_FROM": "womens-support@example.org"}, ("bad", "sender")),
        ({"COMPANION_JITSI_DOMAIN": "calls.example"}, ("good", "jitsi")),
        ({"COMPANION_SECRET_KEY": "k" * 40}, ("good", "secret key")),
        ({"COMPANION_SERVER": "gevent"}, ("good", "server")),
        ({"COMPANION_REDIS": "http://127.0.0.1:1"}, ("bad", "settings")),
        ({"COMPANION_REDIS": "redis://:secret@127.0.0.1:1/0"}, ("bad", "nodes")),
        ({"COMPANION_REDIS": "redis://:secret@127.0.0.1:1/0"}, ("note", "nodes")),
        ({"DATABASE_URL": "postgresql://us:secret@127.0.0.1:1/none"}, ("bad", "database")),
    ],
)
def test_the_doctor_sees_each_setting_and_shows_no_secret(tmp_path, env, finding):
    found = findings(COMPANION_DATA=str(tmp_path / "data"), **env)

    assert finding in found
    assert not any("secret@" in say or "kkkk" in say for say in found.values())


def test_the_doctor_knocks_at_the_mail_server(tmp_path):
    with a_mail_server() as server:
        found = marks(COMPANION_DATA=str(tmp_path / "data"), COMPANION_MAIL=f"smtp://127.0.0.1:{server.port}")

    assert ("good", "mail") in found


def test_the_doctor_minds_open_folders_and_key_files(home, deps):
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    home.chmod(0o755)
    note = marks(COMPANION_DATA=str(home))
    next(home.glob("*key*")).chmod(0o644)
    bad = marks(COMPANION_DATA=str(home))

    assert ("note", "data folder") in note
    assert ("bad", "secret key") in bad


def test_the_command_is_installed_under_its_name():
    (found,) = entry_points(group="console_scripts", name="companion")

    assert found.load() is cli.main


def test_a_date_is_meant_and_listed_on_the_clock_of_its_group(say, deps):
    group = say("group", "add", "Tuesday circle")
    kept = deps.store.group(group)
    deps.store.save_group(replace(kept, settings=replace(kept.settings, zone="Asia/Karachi")))

    session = say("session", "add", group, "2036-07-03T19:00")

    assert deps.store.session(session).starts_at.hour == 14
    assert "Thursday 3 July, 19:00" in say("group", "list")
