"""From an empty installation to a group of eight invited people with a monthly date, by the keyboard alone.

Nothing is prepared: a real server on an empty folder, real letters to a real mail server, and one organiser.
"""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, time
from email import message_from_bytes
from email.policy import default
from io import StringIO
from pathlib import Path
from time import monotonic

import pyotp
import pytest
from playwright.sync_api import Browser

from companion.commands_line import staff
from companion.core.values import replace
from companion.settings import from_environment
from companion.wiring import make_deps
from tests.browser.keyboard import Keyboard
from tests.browser.people import Clock
from tests.fakes.staff import PASSWORD
from tests.integrations.mail_server import MailServer, a_mail_server
from tests.live.evening import Served, free_port

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # a Thursday
FIRST = datetime(2027, 1, 5, 19, 0, tzinfo=UTC)  # the first Tuesday of a month
PATIENCE_WITH_POST = 30  # seconds
NAMES = {  # by alias
    "Sol": "Alder Private",
    "Noor": "Birch Private",
    "Kit": "Cedar Private",
    "Wren": "Elm Private",
    "Ash": "Larch Private",
    "Fern": "Maple Private",
    "Hazel": "Poplar Private",
    "Juniper": "Spruce Private",
}
NUMBER = {alias: f"+4477009001{at:02}" for at, alias in enumerate(NAMES)}
BY_HAND = {"ash@example.org", "hazel@example.org"}
PLANNED = [
    "Alder Private: link by e-mail, passcode: I read it to her",
    "Birch Private: link by e-mail, passcode: I read it to her",
    "Cedar Private: link by e-mail, passcode: I read it to her",
    "Elm Private: link by e-mail, passcode: by text message",
    "Larch Private: link on paper, passcode: I read it to her",
    "Maple Private: link by e-mail, passcode: I read it to her",
    "Spruce Private: link by e-mail, passcode: I read it to her",
    "Poplar Private: Nothing goes to her until she has said that it is safe.",
]
SHEET = "Name,Alias,Role,E-mail,Telephone\r\nSpruce Private,Juniper,member,juniper@example.org,\r\n,Nobody,member,,\r\n"
TOLD = (
    "What an evening is like, and that she may only listen",
    "Who can get in, and who sees what",
    "How to leave quickly, and what her phone remembers",
    "How the link, the passcode and the buttons work",
    "What would make it easier for her",
)


class Installation:
    """A server that nobody has used yet, the post it sends, and its clock in our hands."""

    def __init__(self, folder: Path, mail: MailServer) -> None:
        self.mail = mail
        self.port = free_port()
        self.clock = Clock(folder / "clock", NOW)
        # A database of its own: nobody may have begun there.
        settings = {
            "COMPANION_MAIL": f"smtp://127.0.0.1:{mail.port}",
            "COMPANION_TEXTS": "folder",
            "DATABASE_URL": "",
        }
        self.served = Served(folder, self.port, clock=self.clock.file, settings=settings)
        everything = settings | {"COMPANION_DATA": str(folder), "PORT": str(self.port)}
        self.deps = replace(make_deps(from_environment(everything)), clock=lambda: self.clock.now)

    def first_link(self) -> str:
        """What ``companion staff begin`` prints."""
        printed = StringIO()
        with redirect_stdout(printed):
            staff.begin(self.deps, Namespace())
        (link,) = re.findall(r"http\S+", printed.getvalue())
        return str(link)

    def letters(self) -> dict[str, str]:
        """What has come by mail, by whom it is for."""
        read = [message_from_bytes(letter, policy=default) for letter in self.mail.letters]
        return {str(letter["To"]): letter.get_body(("plain",)).get_content() for letter in read}  # type: ignore[union-attr]

    def texts(self) -> list[str]:
        """What has gone by text message."""
        return [text.decode() for text in self.deps.texter.opened()]  # type: ignore[attr-defined]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with a_mail_server() as mail:
        begun = Installation(tmp_path, mail)
        with begun.served:
            yield begun


@pytest.fixture
def organiser(browser: Browser) -> Iterator[Keyboard]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    yield Keyboard(context.new_page())
    context.close()


@pytest.fixture
def wren(browser: Browser) -> Iterator[Keyboard]:
    """One of those who are invited, at her own phone."""
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 640})
    yield Keyboard(context.new_page())
    context.close()


def test_an_empty_installation_becomes_a_group_of_eight_invited_people_by_keyboard_alone(
    installation: Installation, organiser: Keyboard, wren: Keyboard, tmp_path: Path
) -> None:
    first_account(organiser, installation)
    new_group(organiser)
    eight_people(organiser)
    a_monthly_date(organiser)
    everybody(organiser, installation)
    by_hand(organiser, tmp_path)
    one_by_herself(organiser, tmp_path)
    in_her_hours(organiser, installation)
    comes_by_her_link(wren, installation)

    assert (organiser.problems, wren.problems) == ([], [])
    assert says_neither_names_nor_group(installation)
    log = installation.served.log.read_text()
    assert ("account_made" in log, tells_nobody(log)) == (True, [])


def first_account(her: Keyboard, installation: Installation) -> None:
    """A name, a password, and the app on her phone."""
    her.open(installation.first_link())
    her.type("Name", "Robin Private")
    her.type("New password", PASSWORD)
    her.press("Go on")
    shown = her.page.locator(".link bdi").inner_text().replace(" ", "")
    her.type("Six digits from your app", pyotp.TOTP(shown).at(installation.clock.now))
    her.press("Keep")
    her.reads("There is no group yet.")


def new_group(her: Keyboard) -> None:
    """A group, and what its page says is missing."""
    her.type("Name", "Heron Street")
    her.press("Add the group")
    her.press("A safety plan…")
    her.type("Who leads when somebody is in danger", "Alder Private")
    her.type("Her number", "020 7946 0111")
    her.type("Who is asked if she cannot be reached", "Birch Private, 020 7946 0112")
    her.type("What you do, step by step", "Stay with her. Phone the lead.")
    her.tick("Both have read this and say yes.")
    her.press("Keep")
    her.press("The address of the call.")
    her.type("Address of the call", "https://call.example/heron")
    her.press("Keep")
    her.press("A telephone number for when the call breaks.")
    her.type("Backup telephone number", "020 7946 0958")
    her.press("Keep")


def eight_people(her: Keyboard) -> None:
    """Three who look after the group, and five members, each reached in her own way."""
    her.press("A facilitator…")
    add(her, "Sol", "facilitator", safe=True)
    add(her, "Noor", "peer supporter", safe=True)
    add(her, "Kit", "tech helper", safe=True)
    for alias in ("Wren", "Ash", "Fern", "Hazel"):
        add(her, alias, "member", safe=False)
    from_a_sheet(her)
    her.reads("Spruce Private", "not told yet how it works")
    told_everything(her, "Wren")
    for alias in ("Ash", "Fern", "Hazel", "Juniper"):
        waived(her, alias)
    reached(her, "Wren", also="text message")
    reached(her, "Ash", way="a letter or a printed sheet")
    reached(her, "Fern", hours=("Thursday", time(18, 0), time(20, 0)))
    reached(her, "Juniper")
    assert her.page.locator("#missing-title, #again-title").all_text_contents() == []


def add(her: Keyboard, alias: str, role: str, *, safe: bool) -> None:
    """Somebody new. That she may be written to is a tick of its own."""
    her.unfold("Add somebody")
    her.type("Real name", NAMES[alias])
    her.type("Name in the group", alias)
    her.choose("Takes part as", role)
    her.type("E-mail address", f"{alias.lower()}@example.org")
    her.type("Telephone number", NUMBER[alias].replace("+44", "0"))
    if safe:
        her.tick("She told me that this address and number are safe.")
    her.press("Add")


def from_a_sheet(her: Keyboard) -> None:
    """One more by a file, which is looked at before anything is kept."""
    her.press("Add many from a sheet")
    her.file("A CSV file", "people.csv", SHEET)
    her.press("Look at it")
    her.reads("1 person can be added.", "The name is missing. Write it into the first column.")
    her.press("Add them")


def told_everything(her: Keyboard, alias: str) -> None:
    """What she is told beforehand, point by point."""
    her.press(f"{NAMES[alias]}…")
    her.press("What she was told…")
    for point in TOLD:
        her.tick(point)
    her.press("Keep")
    her.press("Back to the group")


def waived(her: Keyboard, alias: str) -> None:
    """She knows how it works, says somebody by name."""
    her.press(f"{NAMES[alias]}…")
    her.press("What she was told…")
    her.type("Or: who says that this is not needed", "Robin")
    her.press("Keep")
    her.press("Back to the group")


def reached(
    her: Keyboard, alias: str, *, way: str = "", also: str = "", hours: tuple[str, time, time] | None = None
) -> None:
    """How to reach her, as she has just said."""
    her.press(f"{NAMES[alias]}…")
    her.press("How and when to reach her")
    if way:
        her.choose("The way that is safe", way)
    if also:
        her.choose("Another way that is safe too", also)
    if hours:
        her.unfold("Hours that are safe")
        her.clock(f"{hours[0]} from", hours[1])
        her.clock(f"{hours[0]} until", hours[2])
    her.tick("She has just told me that all this is safe.")
    her.press("Keep")
    her.press("Back to the group")


def a_monthly_date(her: Keyboard) -> None:
    """The first Tuesday of each month, looked at before it is kept."""
    her.press("Dates that come again")
    her.clock("Date and time of the first", FIRST)
    her.clock("Ends at", time(20, 30))
    her.choose("How often", "every month, such as on the first Tuesday")
    her.press("Show the next dates")
    her.reads("Tuesday 5 January, 19:00", "Tuesday 2 February, 19:00", "Tuesday 6 April, 19:00")
    her.press("Keep these dates")


def everybody(her: Keyboard, installation: Installation) -> None:
    """Who gets what and who does not; then all at once, as far as it is safe for them."""
    her.press("One link for every date…")
    her.press("Invite everybody")
    planned = her.page.locator("main li").all_text_contents()
    assert planned == PLANNED
    her.press("Invite 7 people")
    # Somebody's letters may have left a moment before it is written down that she is done with.
    look_until(her, installation, "7 of 7 people", "6 of 7 letters have left")
    her.reads("A letter leaves at a safe time: Thursday 26 November, 18:00.")
    assert set(installation.letters()) == {
        f"{alias}@example.org" for alias in ("sol", "noor", "kit", "wren", "juniper")
    }
    assert [text.split()[1] for text in installation.texts()] == [NUMBER["Wren"]]


def by_hand(her: Keyboard, folder: Path) -> None:
    """What no letter carries, on paper: links on one sheet, passcodes on another."""
    her.press("Show once")
    lines, sheets = printed(her, folder / "slips")
    her.press("Back")

    link, *passcodes = [line for line in lines if line not in NAMES.values()]
    assert re.fullmatch(rf"{her.page.url.split('/desk')[0]}/i/\w{{28}}", link)
    said = [f"{NAMES[alias]} Read it to her." for alias in ("Sol", "Noor", "Kit", "Ash", "Fern", "Juniper")]
    assert (passcodes[::2], lines[0], sheets) == (said, NAMES["Ash"], 2)
    assert all(re.fullmatch(r"\d{4} \d{4}", digits) for digits in passcodes[1::2])


def one_by_herself(her: Keyboard, folder: Path) -> None:
    """Whoever has not said that it is safe gets nothing but what a hand gives her: the eighth is invited."""
    her.press("Back")
    her.press(f"Invite: {NAMES['Hazel']}")
    lines, _ = printed(her, folder / "sheet")
    her.press("Back")

    assert [re.sub(r"\w{28}", "…", re.sub(r"\d{4} \d{4}", "digits", line)) for line in lines] == [
        f"{her.page.url.split('/desk')[0]}/i/…",
        "digits",
    ]
    assert her.page.locator("article.invited h3").all_text_contents() == [
        f"{NAMES[x]}, {x}" for x in sorted(NAMES, key=NAMES.__getitem__)
    ]


def printed(her: Keyboard, to: Path) -> tuple[list[str], int]:
    """What stands on paper, line by line, and on how many sheets; black, though she has chosen a dark theme."""
    page = her.page
    page.evaluate('document.documentElement.dataset.theme = "night"')
    page.emulate_media(media="print")
    page.screenshot(path=to.with_suffix(".png"), full_page=True)  # to be looked at
    inks = page.evaluate('[...document.querySelectorAll("bdi")].map((part) => getComputedStyle(part).color)')
    words = page.inner_text("body")
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(path=to.with_suffix(".pdf")))
    page.emulate_media(media="screen")
    assert set(inks) == {"rgb(0, 0, 0)"}
    return [line for line in words.split("\n") if line.strip()], len(sheets)


def in_her_hours(her: Keyboard, installation: Installation) -> None:
    """The last letter leaves when she may read it. The desk has locked itself meanwhile."""
    installation.clock.turn(hours=8)
    her.press("Inviting everybody")
    her.type("Password", PASSWORD)
    her.press("Open again")
    look_until(her, installation, "7 of 7 letters have left")
    assert set(installation.letters()) == {f"{alias.lower()}@example.org" for alias in NAMES} - BY_HAND


def look_until(her: Keyboard, installation: Installation, *words: str) -> None:
    """Look again, while the clock goes on, until it says all of this."""
    deadline = monotonic() + PATIENCE_WITH_POST
    while not all(her.page.get_by_text(part, exact=True).count() for part in words):
        assert monotonic() < deadline, her.page.inner_text("main")
        installation.clock.turn(seconds=1)
        her.press("Look again")


def comes_by_her_link(wren: Keyboard, installation: Installation) -> None:
    """Her link came by mail and her passcode by text: together they open a calm page."""
    (link,) = re.findall(r"http\S+", installation.letters()["wren@example.org"])
    (digits,) = re.findall(r"\d{4} \d{4}", "".join(installation.texts()))
    wren.open(link)
    wren.type("Your passcode", digits)
    wren.press("Open")
    wren.reads("You are here in good time. The doors are not open yet.", "It starts on Tuesday 5 January, 19:00.")


def says_neither_names_nor_group(installation: Installation) -> bool:
    """What lies open on a kitchen table tells nobody anything."""
    post = "\n".join([*installation.letters().values(), *installation.texts()])
    return not any(word in post for word in (*NAMES.values(), "Heron", "Robin", "group", "passcode"))


def tells_nobody(log: str) -> list[str]:
    """Whatever of people and groups stands in a log."""
    names = [*NAMES, *NAMES.values(), "Heron", "Robin"]
    places = [*NUMBER.values(), "example.org", "call.example", "946 0", "/i/"]
    # Ids are made of letters too, so that a short name may well stand inside of one.
    found = [name for name in names if re.search(rf"(?<![\w-]){name}(?![\w-])", log)]
    return [*found, *(place for place in places if place in log)]
