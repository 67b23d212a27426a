"""What is done about dates by itself, every half minute and on every node."""

from __future__ import annotations

import logging
from collections.abc import Callable

from companion.ports import StoreDown
from companion.service import link_checks, moving, planned_calls, recurring, reminding
from companion.service.deps import Deps

log = logging.getLogger("companion.dates")
TASKS: tuple[Callable[[Deps], int], ...] = (
    recurring.plan_all,
    moving.finish,
    reminding.post_due,
    planned_calls.mind,
    link_checks.check_due,
)


def mind_dates(deps: Deps) -> None:
    """Plan ahead, finish notices, remind, plan calls, look at links. One that fails does not hold up the others."""
    for task in TASKS:
        try:
            task(deps)
        except StoreDown:
            raise
        except Exception:
            log.exception("a regular task about dates failed; it is tried again")
