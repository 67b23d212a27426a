"""The words of letters about dates. Neutral, as all letters are: no group, no name, no link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from companion import words
from companion.records import Notice
from companion.service import dates
from companion.service.letters import Text


def notice(notice: Notice, language: str, zone: str, *, text_message: bool = False) -> Text:
    """A date was moved or falls away, or there are no more."""
    _ = _in(language)
    was, now = dates.said(notice.was_at, language, zone), dates.said(notice.starts_at, language, zone)
    if notice.kind == "moved":
        changed = _("It was: %(when)s") % {"when": was}, _("It is now: %(when)s") % {"when": now}
        lines: tuple[str, ...] = (_("A date in your diary has changed."), *changed)
    elif notice.kind == "cancelled":
        lines = (_("A date in your diary falls away."), _("It was: %(when)s") % {"when": was})
    else:
        lines = (_("The dates in your diary end."), _("From this one on they fall away: %(when)s") % {"when": was})
    return _letter(_, lines, text_message)


def reminder(starts_at: datetime, language: str, zone: str, *, text_message: bool = False) -> Text:
    """That something is in her diary, and when."""
    _ = _in(language)
    lines = (_("This is in your diary: %(when)s") % {"when": dates.said(starts_at, language, zone)},)
    return _letter(_, lines, text_message)


def _letter(_: Callable[[str], str], lines: tuple[str, ...], text_message: bool) -> Text:
    if text_message:
        return Text("", " ".join(lines))
    lines = (_("Hello,"), *lines, _("If you did not ask for this, please delete it. Nothing will happen."))
    return Text(_("For your diary"), "\n\n".join(lines) + "\n")


def _in(language: str) -> Callable[[str], str]:
    return words.translations(words.spoken(language)).gettext
