"""What may be asked about a break signal."""

from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Id, Reply, choice, whole
from companion.core.model import Strength, VanishPlan


class RaiseBreakSignal(Command, frozen=True):
    """A private signal; raising again repeats or changes it. ``minutes`` is when she expects to be back."""

    strength: Annotated[str, choice(Strength)]
    minutes: Annotated[int | None, whole(1, 60)] = None


class SettleBreakSignal(Command, frozen=True):
    """I'm back, or: take my signal back."""


class SeeBreakSignal(Command, frozen=True):
    """A facilitator has seen it; the phone says so."""

    seat: Id


class AnswerBreakSignal(Command, frozen=True):
    """A worded answer, shown silently on her phone."""

    seat: Id
    reply: Annotated[str, choice(Reply)]


class SettleBreakSignalFor(Command, frozen=True):
    """A facilitator settles it, for instance because she said so aloud."""

    seat: Id


class ChooseVanishPlan(Command, frozen=True):
    """What to do if I vanish: nothing, wait, or call me."""

    plan: Annotated[str, choice(VanishPlan)]
