"""What there is at the desk of a group that meets every month: dates, letters, promises; each made with few writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from holidays import list_supported_countries

from companion.core.values import replace
from companion.records import (
    AccessCard,
    Batch,
    CallTask,
    Consent,
    Group,
    Hours,
    Induction,
    Letter,
    LinkCheck,
    Missed,
    Notice,
    PlannedSession,
    SafeContact,
    SendItem,
    SendJob,
)
from companion.service import (
    agreements,
    audit,
    clashes,
    consents,
    feeds,
    induction,
    inviting,
    notices,
    organising,
    planning,
    recurring,
)
from companion.service.deps import Deps
from companion.service.planning import Wish

WEEK = timedelta(days=7)
EVENINGS = (Hours((0, 2, 4), 18 * 60, 21 * 60 + 30),)
ANSWERS = {"own_device": True, "data_costs": True, "headphones": False}
HOLIDAYS = ("GB", "GB-NIR", *list_supported_countries())  # in any three weeks there is a holiday somewhere


class DeskMoments:
    """The desk of one group. ``ids`` are the names that a path may hold, such as {group} or {hazel}."""

    def __init__(self, deps: Deps, group: Group) -> None:
        self.deps, self.now = deps, deps.clock()
        self.people = {person.alias: person for person in deps.store.people(group.id)}
        self.group = self._settled(group)
        self.ids = {"group": group.id, "hazel": self.people["Hazel"].id, "sol": self.people["Sol"].id}
        self._people()
        self._dates()
        self._told()
        self._sending()
        self._consents()

    def _settled(self, group: Group) -> Group:
        """Its own crisis line for another country, its own words, and holidays that are near."""
        near = next(where for where in HOLIDAYS if self._holiday(group, where))
        settings = replace(group.settings, organisation="The Alder House", holidays=near)
        self.deps.store.save_group(replace(group, settings=settings))
        points = (*settings.agreement[:-1], "We come when we can, and nobody counts.")
        agreements.publish(self.deps, group.id, points, instead_of=settings.agreement_version)
        found = self.deps.store.group(group.id)
        assert found is not None
        return found

    def _holiday(self, group: Group, where: str) -> datetime | None:
        """The first one that is near enough to be warned of, and too far for a reminder."""
        settings = replace(group.settings, holidays=where)
        days = (self.now.replace(hour=19, minute=0, second=0) + timedelta(days=n) for n in range(9, 27))
        return next((day for day in days if clashes.holiday(settings, day)), None)

    def _people(self) -> None:
        contact = SafeContact("email", EVENINGS, name_to_use="Hazel", also="text")
        card = AccessCard(("captions", "reads_slowly"), "A little more time to read.", shared=True)
        safe = {"contact_confirmed_at": self.now, "contact": contact}
        self._change("Hazel", email="hazel@example.org", access_card=card, **safe)
        self._change("Fern", email="fern@example.org", contact_confirmed_at=self.now)
        self._change("Ash", phone="07700 900124", contact_confirmed_at=self.now, contact=SafeContact("text"))
        self._change("Ivy", contact=SafeContact("call"), phone="07700 900125")
        self._change("Lark", contact=SafeContact("none"))
        new = organising.add_person(self.deps, self.group.id, "member", "Linnet", "Linnet", email="linnet@example.org")
        self.deps.store.save_person(replace(new, induction=Induction(induction.ITEMS[:2], at=self.now)))
        self.ids["linnet"] = new.id
        for n in range(induction.FEWEST):
            induction.add_answers(self.deps, self.group.id, ANSWERS, f"form-{n}")
        feeds.renew(self.deps, self.people["Sol"].id)

    def _change(self, alias: str, **fields: object) -> None:
        self.people[alias] = replace(self.people[alias], **fields)  # type: ignore[arg-type]
        self.deps.store.save_person(self.people[alias])

    def _dates(self) -> None:
        """Every month; before that one on a holiday."""
        zone = self.group.settings.zone
        wall = (recurring.wall_clock(self.now, zone) + 5 * WEEK).replace(hour=19, minute=0, second=0, microsecond=0)
        planning.keep(self.deps, self.group, Wish("monthly_weekday", wall, 90), "monthly", "Pat")
        holiday = self._holiday(self.group, self.group.settings.holidays)
        assert holiday is not None
        self.deps.store.save_session(PlannedSession("holiday", self.group.id, holiday))
        coming = sorted(self.deps.store.shelf(PlannedSession).find(series_id="monthly"), key=lambda one: one.starts_at)
        self.moved, self.next, self.last = coming[0], coming[1], coming[-1]
        inviting.invite_to_series(self.deps, "monthly", self.people["Fern"].id)
        self.deps.store.save_session(replace(self.last, cancelled_at=self.now))
        full = recurring.wall_clock(self.next.starts_at, zone)
        self.ids |= {
            "series": "monthly",
            "moved": self.moved.id,
            "next": self.next.id,
            "full": f"{full:%Y-%m-%dT%H:%M}",
        }

    def _told(self) -> None:
        """A date was moved. One was not told, one was phoned; and the call is not where it should be."""
        was = self.moved.starts_at - timedelta(hours=1)
        session = replace(self.moved, moved_from=was, sequence=1)
        self.deps.store.save_session(session)
        untold = CallTask("untold", "zoom", session.id, "change", self.now, self.now - timedelta(hours=2), attempts=3)
        problem = "Zoom does not accept our key"
        self.deps.store.shelf(CallTask).put(replace(untold, state="failed", trouble="credentials", problem=problem))
        missed = (
            Missed(self.people["Ivy"].id, "by_call"),
            Missed(self.people["Lark"].id, "reach_nobody", self.now),
        )
        notice = Notice(
            notices.notice_id(session.id, 1),
            self.group.id,
            session.id,
            "monthly",
            "moved",
            1,
            was,
            session.starts_at,
            self.now,
            "Pat",
            missed=missed,
            posted_at=self.now,
        )
        self.deps.store.shelf(Notice).put(notice)
        self.deps.store.shelf(LinkCheck).put(LinkCheck("look", session.id, self.now, "unreachable"))

    def _sending(self) -> None:
        """A batch that is going, and invitations for everybody that somebody has stopped half way."""
        shelf, about = self.deps.store.shelf(Batch), self.group.id
        shelf.put(Batch("batch", self.now, about))
        shelf.put(Batch("job", self.now, about, "paused"))
        for batch, states in (("batch", ("waiting", "waiting", "sent", "delivered")), ("job", ("held", "sent"))):
            for n, state in enumerate(states):
                due = self.now + timedelta(days=1)
                to = f"wren{n}@example.org"
                self.deps.store.post(Letter(f"{batch}-{n}", "mail", to, "Tuesday", "", due, state, batch=batch))  # type: ignore[arg-type]
        self.deps.store.shelf(SendJob).put(SendJob("job", f"session {self.next.id}", "stopped", self.now))
        items = (
            SendItem("item-1", "job", self.people["Hazel"].id, "email", "aloud", "done", "", None, ("", "12345678")),
            SendItem("item-2", "job", self.people["Ivy"].id, "paper", "aloud", "refused", "no_route"),
            SendItem("item-3", "job", self.people["Ash"].id, "text", "aloud"),
        )
        for item in items:
            self.deps.store.shelf(SendItem).put(item)
        self.ids |= {"batch": "batch", "job": "job"}

    def _consents(self) -> None:
        hers = self.people["Hazel"].id
        consents.give(self.deps, hers, "contact")
        old = Consent("taken-back", hers, "measurements", 1, self.now - 4 * WEEK, self.now - WEEK)
        self.deps.store.shelf(Consent).put(old)
        audit.note(self.deps, "revealed_contact", by="terminal", about=f"person {hers}")
