"""The forms of the desk about one person."""

from __future__ import annotations

from datetime import time
from typing import Any, get_args

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from companion import words
from companion.core.model import Cue
from companion.core.values import replace
from companion.records import AccessCard, Hours, Person, SafeContact
from companion.service import aliases, induction, numbers
from companion.service.aliases import LONGEST
from companion.web.group_forms import countries
from companion.web.organiser_forms import EMAIL, NEEDED, ROLE_CHOICES, TOO_LONG

DAYS = range(7)
WARNINGS = {
    "own_name": _l("This looks like part of her own name. Others could find out who she is."),
    "year": _l("This looks like a year, perhaps of her birth. Others could find out who she is."),
    "postcode": _l("This looks like a postcode. Others could find out who she is."),
}
NO_NUMBER = _l("This number is too short or too long. For another country begin with + and its code.")


class Named(FlaskForm):
    """A name and an alias that does not give it away, unless somebody wants it all the same."""

    name = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])
    alias = StringField(validators=[Length(max=LONGEST, message=TOO_LONG)])
    alias_anyway = BooleanField()
    known_alias = ""

    def validate_alias(self, field: Field) -> None:
        """Warn once; a tick keeps it."""
        typed = aliases.cleaned(field.data or "")
        warned = aliases.warning(typed, self.name.data or "") if typed != self.known_alias else None
        if warned and not self.alias_anyway.data:
            raise ValidationError(WARNINGS[warned])


class Reached(FlaskForm):
    """An address and a number. Empty: as on file."""

    email = StringField(validators=[MayBeEmpty(), Length(max=200), EMAIL])
    phone = StringField(validators=[MayBeEmpty(), Length(max=40)])
    home = "GB"  # the country in which a number without a code is meant

    def validate_phone(self, field: Field) -> None:
        """A number that can be dialled."""
        if field.data and not numbers.kept(field.data, self.home):
            raise ValidationError(NO_NUMBER)

    @property
    def number(self) -> str:
        """The number as it is kept."""
        return numbers.kept(self.phone.data or "", self.home)


class NewPersonForm(Named, Reached):
    """Somebody new."""

    role = SelectField(choices=ROLE_CHOICES)
    language = SelectField(choices=lambda: dict(words.languages()))
    contact_is_safe = BooleanField()


class AboutForm(Named):
    """Who she is in the group."""

    role = SelectField(choices=ROLE_CHOICES)
    language = SelectField(choices=lambda: dict(words.languages()))
    country = SelectField(choices=lambda: [("", _l("as the group")), *countries()], default="")
    first_time = BooleanField()
    phone_only = BooleanField()
    if_i_vanish = SelectField(
        choices=[
            SelectChoice("wait", _l("wait for her")),
            SelectChoice("nothing", _l("do nothing")),
            SelectChoice("call_me", _l("phone her")),
        ],
        default="wait",
    )
    preferred_supporter = SelectField(choices=[], default="")

    @classmethod
    def made(cls, person: Person, supporters: list[tuple[str, str]], *, filled: bool) -> AboutForm:
        """The form for her: as it came, or ``filled`` with what is known."""
        names = ("name", "alias", "role", "language", "country", "first_time", "phone_only", "if_i_vanish")
        kept = {name: getattr(person, name) for name in (*names, "preferred_supporter")}
        form = cls(formdata=None, data=kept) if filled else cls()
        form.preferred_supporter.choices = [("", _l("nobody in particular")), *supporters]
        form.known_alias = person.alias
        return form

    def into(self, person: Person) -> Person:
        """Her with what was typed."""
        return replace(
            person,
            name=self.name.data,
            alias=aliases.cleaned(self.alias.data or "") or person.alias,
            role=self.role.data,
            language=self.language.data,
            country=self.country.data or "",
            first_time=self.first_time.data,
            phone_only=self.phone_only.data,
            if_i_vanish=self.if_i_vanish.data,
            preferred_supporter=self.preferred_supporter.data or "",
        )


KEPT = ("channel", "also", "voicemail", "name_to_use")


class ContactForm(Reached):
    """How to reach her without harm. Days without hours are days on which nobody may; no hours at all: any time."""

    channel = SelectField(
        choices=[
            SelectChoice("email", _l("e-mail")),
            SelectChoice("text", _l("text message")),
            SelectChoice("call", _l("a telephone call")),
            SelectChoice("post", _l("a letter or a printed sheet")),
            SelectChoice("none", _l("not at all")),
        ]
    )
    also = SelectField(
        choices=[
            SelectChoice("none", _l("no other way")),
            SelectChoice("email", _l("e-mail")),
            SelectChoice("text", _l("text message")),
        ]
    )
    voicemail = BooleanField()
    name_to_use = StringField(validators=[Length(max=40, message=TOO_LONG)])
    forget_contact = BooleanField()
    is_safe = BooleanField()

    @classmethod
    def of(cls, person: Person) -> ContactForm:
        """The form as it is known, without address and number."""
        kept: dict[str, Any] = {name: getattr(person.contact, name) for name in KEPT}
        for part in person.contact.hours:
            for day in part.days:
                kept |= {f"from_{day}": _clock(part.from_minute), f"until_{day}": _clock(part.until_minute)}
        return cls(formdata=None, data=kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """A day needs both its times."""
        fine = super().validate(extra_validators)
        for day in DAYS:
            begins, ends = self[f"from_{day}"], self[f"until_{day}"]
            if not begins.errors and not ends.errors and (begins.data is None) != (ends.data is None):
                (begins if begins.data is None else ends).errors = [_l("Please give both times, or none.")]
                fine = False
        return fine

    def into(self, person: Person) -> Person:
        """Her with what was typed; an empty address or number stays as it is on file."""
        forget = self.forget_contact.data
        return replace(
            person,
            email="" if forget else self.email.data or person.email,
            phone="" if forget else self.number or person.phone,
            contact=SafeContact(
                self.channel.data,
                self.hours(),
                self.voicemail.data,
                " ".join((self.name_to_use.data or "").split()),
                "none" if "none" in (self.channel.data, self.also.data) else self.also.data,
            ),
        )

    @property
    def has_hours(self) -> bool:
        """Whether any time is known, or was typed in whatever way."""
        ends = [self[f"{end}_{day}"] for day in DAYS for end in ("from", "until")]
        return any(one.data is not None or any(one.raw_data or ()) for one in ends)

    def hours(self) -> tuple[Hours, ...]:
        """Days with the same hours together."""
        days: dict[tuple[int, int], list[int]] = {}
        for day in DAYS:
            begins, ends = self[f"from_{day}"].data, self[f"until_{day}"].data
            if begins is not None and ends is not None:
                days.setdefault((_minute(begins), _minute(ends)), []).append(day)
        return tuple(Hours(tuple(on), begins, ends) for (begins, ends), on in days.items())


for _day in DAYS:
    for _end in ("from", "until"):
        setattr(ContactForm, f"{_end}_{_day}", TimeField(validators=[MayBeEmpty()]))


class AccessForm(FlaskForm):
    """What makes taking part easier, and whether facilitators may know."""

    cues = SelectMultipleField(choices=list(get_args(Cue)))
    note = StringField(validators=[Length(max=200, message=TOO_LONG)])
    shared = BooleanField()

    @classmethod
    def of(cls, person: Person) -> AccessForm:
        """The form as it is known."""
        card = person.access_card
        return cls(formdata=None, data={"cues": list(card.cues), "note": card.note, "shared": card.shared})

    def card(self) -> AccessCard:
        """What was typed."""
        return AccessCard(tuple(self.cues.data), " ".join((self.note.data or "").split()), self.shared.data)


class InductionForm(FlaskForm):
    """What she was told, or who says that she need not be."""

    done = SelectMultipleField(choices=list(induction.ITEMS))
    waived_by = StringField(validators=[Length(max=80, message=TOO_LONG)])

    @classmethod
    def of(cls, person: Person) -> InductionForm:
        """The form as it is known."""
        return cls(formdata=None, data={"done": list(person.induction.done), "waived_by": person.induction.waived_by})


class QuestionsForm(FlaskForm):
    """Eight questions, each of which may be left out."""

    form = HiddenField(validators=[Length(max=80)])

    def answers(self) -> dict[str, bool]:
        """Those that were answered."""
        given = {question: self[question].data for question in induction.QUESTIONS}
        return {question: answer == "yes" for question, answer in given.items() if answer in ("yes", "no")}


for _question in induction.QUESTIONS:
    setattr(QuestionsForm, _question, RadioField(choices=["yes", "no", "skip"], validators=[MayBeEmpty()]))


def _minute(typed: time) -> int:
    return typed.hour * 60 + typed.minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
