"""Weighs the digits that somebody gives the line, so that nobody finds any by trying.

A try is written down before it is weighed, and taken back if it was right: not even many at once get more than the
limit. The rows hold keyed hashes, are never more than the limit, and go after an hour.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from companion.ports import UpTo
from companion.records import LineTry, Person
from companion.service import line_pins
from companion.service.deps import Deps

A_CALL, A_NUMBER, THE_LINE = 3, 5, 30  # wrong ones; the last two in an hour
WINDOW = timedelta(hours=1)
log = logging.getLogger("companion.line")


def weigh(deps: Deps, once: str, caller: str, digits: str) -> Person | None:
    """Whose digits these are; nobody's, too, where there were too many wrong ones. It takes as long either way.

    ``once`` and ``caller`` are hashes of what they came in and of the number that they came from.
    """
    shelf = deps.store.shelf(LineTry)
    forget_old(deps)
    shelf.add(LineTry(once, caller, deps.clock()))
    kept = shelf.find()
    person = line_pins.person_of(deps, digits)
    if len(kept) > THE_LINE or sum(one.caller == caller for one in kept) > A_NUMBER:
        shelf.remove(id=once)  # it was not weighed, and must not keep the line shut for longer
        log.warning("the line takes no new digits for a while%s", "" if len(kept) > THE_LINE else " from one number")
        return None
    if person is None:
        deps.store.ready()  # costs the database what taking a try back costs
        return None
    shelf.remove(id=once)
    return person


def forget_old(deps: Deps) -> int:
    """Tries of more than an hour ago count no more, and are gone."""
    return deps.store.shelf(LineTry).remove(at=UpTo(deps.clock() - WINDOW))
