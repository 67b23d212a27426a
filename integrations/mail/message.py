"""One letter as a message: plain text and the same words as simple HTML, with nothing that a glance could tell."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail import calendars

LINK = re.compile(r"https?://[^\s<>]+")


def make_message(
    sender: str, to: str, subject: str, body: str, attachments: Sequence[Attachment] = (), reference: str = ""
) -> EmailMessage:
    """The message to send. No tracking, no pictures, no reply to anybody else."""
    if not is_address(to):
        raise DeliveryFailed("this is not an e-mail address", permanent=True, trouble="address")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = _message_id(sender, reference)
    # Out-of-office answers would come back to an address that nobody reads, with her name in them.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    message.add_alternative(_as_html(body), subtype="html")
    for attachment in attachments:
        calendars.attach(message, attachment)
    return message


def is_address(text: str) -> bool:
    """Whether this can be an address at all; a line break in it could smuggle a second one in."""
    return re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+", text) is not None and text.isprintable()


def _message_id(sender: str, reference: str) -> str:
    # The same for every try at one letter: whoever gets it twice is shown it once.
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{reference}@{domain}>" if reference else make_msgid(domain=domain)


def _as_html(body: str) -> str:
    paragraphs = (f"<p>{_linked(part)}</p>" for part in body.strip().split("\n\n"))
    return f"<!doctype html>\n<html><body>\n{chr(10).join(paragraphs)}\n</body></html>\n"


def _linked(text: str) -> str:
    return LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', html.escape(text))
