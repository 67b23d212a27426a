"""What may be asked of the speaking queue."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import Direction, choice, flag, ref, whole, words
from companion.core.model import Asking, QueueMode


@dataclass(frozen=True, slots=True)
class RequestTurn(Command):
    """Ask to speak; ``reply`` asks to go next after the speaker; the note is for facilitators alone."""

    reply: bool = flag()
    note: str = words(80)


@dataclass(frozen=True, slots=True)
class WithdrawTurn(Command):
    """Take my request to speak back."""


@dataclass(frozen=True, slots=True)
class NotYet(Command):
    """Let one person go before me."""


@dataclass(frozen=True, slots=True)
class PassTurn(Command):
    """I would rather not speak this time: in a go-round I am asked once more at the end."""


@dataclass(frozen=True, slots=True)
class StartNextTurn(Command):
    """Invite the next person; ``turn`` is the turn this facilitator saw."""

    turn: int = whole(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class InviteToSpeak(Command):
    """Invite one person, wherever in the line she is."""

    seat: str = ref()
    turn: int = whole(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class FinishTurn(Command):
    """The speaker has finished, said by herself or a facilitator."""

    turn: int = whole(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class PutBackFirst(Command):
    """The speaker was interrupted: she goes next, with the time she has not used."""

    turn: int = whole(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class MovePlace(Command):
    """Move a place one up or one down."""

    seat: str = ref()
    direction: str = choice(Direction)


@dataclass(frozen=True, slots=True)
class AddPlace(Command):
    """Ask to speak for somebody who is on the phone or spoke up in the call."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class RemovePlace(Command):
    """Take somebody's place out of the line, as she asked aloud."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class SetQueueMode(Command):
    """As asked, quieter voices first (suggestions only), or a go-round."""

    mode: str = choice(QueueMode)


@dataclass(frozen=True, slots=True)
class SetAsking(Command):
    """Open, pause or close the list ("last turns")."""

    asking: str = choice(Asking)


@dataclass(frozen=True, slots=True)
class UndoLast(Command):
    """Take the last act on the queue back, within 20 seconds; ``act`` is the act this facilitator saw."""

    act: str = words(40)
