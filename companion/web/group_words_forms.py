"""The forms of a group's settings that hold words of its own, a line each."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from companion.core.model import AgendaPart
from companion.core.values import replace
from companion.records import Group, SafeguardingPlan
from companion.service import starting_words
from companion.web.group_forms import SectionForm
from companion.web.organiser_forms import NEEDED, PHONE, TOO_LONG

FEW, MANY = 2000, 4000  # characters
MINUTES = re.compile(r"^(?P<title>.*\S)\s*\((?P<minutes>\d{1,3})\)$")
SHORT = Length(max=FEW, message=TOO_LONG)


def lines_of(typed: str | None) -> tuple[str, ...]:
    """One point a line, without empty ones and doubled spaces."""
    kept = (" ".join(line.split()) for line in (typed or "").splitlines())
    return tuple(dict.fromkeys(line for line in kept if line))


class EveningForm(SectionForm):
    """How an evening goes: its parts, and prompts for when talk falters."""

    agenda = TextAreaField(validators=[SHORT])
    prompts = TextAreaField(validators=[Length(max=MANY, message=TOO_LONG)])

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        parts = [f"{p.title} ({p.minutes})" if p.minutes else p.title for p in group.rules.agenda]
        return {"agenda": "\n".join(parts), "prompts": "\n".join(group.rules.prompts)}

    def into(self, group: Group, at: datetime) -> Group:
        parts = tuple(_part(line) for line in lines_of(self.agenda.data))
        return replace(group, rules=replace(group.rules, agenda=parts, prompts=lines_of(self.prompts.data)))


class AgreementForm(FlaskForm):
    """What everybody ticks. ``instead_of`` is the version that was looked at."""

    agreement = TextAreaField(validators=[InputRequired(NEEDED), Length(max=MANY, message=TOO_LONG)])
    instead_of = HiddenField()

    @classmethod
    def of(cls, group: Group) -> AgreementForm:
        """The form as the group is now."""
        settings = group.settings
        kept = {"agreement": "\n".join(settings.agreement), "instead_of": str(settings.agreement_version)}
        return cls(formdata=None, data=kept)

    def points(self) -> tuple[str, ...]:
        """What was typed."""
        return lines_of(self.agreement.data)


class SafeguardingForm(SectionForm):
    """What the group does when somebody is in danger. All of it is needed: the doors stay shut without."""

    lead = StringField(validators=[InputRequired(NEEDED), Length(max=80, message=TOO_LONG)])
    lead_number = StringField(validators=[InputRequired(NEEDED), PHONE])
    second = StringField(validators=[InputRequired(NEEDED), Length(max=120, message=TOO_LONG)])
    steps = TextAreaField(validators=[InputRequired(NEEDED), Length(max=MANY, message=TOO_LONG)])
    agreed = BooleanField(validators=[InputRequired(_l("Please tick this once both of them have said yes."))])

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        plan = group.settings.safeguarding
        if plan is None:
            return {}
        return {"lead": plan.lead, "lead_number": plan.lead_number, "second": plan.second, "steps": plan.steps}

    def into(self, group: Group, at: datetime) -> Group:
        plan = SafeguardingPlan(self.lead.data, self.lead_number.data, self.second.data, self.steps.data.strip(), at)
        return replace(group, settings=replace(group.settings, safeguarding=plan))


class PromisesForm(SectionForm):
    """What the group can do and what it cannot, read before anybody agrees to anything."""

    can = TextAreaField(validators=[SHORT])
    cannot = TextAreaField(validators=[SHORT])

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        return {"can": "\n".join(group.settings.we_can), "cannot": "\n".join(group.settings.we_cannot)}

    def start_from(self, language: str) -> None:
        """Our own words, to be changed; nothing is kept by that."""
        self.can.data = "\n".join(starting_words.we_can(language))
        self.cannot.data = "\n".join(starting_words.we_cannot(language))

    def into(self, group: Group, at: datetime) -> Group:
        can, cannot = lines_of(self.can.data), lines_of(self.cannot.data)
        return replace(group, settings=replace(group.settings, we_can=can, we_cannot=cannot))


class EntryForm(SectionForm):
    """Who can get in, in the group's own words."""

    entry = TextAreaField(validators=[SHORT])

    @classmethod
    def more_of(cls, group: Group) -> dict[str, Any]:
        return {"entry": "\n".join(group.settings.who_gets_in)}

    def into(self, group: Group, at: datetime) -> Group:
        return replace(group, settings=replace(group.settings, who_gets_in=lines_of(self.entry.data)))


class RemindersForm(SectionForm):
    """When those who want to hear are reminded."""

    reminders = SelectMultipleField(
        coerce=int,
        choices=[
            SelectChoice(7 * 24 * 60, _l("7 days before")),
            SelectChoice(3 * 24 * 60, _l("3 days before")),
            SelectChoice(24 * 60, _l("24 hours before")),
            SelectChoice(3 * 60, _l("3 hours before")),
            SelectChoice(60, _l("1 hour before")),
        ],
    )

    def into(self, group: Group, at: datetime) -> Group:
        chosen = tuple(sorted(self.reminders.data, reverse=True))
        return replace(group, settings=replace(group.settings, reminders=chosen))


def _part(line: str) -> AgendaPart:
    found = MINUTES.match(line)
    return AgendaPart(found["title"], int(found["minutes"])) if found and int(found["minutes"]) else AgendaPart(line)
