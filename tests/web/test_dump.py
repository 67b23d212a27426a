"""A whole story on a real database; then everything a thief could carry away is searched for what must not be there.

Database, log of the database, log of the service, mail folder, backup and key check: no name, number, address,
passcode, token or word that somebody said stands there in clear, nor in a dress that is as good as clear.
"""

from __future__ import annotations

import base64
import logging
import re
import subprocess
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.values import replace
from companion.ports import DeliveryFailed, Heard, Waiting
from companion.records import AccessCard, GroupSettings, Invite, Letter, SafeContact
from companion.service import gathering, giving, inviting, line_pins, organising, outbox, phone_line, platforms, tapping
from companion.service.delivering import KINDS
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.passcodes import grouped
from companion.service.perform import perform
from companion.service.routes import Routes
from companion.service.staff import accounts
from companion.settings import Settings, from_environment
from companion.store import backups
from companion.wiring import make_deps
from integrations.mail.fake import FakeMailer
from integrations.sms.fake import FakeTexter
from tests.fakes.plans import PLAN
from tests.fakes.world import token_of
from tests.postgres import fresh_database, postgres_folder
from tests.web.conftest import Browser, make_app
from tests.web.dumps import dresses, everything_in, found_in

NAMES = ("Marigold Fennimore", "Persephone Quillfeather", "Théodora Ünsal", "مريم القصبي")
CONTACTS = ("marigold.fennimore@example.org", "+44 7700 900 142", "persephone@quillfeather.example", "020 7946 0583")
SAID = ("it was about the move", "please look after her tonight", "07700 900 687", "left ear is the better one")
MORE = ("Harbour Lights circle", "https://call.example/harbour-4821", "01632 960 777", "Magpie-on-the-fence", "Goldy")
CALLER = ("+447700900731", "CA5e0f84c1b2d3a4958677869504132231", "+442079460733")
KEEPER = "keeper-of-the-keys"
PASSWORD = "eleven lanterns over the harbour"
PLATFORM = ("Lighthouse server", "https://meet.lighthouse.example", "lantern-app", "forty-two herons stood on the pier")


@dataclass
class Story:
    """What happened, and whatever of it must stand nowhere."""

    deps: Deps
    folder: Path
    secrets: list[str] = field(default_factory=list)
    harmless: list[str] = field(default_factory=list)  # what does stand there, so that the search is seen to find


def tell(story: Story) -> None:
    """A group, people, invites by letter and by hand, an evening with much said, letters sent and waiting."""
    deps = story.deps
    story.secrets += [*NAMES, *CONTACTS, *SAID, *MORE, *PLATFORM, *CALLER, KEEPER, PASSWORD]
    accounts.make(deps, KEEPER, PASSWORD)
    settings = GroupSettings(call_link=MORE[1], backup_number=MORE[2], safeguarding=PLAN)
    group = organising.add_group(deps, MORE[0], settings)
    platforms.choose(deps, group.id, platforms.add(deps, "jitsi", *PLATFORM).id)
    session = organising.add_session(deps, group.id, deps.clock())
    invites = [invited(story, group.id, session.id, number) for number in range(len(NAMES))]
    send_letters(story, invites)
    gathering.begin(deps, session.id)
    perform(deps, session.id, c.OpenDoors(), by=SYSTEM)
    join(story, invites[0])
    talk(story, session.id, invites[0].invite)
    phone(story, invites[3].invite)
    story.harmless += [group.id, session.id, invites[0].invite.id]


def invited(story: Story, group_id: str, session_id: str, number: int) -> inviting.Issued:
    deps = story.deps
    email, phone = (CONTACTS[number : number + 2]) if number in (0, 2) else ("", "")
    person = organising.add_person(
        deps, group_id, "member", NAMES[number], "", email=email, phone=phone, contact_is_safe=True, waived_by="Sol"
    )
    card = AccessCard(("captions",), SAID[3], shared=True)
    deps.store.save_person(replace(person, contact=SafeContact(name_to_use=MORE[4], also="text"), access_card=card))
    issued = inviting.invite(deps, session_id, person.id)
    story.secrets += [token_of(issued), issued.passcode, grouped(issued.passcode)]
    return issued


def send_letters(story: Story, invites: list[inviting.Issued]) -> None:
    """The link by letter and the passcode by text; one pair of them leaves into the folders, the other one waits."""
    ways = Routes("email", "text")
    giving.again(story.deps, invites[0].invite.id, ways)
    story.secrets += [word for letter in story.deps.store.letters() for word in words_of(letter)]
    assert [outbox.deliver_due(story.deps, kind) for kind in KINDS] == [1, 1]
    invites[0] = inviting.reissue(story.deps, invites[0].invite.id)
    story.secrets += [token_of(invites[0]), invites[0].passcode]
    away = [DeliveryFailed("it is away", trouble="down")] * 2
    down = replace(story.deps, mailer=FakeMailer(failures=away), texter=FakeTexter(failures=away))
    giving.again(down, invites[2].invite.id, ways)
    story.secrets += [word for letter in story.deps.store.letters() for word in words_of(letter)]
    assert [outbox.deliver_due(down, kind) for kind in KINDS] == [0, 0]
    assert len(story.deps.store.letters()) == 2


def words_of(letter: Letter) -> list[str]:
    """Whatever a letter says that opens something."""
    return [word.rpartition("/i/")[2].strip(".") for word in re.findall(r"\S+/i/\w+|\d{4} ?\d{4}", letter.body)]


def join(story: Story, issued: inviting.Issued) -> None:
    """Through the pages, as a browser does, with a wrong passcode first."""
    browser = Browser(make_app(SimpleNamespace(deps=story.deps)))
    browser.open(f"/i/{token_of(issued)}")
    browser.send(passcode="00000000")
    browser.send(passcode=issued.passcode)
    story.secrets += cookies_of(browser)
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")
    browser.send("/join/agreement", agree="yes")
    browser.send("/join/alias", alias=MORE[3], takes_part="video", avatar="1", language="en")
    story.secrets += cookies_of(browser)
    assert browser.at == "/here"


def cookies_of(browser: Browser) -> list[str]:
    found = [value for value in browser.cookies().values() if len(value) == 28]  # the tokens of ways in
    assert len(found) == 1
    return found


def talk(story: Story, session_id: str, invite: Invite) -> None:
    deps, seat = story.deps, invite.seat_id
    (access,) = deps.store.accesses_of_seat(session_id, seat)
    helper = invited_staff(story, session_id)
    perform(deps, session_id, c.AdmitSeat(seat), by=helper)
    perform(deps, session_id, c.StartSession(), by=helper)
    for number, (name, fields) in enumerate(
        (
            ("request_turn", {"note": SAID[0]}),
            ("open_ticket", {"kind": "cannot_hear"}),
            ("call_me", {"number": SAID[2]}),
            ("raise_break_signal", {"strength": "check_on_me"}),
            ("nonsense", {"words": SAID[0]}),
        )
    ):
        tapping.tap(deps, access.id, f"tap-number-{number}", name, fields)
    perform(deps, session_id, c.WriteNote("care", SAID[1]), by=helper)
    state = deps.store.load(session_id).state
    assert [MORE[3] in repr(state), *(said in repr(state) for said in SAID[:3])] == [True] * 4


def phone(story: Story, invite: Invite) -> None:
    """Digits of her own, a wrong try, and keys by a call and by a text."""
    deps, guesses, (number, call, other) = story.deps, Guesses(), CALLER
    digits = line_pins.make(deps, invite.person_id, "account x")
    wrong = f"{(int(digits) + 1) % 10**9:09}"
    story.secrets += [digits, line_pins.grouped(digits), wrong]
    said = [
        phone_line.answer(deps, guesses, Heard("call", f"call {call}", other, f"{call} 1", wrong, Waiting(9, 1))),
        phone_line.answer(deps, guesses, Heard("call", f"call {call}", other, f"{call} 2", digits, Waiting(9, 2))),
        phone_line.answer(deps, guesses, Heard("call", f"call {call}", other, f"{call} 3", "2", Waiting(1, 3))),
        phone_line.answer(deps, guesses, Heard("text", f"number {number}", number, "SM1", digits, Waiting(0, 0))),
        phone_line.answer(deps, guesses, Heard("text", f"number {number}", number, "SM2", "break", Waiting(0, 0))),
    ]
    assert [one.code for one in said] == ["no", "wait", "done", "wait", "done"]


def invited_staff(story: Story, session_id: str) -> str:
    deps = story.deps
    group_id = deps.store.session(session_id).group_id
    person = organising.add_person(deps, group_id, "facilitator", "Somebody Staffly", "Sol")
    issued = inviting.invite(deps, session_id, person.id)
    story.secrets += ["Somebody Staffly", token_of(issued), issued.passcode]
    perform(deps, session_id, c.Arrive(seat=issued.invite.seat_id, device="laptop", alias="Sol"), by=SYSTEM)
    return issued.invite.seat_id


@contextmanager
def logged_to(file: Path):
    """All that the service logs, as ``companion run`` has it and more."""
    handler = logging.FileHandler(file)
    root, own = logging.getLogger(), logging.getLogger("companion")
    levels = root.level, own.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    own.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(levels[0])
        own.setLevel(levels[1])
        handler.close()


def told_on(settings: Settings) -> Story:
    story = Story(make_deps(settings), settings.data)
    with logged_to(settings.data / "server.log"):
        tell(story)
    return story


def test_whoever_steals_every_file_reads_nobodys_words(tmp_path):
    settings = from_environment({"COMPANION_DATA": str(tmp_path / "data"), "COMPANION_TEXTS": "folder"})
    story = told_on(settings)
    made = backups.back_up(settings, tmp_path / "backups", story.deps.clock())

    files = [*everything_in(tmp_path)]

    names = {name.partition("/")[2] for name, _ in files}
    assert {"companion.sqlite3", "companion.sqlite3-wal", "server.log", made.name} <= names
    assert sum(name.endswith(".sealed") for name in names) == 2
    assert {name: found_in(raw, story.secrets) for name, raw in files} == {name: [] for name, _ in files}
    database = b"".join(raw for name, raw in files if "sqlite3" in name)
    assert all(found_in(database, [one]) for one in story.harmless)  # this search does find what is there
    opened = backups.opened(settings, made)
    assert found_in(opened, story.secrets) == []
    assert found_in(opened, story.harmless)


@pytest.mark.postgres
def test_whoever_steals_a_dump_and_the_data_folder_of_postgresql_reads_nobodys_words(tmp_path):
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database())
        given = {"COMPANION_DATA": str(tmp_path / "data"), "COMPANION_TEXTS": "folder", "DATABASE_URL": url}
        settings = from_environment(given)
        plain = url.replace("postgresql+psycopg", "postgresql")
        begins = wal_position(plain)
        story = told_on(settings)
        stack.callback(story.deps.store.dispose)

        dump = subprocess.run(["pg_dump", plain], capture_output=True, check=True).stdout
        pages, wal = pages_of(plain), wal_since(plain, begins)

        assert found_in(dump, story.secrets) == []
        assert all(found_in(dump, [one]) for one in story.harmless)
        for raw in (pages, wal):
            assert found_in(raw, story.secrets) == []
            assert all(found_in(raw, [one]) for one in story.harmless)
        for name, raw in everything_in(settings.data):
            assert (name, found_in(raw, story.secrets)) == (name, [])


def wal_position(url: str) -> tuple[str, int]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT * FROM pg_walfile_name_offset(pg_current_wal_lsn())").fetchone()


def wal_since(url: str, begins: tuple[str, int]) -> bytes:
    """The log of the database from there until now."""
    last, end = wal_position(url)
    with psycopg.connect(url) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone()
    files = {path.name: path.read_bytes() for path in (Path(folder) / "pg_wal").iterdir() if len(path.name) == 24}
    files[last] = files[last][:end]
    first, offset = begins
    return b"".join(raw for name, raw in sorted(files.items()) if first <= name <= last)[offset:]


def pages_of(url: str) -> bytes:
    """The files of every table and index of ours, with what is stored out of line."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchone()
        found = connection.execute(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('public', 'pg_toast') AND c.relkind IN ('r', 'i', 't')"
        ).fetchall()
    return b"".join((Path(folder) / path).read_bytes() for (path,) in found if path)


@pytest.mark.parametrize("dress", sorted(dresses(CONTACTS[1])))
def test_the_search_finds_a_secret_in_every_dress(dress):
    planted = b"\x00 something " + dresses(CONTACTS[1])[dress] + b" more \xff"

    assert (CONTACTS[1], dress) in found_in(planted, CONTACTS)


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("coded", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_search_finds_a_secret_in_the_middle_of_base64(before, coded):
    raw = coded(f"{before}{CONTACTS[0]} and more".encode())

    assert [secret for secret, _ in found_in(raw, [CONTACTS[0]])] != []


def test_the_search_does_not_find_what_is_not_there():
    assert found_in(b"nothing of it \x00\xff" * 100, [*NAMES, *CONTACTS, *SAID, *MORE]) == []
    assert postgres_folder() is None or postgres_folder().exists()
