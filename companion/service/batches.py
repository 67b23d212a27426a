"""Letters that are sent together: how far they are, and pausing, resuming or stopping what has not left yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from companion.core.values import replace
from companion.records import Batch, BatchState, Letter, LetterState
from companion.service.arrivals import told
from companion.service.deps import Deps
from companion.service.fates import emptied


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. Each letter counts once."""

    id: str
    group_id: str
    state: BatchState
    waiting: int
    sent: int
    delivered: int
    failed: int
    stopped: int
    unsure: int

    @property
    def total(self) -> int:
        """All letters of it."""
        return self.waiting + self.done

    @property
    def done(self) -> int:
        """Those with which nothing more happens by itself."""
        return self.sent + self.delivered + self.failed + self.stopped + self.unsure


def begin_batch(deps: Deps, group_id: str = "") -> Batch:
    """A new batch; give its id to ``post``."""
    batch = Batch(deps.fresh_id(), deps.clock(), group_id)
    deps.store.shelf(Batch).put(batch)
    return batch


def progress(deps: Deps, batch_id: str) -> Progress | None:
    """How far it is, or None if nobody knows it any more."""
    batch = deps.store.shelf(Batch).get(batch_id)
    if batch is None:
        return None
    count = Counter(letter.state for letter in deps.store.shelf(Letter).find(batch=batch_id))
    return Progress(
        batch_id,
        batch.group_id,
        batch.state,
        waiting=count["waiting"] + count["held"] + count["sending"],
        sent=count["sent"],
        delivered=count["delivered"],
        failed=count["failed"],
        stopped=count["stopped"],
        unsure=count["unsure"],
    )


def pause(deps: Deps, batch_id: str) -> None:
    """Let nothing more of it leave until it is resumed."""
    if _turn(deps, batch_id, "paused", ("going",)):
        _move(deps, batch_id, "waiting", "held")


def resume(deps: Deps, batch_id: str) -> None:
    """Let it go on."""
    if _turn(deps, batch_id, "going", ("paused",)):
        _move(deps, batch_id, "held", "waiting")


def stop(deps: Deps, batch_id: str) -> None:
    """Let nothing more of it leave, for good. What has left cannot be called back."""
    if _turn(deps, batch_id, "stopped", ("going", "paused")):
        for state in ("waiting", "held"):
            _move(deps, batch_id, state, "stopped")


def _turn(deps: Deps, batch_id: str, state: BatchState, before: tuple[BatchState, ...]) -> bool:
    # The same again is allowed: a stop that was cut short is finished by pressing it once more.
    kept = deps.store.shelf(Batch).change(
        batch_id, lambda batch: replace(batch, state=state) if batch.state in before else None
    )
    return kept is not None and kept.state == state


def _move(deps: Deps, batch_id: str, before: str, state: LetterState) -> None:
    def how(letter: Letter) -> Letter | None:
        if letter.state != before:
            return None
        return emptied(replace(letter, state=state)) if state == "stopped" else replace(letter, state=state)

    for letter in deps.store.shelf(Letter).find(batch=batch_id, state=before):
        kept = deps.store.shelf(Letter).change(letter.id, how)
        if kept is not None:
            told(deps, kept)
