"""Every page there is, by the name of its picture, with what it shows and the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.desk_pages import AGREEMENT, DATES, GROUP, HAZEL, IMPORT, PAGES, SHEET
from tests.browser.moments import Gathering, Moments
from tests.fakes.staff import PASSWORD
from tests.live.evening import Served

Act = Callable[[Page, "Moments"], object]
Whose = tuple[str, str]  # a moment, and one of its people
BESIDE = "/here/wide"
# What a call looks like from afar: no server of anybody's is asked for it.
A_CALL = """<!doctype html><html lang="en"><head><title>Call</title><style>
body { margin: 0; background: hsl(210, 10%, 14%); color: hsl(0, 0%, 94%); font: 600 18px system-ui, sans-serif; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; block-size: calc(100vh - 24px); padding: 12px; }
p { display: grid; place-items: center; margin: 0; border-radius: 12px; background: hsl(210, 9%, 24%); }
</style></head><body><main><p>Sol</p><p>Wren</p><p>Ash</p><p>Fern</p></main></body></html>"""
NOWHERE = "/i/abcdefghijklmnopqrstuvwxyz"  # a link that leads nowhere looks like any other


@dataclass(frozen=True)
class Place:
    """One page in one state. ``act`` is what somebody does on it before we look."""

    name: str
    shows: str
    path: str = "/here"
    whose: Whose | None = None
    act: Act | None = None
    status: int = 200

    @property
    def is_panel(self) -> bool:
        return self.path in ("/here", BESIDE) and self.name.split("-")[0] in ROLES

    def open(self, page: Page, served: Served, moments: Moments, cookies: Sequence[Any] = ()) -> None:
        """Come here with a browser that has been nowhere else, and knows no more than these cookies."""
        context: BrowserContext = page.context
        context.clear_cookies()
        context.add_cookies(list(cookies))
        if self.whose is not None:
            moment: Gathering = getattr(moments, self.whose[0])
            context.add_cookies([{"name": "id", "value": moment.cookies[self.whose[1]], "url": served.address}])
        if self.path == BESIDE:
            page.route("**/call/frame", lambda route: route.fulfill(content_type="text/html", body=A_CALL))
        page.goto(served.address + self.path)
        if self.act is not None:
            self.act(page, moments)
        page.wait_for_load_state("load")
        if self.is_panel:
            page.wait_for_selector("html.js")


def press(selector: str) -> Act:
    """Press something that leads to another page."""

    def act(page: Page, _: Moments) -> None:
        with page.expect_navigation():
            page.click(selector)

    return act


def passcode(digits: str) -> Act:
    """Give a passcode."""

    def act(page: Page, _: Moments) -> None:
        page.fill("#passcode", digits)
        with page.expect_navigation():
            page.click("main button.main")

    return act


def open_and_press(drawer: str) -> Act:
    """Open a drawer and press the button in it."""

    def act(page: Page, moments: Moments) -> None:
        page.click(f"#{drawer} summary")
        press(f"#{drawer} button")(page, moments)

    return act


def alias(typed: str) -> Act:
    """Choose a name at the last step of joining."""

    def act(page: Page, _: Moments) -> None:
        page.fill("#alias", typed)
        with page.expect_navigation():
            page.click("main button.main")

    return act


def by_force(command: str, **fields: str) -> Act:
    """Send a form as a page without script would, though its button is gone since; it comes back with a sentence."""

    def act(page: Page, _: Moments) -> None:
        send = """([command, fields]) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = `/act/${command}`;
          const all = { ...fields, tap: document.getElementById("panel").dataset.tap };
          for (const [name, value] of Object.entries(all)) {
            const input = document.createElement("input");
            [input.name, input.value] = [name, value];
            form.append(input);
          }
          document.body.append(form);
          form.submit();
        }"""
        with page.expect_navigation():
            page.evaluate(send, [command, fields])

    return act


def at_the_desk(*steps: Act) -> Act:
    """Sign in, and do something on the first page."""
    return on_the_desk("/desk", *steps)


def at_the_door(path: str, stage: str = "in", *, minutes_ago: int = 0) -> Act:
    """Open a page with a browser that is half way in, or was left alone for so long."""

    def act(page: Page, moments: Moments) -> None:
        who = moments.colleague if stage == "code" else moments.keeper
        with_cookie(page, moments.signed_in(who, stage, minutes_ago=minutes_ago), path)

    return act


def with_cookie(page: Page, token: str, path: str) -> None:
    """Go somewhere with the cookie of a signed-in browser."""
    address = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "me", "value": token, "url": address}])
    page.goto(address + path)


def by_a_link(page: Page, moments: Moments) -> None:
    """Open a link that a colleague has made."""
    page.goto("/".join(page.url.split("/")[:3]) + moments.link())


def prove(page: Page, moments: Moments) -> None:
    """Say once more who she is."""
    page.fill("#again-password", PASSWORD)
    press("main button.main")(page, moments)


def her_name(page: Page, moments: Moments) -> None:
    """Say who cannot log in."""
    page.fill("#lost-name", "Robin")
    press("main button.main")(page, moments)


def button(action: str) -> Act:
    """Press the first button of a form whose address ends so, in whatever language it is labelled."""

    def act(page: Page, _: Moments) -> None:
        with page.expect_navigation():
            page.click(f'form[action$="{action}"] button')

    return act


def nameless_person(page: Page, moments: Moments) -> None:
    """Add somebody without a name."""
    page.click("#new-person summary")
    button("/people")(page, moments)


def her_address(page: Page, moments: Moments) -> None:
    """Ask to see it, and prove who asks."""
    button("/show")(page, moments)
    prove(page, moments)


def a_colleague(page: Page, moments: Moments) -> None:
    """Invite somebody."""
    page.check('input[name^="organises-"] >> nth=0')
    button("/colleagues")(page, moments)
    prove(page, moments)


def on_the_desk(path: str, *steps: Act) -> Act:
    """Sign in and open an address, with ids of moments.desk in it."""

    def act(page: Page, moments: Moments) -> None:
        with_cookie(page, moments.signed_in(), path.format(**moments.desk))
        for step in steps:
            step(page, moments)

    return act


def a_sheet(page: Page, moments: Moments) -> None:
    """Show a file of people, some of whom cannot be kept as they are."""
    page.set_input_files("#sheet", {"name": "people.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    press("main button.main")(page, moments)


def another_agreement(page: Page, moments: Moments) -> None:
    """Propose other words."""
    page.fill("#group-agreement", "What is said here stays here.\nNobody has to speak.\nWe begin on time.")
    press("main button.main")(page, moments)


ROLES = ("member", "facilitator", "peer_supporter", "tech_helper")
DESK, TONIGHT = "/desk/in", "/desk/sessions/{tonight}"


def inside_zoom(page: Page, _: Moments) -> None:
    """The browser inside Zoom, with both sentences of its panel at once."""
    page.goto(page.url.replace("/here", "/zoom"))
    page.goto(page.url.replace("/zoom", "/here"))
    page.wait_for_selector("html.js")
    page.evaluate("document.querySelectorAll('#in-zoom [data-note]').forEach((note) => (note.hidden = false))")


PLACES: tuple[Place, ...] = (
    Place("front-plain", "The front page: please open the link that you were sent", "/"),
    Place("help-plain", "Help now: whom to phone, and what a browser remembers", "/help"),
    Place("about-plain", "Who can get in and what is kept", "/about"),
    Place(
        "about-who",
        "Who runs this, for somebody who asked",
        "/about",
        ("busy", "Wren"),
        press('form[action="/about/who"] button'),
    ),
    Place("look-plain", "Colours, letters, language, and the page behind “Hide”", "/look"),
    Place("zoom-home", "What Zoom opens: a way in that knows nobody", "/zoom"),
    Place("zoom-not_added", "Zoom sent somebody back who has not added the app", "/zoom/added/nowhere", status=422),
    Place("aside-list", "The ordinary page behind “Hide”, without script: a shopping list", "/list"),
    Place("message-lost", "A page that does not exist", "/nowhere", status=404),
    Place("link-first", "The page of a link: the passcode, and two other ways in", NOWHERE),
    Place("link-not_eight", "Too few digits", NOWHERE, act=passcode("123"), status=422),
    Place("link-wrong", "A wrong passcode, and how many tries are left", NOWHERE, act=passcode("00000000"), status=422),
    Place("link-helped", "After “I can't get in”", NOWHERE, act=open_and_press("cannot-get-in")),
    Place("voice-ringing", "The number to say when let in by voice", NOWHERE, act=open_and_press("by-voice")),
    Place("joining-private_space", "Step 1: are you somewhere private?", "/join", ("doors", "Fern after 0")),
    Place(
        "joining-private_space_mistake",
        "Step 1 without an answer",
        "/join",
        ("doors", "Fern after 0"),
        press("main button.main"),
        422,
    ),
    Place("joining-options", "What can help when somebody is near", "/join/options", ("doors", "Fern after 1")),
    Place("joining-who_sees", "Step 2: who can get in and what is kept", "/join", ("doors", "Fern after 1")),
    Place("joining-agreement", "Step 3: what we agree on, and its limits", "/join", ("doors", "Fern after 2")),
    Place(
        "joining-agreement_mistake",
        "Step 3 without the tick",
        "/join",
        ("doors", "Fern after 2"),
        press("main button.main"),
        422,
    ),
    Place("joining-alias", "Step 4: a name, a picture, how to take part", "/join", ("doors", "Fern after 3")),
    Place(
        "joining-alias_warned",
        "Step 4 with a name that tells too much",
        "/join",
        ("doors", "Fern after 3"),
        alias("Fern 1987"),
        422,
    ),
    Place("doors-not_open", "Everything is done and the doors are not open yet", "/join", ("planned", "Wren early")),
    Place("doors-another_day", "She gave her passcode days too early", "/join", ("early", "Wren")),
    Place("doors-cancelled", "This time it does not take place", "/join", ("cancelled", "Wren")),
    Place("doors-open", "Everything is done and the doors are open", "/join", ("doors", "Juniper at the door")),
    Place("hold-plain", "A second device waits for a facilitator's yes", "/here", ("doors", "Wren's laptop")),
    Place(
        "locked-plain",
        "The passcode again, after a silence",
        "/here",
        ("doors", "Fern's silent phone"),
        status=401,
    ),
    Place(
        "locked-wrong",
        "The passcode again, and it does not fit",
        "/here",
        ("doors", "Fern's silent phone"),
        passcode("00000000"),
        422,
    ),
    Place("gone-plain", "A page that is closed for this browser", "/here", status=401),
    Place("closed-facilitator", "After closing: a number, and a kind question", "/here", ("gone", "Sol")),
    Place("member-waiting", "A member in the waiting room", whose=("doors", "Wren")),
    Place("member-told", "A member in the waiting room with a message", whose=("doors", "Ash")),
    Place("member-not_now", "A member who was told “not just yet”", whose=("doors", "Hazel")),
    Place("member-quiet", "A member's page when nothing has happened yet", whose=("quiet", "Wren")),
    Place("member-live", "A member's page in the middle of an evening: she is in the line", whose=("live", "Wren")),
    Place("member-busy", "A member with a note, a signal, a request and a ticket at once", whose=("busy", "Wren")),
    Place("member-speaking", "It is her turn", whose=("paused", "Ash")),
    Place("member-paused", "A short pause", whose=("paused", "Wren")),
    Place("member-ending", "The ending has begun", whose=("ending", "Wren")),
    Place("member-together", "Her room with a peer supporter is open", whose=("together", "Wren")),
    Place("member-offered", "She is offered a one-to-one", whose=("together", "Ash")),
    Place("member-confirming", "Did that work? and a signal that was seen", whose=("together", "Fern")),
    Place("closed-member", "After closing, for a member", "/here", ("closed", "Wren"), status=401),
    Place(
        "member-refused",
        "An act that came too late, with its sentence",
        whose=("quiet", "Wren"),
        act=by_force("finish_turn", turn="0"),
        status=422,
    ),
    Place("facilitator-planned", "A facilitator before the doors open", whose=("planned", "Sol")),
    Place("facilitator-doors", "A facilitator while people arrive", whose=("doors", "Sol")),
    Place("facilitator-quiet", "A facilitator when all is calm", whose=("quiet", "Sol")),
    Place("facilitator-live", "A facilitator in the middle of an evening", whose=("live", "Sol")),
    Place("facilitator-busy", "As much at once as an evening may hold", whose=("busy", "Sol")),
    Place("facilitator-together", "Somebody is out: the guard before the ending", whose=("together", "Sol")),
    Place("facilitator-paused", "The room is paused", whose=("paused", "Sol")),
    Place("facilitator-ending", "The ending has begun", whose=("ending", "Sol")),
    Place("facilitator-wide", "A facilitator with the call beside her panel", BESIDE, ("beside", "Sol")),
    Place("facilitator-in_zoom", "Inside Zoom, with both its sentences", whose=("quiet", "Sol"), act=inside_zoom),
    Place("facilitator-debrief", "Just closed: the debrief", whose=("closed", "Sol")),
    Place("peer_supporter-quiet", "A peer supporter off duty", whose=("quiet", "Noor")),
    Place("peer_supporter-live", "A peer supporter in the middle of an evening", whose=("live", "Noor")),
    Place("peer_supporter-busy", "Signals that nobody has answered, and requests", whose=("busy", "Noor")),
    Place("peer_supporter-together", "A peer supporter who is with somebody", whose=("together", "Noor")),
    Place("tech_helper-quiet", "A tech helper when nothing is wrong", whose=("quiet", "Kit")),
    Place("tech_helper-live", "A tech helper in the middle of an evening", whose=("live", "Kit")),
    Place("tech_helper-busy", "A ticket with steps, measured facts and a number to phone", whose=("busy", "Kit")),
    Place("tech_helper-confirming", "A ticket that waits for “yes, it works”", whose=("together", "Kit")),
    Place("desk-log_in", "The organiser's desk: logging in", DESK),
    Place("desk-log_in_wrong", "A password that does not fit", DESK, act=press("main button.main"), status=422),
    Place("desk-code", "The desk: the second key", DESK, act=at_the_door("/desk", "code")),
    Place("desk-lost", "The desk: somebody can't log in", "/desk/lost"),
    Place("desk-lost_asked", "The desk: colleagues have been asked", "/desk/lost", act=her_name),
    Place("desk-begin", "The desk: a link for a new colleague", DESK, act=by_a_link),
    Place("desk-gone", "The desk: a link that opens nothing", "/desk/begin/nothing", status=404),
    Place("desk-setup", "The desk: choosing a second key", DESK, act=at_the_door("/desk", "setup")),
    Place(
        "desk-unlock", "The desk after a quarter of an hour", DESK, act=at_the_door("/desk", minutes_ago=20), status=401
    ),
    Place("desk-me", "The desk: my own account", DESK, act=at_the_desk(press('a[href="/desk/me"]'))),
    Place("desk-colleagues", "The desk: colleagues", DESK, act=at_the_desk(press('a[href="/desk/colleagues"]'))),
    Place(
        "desk-link",
        "The desk: a link, shown once",
        DESK,
        act=at_the_desk(press('a[href="/desk/colleagues"]'), a_colleague),
    ),
    Place(
        "desk-again",
        "The desk: who are you, once more?",
        DESK,
        act=on_the_desk(HAZEL, button("/show")),
        status=401,
    ),
    Place("desk-groups", "The desk: all groups", DESK, act=at_the_desk()),
    Place("desk-group", "The desk: one group", DESK, act=on_the_desk(GROUP)),
    Place("desk-group_mistake", "The desk: no name", DESK, act=on_the_desk(GROUP, nameless_person), status=422),
    Place("desk-person", "The desk: one person", DESK, act=on_the_desk(HAZEL)),
    Place("desk-contact", "The desk: an address, shown once", DESK, act=on_the_desk(HAZEL, her_address)),
    Place("desk-session", "The desk: one date and who is invited", DESK, act=on_the_desk(TONIGHT)),
    Place("desk-sheet", "The desk: link and passcode", DESK, act=on_the_desk(TONIGHT, button("/reissue"))),
    Place(
        "desk-letters", "The desk: letters that have not left", DESK, act=at_the_desk(press('a[href="/desk/letters"]'))
    ),
    *(Place(f"desk-{name}", f"The desk: {shows}", DESK, act=on_the_desk(path)) for name, shows, path in PAGES),
    Place(
        "desk-feed", "The desk: an address for a calendar, shown once", DESK, act=on_the_desk(DATES, button("/feed"))
    ),
    Place(
        "desk-difference",
        "The desk: what changes in an agreement",
        DESK,
        act=on_the_desk(AGREEMENT, another_agreement),
    ),
    Place("desk-import_check", "The desk: a sheet with mistakes", DESK, act=on_the_desk(IMPORT, a_sheet)),
)
