"""What may be asked about a break signal."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import Reply, choice, ref, whole
from companion.core.model import Strength, VanishPlan


@dataclass(frozen=True, slots=True)
class RaiseBreakSignal(Command):
    """A private signal; raising again repeats or changes it. ``minutes`` is when she expects to be back."""

    strength: str = choice(Strength)
    minutes: int | None = whole(1, 60, None)


@dataclass(frozen=True, slots=True)
class SettleBreakSignal(Command):
    """I'm back, or: take my signal back."""


@dataclass(frozen=True, slots=True)
class SeeBreakSignal(Command):
    """A facilitator has seen it; the phone says so."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class AnswerBreakSignal(Command):
    """A worded answer, shown silently on her phone."""

    seat: str = ref()
    reply: str = choice(Reply)


@dataclass(frozen=True, slots=True)
class SettleBreakSignalFor(Command):
    """A facilitator settles it, for instance because she said so aloud."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class ChooseVanishPlan(Command):
    """What to do if I vanish: nothing, wait, or call me."""

    plan: str = choice(VanishPlan)
