"""What may be asked of the speaking queue."""

from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Direction, Flag, Id, choice, text, whole
from companion.core.model import Asking, QueueMode


class RequestTurn(Command, frozen=True):
    """Ask to speak; ``reply`` asks to go next after the speaker; the note is for facilitators alone."""

    reply: Flag = False
    note: Annotated[str, text(80)] = ""


class WithdrawTurn(Command, frozen=True):
    """Take my request to speak back."""


class NotYet(Command, frozen=True):
    """Let one person go before me."""


class PassTurn(Command, frozen=True):
    """I would rather not speak this time: in a go-round I am asked once more at the end."""


class StartNextTurn(Command, frozen=True):
    """Invite the next person; ``turn`` is the turn this facilitator saw."""

    turn: Annotated[int, whole(0, 1_000_000)]


class InviteToSpeak(Command, frozen=True):
    """Invite one person, wherever in the line she is."""

    seat: Id
    turn: Annotated[int, whole(0, 1_000_000)]


class FinishTurn(Command, frozen=True):
    """The speaker has finished, said by herself or a facilitator."""

    turn: Annotated[int, whole(0, 1_000_000)]


class PutBackFirst(Command, frozen=True):
    """The speaker was interrupted: she goes next, with the time she has not used."""

    turn: Annotated[int, whole(0, 1_000_000)]


class MovePlace(Command, frozen=True):
    """Move a place one up or one down."""

    seat: Id
    direction: Annotated[str, choice(Direction)]


class AddPlace(Command, frozen=True):
    """Ask to speak for somebody who is on the phone or spoke up in the call."""

    seat: Id


class RemovePlace(Command, frozen=True):
    """Take somebody's place out of the line, as she asked aloud."""

    seat: Id


class SetQueueMode(Command, frozen=True):
    """As asked, quieter voices first (suggestions only), or a go-round."""

    mode: Annotated[str, choice(QueueMode)]


class SetAsking(Command, frozen=True):
    """Open, pause or close the list ("last turns")."""

    asking: Annotated[str, choice(Asking)]


class UndoLast(Command, frozen=True):
    """Take the last act on the queue back, within 20 seconds; ``act`` is the act this facilitator saw."""

    act: Annotated[str, text(40)] = ""
