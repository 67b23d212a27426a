"""The words that carry a link or a passcode, each by itself, in the reader's language.

Whoever glances at them learns nothing: no name, no group, no word for what the number opens.
"""

from __future__ import annotations

from datetime import datetime

from companion import words
from companion.service import dates
from companion.service.letters import Text
from companion.service.passcodes import grouped


def link_by_mail(
    link: str, starts_at: datetime | None, language: str, zone: str = dates.HOME, each_time: bool = False
) -> Text:
    """The link of one date, or of each date of a series; the passcode comes another way."""
    _ = words.translations(words.spoken(language)).gettext
    here = _("Please open this page on your own phone or computer:")
    if starts_at:
        when = dates.said(starts_at, language, zone)
        here = _("%(when)s: please open this page on your own phone or computer:") % {"when": when}
    lines = (
        _("Hello, here is what you asked for."),
        here,
        link,
        *((_("It is the same page each time."),) if each_time else ()),
        _("You need a number to open it. It comes to you another way."),
        _("If you did not ask for this, please delete it. Nothing will happen."),
    )
    return Text(_("For your diary"), "\n\n".join(lines) + "\n")


def link_by_text(link: str, starts_at: datetime | None, language: str, zone: str = dates.HOME) -> Text:
    """The same in few words."""
    _ = words.translations(words.spoken(language)).gettext
    at = (f"{dates.said(starts_at, language, zone)}.",) if starts_at else ()
    parts = (_("Hello, here is what you asked for."), *at, link, _("A number for it comes another way."))
    return Text("", " ".join(parts))


def passcode_by_mail(passcode: str, language: str) -> Text:
    """The passcode alone: a number like any other."""
    _ = words.translations(words.spoken(language)).gettext
    lines = (
        _("Hello, here is the number you asked for."),
        grouped(passcode),
        _("Please keep it to yourself."),
        _("If you did not ask for this, please delete it. Nothing will happen."),
    )
    return Text(_("Your number"), "\n\n".join(lines) + "\n")


def passcode_by_text(passcode: str, language: str) -> Text:
    """The same in few words."""
    _ = words.translations(words.spoken(language)).gettext
    return Text("", " ".join((_("Hello, here is the number you asked for."), grouped(passcode))))
