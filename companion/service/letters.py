"""The words of letters, in the reader's language. Whoever glances at a list of mails learns nothing from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from companion import words
from companion.service import dates


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and a body in plain text."""

    subject: str
    body: str


def invitation(link: str, starts_at: datetime, language: str) -> Text:
    """The link, and where the passcode comes from. No name, no group, no passcode."""
    _ = words.translations(words.spoken(language)).gettext
    when = dates.said(starts_at, language)
    lines = (
        _("Hello, here is what you asked for."),
        _("%(when)s: please open this page on your own phone or computer:") % {"when": when},
        link,
        _("You need a number to open it. It comes to you another way, never by e-mail."),
        _("If you did not ask for this, please delete it. Nothing will happen."),
    )
    return Text(_("For your diary"), "\n\n".join(lines) + "\n")
