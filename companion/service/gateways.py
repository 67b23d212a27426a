"""How fast letters may leave by each gateway, and when one is left alone for a while; one count for all nodes."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.values import replace
from companion.outbox_settings import Pace
from companion.ports import DeliveryFailed
from companion.records import Gateway, Kind, Trouble
from companion.service.deps import Deps

PATIENCE = 3  # failures in a row, until a gateway is left alone
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
OF_THE_GATEWAY: tuple[Trouble, ...] = ("credentials", "throttled", "down")
ASTRAY = timedelta(minutes=5)  # between the clocks of two nodes
ONE = 1000  # thousandths of a letter


def name_of(deps: Deps, kind: Kind) -> str:
    """The gateway that letters of this kind leave by."""
    return "mail" if kind == "mail" else deps.texter.name or "text"


def state_of(deps: Deps, kind: Kind) -> Gateway:
    """How it is doing."""
    return deps.store.shelf(Gateway).get(name_of(deps, kind)) or Gateway(name_of(deps, kind))


def may_send(deps: Deps, kind: Kind) -> bool:
    """Whether one more letter may leave now; counts it. While a gateway is tried again, one letter goes alone."""
    now, pace = deps.clock(), _pace(deps, kind)
    admitted: list[bool] = []

    def take(gateway: Gateway) -> Gateway | None:
        admitted.clear()
        after = admit(gateway, pace, now)
        admitted.append(after is not None)
        return after

    deps.store.shelf(Gateway).add(Gateway(name_of(deps, kind)))
    deps.store.shelf(Gateway).change(name_of(deps, kind), take)
    return admitted == [True]


def looks_open(deps: Deps, kind: Kind) -> bool:
    """Whether it is worth asking ``may_send``; counts nothing."""
    return admit(state_of(deps, kind), _pace(deps, kind), deps.clock()) is not None


def admit(gateway: Gateway, pace: Pace, now: datetime) -> Gateway | None:
    """The gateway with one letter more on its way, or None if none may leave now."""
    if gateway.shut_until is not None and now < gateway.shut_until:
        return None
    counted = _refilled(gateway, pace, now)
    if counted.second_left < ONE or counted.minute_left < ONE or counted.day_used >= pace.day:
        return None
    # Where it was shut, this letter finds out; until it has, the others wait.
    alone = None if gateway.shut_until is None else now + FIRST_REST
    return replace(
        counted,
        shut_until=alone,
        second_left=counted.second_left - ONE,
        minute_left=counted.minute_left - ONE,
        day_used=counted.day_used + 1,
    )


def went_well(deps: Deps, kind: Kind) -> None:
    """It took one, or at least gave a sensible answer."""
    deps.store.shelf(Gateway).change(
        name_of(deps, kind),
        lambda it: replace(it, failures=0, trouble="", shut_until=None) if it.failures or it.shut_until else None,
    )


def went_wrong(deps: Deps, kind: Kind, failure: DeliveryFailed) -> None:
    """It did not, and not because of one letter."""
    now = deps.clock()
    deps.store.shelf(Gateway).change(name_of(deps, kind), lambda it: rested(it, failure, now))


def rested(gateway: Gateway, failure: DeliveryFailed, now: datetime) -> Gateway:
    """The gateway after one more failure: left alone for longer and longer, or for as long as it asks."""
    failures = gateway.failures + 1
    until = gateway.shut_until
    if failure.retry_after is not None:
        until = now + timedelta(seconds=min(failure.retry_after, 24 * 3600))
    elif failure.trouble == "credentials":
        until = now + LONGEST_REST  # nothing but a person can mend this
    elif failures >= PATIENCE or failure.trouble == "throttled":
        until = now + min(FIRST_REST * 2 ** min(max(0, failures - PATIENCE), 10), LONGEST_REST)
    return replace(gateway, failures=failures, trouble=failure.trouble, shut_until=until)


def try_at_once(deps: Deps, kind: Kind) -> None:
    """Somebody says that it should be tried now."""
    now = deps.clock()
    deps.store.shelf(Gateway).change(
        name_of(deps, kind), lambda it: replace(it, shut_until=now) if it.shut_until and it.shut_until > now else None
    )


def _pace(deps: Deps, kind: Kind) -> Pace:
    return deps.settings.mail_pace if kind == "mail" else deps.settings.texts_pace


def _refilled(gateway: Gateway, pace: Pace, now: datetime) -> Gateway:
    before = gateway.counted_at
    if before is None:
        return replace(gateway, counted_at=now, second_left=pace.second * ONE, minute_left=pace.minute * ONE)
    if before - ASTRAY <= now < before:
        now = before  # another node's clock is a little ahead of ours
    gone = max(0.0, (now - before).total_seconds())
    return replace(
        gateway,
        counted_at=now,
        second_left=min(pace.second * ONE, gateway.second_left + int(gone * pace.second * ONE)),
        minute_left=min(pace.minute * ONE, gateway.minute_left + int(gone * pace.minute * ONE / 60)),
        day_used=gateway.day_used if before.date() == now.date() else 0,
    )
