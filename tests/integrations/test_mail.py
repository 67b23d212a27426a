"""One contract for every mailer, and what is particular to each."""

import email
import email.policy
import re
import socket
import stat

import pytest

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail.fake import FakeMailer
from integrations.mail.folder import FolderMailer
from integrations.mail.smtp import SmtpMailer
from tests.integrations.mail_server import LOGIN, a_mail_server

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
        with a_mail_server() as server:
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
    ("moment", "answer", "trouble", "permanent"),
    [
        ("RCPT", "550 5.1.1 no such person her@example.org", "address", True),
        ("RCPT", "550 5.7.1 we take nothing from you", "refused", True),
        ("RCPT", "450 4.2.0 greylisted, come again", "later", False),
        ("RCPT", "452 4.2.2 mailbox full", "later", False),
        ("MAIL", "451 later", "down", False),
        ("MAIL", "553 5.7.1 not your address", "credentials", False),
        ("MAIL", "530 5.7.0 log in first", "credentials", False),
        ("DATA", "554 5.7.1 spam", "refused", True),
        ("DATA", "452 disk full", "later", False),
        ("DATA", "421 closing down", "later", False),
    ],
)
def test_the_servers_no_is_told_in_our_words_with_whether_to_try_again(moment, answer, trouble, permanent):
    with a_mail_server() as server:
        server.answers[moment] = [answer]

        with pytest.raises(DeliveryFailed) as failed:
            SmtpMailer(f"smtp://127.0.0.1:{server.port}", "notes@example.org").send(TO, SUBJECT, BODY)

    assert (failed.value.trouble, failed.value.permanent) == (trouble, permanent)
    assert TO not in failed.value.problem
    assert server.letters == []


def test_a_greylisted_letter_leaves_the_next_time():
    with a_mail_server() as server:
        server.answers["RCPT"] = ["450 4.2.0 greylisted"]
        mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}", "notes@example.org")

        with pytest.raises(DeliveryFailed):
            mailer.send(TO, SUBJECT, BODY)
        mailer.send(TO, SUBJECT, BODY)

    assert len(server.letters) == 1


def mailer_for(server, login="us:pa%20ss%40", **more):
    url = f"smtp://{login}@localhost:{server.port}"
    return SmtpMailer(url, "Notes <notes@example.org>", insist=True, **more)


def test_it_encrypts_and_then_logs_in_with_what_the_setting_says():
    with a_mail_server(tls=True, login=True) as server:
        mailer_for(server, trust=server.trust).send(TO, SUBJECT, BODY)

    assert LOGIN == (b"us", b"pa ss@")
    assert server.encrypted == [True]
    assert server.envelopes == [("notes@example.org", TO)]


def test_a_wrong_password_is_for_the_operator():
    with a_mail_server(tls=True, login=True) as server, pytest.raises(DeliveryFailed) as failed:
        mailer_for(server, "us:wrong", trust=server.trust).send(TO, SUBJECT, BODY)

    assert (failed.value.trouble, failed.value.permanent) == ("credentials", False)
    assert "wrong" not in failed.value.problem


def test_a_server_that_nobody_vouches_for_gets_no_password():
    with a_mail_server(tls=True, login=True) as server, pytest.raises(DeliveryFailed) as failed:
        mailer_for(server).send(TO, SUBJECT, BODY)

    assert failed.value.trouble == "credentials"
    assert server.letters == []


def test_a_server_that_offers_no_encryption_gets_nothing():
    with a_mail_server() as server, pytest.raises(DeliveryFailed) as failed:
        mailer_for(server).send(TO, SUBJECT, BODY)

    assert failed.value.trouble == "credentials"
    assert server.letters == []


def test_what_comes_back_names_the_letter_and_nobody_and_leaves_the_letter_out():
    with a_mail_server() as server:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}", "n@example.org", bounces="back+{}@example.org")

        mailer.send(TO, SUBJECT, BODY, reference="ab12")

    assert server.envelopes == [("back+ab12@example.org", TO)]
    assert server.wishes == ["RET=HDRS", "ENVID=ab12", "NOTIFY=FAILURE"]
    assert parsed(server.letters[0])["Message-ID"] == "<ab12@example.org>"
    assert parsed(server.letters[0])["From"] == "n@example.org"


def test_an_address_in_other_letters_goes_only_where_a_server_knows_them():
    with a_mail_server(enable_SMTPUTF8=False) as server, pytest.raises(DeliveryFailed) as failed:
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", "n@example.org").send("hér@example.org", SUBJECT, BODY)

    assert (failed.value.trouble, failed.value.permanent) == ("address", True)


def test_a_server_that_takes_it_and_falls_silent_is_given_up_in_time():
    with a_mail_server() as server:
        server.slow = 1
        with pytest.raises(DeliveryFailed) as failed:
            SmtpMailer(f"smtp://127.0.0.1:{server.port}", "n@example.org", seconds=0.2).send(TO, SUBJECT, BODY)

    assert (failed.value.trouble, failed.value.permanent) == ("down", False)


def test_a_server_that_is_away_or_silent_is_given_up_in_time():
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    with silent, pytest.raises(DeliveryFailed, match="cannot be reached"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "notes@example.org", seconds=0.2).send(TO, SUBJECT, BODY)
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "notes@example.org", seconds=0.2).send(TO, SUBJECT, BODY)


CALENDAR = Attachment(
    "date.ics",
    "text/calendar; method=REQUEST; charset=UTF-8",
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Nodyn ŵ شكرا\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
)


def test_a_calendar_stands_where_mail_programs_look_for_it(tmp_path):
    FolderMailer(tmp_path, "notes@example.org").send(TO, SUBJECT, BODY, attachments=[CALENDAR])

    (path,) = tmp_path.iterdir()
    message = parsed(path.read_bytes())
    kinds = [part.get_content_type() for part in message.walk()]
    offer = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    (file,) = message.iter_attachments()
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert (offer.get_param("method"), offer.get_content_charset()) == ("REQUEST", "utf-8")
    assert offer.get_content_disposition() is None
    assert offer.get_payload(decode=True).decode() == CALENDAR.content == file.get_content().decode()
    assert file.get_filename() == "date.ics"
    assert opened(path.read_bytes()) == (TO, SUBJECT, BODY)


def test_two_calendars_and_another_file_all_go(tmp_path):
    files = [
        CALENDAR,
        CALENDAR,
        Attachment("list.csv", "text/csv", "a,ŵ\n"),
        Attachment("x.bin", "application/x; a=b", "x"),
    ]

    FolderMailer(tmp_path, "notes@example.org").send(TO, SUBJECT, BODY, attachments=files)

    (path,) = tmp_path.iterdir()
    message = parsed(path.read_bytes())
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds.count("text/calendar") == 2
    assert [part.get_filename() for part in message.iter_attachments()] == ["date.ics", "date.ics", "list.csv", "x.bin"]
    assert [part.get_content() for part in message.iter_attachments()][2:] == ["a,ŵ\r\n", b"x"]


def test_the_fake_fails_as_often_as_it_is_told():
    mailer = FakeMailer(failures=[DeliveryFailed("down")])

    with pytest.raises(DeliveryFailed):
        mailer.send(TO, SUBJECT, BODY)
    mailer.send(TO, SUBJECT, BODY)

    assert len(mailer.sent) == 1
