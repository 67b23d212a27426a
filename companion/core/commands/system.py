"""What connections and the clock ask for; only the service sends these, never a message."""

from __future__ import annotations

from companion.core.commands.base import Command
from companion.core.model import Role, TakesPart, VanishPlan


class ExpectSeat(Command, frozen=True):
    """Somebody was invited to this session."""

    seat: str = ""
    role: Role = "member"
    alias: str = ""
    language: str = "en"
    first_time: bool = False
    has_phone: bool = False
    if_i_vanish: VanishPlan = "wait"
    cues: tuple[str, ...] = ()


class NotePlan(Command, frozen=True):
    """Whether the group has a safeguarding plan has changed since the room was got ready."""

    agreed: bool = False


class Arrive(Command, frozen=True):
    """A browser went through the whole of joining for a seat."""

    seat: str = ""
    device: str = ""
    alias: str = ""
    avatar: int = 1
    language: str = "en"
    takes_part: TakesPart = "video"
    shares_cues: bool = True  # today, of what she lets facilitators know in general
    caller: str = ""  # by which a platform will know her tonight


class KnockByVoice(Command, frozen=True):
    """A browser that could not give the passcode asks to be let in by voice; ``number`` is shown on both sides."""

    seat: str = ""
    device: str = ""
    number: str = ""


class OpenTicketAtDoor(Command, frozen=True):
    """Somebody with an invite says, from the joining page, that she can't get in."""

    seat: str = ""
    words: str = ""


class NoteWrongPasscode(Command, frozen=True):
    """Somebody typed a passcode at the link of this seat that did not fit."""

    seat: str = ""


class ForgetDevices(Command, frozen=True):
    """She has a new device: none of her browsers is in any more, and her place is kept."""

    seat: str = ""


class NoticeDrop(Command, frozen=True):
    """The last connection of a seat is gone, ``silent_seconds`` after it was last heard of."""

    seat: str = ""
    silent_seconds: int = 0


class NoticeReturn(Command, frozen=True):
    """A seat has a connection again."""

    seat: str = ""


class ForgetSeat(Command, frozen=True):
    """Everything about somebody is erased: she is out, and nothing here tells who she was."""

    seat: str = ""


class LetTimePass(Command, frozen=True):
    """Do whatever has fallen due."""
