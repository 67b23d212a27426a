"""What may be asked of the tech desk."""

from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Flag, Id, Step, choice, text, whole
from companion.core.model import TicketKind


class OpenTicket(Command, frozen=True):
    """Something does not work."""

    kind: Annotated[str, choice(TicketKind)]
    words: Annotated[str, text(80)] = ""


class OpenTicketFor(Command, frozen=True):
    """A facilitator asks for help for somebody."""

    seat: Id
    kind: Annotated[str, choice(TicketKind)]
    words: Annotated[str, text(80)] = ""


class WithdrawTicket(Command, frozen=True):
    """It works again, or: never mind."""


class TakeTicket(Command, frozen=True):
    """I take this one; nobody else has it then."""

    ticket: Id


class UntakeTicket(Command, frozen=True):
    """I put it back; it keeps its first time."""

    ticket: Id


class HandTicketOver(Command, frozen=True):
    """Put it back for a colleague, with a note of what was tried."""

    ticket: Id
    note: Annotated[str, text(200)] = ""


class SendStep(Command, frozen=True):
    """Send one small step card to her phone."""

    ticket: Id
    step: Annotated[str, choice(Step)]


class MarkStepDone(Command, frozen=True):
    """I did that."""

    step: Annotated[str, choice(Step)]


class AskIfSolved(Command, frozen=True):
    """Ask her: did that work?"""

    ticket: Id


class ConfirmTicket(Command, frozen=True):
    """It works now, or it does not yet."""

    works: Flag = False


class CallMe(Command, frozen=True):
    """Please phone me, on the number typed here or the one on file, for this ticket only."""

    number: Annotated[str, text(30)] = ""
    on_file: Flag = False


class ShareFacts(Command, frozen=True):
    """Attach what my page can measure to my ticket."""

    browser: Annotated[str, text(60)] = ""
    round_trip_ms: Annotated[int | None, whole(0, 120_000)] = None
    drops: Annotated[int | None, whole(0, 1000)] = None
    connection: Annotated[str, text(20)] = ""
    battery_percent: Annotated[int | None, whole(0, 100)] = None


class PassToCare(Command, frozen=True):
    """This ticket is not about technology: pass it to the care desk with its first time."""

    ticket: Id
