"""What whoever watches the machines is told of the outbox: what is late. What leaves in time would tell of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.ports import Backlog, StoreDown
from companion.records import Late
from companion.service.call_fates import LONG_SECONDS
from companion.service.deps import Deps
from companion.service.fates import PAUSES_MINUTES

KINDS = ("mail", "text", "call")
PATIENCE = timedelta(seconds=60)  # on time, as far as anybody outside is concerned
MAIL_PAUSES = tuple(60 * minutes for minutes in PAUSES_MINUTES)


def outbox(deps: Deps) -> dict[str, Backlog] | None:
    """What should have left and has not, by kind; None where the database takes no tap. Blocks."""
    now = deps.clock()
    try:
        deps.store.ready()
        late = deps.store.late(now - PATIENCE)
    except StoreDown:
        return None
    return {kind: _together([one for one in late if one.kind == kind], now) for kind in KINDS}


def _together(late: list[Late], now: datetime) -> Backlog:
    oldest = max((_age(one, now) for one in late), default=0.0)
    return Backlog(sum(one.many for one in late), oldest)


def _age(one: Late, now: datetime) -> float:
    # When it was due first is not kept: its pauses between attempts are added up again.
    pauses = LONG_SECONDS if one.kind == "call" else MAIL_PAUSES
    tries = range(max(0, one.attempts - 1))
    waited = sum(pauses[min(number, len(pauses) - 1)] for number in tries)
    return max(0.0, (now - one.since).total_seconds()) + waited
