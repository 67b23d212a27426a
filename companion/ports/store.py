"""The store as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from companion.ports.live import ConnectionStore, SessionStore
from companion.ports.plans import GroupStore, PlanStore
from companion.ports.shelves import Shelf
from companion.records import Kind, Late, Letter

R = TypeVar("R")


class OutboxStore(Protocol):
    """Letters on their way."""

    def post(self, letter: Letter) -> None:
        """Add or replace."""

    def due_letters(self, at: datetime, limit: int = 20, kind: Kind | None = None) -> Sequence[Letter]:
        """Waiting letters that are due, oldest first; of one kind, or of any."""

    def letters(self) -> Sequence[Letter]:
        """All letters that have not left: waiting, on their way out, or given up."""

    def late(self, at: datetime) -> Sequence[Late]:
        """How many letters and tasks for platforms were due at ``at`` and have not left; nothing of whose they are.

        Tasks that would tell of people are left out.
        """


class Store(SessionStore, ConnectionStore, GroupStore, PlanStore, OutboxStore, Protocol):
    """Everything that is kept."""

    def ready(self) -> None:
        """A cheap write that proves the database can take a tap; raises StoreDown otherwise."""

    def scrub(self) -> None:
        """Leave no byte of what was removed in any file, as far as the database lets us. Raises StoreDown."""

    def shelf(self, kind: type[R]) -> Shelf[R]:
        """Where records of this kind are kept."""
