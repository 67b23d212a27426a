"""The forms of the desk."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from companion import words
from companion.core.model import Role
from companion.records import Group, GroupSettings
from companion.service.aliases import LONGEST
from companion.web.leaving import DESTINATIONS

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "system")
NEEDED = _l("Please fill this in.")
TOO_LONG = _l("Please use fewer words.")
PHONE = Regexp(r"^[0-9+() .-]{3,30}$", message=_l("Please type a telephone number."))
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


class NewGroupForm(FlaskForm):
    """A name is enough to begin."""

    name = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])


class GroupForm(NewGroupForm):
    """What a group can set about itself."""

    call_link = StringField(validators=[Length(max=500), https_only])
    private_call_link = StringField(validators=[Length(max=500), https_only])
    backup_number = StringField(validators=[MayBeEmpty(), PHONE])
    crisis_name = StringField(validators=[Length(max=60)])
    crisis_number = StringField(validators=[MayBeEmpty(), PHONE])
    camera_policy = SelectField(
        choices=[
            SelectChoice("always", _l("on, if people like")),
            SelectChoice("while_sharing", _l("on while somebody speaks")),
            SelectChoice("when_ready", _l("on when somebody is ready")),
            SelectChoice("off", _l("off")),
        ]
    )
    leave_to = SelectField(choices=list(DESTINATIONS))
    leave_words = SelectField(
        choices=[
            SelectChoice("leave", _l("Leave quickly")),
            SelectChoice("close", _l("Close")),
            SelectChoice("weather", _l("Weather")),
            SelectChoice("done", _l("Done")),
        ]
    )
    aside = SelectField(
        choices=[
            SelectChoice("list", _l("a shopping list")),
            SelectChoice("weather", _l("a weather page")),
            SelectChoice("recipe", _l("a recipe")),
        ]
    )
    agreement = TextAreaField(validators=[InputRequired(NEEDED), Length(max=4000, message=TOO_LONG)])

    @classmethod
    def of(cls, group: Group) -> GroupForm:
        """The form as the group is now."""
        kept = {name: getattr(group.settings, name) for name in cls.__dict__ if hasattr(group.settings, name)}
        return cls(formdata=None, data={**kept, "name": group.name, "agreement": "\n".join(group.settings.agreement)})

    def settings(self, version: int) -> GroupSettings:
        """What was typed, as settings; one item of the agreement a line."""
        lines = [" ".join(line.split()) for line in (self.agreement.data or "").splitlines()]
        return GroupSettings(
            call_link=self.call_link.data or "",
            private_call_link=self.private_call_link.data or "",
            backup_number=self.backup_number.data or "",
            crisis_name=self.crisis_name.data or "",
            crisis_number=self.crisis_number.data or "",
            camera_policy=self.camera_policy.data,
            leave_to=self.leave_to.data,
            leave_words=self.leave_words.data,
            aside=self.aside.data,
            agreement=tuple(line for line in lines if line),
            agreement_version=version,
        )


class PersonForm(FlaskForm):
    """Somebody of a group. An empty address or number means: as it is on file."""

    name = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])
    alias = StringField(validators=[Length(max=LONGEST, message=TOO_LONG)])
    role = SelectField(
        choices=[
            SelectChoice("member", _l("member")),
            SelectChoice("facilitator", _l("facilitator")),
            SelectChoice("peer_supporter", _l("peer supporter")),
            SelectChoice("tech_helper", _l("tech helper")),
        ]
    )
    email = StringField(validators=[MayBeEmpty(), Length(max=200), EMAIL])
    phone = StringField(validators=[MayBeEmpty(), PHONE])
    language = SelectField(choices=lambda: dict(words.languages()))
    contact_is_safe = BooleanField()
    forget_contact = BooleanField()


class SessionForm(FlaskForm):
    """A date and a time, as people say them."""

    starts_at = DateTimeLocalField(
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(_l("Please give a date and a time."))],
    )


class ButtonForm(FlaskForm):
    """A single button."""
