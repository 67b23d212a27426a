"""Files that go with a letter; a calendar stands twice, as mail programs of both kinds look for it (RFC 6047)."""

from __future__ import annotations

from email.message import EmailMessage, Message

from companion.records import Attachment


def attach(message: EmailMessage, attachment: Attachment) -> None:
    """Put a file into a message that has its words already."""
    kind, subtype, parameters = _media_type(attachment.media_type)
    if (kind, subtype) == ("text", "calendar"):
        _offer(message, attachment.content, parameters)
        # Programs that do not act upon an offer still show a file that her calendar opens.
        message.add_attachment(
            attachment.content.encode(), maintype="application", subtype="ics", filename=attachment.name
        )
    elif kind == "text":
        message.add_attachment(attachment.content, subtype=subtype, filename=attachment.name, params=parameters)
    else:
        content = attachment.content.encode()
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=attachment.name, params=parameters)


def _offer(message: EmailMessage, content: str, parameters: dict[str, str]) -> None:
    # Beside the words, as one more way to read them. base64, so that no server on the way breaks a line of it.
    words = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
    words.add_alternative(content, subtype="calendar", params=parameters, cte="base64")


def _media_type(text: str) -> tuple[str, str, dict[str, str]]:
    read = Message()
    read["Content-Type"] = text
    # The character set is always ours: what is given here is text.
    parameters = {name: value for name, value in read.get_params([])[1:] if name.lower() != "charset"}
    return read.get_content_maintype(), read.get_content_subtype(), parameters
