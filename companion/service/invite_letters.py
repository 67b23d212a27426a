"""The words that carry a link or a passcode, each by itself, in the reader's language.

Whoever glances at them learns nothing: no name, no group, no word for what the number opens.
"""

from __future__ import annotations

from datetime import datetime

from companion import words
from companion.records import Kind
from companion.service import dates
from companion.service.letters import Text
from companion.service.passcodes import grouped


def link(kind: Kind, address: str, starts_at: datetime | None, language: str, *, each_time: bool = False) -> Text:
    """The link of one date, or of each date of a series; the passcode comes another way."""
    _ = words.translations(words.spoken(language)).gettext
    when = dates.said(starts_at, language) if starts_at else ""
    if kind == "text":
        at = f" {when}." if when else ""
        return Text(
            "", f"{_('Hello, here is what you asked for.')}{at} {address} {_('A number for it comes another way.')}"
        )
    lines = [_("Hello, here is what you asked for."), _("Please open this page on your own phone or computer:")]
    if when:
        lines[1] = _("%(when)s: please open this page on your own phone or computer:") % {"when": when}
    lines += [address]
    if each_time:
        lines += [_("It is the same page each time.")]
    lines += [
        _("You need a number to open it. It comes to you another way."),
        _("If you did not ask for this, please delete it. Nothing will happen."),
    ]
    return Text(_("For your diary"), "\n\n".join(lines) + "\n")


def passcode(kind: Kind, digits: str, language: str) -> Text:
    """The passcode alone: a number like any other."""
    _ = words.translations(words.spoken(language)).gettext
    number = grouped(digits)
    if kind == "text":
        return Text("", f"{_('Hello, here is the number you asked for.')} {number}")
    lines = (
        _("Hello, here is the number you asked for."),
        number,
        _("Please keep it to yourself."),
        _("If you did not ask for this, please delete it. Nothing will happen."),
    )
    return Text(_("Your number"), "\n\n".join(lines) + "\n")
