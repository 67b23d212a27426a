"""The forms of a group's settings: one for each part, filled from the group and giving it back changed."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from companion import server, words
from companion.core.values import replace
from companion.records import CrisisLine, Group
from companion.service import crisis_lines, platforms
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.leaving import DESTINATIONS
from companion.web.organiser_forms import NEEDED, PHONE, TOO_LONG, https_only

SPARE_LINES = 2  # empty rows for more countries


REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zones() -> list[str]:
    """Every zone that has a place in its name."""
    return sorted(zone for zone in available_timezones() if zone.startswith(REGIONS))


def accounts() -> list[tuple[str, str]]:
    """Whom a group can choose to hold its calls; first the addresses that it gives itself."""
    known = server.off_loop(platforms.every, deps())
    return [("", gettext("the addresses below")), *((one.id, one.name) for one in known)]


class SectionForm(FlaskForm):
    """One part. Fields that have the name of a setting are that setting."""

    rules: ClassVar[tuple[str, ...]] = ()  # fields that belong to the rules of the evening instead

    @classmethod
    def of(cls, group: Group) -> Self:
        """The form as the group is now."""
        names = [name for name in dir(cls) if hasattr(group.settings, name) or name in cls.rules]
        kept = {name: getattr(group.rules if name in cls.rules else group.settings, name) for name in names}
        return cls(formdata=None, data={**kept, **cls.more_of(group)})

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        """What is kept elsewhere, or in another shape."""
        return {}

    def into(self, group: Group, at: datetime) -> Group:
        """The group with what was typed."""
        typed = {name: "" if value is None else value for name, value in self.data.items()}
        kept: dict[str, Any] = {name: value for name, value in typed.items() if hasattr(group.settings, name)}
        rules = {name: self.data[name] for name in self.rules}
        return replace(group, settings=replace(group.settings, **kept), rules=replace(group.rules, **rules))


class NameForm(SectionForm):
    """What it is called, and who runs it. Neither stands on a page that a member sees unasked."""

    name = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])
    organisation = StringField(validators=[Length(max=80, message=TOO_LONG)])

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        return {"name": group.name}

    def into(self, group: Group, at: datetime) -> Group:
        return replace(super().into(group, at), name=self.name.data)


class CallForm(SectionForm):
    """Where the call takes place."""

    platform = SelectField(choices=lambda: list(accounts()), default="")
    call_link = StringField(validators=[Length(max=500), https_only])
    private_call_link = StringField(validators=[Length(max=500), https_only])


class NumbersForm(SectionForm):
    """How the group is reached, and when somebody reads what is sent to it."""

    backup_number = StringField(validators=[MayBeEmpty(), PHONE])
    reply_hours = StringField(validators=[Length(max=120, message=TOO_LONG)])


class LineForm(Form):
    """The crisis line of one more country; a row without a number is none."""

    country = SelectField(choices=lambda: [("", "-"), *countries()], validators=[MayBeEmpty()])
    name = StringField(validators=[Length(max=60, message=TOO_LONG)])
    number = StringField(validators=[MayBeEmpty(), PHONE])


class CrisisForm(SectionForm):
    """The line on every page, and others for members who live elsewhere."""

    crisis_name = StringField(validators=[Length(max=60, message=TOO_LONG)])
    crisis_number = StringField(validators=[MayBeEmpty(), PHONE])
    lines = FieldList(FormField(LineForm), max_entries=40)

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        kept = [{"country": x.country, "name": x.name, "number": x.number} for x in group.settings.crisis_lines]
        return {"lines": [*kept, *({} for _ in range(SPARE_LINES))]}

    def suggest(self, country: str, home: str) -> None:
        """Write a well-known line into the form, to be looked at; nothing is kept by that."""
        known = crisis_lines.suggestion(country)
        if known and country == home:
            self.crisis_name.data, self.crisis_number.data = known.name, known.number
            return
        empty = next((row for row in self.lines if not row.number.data), None)
        if known and empty and all(row.country.data != country for row in self.lines):
            empty.country.data, empty["name"].data, empty.number.data = known.country, known.name, known.number

    def into(self, group: Group, at: datetime) -> Group:
        typed = {row.country.data: row for row in self.lines if row.country.data and row.number.data}
        lines = tuple(CrisisLine(code, row["name"].data or "", row.number.data) for code, row in typed.items())
        changed = super().into(group, at)
        return replace(changed, settings=replace(changed.settings, crisis_lines=lines))


class PlaceForm(SectionForm):
    """Where and in which languages the group is at home."""

    country = SelectField(choices=lambda: list(countries()))
    holidays = SelectField(
        choices=[
            SelectChoice("", _l("those of the whole country")),
            SelectChoice("GB-ENG", _l("those of England")),
            SelectChoice("GB-WLS", _l("those of Wales")),
            SelectChoice("GB-SCT", _l("those of Scotland")),
            SelectChoice("GB-NIR", _l("those of Northern Ireland")),
        ]
    )
    zone = SelectField(choices=lambda: list(zones()))
    languages = SelectMultipleField(choices=lambda: list(words.languages().items()), validators=[InputRequired(NEEDED)])

    def into(self, group: Group, at: datetime) -> Group:
        changed = super().into(group, at)
        return replace(changed, settings=replace(changed.settings, languages=tuple(self.languages.data)))


class RulesForm(SectionForm):
    """Cameras, and what happens in the speaking queue."""

    rules = ("others_see", "reply_allowed", "call_rooms", "one_to_one_minutes")
    camera_policy = SelectField(
        choices=[
            SelectChoice("always", _l("on, if people like")),
            SelectChoice("while_sharing", _l("on while somebody speaks")),
            SelectChoice("when_ready", _l("on when somebody is ready")),
            SelectChoice("off", _l("off")),
        ]
    )
    others_see = SelectField(
        choices=[
            SelectChoice("speaker", _l("who speaks now")),
            SelectChoice("line", _l("who speaks and who waits, by alias")),
            SelectChoice("nothing", _l("nothing")),
        ]
    )
    reply_allowed = BooleanField()
    call_rooms = BooleanField()
    turn_minutes = IntegerField(validators=[MayBeEmpty(), NumberRange(1, 60, _l("Please type a number from 1 to 60."))])
    one_to_one_minutes = IntegerField(
        validators=[InputRequired(NEEDED), NumberRange(5, 60, _l("Please type a number from 5 to 60."))]
    )

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        seconds = group.rules.turn_seconds
        return {"turn_minutes": None if seconds is None else seconds // 60}

    def into(self, group: Group, at: datetime) -> Group:
        changed, minutes = super().into(group, at), self.turn_minutes.data
        return replace(changed, rules=replace(changed.rules, turn_seconds=minutes * 60 if minutes else None))


class LeavingForm(SectionForm):
    """What "Leave quickly" and "Hide" do."""

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


def countries() -> tuple[tuple[str, str], ...]:
    """Every country by its name in the reader's language."""
    return words.countries(language())
