"""What one session comes to in a commit that many share; what is told depends on its being saved."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from companion.core.model import SessionState
from companion.core.overdue import next_due
from companion.core.views import Panel, Sight
from companion.ports import StoreDown
from companion.records import Saved, Saving, TapRecord
from companion.service import unsure
from companion.service.deps import Deps
from companion.service.perform import Stepped

log = logging.getLogger("companion.taps")


@dataclass(slots=True)
class InCommit:
    """One session: as it was read, as it is to be saved, and the panels to send once it is."""

    saved: Saved
    state: SessionState
    sight: Sight
    taps: list[TapRecord] = field(default_factory=list)
    panels: list[tuple[SessionState, Mapping[str, Panel]]] = field(default_factory=list)

    def take(self, led: Stepped) -> None:
        """Go on from what a command has led to."""
        self.state, self.sight = led.outcome.state, led.sight
        if led.changes:
            self.panels.append((self.state, led.changes))

    def saving(self) -> Saving:
        """For ``Store.save_all``."""
        return Saving(
            self.state.id, self.saved.revision, self.state, next_due(self.state), tuple(self.taps), self.sight
        )

    def send(self, deps: Deps) -> None:
        """Send the panels, once it is saved."""
        try:
            for after, changes in self.panels:
                deps.panels.send(after, changes)
        except Exception:
            # It is on disk, so the answer is yes; a page that misses a number asks for the whole.
            log.exception("a fault of ours after something was saved")


def save_all(deps: Deps, sessions: Sequence[InCommit]) -> Collection[str]:
    """Save them in one commit; returns those that somebody else saved first. Raises StoreDown."""
    if not sessions:
        return ()
    try:
        return deps.store.save_all([one.saving() for one in sessions])
    except StoreDown:
        for one in sessions:
            unsure.show_later(deps, one.saved.state)
        raise
