"""The forms of the desk."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    PasswordField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from companion.core.model import Role

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "system")
NEEDED = _l("Please fill this in.")
TOO_LONG = _l("Please use fewer words.")
PHONE = Regexp(r"^[0-9+() .-]{3,30}$", message=_l("Please type a telephone number."))
ROLE_CHOICES = [
    SelectChoice("member", _l("member")),
    SelectChoice("facilitator", _l("facilitator")),
    SelectChoice("peer_supporter", _l("peer supporter")),
    SelectChoice("tech_helper", _l("tech helper")),
]
EMAIL = Regexp(r"^[^\s@<>,;]+@[^\s@<>,;]+$", message=_l("Please type an e-mail address."))


def https_only(form: FlaskForm, field: Field) -> None:
    """Anything else could be read on its way."""
    try:
        parts = urlsplit(field.data or "")
    except ValueError:
        parts = urlsplit("")
    if field.data and (parts.scheme != "https" or not parts.hostname):
        raise ValidationError(_l("Please give an address that begins with https://"))


class LoginForm(FlaskForm):
    """The door of the desk."""

    name = StringField(validators=[InputRequired(), Length(max=80)])
    password = PasswordField(validators=[InputRequired(), Length(max=200)])


class PasswordForm(FlaskForm):
    """The password once more, before something private is shown."""

    password = PasswordField(validators=[InputRequired(NEEDED), Length(max=200)])


class NewGroupForm(FlaskForm):
    """A name is enough to begin."""

    name = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])


class SessionForm(FlaskForm):
    """A date and a time, as people say them."""

    starts_at = DateTimeLocalField(
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(_l("Please give a date and a time."))],
    )


class ButtonForm(FlaskForm):
    """A single button."""
