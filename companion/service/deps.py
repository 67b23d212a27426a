"""Everything the use cases lean on, handed in as one value; ``wiring`` makes the real one, tests make others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from companion.core.model import SessionState
from companion.core.views import Panel
from companion.ports import (
    Calls,
    Clock,
    FreshId,
    Hasher,
    Hints,
    Line,
    LinkProbe,
    Mailer,
    Meters,
    NoLine,
    NoMeters,
    NoTallies,
    NoTexts,
    Store,
    Tallies,
    Texter,
)
from companion.records import LinkState
from companion.service.cuts import Cuts
from companion.service.locks import SessionLocks
from companion.service.renewals import Renewals
from companion.service.undone import Undone
from companion.settings import Settings


class Panels(Protocol):
    """Where changed panels go. Called in the order of commits, from a worker thread, and must not wait for anybody."""

    def send(self, after: SessionState, changes: Mapping[str, Panel]) -> None:
        """Send each seat the regions that changed for it."""

    def send_whole(self, state: SessionState, seat_id: str, connection: str, shows: int = -1) -> None:
        """Send one connection its whole panel, unless it shows the drawing with the seat's number already."""

    def welcome(self, connection: str) -> None:
        """Let this connection hear its seat's panels from here on."""

    def show_again(self, state: SessionState, seat_ids: Collection[str]) -> None:
        """Send these seats their whole panel: what they were told last may not be all."""

    def cut(self, access_ids: tuple[str, ...], code: str) -> None:
        """Say why, and cut every connection of these browsers."""

    def measure(self, came: Sequence[float]) -> None:
        """Once all that was sent so far is with the sockets, count how long ago these taps came (perf_counter)."""


class Sealer(Protocol):
    """Keys derived from the installation's secret."""

    def subkey(self, purpose: str) -> bytes:
        """A 32-byte key of its own for each purpose: today's, for what is kept and can be made anew."""

    def subkeys(self, purpose: str) -> tuple[bytes, ...]:
        """Today's and the older ones that are still kept: for what was made with one of them."""

    def signing(self, purpose: str) -> bytes:
        """The oldest of them: for what lasts an evening and cannot be made anew, so that no rotation disturbs it."""


class NoPanels:
    """Nobody is watching: for commands given in a terminal, and tests."""

    def send(self, after: SessionState, changes: Mapping[str, Panel]) -> None:
        """Send nothing."""

    def send_whole(self, state: SessionState, seat_id: str, connection: str, shows: int = -1) -> None:
        """Send nothing."""

    def welcome(self, connection: str) -> None:
        """Nobody comes."""

    def show_again(self, state: SessionState, seat_ids: Collection[str]) -> None:
        """Send nothing."""

    def cut(self, access_ids: tuple[str, ...], code: str) -> None:
        """Cut nothing."""

    def measure(self, came: Sequence[float]) -> None:
        """Count nothing."""


class NoProbe:
    """Nobody looks at links: for commands given in a terminal, and tests."""

    def look(self, address: str) -> LinkState:
        """Say so."""
        return "unchecked"


@dataclass(frozen=True, slots=True)
class Deps:
    """What a use case may lean on."""

    store: Store
    clock: Clock
    fresh_id: FreshId
    hasher: Hasher
    mailer: Mailer
    calls: Calls
    settings: Settings
    sealer: Sealer
    probe: LinkProbe = field(default_factory=NoProbe)
    panels: Panels = field(default_factory=NoPanels)
    locks: SessionLocks = field(default_factory=SessionLocks)
    cuts: Cuts = field(default_factory=Cuts)
    undone: Undone = field(default_factory=Undone)
    renewals: Renewals = field(default_factory=Renewals)
    texter: Texter = field(default_factory=NoTexts)
    line: Line = field(default_factory=NoLine)
    hints: Hints | None = None  # None: one node
    tallies: Tallies = field(default_factory=NoTallies)
    meters: Meters = field(default_factory=NoMeters)
