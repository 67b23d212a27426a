"""What may be said of the people in the call: by facilitators and their pages, and by platforms."""

from datetime import UTC, datetime
from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Id, choice, text, whole
from companion.core.model import InTheCall

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class NoteCaller(Command, frozen=True):
    """My page sees somebody come into the call or go; ``person`` is the platform's key, ``caller`` our reference."""

    person: Id
    where: Annotated[str, choice(InTheCall)]
    caller: Annotated[str, text(64)] = ""
    name: Annotated[str, text(60)] = ""


class NoteHand(Command, frozen=True):
    """My page sees a hand go up in the call, or down; ``raised`` tells this raising from the next, and 0 is down."""

    person: Id
    raised: Annotated[int, whole(0, 2**53)]
    caller: Annotated[str, text(64)] = ""


class MatchCaller(Command, frozen=True):
    """I know who this is in the call."""

    person: Id
    seat: Id


class IgnoreCaller(Command, frozen=True):
    """This is nobody who needs a seat."""

    person: Id


class NoticeCaller(Command, frozen=True):
    """The platform reports that somebody came into the call or went, at ``happened_at``."""

    person: str = ""
    where: InTheCall = "call"
    caller: str = ""
    name: str = ""
    happened_at: datetime = LONG_AGO
