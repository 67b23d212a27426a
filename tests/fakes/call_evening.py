"""An evening whose calls are on a platform, and time that passes while the platform is asked."""

from __future__ import annotations

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.records import CallTask
from companion.service import calls, planned_calls


class Evening:
    """Sol has opened the doors, Noor and Wren are there."""

    def __init__(self, world):
        self.world = world
        self.sol = world.open_doors()
        self.issued = {"Sol": self.sol, "Wren": world.invite("Wren"), "Noor": world.invite("Noor", "peer_supporter")}
        self.access = {alias: world.enter(issued) for alias, issued in self.issued.items()}
        self.seats = {alias: issued.invite.seat_id for alias, issued in self.issued.items()}
        for alias in ("Wren", "Noor"):
            self.do(c.Arrive(seat=self.seats[alias], device=self.access[alias].id, alias=alias), SYSTEM)
        self.do(c.AdmitSeat(self.seats["Wren"]), "Sol")

    def do(self, command, who):
        return self.world.perform(command, by=self.seats.get(who, who))

    def talk(self):
        """Wren and Noor in a one-to-one."""
        self.do(c.GoOnDuty(), "Noor")
        self.do(c.RequestBreakout(), "Wren")
        request = self.world.live().breakouts[0].id
        self.do(c.ClaimBreakout(request), "Noor")
        self.do(c.AcceptBreakout(), "Wren")
        return request

    def close(self):
        self.do(c.StartSession(), "Sol")
        self.do(c.BeginEnding(confirmed=True), "Sol")
        self.do(c.CloseSession(confirmed=True), "Sol")

    def call(self, alias):
        return calls.into_the_call(self.world.deps, self.access[alias]).url


def settle(world, lines):
    while planned_calls.mind(world.deps) + lines.round(world.deps):
        pass


def tasks(world, **columns):
    return world.store.shelf(CallTask).find(**columns)


def pass_time(world, lines, seconds, step=1):
    for _ in range(0, seconds, step):
        world.clock.turn(seconds=step)
        planned_calls.mind(world.deps)
        lines.round(world.deps)
