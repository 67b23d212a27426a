"""Sessions at every moment of an evening, in one data folder, with a way in for whoever a page is drawn for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Self

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.model import SYSTEM, AgendaPart, GroupRules, Role
from companion.core.values import replace
from companion.demo import make_demo
from companion.records import (
    Access,
    AccessState,
    Account,
    Grant,
    Invite,
    Letter,
    Person,
    PlannedSession,
    Platform,
    StaffSession,
)
from companion.service import inviting, links, organising, platforms
from companion.service.accesses import hash_token
from companion.service.arriving import STEPS
from companion.service.deps import Deps
from companion.service.inviting import Issued
from companion.service.overdue import do_what_is_due
from companion.service.perform import perform
from companion.service.staff import links as staff_links
from companion.service.staff import recovering
from tests.browser.desk_moments import DeskMoments
from tests.browser.people import Clock
from tests.fakes.staff import a_browser, an_account
from tests.live.evening import lean_on

RULES = GroupRules(
    others_see="line",
    turn_seconds=180,
    usual_wait_minutes=2,
    agenda=(AgendaPart("Arriving and saying hello", 10), AgendaPart("Time to share"), AgendaPart("Rounding off", 10)),
    prompts=("What was one small good moment this week?", "What helps you when a day is heavy?"),
)
MEETING = "https://meet.example"
STAFF = ("Sol", "Rae", "Noor", "Kit")


@dataclass
class Gathering:
    """One demo session; whoever has arrived has a cookie."""

    deps: Deps
    clock: Clock
    session_id: str
    invites: dict[str, Invite]
    cookies: dict[str, str] = field(default_factory=dict)

    def seat(self, alias: str) -> str:
        return self.invites[alias].seat_id

    def arrive(self, *aliases: str, takes_part: str = "video") -> Self:
        """These people come in by their own invites, up to the waiting room, or into the room for staff."""
        for alias in aliases:
            access = self.enter(alias)
            number = 8 + sum(map(ord, alias)) % 17
            self.do(SYSTEM, c.Arrive(access.seat_id, access.id, alias, number, "en", takes_part))
        return self

    def enter(self, alias: str, state: AccessState = "in", steps: tuple[str, ...] = STEPS, name: str = "") -> Access:
        """A browser with the cookie of this person's invite, kept as ``name``."""
        invite, now = self.invites[alias], self.deps.clock()
        token = self.deps.fresh_id()
        access = Access(
            self.deps.fresh_id(),
            hash_token(self.deps, token),
            invite.id,
            self.session_id,
            invite.seat_id,
            invite.role,
            state,
            now,
            now + timedelta(hours=12),
            steps=steps,
            alias=alias,
            avatar=7,
        )
        self.deps.store.save_access(access)
        self.cookies[name or alias] = token
        return access

    def invite(self, role: Role, alias: str) -> Self:
        """Somebody who was not among the demo's own people."""
        planned = self.deps.store.session(self.session_id)
        assert planned is not None
        person = organising.add_person(
            self.deps, planned.group_id, role, alias, alias, phone="07700 900123", waived_by="Sol"
        )
        self.invites[alias] = inviting.invite(self.deps, self.session_id, person.id).invite
        return self

    def do(self, who: str, command: Command, seconds: int = 4) -> Self:
        """One act, a little later than the one before."""
        self.clock.turn(seconds=seconds)
        perform(self.deps, self.session_id, command, by=self.seat(who) if who in self.invites else who)
        return self

    def request(self, alias: str) -> str:
        """The id of a person's open one-to-one or request for one."""
        return next(r.id for r in self._state().breakouts if r.seat == self.seat(alias))

    def ticket(self, alias: str) -> str:
        """The id of a person's help ticket."""
        return next(t.id for t in self._state().tickets if t.seat == self.seat(alias))

    def _state(self):  # type: ignore[no-untyped-def]
        saved = self.deps.store.load(self.session_id)
        assert saved is not None
        return saved.state


class NoHasher:
    """Implements ports.Hasher for a hundred passcodes that nobody types; the real one takes its time for each."""

    def hash(self, secret: str) -> str:
        return "$argon2id$never"

    def verify(self, kept: str, secret: str) -> bool:
        return False


class Moments:
    """Everything that there is a page about; made before the server starts, so that it is all there at once."""

    def __init__(self, folder: Path, port: int, start: datetime) -> None:
        self.clock = Clock(folder / "clock", start)
        # Ids in the order in which they are made: lists that nobody sorts look the same each time.
        ids = count(1)
        known = {"clock": lambda: self.clock.now, "fresh_id": lambda: f"made-{next(ids):06d}"}
        real = replace(lean_on(folder, port), **known)
        self.deps: Deps = replace(real, hasher=NoHasher())
        self.busy = self._busy()
        self.gone = self._gone()
        self.quiet = self._quiet("Monday").do("Sol", c.StartSession())
        self.quiet.do("Wren", c.RequestTurn()).do("Sol", c.StartNextTurn(0)).do("Wren", c.FinishTurn(1))
        self.planned = self._planned()
        self.paused = self._started("Thursday").do("Sol", c.PauseRoom())
        self.ending = self._started("Friday").do("Sol", c.BeginEnding(confirmed=True))
        self.doors = self._doors()
        self.together = self._together()
        self.live = self._live()
        self.beside = self._beside()
        # Last: what is closed is destroyed half a minute later.
        self.closed = self._started("Saturday").do("Sol", c.BeginEnding(confirmed=True)).do("Sol", c.CloseSession())
        group = real.store.group(self._group("Wednesday"))
        assert group is not None
        desk = DeskMoments(self.deps, group)
        self.desk = {**desk.ids, "tonight": self.busy.session_id}
        self.early = self._on_another_day(desk.next, desk.people["Wren"])
        self.cancelled = self._on_another_day(desk.last, desk.people["Wren"])
        self.deps = real
        # Without an app: no picture of these pages waits for half a minute to pass.
        self.keeper = an_account(real, "Pat", "facilitator", group=self._group("Wednesday"), keeper=True, secret="")
        self.colleague = an_account(real, "Robin Hale", "organiser", group=self._group("Tuesday"))
        self._letters()
        recovering.ask(real, self.colleague.name)

    def _demo(self, name: str, *, busy: bool = False, doors: bool = True) -> Gathering:
        known = {group.id for group in self.deps.store.groups()}
        make_demo(self.deps, busy=busy, doors=doors)
        group = next(group for group in self.deps.store.groups() if group.id not in known)
        self.deps.store.save_group(replace(group, name=name))
        session = self.deps.store.sessions(group.id)[0]
        people = {person.id: person for person in self.deps.store.people(group.id)}
        invites = {people[one.person_id].alias: one for one in self.deps.store.invites(session.id)}
        return Gathering(self.deps, self.clock, session.id, invites)

    def _quiet(self, name: str) -> Gathering:
        return self._demo(name).arrive("Sol", "Noor", "Kit", "Wren").do("Sol", c.AdmitAll())

    def _started(self, name: str) -> Gathering:
        begun = self._demo(name).arrive("Sol", "Rae", "Noor", "Kit", "Wren", "Ash", "Fern").do("Sol", c.AdmitAll())
        begun.do("Sol", c.StartSession()).do("Ash", c.RequestTurn()).do("Wren", c.RequestTurn())
        return begun.do("Sol", c.StartNextTurn(0))

    def _beside(self) -> Gathering:
        """A group with an account whose call stands beside a facilitator's panel; one hand came from the call."""
        beside = self._started("Beside")
        server = Platform("meeting", "jitsi", "Ours", MEETING, "companion", "x" * 32, self.clock.now)
        self.deps.store.shelf(Platform).put(server)
        planned = self.deps.store.session(beside.session_id)
        assert planned is not None
        platforms.choose(self.deps, planned.group_id, server.id)
        for number, alias in enumerate(("Sol", "Wren", "Ash", "Fern")):
            beside.do("Sol", c.NoteCaller(f"0000000{number}", "call", "", alias))
            beside.do("Sol", c.MatchCaller(f"0000000{number}", beside.seat(alias)))
        beside.do("Sol", c.NoteHand("00000003", 17, "")).do("Sol", c.NoteCaller("00000009", "call", "", "iPad"))
        return beside

    def _live(self) -> Gathering:
        """The demo as it opens, with its four guests in it: what README.md shows."""
        live = self._demo("Tuesday", busy=True).arrive(*STAFF[:1], "Noor", "Kit", "Wren").do("Sol", c.AdmitAll())
        live.do("Wren", c.RequestTurn()).do("Sol", c.SeeBreakSignal(live.seat("Lark")))
        live.invite("member", "Hazel").arrive("Hazel", takes_part="audio")
        live.do("Noor", c.GoOnDuty()).do("Noor", c.ClaimBreakout(live.request("Ivy")))
        return live.do("Kit", c.TakeTicket(live.ticket("Fern"))).do("Kit", c.SendStep(live.ticket("Fern"), "volume"))

    def _busy(self) -> Gathering:
        """As much at once as an evening may hold."""
        busy = self._demo("Wednesday", busy=True).arrive("Sol", "Noor", "Kit", "Wren").do("Sol", c.AdmitAll())
        for alias in ("Hazel", "Juniper", "Olive"):
            busy.invite("member", alias)
        busy.arrive("Hazel", "Olive").do("Sol", c.AddPhoneSeat("Birch"))
        busy.do("Wren", c.RequestTurn(note="About last week")).do("Sol", c.SetQueueMode("quieter_first"))
        busy.do("Wren", c.RaiseBreakSignal("check_on_me", 5)).do("Sol", c.SeeBreakSignal(busy.seat("Wren")))
        busy.do("Sol", c.AnswerBreakSignal(busy.seat("Wren"), "here_for_you"))
        busy.do("Fern", c.RaiseBreakSignal("cannot_talk")).do("Ash", c.RaiseBreakSignal("check_on_me"))
        busy.do("Noor", c.GoOnDuty()).do("Wren", c.RequestBreakout(busy.seat("Noor")))
        busy.do("Wren", c.OpenTicket("no_picture", "only black"))
        ticket = busy.ticket("Wren")
        busy.do("Kit", c.TakeTicket(ticket)).do("Kit", c.SendStep(ticket, "rejoin"))
        busy.do("Wren", c.MarkStepDone("rejoin")).do("Kit", c.SendStep(ticket, "camera_off"))
        busy.do("Wren", c.CallMe("07700 900123"))
        busy.do("Wren", c.ShareFacts("Chrome 80, Android", 420, 3, "3g", 41))
        busy.do(SYSTEM, c.KnockByVoice(busy.seat("Juniper"), "old-phone", "42"))
        busy.do(SYSTEM, c.Arrive(busy.seat("Hazel"), "laptop", "Hazel"))
        busy.do("Sol", c.MessageDoor(busy.seat("Hazel"), "two_minutes"))
        busy.do("Sol", c.WriteNote("care", "I look after Wren.")).do("Kit", c.WriteNote("tech", "The call is slow."))
        busy.do("Sol", c.StartActivity("breathing")).do(SYSTEM, c.NoticeDrop(busy.seat("Lark")))
        self.clock.turn(seconds=70)
        do_what_is_due(self.deps)
        return busy

    def _gone(self) -> Gathering:
        """Closed, and its live data destroyed."""
        gone = self._started("Sunday").do("Sol", c.BeginEnding()).do("Sol", c.CloseSession())
        self.clock.turn(seconds=40)
        do_what_is_due(self.deps)
        return gone

    def _doors(self) -> Gathering:
        """The waiting room fills; somebody is on her way through joining, at each step of it."""
        doors = self._demo("Evening").arrive("Sol", "Noor", "Kit", "Wren", "Ash", "Hazel")
        doors.do("Sol", c.MessageDoor(doors.seat("Ash"), "two_minutes")).do("Sol", c.NotNow(doors.seat("Hazel")))
        for done in range(len(STEPS)):
            doors.enter("Fern", "joining", STEPS[:done], name=f"Fern after {done}")
        doors.enter("Juniper", "joining", name="Juniper at the door")
        silent = doors.enter("Fern", name="Fern's silent phone")
        doors.do(SYSTEM, c.Arrive(silent.seat_id, silent.id, "Fern"))
        self.deps.store.lock_at(silent.id, self.deps.clock())
        held = doors.enter("Wren", "held", name="Wren's laptop")
        return doors.do(SYSTEM, c.Arrive(held.seat_id, held.id, "Wren"))

    def _planned(self) -> Gathering:
        planned = self._demo("Morning", doors=False).arrive("Sol")
        planned.enter("Wren", "joining", name="Wren early")
        return planned

    def _together(self) -> Gathering:
        """Wren is out with Noor, and has a ticket that Kit thinks is solved; Ash is asked whether she wants to go."""
        together = self._started("Noon").do("Noor", c.GoOnDuty()).do("Wren", c.RequestBreakout())
        together.do("Noor", c.ClaimBreakout(together.request("Wren"))).do("Wren", c.AcceptBreakout())
        together.do("Fern", c.RaiseBreakSignal("few_minutes", 10)).do("Sol", c.SeeBreakSignal(together.seat("Fern")))
        together.do("Fern", c.OpenTicket("cannot_hear"))
        together.do("Kit", c.TakeTicket(together.ticket("Fern"))).do("Kit", c.AskIfSolved(together.ticket("Fern")))
        return together.do("Rae", c.OfferBreakout(together.seat("Ash")))

    def _on_another_day(self, date: PlannedSession, who: Person) -> Gathering:
        """She has given her passcode for a date on which nothing can be done today."""
        invite = links.seat_at(self.deps, date, who)
        day = Gathering(self.deps, self.clock, date.id, {who.alias: invite})
        day.enter(who.alias, "joining", ())
        return day

    def fresh_invite(self, alias: str) -> Issued:
        """A link and a passcode that can be typed."""
        return inviting.reissue(self.deps, self.doors.invites[alias].id)

    def signed_in(self, account: Account | None = None, stage: str = "in", *, minutes_ago: int = 0) -> str:
        """The cookie of a browser at the desk, last heard of so long ago."""
        opened = a_browser(self.deps, account or self.keeper, stage)
        seen_at = self.deps.clock() - timedelta(minutes=minutes_ago)
        self.deps.store.shelf(StaffSession).put(replace(opened.session, seen_at=seen_at))
        return opened.token

    def link(self) -> str:
        """The path of a link for a colleague."""
        grants = [Grant(self._group("Tuesday"), "facilitator")]
        made = staff_links.invite(self.deps, None, "Noor Hale", grants)
        return made.address.removeprefix(self.deps.settings.address)

    def _group(self, name: str) -> str:
        return next(group.id for group in self.deps.store.groups() if group.name == name)

    def _letters(self) -> None:
        late = self.deps.clock() + timedelta(days=1)
        letter = Letter(self.deps.fresh_id(), "mail", "fern@example.org", "Tuesday", "", late)
        self.deps.store.post(letter)
        problem = "The address was refused."
        failed = Letter(self.deps.fresh_id(), "mail", "ash@example.net", "Tuesday", "", late, "failed", 2, problem)
        self.deps.store.post(replace(failed, trouble="address"))
        text = Letter(self.deps.fresh_id(), "text", "07700900126", "", "", late, "unsure", 1, trouble="unsure")
        self.deps.store.post(text)
