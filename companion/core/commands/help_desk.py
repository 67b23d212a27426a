"""What may be asked of the tech desk."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import Step, choice, flag, ref, whole, words
from companion.core.model import TicketKind


@dataclass(frozen=True, slots=True)
class OpenTicket(Command):
    """Something does not work."""

    kind: str = choice(TicketKind)
    words: str = words(80)


@dataclass(frozen=True, slots=True)
class OpenTicketFor(Command):
    """A facilitator asks for help for somebody."""

    seat: str = ref()
    kind: str = choice(TicketKind)
    words: str = words(80)


@dataclass(frozen=True, slots=True)
class WithdrawTicket(Command):
    """It works again, or: never mind."""


@dataclass(frozen=True, slots=True)
class TakeTicket(Command):
    """I take this one; nobody else has it then."""

    ticket: str = ref()


@dataclass(frozen=True, slots=True)
class UntakeTicket(Command):
    """I put it back; it keeps its first time."""

    ticket: str = ref()


@dataclass(frozen=True, slots=True)
class HandTicketOver(Command):
    """Put it back for a colleague, with a note of what was tried."""

    ticket: str = ref()
    note: str = words(200)


@dataclass(frozen=True, slots=True)
class SendStep(Command):
    """Send one small step card to her phone."""

    ticket: str = ref()
    step: str = choice(Step)


@dataclass(frozen=True, slots=True)
class MarkStepDone(Command):
    """I did that."""

    step: str = choice(Step)


@dataclass(frozen=True, slots=True)
class AskIfSolved(Command):
    """Ask her: did that work?"""

    ticket: str = ref()


@dataclass(frozen=True, slots=True)
class ConfirmTicket(Command):
    """It works now, or it does not yet."""

    works: bool = flag()


@dataclass(frozen=True, slots=True)
class CallMe(Command):
    """Please phone me, on the number typed here or the one on file, for this ticket only."""

    number: str = words(30)
    on_file: bool = flag()


@dataclass(frozen=True, slots=True)
class ShareFacts(Command):
    """Attach what my page can measure to my ticket."""

    browser: str = words(60)
    round_trip_ms: int | None = whole(0, 120_000, None)
    drops: int | None = whole(0, 1000, None)
    connection: str = words(20)
    battery_percent: int | None = whole(0, 100, None)


@dataclass(frozen=True, slots=True)
class PassToCare(Command):
    """This ticket is not about technology: pass it to the care desk with its first time."""

    ticket: str = ref()
