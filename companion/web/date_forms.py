"""The forms of dates. A mistake is told by the words of that mistake: gone by, too late today, end before start."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DateTimeLocalField, HiddenField, IntegerField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Regexp
from wtforms.validators import Optional as MayBeEmpty

from companion.records import PlannedSession
from companion.service import recurring
from companion.service.planning import Wish

LONGEST = timedelta(hours=8)
FURTHEST = timedelta(days=730)


class WhenForm(FlaskForm):
    """When a date begins and ends, on the wall clock of its group. It is looked at by GET first, so without a token of
    its own; what changes something is a POST of a whole page, and those are checked for all forms alike.
    """

    class Meta:
        csrf = False

    starts_at = DateTimeLocalField(
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(_l("Please give a date and a time."))],
    )
    ends_at = TimeField(validators=[InputRequired(_l("Please say when it ends."))])
    hold = BooleanField()

    def fits(self, now: datetime, zone: str) -> bool:
        """Whether it can be kept; otherwise the fields say why not."""
        if not self.validate():
            return False
        self._check_start(now, zone)
        self._check_end()
        return not self.errors

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self._end() - self.starts_at.data) / timedelta(minutes=1))

    def moment(self, zone: str) -> datetime:
        """When it begins."""
        return recurring.moment(self.starts_at.data, zone)

    def _check_start(self, now: datetime, zone: str) -> None:
        today = recurring.wall_clock(now, zone).date()
        if self.starts_at.data.date() < today:
            _say(self.starts_at, _l("That day has gone by. Please choose a later one."))
        elif self.moment(zone) <= now:
            _say(self.starts_at, _l("That time has gone by today. Please choose a later one."))
        elif self.moment(zone) > now + FURTHEST:
            _say(self.starts_at, _l("That is too far ahead. Two years is the most."))

    def _check_end(self) -> None:
        if self._end() <= self.starts_at.data:
            _say(self.ends_at, _l("The end comes before the start."))
        elif self._end() - self.starts_at.data > LONGEST:
            _say(self.ends_at, _l("That is very long. Eight hours is the most."))

    def _end(self) -> datetime:
        ends: datetime = datetime.combine(self.starts_at.data.date(), self.ends_at.data)
        return ends


class MoveForm(WhenForm):
    """Another time for a date; ``sequence`` is the change that was seen."""

    sequence = IntegerField(validators=[MayBeEmpty()])

    def fits_move(self, now: datetime, zone: str, session: PlannedSession) -> bool:
        """Whether it is a time to move to."""
        if not self.fits(now, zone):
            return False
        if (self.moment(zone), self.minutes) == (session.starts_at, session.minutes):
            _say(self.starts_at, _l("It is at that time already. Please choose another."))
        return not self.errors


class SequenceForm(FlaskForm):
    """Which change of a date was seen when a button was pressed."""

    sequence = IntegerField(validators=[InputRequired()])


class NewDatesForm(WhenForm):
    """One date, or many."""

    repeats = SelectField(
        choices=[
            SelectChoice("once", _l("once")),
            SelectChoice("weekly", _l("every week")),
            SelectChoice("fortnightly", _l("every two weeks")),
            SelectChoice("monthly_weekday", _l("every month, such as on the first Tuesday")),
            SelectChoice("monthly_last", _l("every month, such as on the last Thursday")),
            SelectChoice("monthly_day", _l("every month, on the same day, such as the 15th")),
        ]
    )
    until = DateField(validators=[MayBeEmpty()])
    times = IntegerField(
        validators=[MayBeEmpty(), NumberRange(1, 200, message=_l("Please give a number from 1 to 200."))]
    )
    made = HiddenField(validators=[MayBeEmpty(), Regexp(r"^[\w-]{1,64}$")])

    def fits(self, now: datetime, zone: str) -> bool:
        """Whether these dates can be kept."""
        if not super().fits(now, zone):
            return False
        if self.until.data and self.times.data:
            _say(self.times, _l("Please give a last day or a number, not both."))
        if self.until.data and self.until.data < self.starts_at.data.date():
            _say(self.until, _l("The last day comes before the first."))
        return not self.errors

    def wish(self) -> Wish:
        """What was asked for."""
        until = datetime.combine(self.until.data, datetime.min.time()) if self.until.data else None
        return Wish(self.repeats.data, self.starts_at.data, self.minutes, until, self.times.data)

    def kept(self) -> dict[str, str]:
        """The fields as they travel on to the next page."""
        names = ("starts_at", "ends_at", "repeats", "until", "times")
        return {name: _text(self[name].data) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)[:5] if hasattr(value, "hour") else str(value)


def _say(field: Any, mistake: Any) -> None:
    field.errors = [*field.errors, mistake]
