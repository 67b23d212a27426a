"""Who did what, as a chain that nobody can alter unseen: opaque ids and codes, never a name, an alias or a signal.

Each entry's digest covers the one before, with a key outside the database. A sealed head row says where the chain
begins and ends. It also holds the last entry itself: it is moved first and alone, and whoever comes next puts that
entry in its place, so that a crash between the two leaves no gap, and two nodes never write one number.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from companion.core.values import replace
from companion.ports import StoreDown, UpTo
from companion.records import AuditEntry, AuditHead, chain
from companion.service.deps import Deps

log = logging.getLogger("companion.audit")
KEPT = timedelta(days=90)
TRIES = 200
OPAQUE = re.compile(r"[A-Za-z0-9_:.-]*( [A-Za-z0-9_:.-]+)?")
Wrong = Literal["missing", "altered", "beyond", "head_missing", "head_altered", "unlike_known"]


class AuditBroken(Exception):
    """The chain cannot be gone on with: its head was altered, or taken away."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the chain that was not our doing, and where."""

    number: int
    what: Wrong


def note(deps: Deps, what: str, *, by: str, about: str = "") -> AuditEntry:
    """Write down that something was done: a code, by whom and about what, as opaque ids such as "invite 3f…".

    Durable when it returns. Raises StoreDown.
    """
    for word in (what, by, about):
        if not OPAQUE.fullmatch(word):
            raise ValueError("the audit takes codes and opaque ids alone")
    for _ in range(TRIES):
        head = _head(deps)
        after = chain.next_head(_key(deps), head, deps.clock(), what, by, about)
        if _moved(deps, head, after):
            return _put_last_in_place(deps, after)
    raise AuditBroken("too many write at once")


def note_in_passing(deps: Deps, what: str, *, by: str, about: str = "") -> None:
    """The same for what has happened already, or must not be held up: a broken chain or database stops nobody there."""
    try:
        note(deps, what, by=by, about=about)
    except AuditBroken:
        log.error("the audit is broken, and something could not be written down: companion audit check")
    except StoreDown:
        deps.undone.add(lambda: note(deps, what, by=by, about=about))


def entries(deps: Deps, *, limit: int | None = None) -> Sequence[AuditEntry]:
    """What was written down, newest first."""
    found = {entry.id: entry for entry in deps.store.shelf(AuditEntry).find()}
    head = deps.store.shelf(AuditHead).get(chain.HEAD) or chain.EMPTY
    if head.number > head.base:
        found.setdefault(chain.last_of(head).id, chain.last_of(head))
    return [found[key] for key in sorted(found, reverse=True)][:limit]


def stands_at(deps: Deps) -> tuple[int, str]:
    """The number and the digest of the last entry: kept elsewhere, they show even a whole table that was put back."""
    head = deps.store.shelf(AuditHead).get(chain.HEAD) or chain.EMPTY
    return head.number, head.digest


def check(deps: Deps, *, known: tuple[int, str] | None = None) -> tuple[Fault, ...]:
    """What is wrong with the chain; nothing if it is whole. ``known`` is what ``stands_at`` said once."""
    head = deps.store.shelf(AuditHead).get(chain.HEAD)
    kept = deps.store.shelf(AuditEntry).find()
    if head is None:
        return (Fault(0, "head_missing"),) if kept or known else ()
    if not chain.is_ours(_keys(deps), head):
        return (Fault(head.number, "head_altered"),)
    found = {chain.number_of(entry): entry for entry in kept}
    if head.number > head.base:
        found.setdefault(head.number, chain.last_of(head))  # a node died between the two writes: nothing is lost
    return (*_faults(_keys(deps), head, found), *_unlike(head, found, known))


def prune(deps: Deps) -> int:
    """Forget what is older than 90 days; the sealed head says with which digest the rest goes on."""
    shelf = deps.store.shelf(AuditEntry)
    head = _head(deps)
    old = shelf.find(at=UpTo(deps.clock() - KEPT))
    base, digest = head.base, head.base_digest
    for entry in old:
        if chain.number_of(entry) == base + 1:  # two clocks may differ a little: only what stands at the beginning
            base, digest = base + 1, entry.digest
    if base != head.base and not _moved(
        deps, head, chain.sealed(_key(deps), replace(head, base=base, base_digest=digest))
    ):
        return 0  # somebody wrote just now: tomorrow
    gone = tuple(entry.id for entry in old if chain.number_of(entry) <= base)
    return shelf.remove(id=gone) if gone else 0


def _faults(keys: Sequence[bytes], head: AuditHead, found: dict[int, AuditEntry]) -> Iterator[Fault]:
    before: str | None = head.base_digest
    for number in range(head.base + 1, head.number + 1):
        entry = found.get(number)
        if entry is None:
            yield Fault(number, "missing")
        elif before is not None and not chain.hangs(keys, before, entry):
            yield Fault(number, "altered")
        before = entry.digest if entry else None
    if before not in (None, head.digest):
        yield Fault(head.number, "altered")
    yield from (Fault(number, "beyond") for number in sorted(found) if number > head.number)


def _unlike(head: AuditHead, found: dict[int, AuditEntry], known: tuple[int, str] | None) -> Iterator[Fault]:
    if known is None or known[0] < head.base:
        return
    at = {head.base: head.base_digest, **{number: entry.digest for number, entry in found.items()}}
    if at.get(known[0]) != known[1]:
        yield Fault(known[0], "unlike_known")


def _head(deps: Deps) -> AuditHead:
    shelf = deps.store.shelf(AuditHead)
    head = shelf.get(chain.HEAD)
    if head is None and not deps.store.shelf(AuditEntry).find(limit=1):
        shelf.add(chain.EMPTY)
        return chain.EMPTY
    # Another node may have begun the chain between the two looks.
    head = head or shelf.get(chain.HEAD)
    if head is None:
        raise AuditBroken("the head of the audit was taken away")
    if not chain.is_ours(_keys(deps), head):
        raise AuditBroken("the head of the audit was altered")
    _put_last_in_place(deps, head)
    return head


def _put_last_in_place(deps: Deps, head: AuditHead) -> AuditEntry:
    if head.number == 0:
        return AuditEntry("", deps.clock(), "", "", "", "")
    last = chain.last_of(head)
    if head.number > head.base:
        deps.store.shelf(AuditEntry).add(last)
    return last


def _moved(deps: Deps, seen: AuditHead, after: AuditHead) -> bool:
    kept = deps.store.shelf(AuditHead).change(chain.HEAD, lambda now: after if now == seen else None)
    return kept == after


def _key(deps: Deps) -> bytes:
    return deps.sealer.subkey("audit")


def _keys(deps: Deps) -> tuple[bytes, ...]:
    return deps.sealer.subkeys("audit")
