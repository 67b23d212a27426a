"""An evening with a telephone line, for tests of it: somebody who has digits, and somebody who watches."""

from __future__ import annotations

from companion.core import commands as c
from companion.ports import Heard, Waiting
from companion.service import (
    line_pins,
    phone_line,
)
from companion.service.guesses import Guesses
from companion.service.line_pins import DIGITS
from tests.fakes.world import a_world

HERS = "+447700900142"


class Evening:
    """An evening that is on, Wren who has digits, Ash who watches, and a line that hears."""

    def __init__(self, **more):
        self.world = a_world()
        self.host = self.world.open_doors()
        self.wren, self.ash = self.world.invite("Wren", **more), self.world.invite("Ash")
        self.world.perform(c.Arrive(seat=self.ash.invite.seat_id, device="of Ash", alias="Ash"))
        self.admit(self.ash)
        self.digits = line_pins.make(self.world.deps, self.wren.invite.person_id, "account x")
        self.guesses = Guesses()
        self.texts = 0

    @property
    def seat(self):
        return self.world.seat(self.wren)

    @property
    def at(self):
        return self.wren.invite.seat_id

    def admit(self, issued):
        self.world.perform(c.AdmitSeat(issued.invite.seat_id), by=self.host.invite.seat_id)

    def call(self, said, step=1, *, call="one", number=HERS, keys=None, silent=0):
        keys = (DIGITS if len(said) == DIGITS else 1) if keys is None else keys
        heard = Heard("call", f"call {call}", number, f"{call} {step}", said, Waiting(keys, step, silent))
        self.world.clock.turn(seconds=1)
        return phone_line.answer(self.world.deps, self.guesses, heard)

    def text(self, said, *, number=HERS, once=None):
        self.texts += 1
        heard = Heard("text", f"number {number}", number, once or f"SM{self.texts}", said, Waiting(0, 0))
        self.world.clock.turn(seconds=1)
        return phone_line.answer(self.world.deps, self.guesses, heard)

    def come_in(self):
        assert self.call(self.digits).code == "wait"
        self.admit(self.wren)

    def stands(self):
        """What of hers stands: her place, her signal, her ticket."""
        state = self.world.live()
        place = [place.seat for place in state.queue.line.places].count(self.at)
        signal, ticket = state.signal_of(self.at), state.ticket_of(self.at)
        return place, signal.strength if signal else None, ticket.kind if ticket else None

    def close(self):
        self.world.perform(c.StartSession(), by=self.host.invite.seat_id)
        self.world.perform(c.BeginEnding(), by=self.host.invite.seat_id)
        self.world.perform(c.CloseSession(confirmed=True), by=self.host.invite.seat_id)


def wrong(digits, by=1):
    return f"{(int(digits) + by) % 10**DIGITS:0{DIGITS}}"
