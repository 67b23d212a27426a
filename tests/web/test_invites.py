"""The desk's pages on invites: from a press to a mailbox by a real SMTP conversation, and what is refused."""

import re
import socket
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from companion.core.commands import Arrive
from companion.core.values import replace
from companion.records import AuditEntry, Hours, Invite, SafeContact, SendItem, StandingInvite
from companion.service import inviting, outbox, sending
from integrations.mail.smtp import SmtpMailer
from tests.fakes.series import invite_for_all, weekly
from tests.fakes.world import START, a_world, token_of, wrong_for
from tests.web.conftest import Browser
from tests.web.signing_in import signed_in

CONTACT = {"email": "ash@example.org", "phone": "020 7946 0001", "contact_is_safe": True}


class Mailbox:
    """Handler of aiosmtpd: keeps what arrives, or answers a recipient as it is told to."""

    def __init__(self):
        self.letters, self.answers = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        told = self.answers.get(address, [])
        if told:
            return told.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def received(self):
        return Counter(letter["To"].partition("@")[0] for letter in self.letters)


@contextmanager
def smtp_server(mailbox):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, server_hostname="mail.example.org")
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def desk(browser, world):
    return signed_in(browser, world)


def session_path(world):
    return f"/desk/sessions/{world.session.id}"


def send_by(world, port):
    world.deps = replace(world.deps, mailer=SmtpMailer(f"smtp://127.0.0.1:{port}", "hello@example.org"))


def passcode_on(page):
    match = re.search(r"\b(\d{4}) (\d{4})\b", page.words)
    return match[1] + match[2] if match else ""


def link_on(page):
    links = [e.attributes["href"] for e in page.all("a") if "/i/" in e.attributes["href"]]
    return links[0] if links else ""


def link_in(letter):
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"/i/\w+", text)[0]


def invite(desk, world, person, link="copied", passcode="aloud"):
    desk.open(session_path(world))
    return desk.send(f"{session_path(world)}/invite/{person.id}", link=link, passcode=passcode)


def test_from_a_press_to_her_mailbox_and_in(world, desk, app):
    mailbox, person = Mailbox(), world.person("Ash", **CONTACT)
    with smtp_server(mailbox) as port:
        send_by(world, port)
        page = invite(desk, world, person, "email", "aloud")
        outbox.deliver_due(world.deps)
        outbox.deliver_due(world.deps)

    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("ash@example.org", "For your diary")
    assert link_on(page) == ""
    digits = passcode_on(page)
    assert digits not in letter.as_string()
    her = Browser(app)
    her.open(link_in(letter))
    her.send(passcode=digits)
    assert her.at == "/join"
    assert "opened with her passcode, Thursday 5 March, 19:00" in desk.open(session_path(world)).words


def test_an_outage_is_waited_for_a_refusal_is_said_and_nothing_comes_twice(world, desk, app):
    mailbox = Mailbox()
    for name in ("Ash", "Fern", "Ivy"):
        world.person(name, email=f"{name.lower()}@example.org", contact_is_safe=True)
    mailbox.answers = {"fern@example.org": ["550 no such mailbox"], "ivy@example.org": ["451 slow down"]}
    desk.open(f"{session_path(world)}/everybody")
    desk.send(job="job", passcodes="aloud")
    while sending.work(world.deps):
        pass
    send_by(world, 1)  # nobody listens there
    outbox.deliver_due(world.deps)
    during = desk.open("/desk/sending/job").words

    with smtp_server(mailbox) as port:
        send_by(world, port)
        for _ in range(6):
            world.clock.turn(minutes=5)
            outbox.deliver_due(world.deps)
    after = desk_again(world, desk).open("/desk/sending/job").words

    assert "0 of 3 letters have left" in during
    assert mailbox.received() == Counter(ash=1, ivy=1)
    assert "2 of 3 letters have left" in after
    assert "1 letter did not leave." in after
    assert "did not arrive" in desk.open(session_path(world)).words


def desk_again(world, desk):
    """Half an hour has passed, so the desk has locked itself."""
    return signed_in(desk, world, "joan")


def test_a_list_of_thirty_is_sent_slowly_by_a_server_that_takes_few_at_once(world, desk):
    mailbox = Mailbox()
    for n in range(30):
        world.person(f"Wren{n}", email=f"wren{n}@example.org", contact_is_safe=True)
        # As a server does that takes ten in a minute: the rest is asked to come again.
        mailbox.answers[f"wren{n}@example.org"] = ["451 too many just now"] * (n // 10)
    desk.open(f"{session_path(world)}/everybody")
    desk.send(job="job", passcodes="aloud")
    while sending.work(world.deps):
        pass

    with smtp_server(mailbox) as port:
        send_by(world, port)
        for _ in range(20):
            outbox.deliver_due(world.deps)
            world.clock.turn(minutes=2)

    assert mailbox.received() == Counter({f"wren{n}": 1 for n in range(30)})


def test_link_and_picture_are_shown_once_beside_no_letter(world, desk, app):
    page = invite(desk, world, world.person("Ash"))
    link, passcode = link_on(page), passcode_on(page)
    again = desk.open(desk.at)

    assert desk.way[-1] == (desk.at, 200)
    assert page.all("svg", **{"class": "qr"})
    assert (link_on(again), passcode_on(again)) == ("", "")
    assert "shown once" in again.words
    her = Browser(app)
    her.open(link.removeprefix("http://127.0.0.1:8000"))
    her.send(passcode=passcode)
    assert her.at == "/join"


def test_what_is_kept_for_the_next_page_is_sealed_in_the_cookie(world, desk):
    person = world.person("Ash")
    desk.open(session_path(world))

    data = {"csrf_token": desk.page.csrf, "link": "copied", "passcode": "aloud"}
    response = desk.client.post(f"{session_path(world)}/invite/{person.id}", data=data)

    assert response.status_code == 303
    assert "/i/" not in desk.cookies()["desk"]
    assert "passcode" not in desk.cookies()["desk"]


def test_a_secret_kept_for_one_invite_is_not_shown_on_another(world, desk):
    ash, fern = world.person("Ash"), world.invite("Fern")
    desk.open(session_path(world))
    desk.client.post(f"{session_path(world)}/invite/{ash.id}", data={"csrf_token": desk.page.csrf})

    page = desk.open(f"/desk/invites/{fern.invite.id}/sheet")

    assert (link_on(page), passcode_on(page)) == ("", "")


@pytest.mark.parametrize(
    ("contact", "ways", "say"),
    [
        (CONTACT, ("email", "email"), "Link and passcode must go two different ways."),
        (CONTACT, ("paper", "paper"), "Link and passcode must go two different ways."),
        ({"phone": "020 7946 0001"}, ("email", "aloud"), "There is no e-mail address on file."),
        ({"email": "ash@example.org"}, ("email", "aloud"), "ask her whether this address is safe"),
        (CONTACT, ("text", "aloud"), "She wants to be reached another way."),
        (CONTACT, ("pigeon", "aloud"), "Please choose a way for the link"),
        ({**CONTACT, "waived_by": ""}, ("copied", "aloud"), "Nobody has told her yet how it works."),
    ],
)
def test_what_may_not_be_sent_is_refused_with_its_reason(world, desk, contact, ways, say):
    page = invite(desk, world, world.person("Ash", **contact), *ways)

    assert page.status == 422
    assert say in page.words
    assert (world.store.letters(), world.store.invites(world.session.id)) == ([], [])


def test_the_pair_that_her_record_suggests_is_chosen_already(world, desk):
    person = world.person("Ash", **CONTACT)

    page = desk.open(session_path(world))

    chosen = [e.attributes["value"] for e in page.all("option") if "selected" in e.attributes]
    assert chosen == ["email", "aloud"]
    assert page.all("form", action=f"{session_path(world)}/invite/{person.id}")


def test_a_letter_that_waits_for_a_safe_hour_says_when_it_leaves(world, desk):
    person = world.person("Ash", **CONTACT)
    world.store.save_person(replace(person, contact=SafeContact("email", (Hours(tuple(range(7)), 1200, 1260),))))

    page = invite(desk, world, person, "email", "aloud")

    assert "A letter leaves at a safe time: Thursday 5 March, 20:00." in page.words
    assert "A letter leaves at a safe time: Thursday 5 March, 20:00." in desk.open(session_path(world)).words


def test_a_new_link_replaces_the_old_one_in_one_press(world, desk):
    issued = world.invite("Ash")
    desk.open(session_path(world))

    page = desk.send(f"/desk/invites/{issued.invite.id}/reissue")

    assert link_on(page) not in ("", issued.link)
    assert world.store.invite_by_token(world.hash(token_of(issued))) is None


def test_revoking_is_one_press(world, desk):
    world.open_doors()
    issued = world.invite("Ash")
    world.perform(Arrive(seat=issued.invite.seat_id, device="d"))
    desk.open(session_path(world))

    page = desk.send(f"/desk/invites/{issued.invite.id}/revoke")

    assert "taken back" in page.words
    assert world.seat(issued).state == "left"
    (entry,) = world.store.shelf(AuditEntry).find(what="revoked_invite")
    assert (entry.by, entry.about) == (f"account {desk.account.id}", f"invite {issued.invite.id}")


def test_who_let_somebody_leave_is_written_down_with_each_link_that_it_shut(world, desk):
    issued = world.invite("Ash")
    desk.open(f"/desk/people/{issued.invite.person_id}")

    desk.send(f"/desk/people/{issued.invite.person_id}/leave")

    (entry,) = world.store.shelf(AuditEntry).find(what="revoked_invite")
    assert entry.by == f"account {desk.account.id}"


def test_a_new_phone_is_one_press_and_ends_the_old_one(world, desk, app):
    world.open_doors()
    issued = world.invite("Ash")
    old, new = Browser(app), Browser(app)
    walk_in(old, issued.link, issued.passcode)
    place = world.seat(issued)
    desk.open(session_path(world))

    page = desk.send(f"/desk/invites/{issued.invite.id}/new-phone")
    walk_in(new, issued.link, passcode_on(page))

    assert old.open("/here").status == 401
    assert new.at == "/here"
    assert (world.seat(issued).state, world.seat(issued).knocked_at) == ("waiting", place.knocked_at)
    assert [device.state for device in world.seat(issued).devices] == ["in"]


def walk_in(browser, link, passcode):
    browser.open("/i/" + link.rpartition("/")[2])
    browser.send(passcode=passcode)
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")
    browser.send("/join/agreement", agree="yes")
    browser.send("/join/alias")


def test_guesses_are_shown_with_their_times_and_never_with_a_place(world, desk, app):
    issued = world.invite("Ash")
    for n in range(2):
        guesser = Browser(app, f"198.51.100.{n}")
        guesser.open("/i/" + token_of(issued))
        guesser.send(passcode=wrong_for(issued))
        world.clock.turn(minutes=1)

    page = desk.open(session_path(world))

    assert "There were wrong passcodes at this link." in page.words
    assert [e.words for e in page.all("li") if "5 March" in e.words] == [
        "Thursday 5 March, 19:00",
        "Thursday 5 March, 19:01",
    ]
    assert "198.51" not in page.html


def test_each_state_is_said_with_its_time(world, desk):
    retired, used, old, bounced = (world.invite(alias) for alias in ("Fern", "Ivy", "Lark", "Moss"))
    world.store.shelf(Invite).put(replace(retired.invite, retired=True, failures=20))
    world.store.shelf(Invite).put(replace(used.invite, state="used", used_at=START))
    world.store.shelf(Invite).put(replace(old.invite, expires_at=START))
    world.store.shelf(Invite).put(replace(bounced.invite, state="bounced", problem="address"))

    words = desk.open(session_path(world)).words

    for say in (
        "passcode no longer works: too many wrong tries",
        "has come in, Thursday 5 March, 19:00",
        "too old, Thursday 5 March, 19:00",
        "did not arrive",
        "There is no such mailbox.",
    ):
        assert say in words


@pytest.mark.parametrize(("days", "said"), [(0, False), (3, True), (6.9, True), (7, False), (30, False)])
def test_less_than_a_week_ahead_is_a_hint(world, desk, days, said):
    world.clock.turn(days=-days)

    words = desk_again(world, desk).open(session_path(world)).words

    assert ("It is less than a week away." in words) is said


def test_a_session_that_is_over_offers_nothing(world, desk):
    world.person("Ash")
    world.invite("Fern")
    world.store.save_session(replace(world.session, phase="closed", closed_at=START, came=7))

    page = desk.open(session_path(world))

    assert [e.attributes.get("action") for e in page.all("form")] == ["/desk/out"]


def test_one_link_for_every_date_is_given_and_shown_on_each_date(world, desk, app):
    first, second, _ = weekly(world)
    person = world.person("Ash")
    desk.open("/desk/series/weekly/invited")

    page = desk.send(f"/desk/series/weekly/invite/{person.id}", link="copied", passcode="aloud")
    link, digits = link_on(page), passcode_on(page)
    her = Browser(app)
    her.open("/i/" + link.rpartition("/")[2])
    her.send(passcode=digits)

    assert her.at == "/join"
    (standing,) = world.store.shelf(StandingInvite).find()
    for date in (first, second):
        shown = desk.open(f"/desk/sessions/{date.id}")
        assert "Her link opens every date of the series." in shown.words
        assert shown.all("form", action=f"/desk/invites/{standing.id}/revoke")
        assert not shown.all("form", action=f"/desk/sessions/{date.id}/invite/{person.id}")


def test_whoever_comes_days_before_reads_when_the_doors_open_and_no_step_is_asked(world, app):
    weekly(world)
    issued = invite_for_all(world)
    world.clock.turn(days=-3)
    her = Browser(app)
    her.open("/i/" + token_of(issued))

    page = her.send(passcode=issued.passcode)

    assert (her.at, page.status) == ("/join", 200)
    assert "The doors are not open yet." in page.words
    assert "It starts on Thursday 5 March, 19:00." in page.words


def test_whoever_comes_to_a_date_that_was_cancelled_is_told_so(world, app):
    issued = world.invite("Ash")
    world.store.save_session(replace(world.session, cancelled_at=START))
    her = Browser(app)
    her.open("/i/" + token_of(issued))

    assert "This time it does not take place." in her.send(passcode=issued.passcode).words


def test_everybody_is_shown_first_then_sent_stopped_resumed_and_given_by_hand(world, desk):
    for name in ("Ash", "Fern"):
        world.person(name, email=f"{name.lower()}@example.org", contact_is_safe=True)
    world.person("Ivy")
    path = f"{session_path(world)}/everybody"

    before = desk.open(path)
    begun = desk.send(path, job=before.value("job"), passcodes="paper")
    job = desk.at
    stopped = desk.send(f"{job}/stop")
    nothing = sending.work(world.deps)
    desk.send(f"{job}/resume")
    while sending.work(world.deps):
        pass
    outbox.deliver_due(world.deps)
    done = desk.open(job)
    slips = desk.send(f"{job}/slips")
    again = desk.open(job)

    assert "Mary Ashson-Longname: link by e-mail, passcode: I read it to her" in before.words
    assert "Mary Ivyson-Longname: There is no e-mail address on file." in before.words
    assert "0 of 2 people" in begun.words
    assert ("It is stopped." in stopped.words, nothing) == (True, 0)
    assert "2 of 2 people" in done.words
    assert "2 of 2 letters have left" in done.words
    assert len(re.findall(r"\b\d{4} \d{4}\b", slips.words)) == 2
    assert "/i/" not in slips.html
    assert "To give by hand" not in again.words


def test_a_double_press_sends_once(world, desk):
    for name in ("Ash", "Fern"):
        world.person(name, email=f"{name.lower()}@example.org", contact_is_safe=True)
    path = f"{session_path(world)}/everybody"
    page = desk.open(path)
    fields = {"csrf_token": page.csrf, "job": page.value("job"), "passcodes": "aloud"}

    answers = [desk.client.post(path, data=fields).headers["Location"] for _ in range(2)]
    while sending.work(world.deps):
        pass
    outbox.deliver_due(world.deps)

    assert answers[0] == answers[1]
    assert Counter(letter.to for letter in world.mailer.sent) == Counter(["ash@example.org", "fern@example.org"])


def test_slips_on_paper_keep_links_and_passcodes_apart(world, desk):
    post = replace(world.person("Ash", contact_is_safe=True), contact=SafeContact("post"))
    world.store.save_person(post)
    world.person("Fern", email="fern@example.org", contact_is_safe=True)
    desk.open(f"{session_path(world)}/everybody")
    desk.send(job="job", passcodes="paper")
    while sending.work(world.deps):
        pass

    desk.open("/desk/sending/job")
    page = desk.send("/desk/sending/job/slips")

    links, passcodes = (e for e in page.elements if e.attributes.get("class") == "slips")
    assert ("/i/" in links.words, re.findall(r"\d{4} \d{4}", links.words)) == (True, [])
    assert ("/i/" in passcodes.words, len(re.findall(r"\d{4} \d{4}", passcodes.words))) == (False, 2)
    assert len(page.all("svg", **{"class": "qr"})) == 1
    assert world.store.shelf(SendItem).find()[0].secret == ("", "")


def test_a_removed_link_of_one_evening_shows_its_reason_on_the_next_press(world, desk):
    issued = world.invite("Ash")
    world.store.save_session(replace(world.session, phase="closed", closed_at=START))
    desk.open("/desk")

    page = desk.send(f"/desk/invites/{issued.invite.id}/reissue")

    assert "This session is over" in page.words


def test_the_pages_of_invites_show_nobodys_contact(world, desk):
    world.person("Ash", **CONTACT)
    weekly(world)
    inviting.invite(world.deps, world.session.id, world.person("Fern", **CONTACT).id)

    for path in (session_path(world), f"{session_path(world)}/everybody", "/desk/series/weekly/invited"):
        html = desk.open(path).html
        assert "example.org" not in html
        assert "7946 0001" not in html
