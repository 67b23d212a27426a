"""What may be asked about one-to-ones with a peer supporter."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import ref


@dataclass(frozen=True, slots=True)
class GoOnDuty(Command):
    """I take one-to-ones now."""


@dataclass(frozen=True, slots=True)
class GoOffDuty(Command):
    """I take no more one-to-ones; one that is open goes on."""


@dataclass(frozen=True, slots=True)
class RequestBreakout(Command):
    """Ask for a one-to-one with anyone or with one named supporter or facilitator; asking again changes who."""

    wanted: str | None = ref(needed=False)


@dataclass(frozen=True, slots=True)
class WithdrawBreakout(Command):
    """I don't need it now (before it opens), or no thank you to an offer."""


@dataclass(frozen=True, slots=True)
class OfferBreakout(Command):
    """A facilitator or supporter offers a one-to-one; she may say no without a reason."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class ClaimBreakout(Command):
    """I take this one; she still has to say yes."""

    request: str = ref()


@dataclass(frozen=True, slots=True)
class UnclaimBreakout(Command):
    """I can't after all: she keeps her first time and somebody else may take it."""

    request: str = ref()


@dataclass(frozen=True, slots=True)
class AcceptBreakout(Command):
    """Yes, I would like to go now: the room opens for us two."""


@dataclass(frozen=True, slots=True)
class FinishBreakout(Command):
    """We are done, said by either of the two."""


@dataclass(frozen=True, slots=True)
class MoveIntoRoom(Command):
    """My page takes both of this one-to-one into a room of the call."""

    request: str = ref()


@dataclass(frozen=True, slots=True)
class GiveUpRoom(Command):
    """The call did not take us there: we meet in the private room instead."""

    request: str = ref()


@dataclass(frozen=True, slots=True)
class PassToTech(Command):
    """This request is a technical problem: pass it to the tech desk with its first time."""

    request: str = ref()
