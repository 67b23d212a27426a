"""What connections and the clock ask for; only the service sends these, never a message."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import inner
from companion.core.model import Role, TakesPart, VanishPlan


@dataclass(frozen=True, slots=True)
class ExpectSeat(Command):
    """Somebody was invited to this session."""

    seat: str = inner("")
    role: Role = inner("member")
    alias: str = inner("")
    language: str = inner("en")
    first_time: bool = inner(False)
    has_phone: bool = inner(False)
    if_i_vanish: VanishPlan = inner("wait")
    cues: tuple[str, ...] = inner(())


@dataclass(frozen=True, slots=True)
class NotePlan(Command):
    """Whether the group has a safeguarding plan has changed since the room was got ready."""

    agreed: bool = inner(False)


@dataclass(frozen=True, slots=True)
class Arrive(Command):
    """A browser went through the whole of joining for a seat."""

    seat: str = inner("")
    device: str = inner("")
    alias: str = inner("")
    avatar: int = inner(1)
    language: str = inner("en")
    takes_part: TakesPart = inner("video")
    shares_cues: bool = inner(True)  # today, of what she lets facilitators know in general
    caller: str = inner("")  # by which a platform will know her tonight


@dataclass(frozen=True, slots=True)
class KnockByVoice(Command):
    """A browser that could not give the passcode asks to be let in by voice; ``number`` is shown on both sides."""

    seat: str = inner("")
    device: str = inner("")
    number: str = inner("")


@dataclass(frozen=True, slots=True)
class OpenTicketAtDoor(Command):
    """Somebody with an invite says, from the joining page, that she can't get in."""

    seat: str = inner("")
    words: str = inner("")


@dataclass(frozen=True, slots=True)
class NoteWrongPasscode(Command):
    """Somebody typed a passcode at the link of this seat that did not fit."""

    seat: str = inner("")


@dataclass(frozen=True, slots=True)
class ForgetDevices(Command):
    """She has a new device: none of her browsers is in any more, and her place is kept."""

    seat: str = inner("")


@dataclass(frozen=True, slots=True)
class NoticeDrop(Command):
    """The last connection of a seat is gone, ``silent_seconds`` after it was last heard of."""

    seat: str = inner("")
    silent_seconds: int = inner(0)


@dataclass(frozen=True, slots=True)
class NoticeReturn(Command):
    """A seat has a connection again."""

    seat: str = inner("")


@dataclass(frozen=True, slots=True)
class ForgetSeat(Command):
    """Everything about somebody is erased: she is out, and nothing here tells who she was."""

    seat: str = inner("")


@dataclass(frozen=True, slots=True)
class LetTimePass(Command):
    """Do whatever has fallen due."""
