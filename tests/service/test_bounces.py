"""A letter that came back: only a true notification about a letter of ours changes anything."""

from email.message import EmailMessage

import pytest

from companion.core.values import replace
from companion.ports import BadReport
from companion.records import Letter
from companion.service import bounces, outbox
from tests.fakes.world import a_world

WORLD_WORDS = "her@example.org"


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def letter(world):
    posted = outbox.post(world.deps, WORLD_WORDS, "For your diary", "Hello.", about="invite 1")
    outbox.deliver_due(world.deps)
    return posted


def notification(reference, *, action="failed", status="5.1.1", where="to", kind="delivery-status"):
    """As postfix and exim write them."""
    to = f"bounces+{reference}@example.org" if where == "to" else "bounces@example.org"
    envelope = f"Original-Envelope-Id: {reference}\n" if where == "envelope" else ""
    returned = f"Message-ID: <{reference if where == 'message' else 'x'}@example.org>\nSubject: For your diary\n"
    return f"""From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

This is the mail system. I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
{envelope}
Final-Recipient: rfc822; her@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

{returned}
--b--
""".replace("\n", "\r\n").encode()


def kept(world, letter):
    return world.store.shelf(Letter).get(letter.id)


@pytest.mark.parametrize("where", ["to", "envelope", "message"])
def test_a_letter_that_came_back_is_known_by_its_reference(world, letter, where):
    bounces.receive(world.deps, notification(letter.reference, where=where))

    assert (kept(world, letter).state, kept(world, letter).trouble) == ("failed", "address")


def test_servers_that_write_addresses_in_capitals_are_understood(world, letter):
    bounces.receive(world.deps, notification(letter.reference.upper()))

    assert kept(world, letter).state == "failed"


def test_a_whole_letter_that_came_back_is_understood(world, letter):
    returned = EmailMessage()
    returned["Message-ID"] = f"<{letter.reference}@example.org>"
    returned.set_content("Hello.")
    raw = (
        notification("x")
        .replace(b"text/rfc822-headers", b"message/rfc822")
        .replace(b"<x@", b"<" + letter.reference.encode() + b"@")
    )

    bounces.receive(world.deps, raw)

    assert kept(world, letter).state == "failed"


@pytest.mark.parametrize(
    ("action", "status", "state", "trouble"),
    [
        ("failed", "5.1.1", "failed", "address"),
        ("failed", "5.2.1", "failed", "address"),
        ("failed", "5.7.1", "failed", "refused"),
        ("failed", "4.4.7", "failed", "later"),
        ("failed", "5.4.4", "failed", "later"),
        ("failed", "odd", "failed", "address"),
        ("FAILED", "5.1.1", "failed", "address"),
        ("delayed", "4.4.1", "sent", ""),
        ("relayed", "2.0.0", "sent", ""),
        ("delivered", "2.1.5", "delivered", ""),
    ],
)
def test_what_became_of_it_is_told(world, letter, action, status, state, trouble):
    bounces.receive(world.deps, notification(letter.reference, action=action, status=status))

    assert (kept(world, letter).state, kept(world, letter).trouble) == (state, trouble)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (notification("0" * 32), "unknown"),
        (notification("short"), "unknown"),
        (notification("0" * 32, kind="disposition-notification"), "malformed"),
        (notification("0" * 32, action="dancing"), "malformed"),
        (b"", "malformed"),
        (b"Subject: I am away\r\n\r\nUntil Monday.", "malformed"),
        (b"\xff\x00" * 400, "malformed"),
        (b"x" * (bounces.LONGEST + 1), "oversized"),
    ],
)
def test_what_is_no_notification_of_ours_changes_nothing(world, letter, raw, problem):
    before = kept(world, letter)

    with pytest.raises(BadReport) as bad:
        bounces.receive(world.deps, raw)

    assert (bad.value.problem, kept(world, letter)) == (problem, before)


def test_an_answer_of_her_own_mail_program_is_no_bounce(world, letter):
    raw = f"To: bounces+{letter.reference}@example.org\r\nSubject: I am away\r\n\r\nUntil Monday.".encode()

    with pytest.raises(BadReport):
        bounces.receive(world.deps, raw)

    assert kept(world, letter).state == "sent"


def test_what_has_arrived_does_not_come_back(world, letter):
    bounces.receive(world.deps, notification(letter.reference, action="delivered", status="2.1.5"))
    bounces.receive(world.deps, notification(letter.reference))

    assert kept(world, letter).state == "delivered"


def test_a_text_is_not_moved_by_mail(world):
    text = outbox.post(world.deps, "07700 900123", "", "Hello.", kind="text")
    shelf = world.store.shelf(Letter)
    shelf.put(replace(text, state="sent", reference="a" * 32))

    with pytest.raises(BadReport):
        bounces.receive(world.deps, notification("a" * 32))

    assert shelf.get(text.id).state == "sent"
