"""The store as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from companion.ports.live import ConnectionStore, SessionStore
from companion.ports.plans import GroupStore, PlanStore
from companion.ports.shelves import Shelf
from companion.records import Letter

R = TypeVar("R")


class OrganiserStore(Protocol):
    """Organiser accounts of this small first kind: a link token and a password, both hashed."""

    def save_organiser(self, name: str, password_hash: str) -> None:
        """Add or replace."""

    def organiser_hash(self, name: str) -> str | None:
        """The password hash of this organiser."""


class OutboxStore(Protocol):
    """Letters on their way."""

    def post(self, letter: Letter) -> None:
        """Add or replace."""

    def due_letters(self, at: datetime, limit: int = 20) -> Sequence[Letter]:
        """Waiting letters that are due, oldest first."""

    def letters(self) -> Sequence[Letter]:
        """All letters that are waiting or have failed."""


class Store(SessionStore, ConnectionStore, GroupStore, PlanStore, OrganiserStore, OutboxStore, Protocol):
    """Everything that is kept."""

    def ready(self) -> None:
        """A cheap write that proves the database can take a tap; raises StoreDown otherwise."""

    def scrub(self) -> None:
        """Leave no byte of what was removed in any file, as far as the database lets us. Raises StoreDown."""

    def shelf(self, kind: type[R]) -> Shelf[R]:
        """Where records of this kind are kept."""
