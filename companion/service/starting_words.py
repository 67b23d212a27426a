"""Words that a group can start from, in every language: what peer support can do and what it cannot."""

from __future__ import annotations

from companion import words


def we_can(language: str) -> tuple[str, ...]:
    """What the group offers, where it has not said so in words of its own."""
    _ = words.translations(words.spoken(language)).gettext
    return (
        _("We listen, and we share what we have lived through."),
        _("We are here during the meeting."),
        _("Each of us may speak, or only listen."),
    )


def we_cannot(language: str) -> tuple[str, ...]:
    """What it does not, said before anybody agrees to anything."""
    _ = words.translations(words.spoken(language)).gettext
    return (
        _("We are people like you. We are not a clinic."),
        _("We are not there day and night."),
        _("We cannot come to you when there is danger."),
        _("“Help now” shows who you can phone at any time."),
    )
