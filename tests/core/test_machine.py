"""A Hypothesis machine: any command from any seat at any time, with drops, returns, arrivals and time passing.

After each press: nobody waits twice or speaks and waits, nobody has lost a place who should not have, first times
stand, what was pushed is what a reload shows, and the session survives being written down.
"""

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from companion.core import commands as c
from companion.core.model import SYSTEM, GroupRules, SessionState
from companion.core.overdue import next_due
from companion.core.parsing import COMMANDS
from companion.core.presence import all_away
from companion.core.refusals import REASONS, Refused
from companion.core.step import step
from companion.core.views import Sight, changed_regions, panel_for, seen
from tests.core.builders import AGENDA, CLOCK, PROMPTS, a_session, press
from tests.core.given import any_of
from tests.hypothesis_profiles import examples

SEATS = ("sol", "noor", "wren", "ash", "fern", "moss", "pia", "lux", "kit")
MEMBERS = ("wren", "ash", "fern", "moss")
HOSTS = ("sol", "noor")
ENDINGS = {c.BeginEnding, c.CloseSession, c.LeaveSession, c.RemoveSeat}
EVERYDAY = sorted((command for command in COMMANDS.values() if command not in ENDINGS), key=lambda each: each.__name__)
SECONDS = st.sampled_from((0, 1, 5, 14, 16, 21, 61, 300, 1000))
decode = msgspec.json.Decoder(SessionState).decode
encode = msgspec.json.Encoder().encode


class AnyEvening(RuleBasedStateMachine):
    @initialize(
        phase=st.sampled_from(("open", "live", "live", "live")),
        others_see=st.sampled_from(("nothing", "speaker", "line")),
        mode=st.sampled_from(("as_asked", "quieter_first", "go_round")),
        reply_allowed=st.booleans(),
        watched=st.sampled_from((("sol", "wren", "kit"), ("noor", "ash", "pia"), ("fern", "lux", "moss"))),
    )
    def begin(self, phase, others_see, mode, reply_allowed, watched):
        CLOCK.set_back()
        rules = GroupRules(others_see=others_see, reply_allowed=reply_allowed, agenda=AGENDA, prompts=PROMPTS)
        state = a_session(
            ["Wren", "Ash", "Fern"],
            facilitators=["Noor"],
            supporters=["Pia", "Lux"],
            helpers=["Kit"],
            phase=phase,
            rules=rules,
        )
        state = press(state, c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
        self.state = press(state, c.SetQueueMode(mode), "sol")
        self.written = encode(self.state)
        self.first_times = {}
        self.pushed = {seat: dict(panel_for(self.state, seat)) for seat in watched}
        self.sight = seen(self.state, Sight())

    @rule(data=st.data(), command=st.sampled_from(EVERYDAY), by=st.sampled_from(SEATS), after=SECONDS)
    def anybody_presses_anything(self, data, command, by, after):
        self.press(data.draw(any_of(command, self.state)), by, after)

    @rule(data=st.data(), command=st.sampled_from(EVERYDAY), after=SECONDS)
    def a_facilitator_presses_something(self, data, command, after):
        self.press(data.draw(any_of(command, self.state)), "sol", after)

    @rule(by=st.sampled_from(MEMBERS), reply=st.booleans())
    def ask_to_speak(self, by, reply):
        self.press(c.RequestTurn(reply=reply), by)

    @rule(by=st.sampled_from(MEMBERS), command=st.sampled_from((c.NotYet(), c.PassTurn(), c.WithdrawTurn())))
    def change_ones_mind(self, by, command):
        self.press(command, by)

    @rule(data=st.data(), by=st.sampled_from(HOSTS))
    def run_the_line(self, data, by):
        kinds = st.sampled_from((c.StartNextTurn, c.FinishTurn, c.PutBackFirst, c.InviteToSpeak, c.MovePlace))
        self.press(data.draw(kinds.flatmap(lambda kind: any_of(kind, self.state))), by)

    @rule(by=st.sampled_from(HOSTS), after=st.sampled_from((1, 10, 25)))
    def take_the_last_act_back(self, by, after):
        self.press(c.UndoLast(), by, after)

    @rule(by=st.sampled_from(MEMBERS), strength=st.sampled_from(("few_minutes", "check_on_me", "cannot_talk")))
    def signal(self, by, strength):
        self.press(c.RaiseBreakSignal(strength, 5), by)

    @rule(data=st.data(), seat=st.sampled_from(SEATS))
    def meet_one_to_one(self, data, seat):
        kinds = st.sampled_from((c.RequestBreakout, c.ClaimBreakout, c.AcceptBreakout, c.FinishBreakout))
        self.press(data.draw(kinds.flatmap(lambda kind: any_of(kind, self.state))), seat)

    @rule(seat=st.sampled_from(SEATS), after=SECONDS)
    def drop(self, seat, after):
        self.press(c.NoticeDrop(seat), SYSTEM, after)

    @rule(seat=st.sampled_from(SEATS))
    def return_(self, seat):
        self.press(c.NoticeReturn(seat), SYSTEM)

    @rule(seat=st.sampled_from(SEATS), device=st.sampled_from(("first", "second", "third")))
    def arrive(self, seat, device):
        self.press(c.Arrive(seat, f"{seat}-{device}", seat.title()), SYSTEM)

    @rule(seat=st.sampled_from((*MEMBERS, "pia", "kit", "noor")), removed=st.sampled_from((False, False, False, True)))
    def leave(self, seat, removed):
        self.press(c.RemoveSeat(seat) if removed else c.LeaveSession(), "sol" if removed else seat)

    @rule(kind=st.sampled_from((c.BeginEnding, c.StartSession, c.CloseSession)), confirmed=st.booleans())
    def come_to_an_end(self, kind, confirmed):
        if kind is c.StartSession:
            self.press(kind(), "sol")
        elif kind is c.BeginEnding or self.state.tickets:  # so that most evenings go on
            self.press(kind(confirmed), "sol")

    @rule(after=SECONDS)
    def time_passes(self, after):
        self.press(c.LetTimePass(), SYSTEM, after)
        now, once = CLOCK.now, self.state
        assert step(once, c.LetTimePass(), by=SYSTEM, at=now, fresh="again").state == once
        due = next_due(once)
        assert due is None or due > now or once.phase == "closed"

    def press(self, command, by, after=1):
        before, at, fresh = self.state, CLOCK.after(after), CLOCK.fresh()
        try:
            outcome = step(before, command, by=by, at=at, fresh=fresh)
        except Refused as no:
            assert no.reason in REASONS
            assert encode(before) == self.written
            return
        assert step(before, command, by=by, at=at, fresh=fresh) == outcome
        self.state = outcome.state
        if self.state == before:
            return
        self.written = encode(self.state)
        self.nobody_has_lost_a_place(before, command, by)
        for seat, regions in self.pushed.items():
            regions.update(changed_regions(before, self.state, seat))

    def nobody_has_lost_a_place(self, before, command, by):
        was, now = _line(before), _line(self.state)
        may_move = _may_move(before, self.state, command, by)
        assert [seat for seat in now if seat in was and seat not in may_move] == [
            seat for seat in was if seat not in may_move
        ]
        if isinstance(command, c.RequestTurn) and by in was:
            assert now.index(by) <= was.index(by)
        if isinstance(command, c.NotYet):
            assert now.index(by) <= was.index(by) + 1
        if not may_move and not isinstance(command, ROOM):
            assert self.state.queue.line.places[: len(was)] == before.queue.line.places
            assert self.state.queue.line.speaking == before.queue.line.speaking

    @invariant()
    def what_is_worked_out_anew_where_it_has_to_be_is_what_all_of_it_would_be(self):
        before, self.sight = self.sight, seen(self.state, self.sight)
        assert self.sight.panels == {
            seat.id: panel_for(self.state, seat.id) for seat in self.state.seats if seat.state != "expected"
        }
        for seat, panel in self.sight.panels.items():
            for name, region in panel.items():
                old = before.panels.get(seat, {}).get(name)
                assert old is region or old != region

    @invariant()
    def who_is_away_is_the_same_looked_at_together_or_one_by_one(self):
        gone = all_away(self.state)

        assert {seat.id: gone.get(seat.id) for seat in self.state.seats} == {
            seat.id: _why_away(self.state, seat) for seat in self.state.seats
        }

    @invariant()
    def nobody_waits_twice_or_speaks_and_waits(self):
        line, speaking = _line(self.state), self.state.queue.line.speaking
        assert len(set(line)) == len(line)
        assert speaking is None or speaking.seat not in line
        here = {seat.id for seat in self.state.seats if seat.state == "seated"}
        assert {*line, *({speaking.seat} if speaking else ())} <= here

    @invariant()
    def there_is_one_request_for_each_member_and_one_for_each_supporter(self):
        for seats in (
            [request.seat for request in self.state.breakouts],
            [request.supporter for request in self.state.breakouts if request.supporter],
            [ticket.seat for ticket in self.state.tickets],
            [signal.seat for signal in self.state.signals],
        ):
            assert len(set(seats)) == len(seats)

    @invariant()
    def nobody_is_in_a_room_alone(self):
        for request in self.state.breakouts:
            assert (request.supporter is not None) == (request.state in ("claimed", "open"))
            assert (request.opened_at is not None) == (request.state == "open")

    @invariant()
    def first_times_never_grow(self):
        asked = {request.id: request.asked_at for request in self.state.breakouts if request.state != "offered"}
        for key, time in {**asked, **{ticket.id: ticket.opened_at for ticket in self.state.tickets}}.items():
            assert time <= self.first_times.get(key, time)
            self.first_times[key] = time

    @invariant()
    def it_survives_being_written_down(self):
        assert decode(self.written) == self.state

    @invariant()
    def a_member_who_is_not_in_the_room_sees_nothing_of_it(self):
        for seat in self.state.seats:
            if seat.role == "member" and seat.state != "seated":
                panel = panel_for(self.state, seat.id)
                assert (panel["turn"].in_room, panel["one_to_one"].in_room, panel["room"].shared) == (
                    False,
                    False,
                    None,
                )

    @rule()
    def reload(self):
        self.what_was_pushed_is_what_a_reload_shows()

    def what_was_pushed_is_what_a_reload_shows(self):
        for seat, regions in self.pushed.items():
            whole = panel_for(self.state, seat)
            assert {name: regions[name] for name in whole} == whole

    def teardown(self):
        if hasattr(self, "state"):
            self.what_was_pushed_is_what_a_reload_shows()


# These change the speaker or her clock, and nobody's place.
ROOM = (c.FinishTurn, c.UndoLast, c.PauseRoom, c.ResumeRoom, c.StartSession, c.BeginEnding, c.CloseSession)


def _why_away(state, seat):
    request = state.breakout_of(seat.id) or state.breakout_with(seat.id)
    if request is not None and request.state == "open":
        return "one_to_one"
    signal = state.signal_of(seat.id)
    if signal is not None and signal.strength != "check_on_me":
        return "break"
    return "lost" if seat.lost else None


def _line(state):
    return [place.seat for place in state.queue.line.places]


def _may_move(before, after, command, by):
    """Whose place this command may change; everybody else keeps hers, in the same order."""
    line, speaking = before.queue.line, after.queue.line.speaking
    match command:
        case c.RequestTurn() | c.NotYet() | c.WithdrawTurn() | c.PassTurn() | c.LeaveSession():
            return {by}
        case c.StartNextTurn() | c.InviteToSpeak():
            return {speaking.seat}
        case c.PutBackFirst():
            return {line.speaking.seat}
        case c.MovePlace() | c.AddPlace() | c.RemovePlace() | c.RemoveSeat():
            return {command.seat}
        case c.SetQueueMode():
            return {place.seat for place in line.places if place.kind == "round" and not place.own}
        case c.UndoLast():
            return _may_move_by_undoing(before, after)
        case c.CloseSession():
            return set(_line(before))
        case _:
            return set()


def _may_move_by_undoing(before, after):
    # Whoever stood in the line before the undone act, stands there again; whoever was added by it, goes. Everybody else
    # is somebody who has asked herself since.
    last, back = before.queue.undo, after.queue.line.speaking
    touched = {place.seat for place in (*last.before.places, *last.after.places) if not place.own}
    moved = {place.seat for place in last.before.places} | {place.seat for place in last.after.places}
    return touched | moved | ({back.seat} if back else set())


TestAnyEvening = AnyEvening.TestCase
TestAnyEvening.settings = settings(max_examples=examples(20), stateful_step_count=40)
