"""Counts tries at one passcode before they are made, so that not even a thousand at once get more than twenty."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown
from companion.service import links
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.links import H, Holder

RETIRE_AT = 20  # in all, over the whole life of a passcode; then it retires, and a voice still opens


def attempt(
    deps: Deps, guesses: Guesses, link: str, holder: Holder | None, kept: str, digits: str
) -> tuple[bool, bool]:
    """Whether these digits are the passcode, and whether this was the last try. Raises as ``take`` does."""
    last = take(deps, guesses, link, holder)
    try:
        return deps.hasher.verify(kept, digits), last
    except (Refused, StoreDown):
        with suppress(StoreDown):
            give_back(deps, guesses, link, holder)  # nothing was learnt from this try
        raise


def take(deps: Deps, guesses: Guesses, link: str, holder: Holder | None) -> bool:
    """Count a try at this link, and say whether it was the last. Raises Refused("passcode_retired") if none is left."""
    if holder is None:
        if guesses.of_nowhere(link) >= RETIRE_AT:
            raise Refused("passcode_retired")
        deps.store.ready()  # costs the database what counting costs, so that the answer takes as long
        return guesses.count_nowhere(link) >= RETIRE_AT
    guesses.as_nowhere(link)
    return _take(deps, holder)


def give_back(deps: Deps, guesses: Guesses, link: str, holder: Holder | None) -> None:
    """That try was no guess after all."""
    if holder is None:
        guesses.uncount_nowhere(link)
    else:
        links.change(deps, holder, one_less)


def one_less(holder: H) -> H:
    """Without its latest try."""
    failures = max(0, holder.failures - 1)
    return replace(holder, failures=failures, retired=failures >= RETIRE_AT, failed_at=holder.failed_at[:-1])


def _take(deps: Deps, holder: H) -> bool:
    taken: list[H] = []

    def one_more(now: H) -> H | None:
        if now.retired:
            return None
        taken.append(_one_more(now, deps.clock()))
        return taken[-1]

    links.change(deps, holder, one_more)
    if not taken:
        raise Refused("passcode_retired")
    return taken[-1].retired


def _one_more(holder: H, at: datetime) -> H:
    failures = holder.failures + 1
    return replace(holder, failures=failures, retired=failures >= RETIRE_AT, failed_at=(*holder.failed_at, at))
