"""What falls due is found here and done by ordinary commands; safe to run on every node at once."""

from __future__ import annotations

import logging

from companion.core.commands import LetTimePass
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.service.closing import destroy
from companion.service.deps import Deps
from companion.service.perform import perform

log = logging.getLogger("companion.overdue")


def do_what_is_due(deps: Deps) -> int:
    """Let time pass wherever something is due, destroy what has closed, and say how many sessions there were."""
    deps.undone.do()
    due = deps.store.due(deps.clock())
    for session_id in due:
        try:
            _do(deps, session_id)
        except Refused:
            continue  # it ended between the two looks
        except Exception:
            # One session that cannot go on must not stop the clock of all the others.
            log.exception("the clock could not come round in one session")
    return len(due)


def _do(deps: Deps, session_id: str) -> None:
    saved = deps.store.load(session_id)
    if saved is None or saved.state.phase == "closed":
        destroy(deps, session_id)  # None: a destruction that was cut short, still due until it is finished
    else:
        perform(deps, session_id, LetTimePass(), by=SYSTEM)
