"""What may be asked about one-to-ones with a peer supporter."""

from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Id, ref


class GoOnDuty(Command, frozen=True):
    """I take one-to-ones now."""


class GoOffDuty(Command, frozen=True):
    """I take no more one-to-ones; one that is open goes on."""


class RequestBreakout(Command, frozen=True):
    """Ask for a one-to-one with anyone or with one named supporter or facilitator; asking again changes who."""

    wanted: Annotated[str | None, ref()] = None


class WithdrawBreakout(Command, frozen=True):
    """I don't need it now (before it opens), or no thank you to an offer."""


class OfferBreakout(Command, frozen=True):
    """A facilitator or supporter offers a one-to-one; she may say no without a reason."""

    seat: Id


class ClaimBreakout(Command, frozen=True):
    """I take this one; she still has to say yes."""

    request: Id


class UnclaimBreakout(Command, frozen=True):
    """I can't after all: she keeps her first time and somebody else may take it."""

    request: Id


class AcceptBreakout(Command, frozen=True):
    """Yes, I would like to go now: the room opens for us two."""


class FinishBreakout(Command, frozen=True):
    """We are done, said by either of the two."""


class MoveIntoRoom(Command, frozen=True):
    """My page takes both of this one-to-one into a room of the call."""

    request: Id


class GiveUpRoom(Command, frozen=True):
    """The call did not take us there: we meet in the private room instead."""

    request: Id


class PassToTech(Command, frozen=True):
    """This request is a technical problem: pass it to the tech desk with its first time."""

    request: Id
