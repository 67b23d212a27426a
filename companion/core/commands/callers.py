"""What may be said of the people in the call: by facilitators and their pages, and by platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from companion.core.commands.base import Command
from companion.core.fields import choice, inner, ref, whole, words
from companion.core.model import InTheCall

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NoteCaller(Command):
    """My page sees somebody come into the call or go; ``person`` is the platform's key, ``caller`` our reference."""

    person: str = ref()
    where: str = choice(InTheCall)
    caller: str = words(64)
    name: str = words(60)


@dataclass(frozen=True, slots=True)
class NoteHand(Command):
    """My page sees a hand go up in the call, or down; ``raised`` tells this raising from the next, and 0 is down."""

    person: str = ref()
    raised: int = whole(0, 2**53)
    caller: str = words(64)


@dataclass(frozen=True, slots=True)
class MatchCaller(Command):
    """I know who this is in the call."""

    person: str = ref()
    seat: str = ref()


@dataclass(frozen=True, slots=True)
class IgnoreCaller(Command):
    """This is nobody who needs a seat."""

    person: str = ref()


@dataclass(frozen=True, slots=True)
class NoticeCaller(Command):
    """The platform reports that somebody came into the call or went, at ``happened_at``."""

    person: str = inner("")
    where: InTheCall = inner("call")
    caller: str = inner("")
    name: str = inner("")
    happened_at: datetime = inner(LONG_AGO)
