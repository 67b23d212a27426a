"""Cuts the pages of browsers on every node: here at once, elsewhere by a small feed that each node reads."""

from __future__ import annotations

from datetime import timedelta

from companion.ports import StoreDown, UpTo
from companion.records import Cut
from companion.service.deps import Deps

KEPT = timedelta(minutes=1)


def cut(deps: Deps, access_ids: tuple[str, ...], code: str) -> None:
    """Say why, and cut every connection of these browsers, on whichever node they are."""
    deps.panels.cut(access_ids, code)
    if not access_ids:
        return
    made = Cut(deps.fresh_id(), " ".join(access_ids), code, deps.clock())
    deps.cuts.is_new(made.id)
    try:
        deps.store.shelf(Cut).put(made)
    except StoreDown:
        # They have ended in the store, and each tap asks it again; their pages elsewhere are cut once it is back.
        deps.undone.add(lambda: deps.store.shelf(Cut).put(made))


def follow(deps: Deps) -> int:
    """Cut here what another process has ended, and say how many cuts that were. One small read, twice a second."""
    feed = deps.store.shelf(Cut)
    found = feed.find()
    fresh = [made for made in found if deps.cuts.is_new(made.id)]
    for made in fresh:
        deps.panels.cut(tuple(made.accesses.split()), made.code)
    long_ago = deps.clock() - KEPT
    if any(made.at <= long_ago for made in found):
        feed.remove(at=UpTo(long_ago))
    return len(fresh)
