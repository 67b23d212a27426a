"""One contract for every mailer, and what is particular to each."""

import base64
import email
import email.policy
import re
import socket
import stat

import pytest

from companion.ports import DeliveryFailed
from integrations.mail.fake import FakeMailer
from integrations.mail.folder import FolderMailer
from integrations.mail.smtp import SmtpMailer
from tests.integrations.small_smtp import small_smtp

TO, SUBJECT = "her@example.org", "For your diary"
BODY = "Hello, here is what you asked for.\n\nhttps://notes.example/i/a_b-c?x=1&y=2\n\nNos da, شكرا\n"


class Letterbox:
    """A mailer and the letters that came out of it."""

    def __init__(self, mailer, letters):
        self.mailer, self.letters = mailer, letters


@pytest.fixture(params=["fake", "folder", "smtp"])
def letterbox(request, tmp_path):
    if request.param == "fake":
        mailer = FakeMailer()
        yield Letterbox(mailer, lambda: [(sent.to, sent.subject, sent.body) for sent in mailer.sent])
    elif request.param == "folder":
        folder = tmp_path / "mail"
        yield Letterbox(
            FolderMailer(folder, "notes@example.org"),
            lambda: [opened(path.read_bytes()) for path in folder.glob("*.eml")],
        )
    else:
        with small_smtp() as server:
            yield Letterbox(
                SmtpMailer(f"smtp://127.0.0.1:{server.port}", "notes@example.org"),
                lambda: [opened(letter) for letter in server.letters],
            )


def opened(raw):
    message = parsed(raw)
    return message["To"], message["Subject"], message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_letter_arrives_as_it_was_written(letterbox):
    letterbox.mailer.send(TO, SUBJECT, BODY)

    assert letterbox.letters() == [(TO, SUBJECT, BODY)]


def test_each_letter_arrives(letterbox):
    for n in range(3):
        letterbox.mailer.send(f"n{n}@example.org", SUBJECT, BODY)

    assert sorted(to for to, _, _ in letterbox.letters()) == [f"n{n}@example.org" for n in range(3)]


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "a@b@c", "a b@example.org", "her@example.org\r\nBcc: x@example.org", "a@b, c@d", "<a@b>", "a@b\x00"],
)
def test_what_is_no_address_fails_for_good_and_sends_nothing(letterbox, to):
    with pytest.raises(DeliveryFailed) as failed:
        letterbox.mailer.send(to, SUBJECT, BODY)

    assert failed.value.permanent
    assert letterbox.letters() == []


def test_a_letter_has_the_same_words_as_simple_html_and_nothing_from_elsewhere(tmp_path):
    FolderMailer(tmp_path, "notes@example.org").send(TO, SUBJECT, BODY + "\n<b>&</b>\n")

    (path,) = tmp_path.iterdir()
    message = parsed(path.read_bytes())
    html = message.get_body(("html",)).get_content()
    assert '<a href="https://notes.example/i/a_b-c?x=1&amp;y=2">' in html
    assert "&lt;b&gt;" in html
    assert not re.search(r"<(img|script|style|link)", html)
    assert message["From"] == "notes@example.org"
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Reply-To"] is None


def test_letters_in_the_folder_are_the_owners_alone_and_their_names_tell_nothing(tmp_path):
    folder = tmp_path / "mail"
    FolderMailer(folder, "notes@example.org").send(TO, SUBJECT, BODY)

    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert re.fullmatch(r"[0-9a-f]{16}\.eml", path.name)


def test_a_folder_that_cannot_be_written_may_work_later(tmp_path):
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("a file")

    with pytest.raises(DeliveryFailed) as failed:
        FolderMailer(in_the_way, "notes@example.org").send(TO, SUBJECT, BODY)

    assert not failed.value.permanent


@pytest.mark.parametrize(
    ("verb", "answer", "permanent"),
    [
        ("RCPT", "550 no such person her@example.org", True),
        ("RCPT", "450 mailbox busy", False),
        ("MAIL", "451 later", False),
        ("LETTER", "554 spam", True),
        ("LETTER", "452 disk full", False),
        ("HELLO", "421 closed", False),
        ("EHLO", "hang up", False),
        ("DATA", "hang up", False),
        ("AUTH", "535 wrong", False),
    ],
)
def test_the_servers_no_is_told_in_our_words_with_whether_to_try_again(verb, answer, permanent):
    with small_smtp() as server:
        server.answers[verb] = answer
        mailer = SmtpMailer(f"smtp://us:pa%20ss@127.0.0.1:{server.port}", "notes@example.org")

        with pytest.raises(DeliveryFailed) as failed:
            mailer.send(TO, SUBJECT, BODY)

    assert failed.value.permanent is permanent
    assert TO not in failed.value.problem
    assert server.letters == []


def test_it_logs_in_with_what_the_setting_says():
    with small_smtp() as server:
        SmtpMailer(f"smtp://us:pa%20ss%40@127.0.0.1:{server.port}", "notes@example.org").send(TO, SUBJECT, BODY)

        (login,) = server.logins
    assert base64.b64decode(login) == b"\0us\0pa ss@"


def test_a_server_that_is_away_or_silent_is_given_up_in_time():
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    with silent, pytest.raises(DeliveryFailed, match="cannot be reached"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "notes@example.org", seconds=0.2).send(TO, SUBJECT, BODY)
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "notes@example.org", seconds=0.2).send(TO, SUBJECT, BODY)


def test_a_server_elsewhere_must_offer_encryption(monkeypatch):
    with small_smtp() as server:
        monkeypatch.setattr("integrations.mail.smtp.HERE", ())
        with pytest.raises(DeliveryFailed, match="no encryption"):
            SmtpMailer(f"smtp://127.0.0.1:{server.port}", "notes@example.org").send(TO, SUBJECT, BODY)

    assert server.letters == []


def test_the_fake_fails_as_often_as_it_is_told():
    mailer = FakeMailer(failures=[DeliveryFailed("down")])

    with pytest.raises(DeliveryFailed):
        mailer.send(TO, SUBJECT, BODY)
    mailer.send(TO, SUBJECT, BODY)

    assert len(mailer.sent) == 1
