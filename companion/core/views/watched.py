"""A session that writes down what it is asked: nobody has to say by hand what a region depends on, or can forget it."""

from __future__ import annotations

from typing import Any, cast

from companion.core.model import BreakoutRequest, BreakSignal, HelpTicket, Seat, SessionState

# What a region may ask of its own seat alone, by the values that it is found in.
OWN = {"signal_of": "signals", "breakout_of": "breakouts", "ticket_of": "tickets"}


class Watched:
    """A session as one region sees it: it answers like the session, and writes down what it was asked."""

    def __init__(self, state: SessionState, seats: tuple[Seat, ...], me: str) -> None:
        self.__dict__.update(_state=state, _seats=seats, _me=me, _own={})

    def __getattr__(self, name: str) -> Any:
        value = self._seats if name == "seats" else getattr(self._state, name)
        self.__dict__[name] = value  # at hand when it is asked for again
        return value

    # What these read of the session they read through this one.
    seat, alias, breakout_with = SessionState.seat, SessionState.alias, SessionState.breakout_with

    def signal_of(self, seat_id: str) -> BreakSignal | None:
        """Of the seat whose region it is only this is written down: other people's signals do not touch it."""
        return cast("BreakSignal | None", self._find("signal_of", seat_id))

    def breakout_of(self, seat_id: str) -> BreakoutRequest | None:
        """The same of one-to-ones."""
        return cast("BreakoutRequest | None", self._find("breakout_of", seat_id))

    def ticket_of(self, seat_id: str) -> HelpTicket | None:
        """The same of help tickets."""
        return cast("HelpTicket | None", self._find("ticket_of", seat_id))

    def reads(self) -> frozenset[str]:
        """The values that were asked for."""
        return frozenset(self.__dict__) - {"_state", "_seats", "_me", "_own"}

    def own(self) -> tuple[tuple[str, object], ...]:
        """What was found of the seat itself."""
        return tuple(self._own.items())

    def _find(self, name: str, seat_id: str) -> object:
        find = getattr(SessionState, name)
        if seat_id != self._me:
            return find(self, seat_id)
        self._own[name] = find(self._state, seat_id)
        return self._own[name]
