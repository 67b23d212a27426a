"""The forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField

from companion.records import OneTimeLink
from companion.service.staff.accounts import NotGood

MISTAKES = {
    "empty": _l("Please fill this in."),
    "taken": _l("Somebody has this name here. Please add a second name."),
    "too_short": _l("Please use at least 12 characters. A few words are fine."),
    "too_long": _l("Please use fewer words."),
    "too_common": _l("Many people use a password like this. Please take another."),
    "own_name": _l("Your name is easy to guess. Please take other words."),
}


class NewPasswordForm(FlaskForm):
    """A password, typed once: it can be shown, and pasted."""

    new_password = PasswordField()

    def mark(self, problem: NotGood) -> None:
        """Put the mistake beside its field."""
        spot = self.new_password if problem.field == "password" else self[problem.field]
        spot.errors = (MISTAKES[problem.mistake],)


class BeginForm(NewPasswordForm):
    """A new account."""

    name = StringField()
    alias = StringField()

    @classmethod
    def of(cls, link: OneTimeLink) -> BeginForm:
        """With the name by which her colleague called her."""
        return cls(formdata=None, data={"name": link.name})


class ColleagueForm(FlaskForm):
    """Somebody to invite; which roles in which groups stands in fields of its own."""

    name = StringField()
    keeper = BooleanField()


class LostForm(FlaskForm):
    """Somebody who cannot sign in."""

    name = StringField()
