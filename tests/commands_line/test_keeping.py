"""The terminal keeps watch: keys, the audit, backups, what is due, and a link that must open nothing."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from companion.commands_line import doctor
from companion.core.values import replace
from companion.records import AuditEntry, Reminder, SafeContact
from companion.service import audit, consents, erasing, inviting, moving, people
from companion.settings import BadSetting, from_environment
from companion.store import backups
from companion.wiring import make_deps
from tests.postgres import fresh_database
from tests.store.builders import a_state

NOW = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)


@pytest.fixture
def somebody(say):
    """A group with somebody who is invited; her id, and the invite's."""
    group = say("group", "add", "Tuesday circle")
    person = say("person", "add", group, "Amina Okafor", "--email", "her@example.org", "--contact-is-safe")
    session = say("session", "add", group, "2036-07-03T19:00")
    say("person", "told", person, "--by", "Sol")
    say("invite", session, person)
    return person, session


@pytest.fixture(autouse=True)
def nothing_is_served(home, monkeypatch):
    monkeypatch.setenv("PORT", "1")


def keys_of(home):
    return (home / "secret.key").read_text().split()


def settled(home):
    """As if the key file had been as it is for a while."""
    long_ago = time.time() - 120
    os.utime(home / "secret.key", (long_ago, long_ago))


def test_a_new_key_is_made_used_and_the_old_one_dropped(say, home, somebody):
    before = keys_of(home)
    (tag,) = re.findall(r"^(\w{8})  seals", say("keys", "list"), re.MULTILINE)

    rotated = say("keys", "rotate")
    listed = say("keys", "list")

    fresh, old = keys_of(home)
    assert old == before[0] != fresh
    assert re.search(r"\d+ rows are sealed with \w{8} now", rotated)
    assert f"{tag}  opens what is older" in listed
    assert "1 links that still open" in listed
    assert fresh not in listed + rotated
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600


def test_an_old_key_stays_as_long_as_something_needs_it(say, home, somebody, deps):
    assert say("keys", "drop-old").startswith("1: There is only one key.")
    say("keys", "rotate")
    assert "Wait a minute" in say("keys", "drop-old")
    settled(home)
    assert "1 links that still open" in say("keys", "drop-old")

    (invite,) = deps.store.invites(somebody[1])
    inviting.revoke(deps, invite.id)
    dropped = say("keys", "drop-old")

    assert "is left" in dropped
    assert len(keys_of(home)) == 1
    assert "Amina Okafor" in say("group", "list")
    assert "It fits together" in say("audit", "check")


def test_a_key_is_added_for_other_machines_first_and_used_later(say, home, somebody):
    added = re.match(r"\w{8}", say("keys", "add"))[0]
    first, last = keys_of(home)

    say("keys", "rotate", "--to", added)

    assert keys_of(home) == [last, first]
    assert say("keys", "rotate", "--to", "nothing").startswith("1: There is no key nothing")
    assert "0 rows are sealed" in say("keys", "rotate", "--again")


def test_keys_of_the_environment_are_changed_there(say, monkeypatch, somebody, home):
    first = keys_of(home)[0]
    monkeypatch.setenv("COMPANION_SECRET_KEY", f"{'n' * 40}\n{first}")

    rotated = say("keys", "rotate")

    assert "COMPANION_SECRET_KEY" in rotated
    assert re.search(r"[1-9]\d* rows are sealed", rotated)
    assert say("keys", "add").startswith("1: The keys come from COMPANION_SECRET_KEY")
    monkeypatch.setenv("COMPANION_SECRET_KEY", "n" * 40)
    assert "Amina Okafor" in say("group", "list")


def test_the_audit_says_whether_it_fits_together(say, deps, somebody):
    audit.note(deps, "exported", by="account x", about=f"person {somebody[0]}")
    audit.note(deps, "signed_in", by="account x")

    whole = say("audit", "check")
    known = re.search(r"--known (\S+)", whole)[1]
    assert say("audit", "check", "--known", known) == whole
    assert say("audit", "list").splitlines()[-1].split() == [
        "1",
        audit.entries(deps)[-1].at.isoformat(timespec="seconds"),
        "exported",
        "account",
        "x",
        "person",
        somebody[0],
    ]

    deps.store.shelf(AuditEntry).remove(id="000000000001")
    assert say("audit", "check") == "1: At 1: an entry is missing."
    assert ("bad", "audit") in {(found.mark, found.about) for found in doctor.look(os.environ)}
    assert say("audit", "check", "--known", "seven").startswith("1: --known takes")


def test_a_revoked_invite_opens_nothing(say, deps, somebody):
    (invite,) = deps.store.invites(somebody[1])

    told = say("revoke", invite.id)

    assert "opens nothing" in told
    assert deps.store.invite(invite.id).state == "revoked"
    assert [(entry.what, entry.by) for entry in audit.entries(deps)] == [("revoked_invite", "terminal")]
    assert say("revoke", "nowhere").startswith("1: ")


def test_letters_in_the_folder_are_sealed_and_can_be_shown(say, home, somebody):
    person, session = somebody
    say("invite", "send", session, person)

    (file,) = (home / "mail").iterdir()
    shown = say("mail", "show")

    assert file.suffix == ".sealed"
    assert not any(word in file.read_bytes() for word in (b"her@example.org", b"/i/", b"Subject"))
    assert "To: her@example.org" in shown
    assert "/i/" in shown


def test_a_backup_is_made_while_it_is_in_use_and_put_back(say, home, tmp_path, somebody, deps):
    folder = tmp_path / "backups"
    deps.store.create(a_state("evening"), None)
    made = say("backup", folder).splitlines()[0]
    say("group", "add", "A later group")

    restored = say("restore", made)

    assert "is in its place" in restored
    assert "A later group" not in say("group", "list")
    assert "Amina Okafor" in say("group", "list")
    assert list(make_deps(from_environment()).store.live()) == []
    assert (home / "companion.sqlite3.before").exists()


def test_a_backup_shows_nothing_and_holds_nothing_that_was_live(say, home, tmp_path, somebody, deps):
    deps.store.create(a_state("evening"), None)
    made = say("backup", tmp_path / "backups").splitlines()[0]
    raw = backups.opened(from_environment(), type(home)(made))

    assert (home / "backup.key").stat().st_mode & 0o777 == 0o600
    assert type(home)(made).stat().st_mode & 0o777 == 0o600
    assert b"SQLite" not in type(home)(made).read_bytes()
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(raw)
        left = [copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in backups.LEFT_OUT]  # noqa: S608
        assert left == [0] * len(backups.LEFT_OUT)
        assert copy.execute("SELECT count(*) FROM people").fetchone() == (1,)
    with deps.store.database.reading() as db:
        (document,) = db.exec_driver_sql("SELECT document FROM live_sessions").one()
        (wrapped,) = db.exec_driver_sql("SELECT wrapped_key FROM session_keys").one()
    assert not any(piece in raw for piece in (document[20:60], wrapped[20:60]))


@pytest.mark.parametrize("harm", ["altered", "renamed", "another key"])
def test_a_backup_that_is_not_ours_is_not_put_back(say, home, tmp_path, somebody, harm):
    made = type(home)(say("backup", tmp_path / "backups").splitlines()[0])
    if harm == "altered":
        made.write_bytes(made.read_bytes()[:-1] + b"x")
    elif harm == "renamed":
        made = made.rename(made.with_name("companion-20260101T000000Z-0000.backup"))
    else:
        (home / "backup.key").write_text("k" * 40)

    assert "cannot be opened" in say("restore", made)
    assert "Amina Okafor" in say("group", "list")


def test_what_happened_since_the_backup_is_not_undone_by_it(say, tmp_path, somebody, deps):
    person, session = somebody
    other = say("person", "add", "Tuesday circle", "Beth", "--alias", "Ash")
    say("person", "told", other, "--by", "Sol")
    say("invite", session, other)
    made = say("backup", tmp_path / "backups").splitlines()[0]
    revoked = next(one for one in deps.store.invites(session) if one.person_id == other)
    inviting.revoke(deps, revoked.id)
    erasing.erase(deps, person, "account x")

    told = say("restore", made)

    after = make_deps(from_environment())
    assert "1 people were erased again" in told
    assert (after.store.person(person), after.store.invite(revoked.id).state) == (None, "revoked")
    assert audit.check(after) == ()
    assert [entry.what for entry in audit.entries(after)][:2] == ["restored", "erased"]


def test_on_a_new_machine_no_link_is_trusted(say, home, tmp_path, somebody):
    made = say("backup", tmp_path / "backups").splitlines()[0]
    for file in home.glob("companion.sqlite3*"):
        file.unlink()

    told = say("restore", made)

    (invite,) = make_deps(from_environment()).store.invites(somebody[1])
    assert "1 invites are taken back" in told
    assert invite.state == "revoked"


def test_a_backup_goes_elsewhere(say, home, somebody):
    assert "choose another folder" in say("backup", home / "backups")
    assert say("backup").startswith("1: Say into which folder")


def test_old_backups_are_removed_and_nothing_else(tmp_path):
    names = [
        f"companion-{(NOW - timedelta(days=days)).strftime(backups.STAMP)}Z-abcd.backup" for days in (0, 13, 14, 40)
    ]
    for name in (*names, "other.backup", "companion.sqlite3"):
        (tmp_path / name).touch()

    assert backups.purge(tmp_path, NOW) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[:2], "other.backup", "companion.sqlite3"])
    assert backups.purge(tmp_path / "nowhere", NOW) == 0


def test_purge_says_what_it_removed(say, somebody, monkeypatch, tmp_path):
    assert say("purge").startswith("0 visits, 0 people, 0 letters, 0 audit entries")
    monkeypatch.setenv("COMPANION_BACKUPS", str(tmp_path / "backups"))
    assert say("purge").endswith("0 backups")
    assert "there is none yet" in say("doctor")


def test_a_backup_key_open_to_others_is_refused(say, home, tmp_path, somebody):
    say("backup", tmp_path / "backups")
    (home / "backup.key").chmod(0o644)

    assert "chmod 600" in say("backup", tmp_path / "backups")
    with pytest.raises(BadSetting):
        backups.backup_key(from_environment(), make=True)


@pytest.mark.postgres
def test_a_backup_of_postgresql_is_a_dump_without_what_was_live(say, home, tmp_path, monkeypatch):
    with fresh_database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        say("group", "add", "Tuesday circle")
        deps = make_deps(from_environment())
        deps.store.create(a_state("evening"), None)
        deps.store.dispose()
        made = say("backup", tmp_path / "backups").splitlines()[0]

        assert "say where to write the dump" in say("restore", made)
        told = say("restore", made, "--to", tmp_path / "companion.dump")

    plain = ["pg_restore", "--data-only", "-f", "-", tmp_path / "companion.dump"]
    restored = subprocess.run(plain, capture_output=True, text=True, check=True).stdout
    assert "pg_restore --clean" in told
    assert (tmp_path / "companion.dump").stat().st_mode & 0o777 == 0o600
    assert "COPY public.groups" in restored
    assert not any(f"COPY public.{table} " in restored for table in backups.LEFT_OUT)


def test_an_address_that_is_not_safe_any_more_does_not_come_back(say, tmp_path, somebody, deps):
    person, _ = somebody
    gone = say("person", "add", "Tuesday circle", "Beth", "--alias", "Ash", "--contact-is-safe")
    made = say("backup", tmp_path / "backups").splitlines()[0]
    people.change(deps, person, lambda her: replace(her, email="new@example.org", contact=SafeContact("none")))
    people.leave(deps, gone)

    say("restore", made)

    after = make_deps(from_environment())
    her = after.store.person(person)
    assert (her.email, her.contact.channel, her.contact_confirmed_at) == ("new@example.org", "none", None)
    assert not consents.holds(after, person, "contact")
    assert after.store.person(gone).left_at is not None


def test_a_date_is_as_people_were_told_and_nobody_is_reminded_of_it_twice(say, tmp_path, somebody, deps):
    _, session = somebody
    made = say("backup", tmp_path / "backups").splitlines()[0]
    moved = deps.store.session(session).starts_at + timedelta(days=1)
    moving.move(deps, session, moved, 90, 0, "Jo")
    deps.store.shelf(Reminder).add(Reminder("r", session, NOW, NOW))

    say("restore", made)

    after = make_deps(from_environment())
    assert (after.store.session(session).starts_at, after.store.session(session).sequence) == (moved, 1)
    assert [one.id for one in after.store.shelf(Reminder).find()] == ["r"]


def test_on_a_new_machine_nobody_is_written_to_before_she_was_asked(say, home, tmp_path, somebody):
    made = say("backup", tmp_path / "backups").splitlines()[0]
    for file in home.glob("companion.sqlite3*"):
        file.unlink()

    told = say("restore", made)

    after = make_deps(from_environment())
    assert after.store.person(somebody[0]).contact_confirmed_at is None
    assert not consents.holds(after, somebody[0], "contact")
    assert "Ask everybody how she may be reached" in told
