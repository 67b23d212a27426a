"""The forms of joining; each works alone, without script, and keeps what was typed when something is missing."""

from __future__ import annotations

from typing import get_args

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from companion import words
from companion.core.model import TakesPart
from companion.service.aliases import AVATARS


class PasscodeForm(FlaskForm):
    """Whatever was typed; the service reads the digits out of it."""

    passcode = StringField(validators=[Length(max=100)])


class PrivateSpaceForm(FlaskForm):
    """No answer blocks."""

    answer = RadioField(
        choices=[
            SelectChoice("yes", _l("Yes, nobody can hear me")),
            SelectChoice("not_sure", _l("I am not sure")),
            SelectChoice("no", _l("No, somebody is near")),
        ],
        validators=[InputRequired(_l("Please choose one answer. Each of them is fine."))],
    )


class AgreementForm(FlaskForm):
    """Ticked every session."""

    version = HiddenField()
    agree = BooleanField(
        validators=[InputRequired(_l("Please tick the box to go on. You can also leave, and nobody will ask why."))]
    )


class AliasForm(FlaskForm):
    """A name for the evening, a picture, how she takes part, and her language. Nothing must be typed."""

    suggested = StringField(validators=[Length(max=100)])
    alias = StringField(validators=[Length(max=100, message=_l("That name is too long. Please take a shorter one."))])
    keep = HiddenField()  # the very name that she was warned about and wants all the same
    avatar = IntegerField(validators=[Optional(), NumberRange(AVATARS[0], AVATARS[-1])])
    takes_part = RadioField(choices=list(get_args(TakesPart)), validators=[Optional()])
    language = SelectField(choices=lambda: dict(words.languages()), validators=[Optional()])


class OnwardForm(FlaskForm):
    """A single button."""


class HelpForm(FlaskForm):
    """A few words for the tech helper, if she likes."""

    words = StringField(validators=[Length(max=80)])
