"""Coming back after being locked out: two colleagues agree, and the second one gets a link to hand over in person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import UpTo
from companion.records import Account, Membership, Passkey, Recovery
from companion.service.deps import Deps
from companion.service.staff import accounts, links, roles
from companion.service.staff.links import Made
from companion.service.staff.roles import Standing
from companion.service.staff_log import note

GOOD_FOR = timedelta(days=3)
NEEDED = 2
TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who asks to be let in again, as a colleague sees it."""

    id: str
    name: str
    asked_at: datetime
    agreed: int
    mine: bool  # whether this colleague has agreed already


def ask(deps: Deps, name: str) -> None:
    """Somebody of this name is locked out. Nothing tells whether there is such an account."""
    account = accounts.find(deps, name)
    if account is not None:
        _open(deps, account)


def for_colleague(deps: Deps, mine: Standing) -> list[Request]:
    """Who asks, among those for whom she may agree."""
    return [
        Request(one.id, account.name, one.asked_at, len(one.agreed), mine.account.id in one.agreed)
        for one in _alive(deps)
        if (account := accounts.get(deps, one.account_id)) is not None and _may_agree(deps, mine, account)
    ]


def agree(deps: Deps, recovery_id: str, mine: Standing) -> Made | None:
    """She knows who asks, and agrees. The second one gets the link. Refused for her own account, and for strangers."""
    recovery, account = _found(deps, recovery_id, mine)
    note(deps, "recovery_agreed", by=mine.account.id, about=account.id)
    return _agreed(deps, recovery.id, account, mine.account.id, NEEDED)


def decline(deps: Deps, recovery_id: str, mine: Standing) -> None:
    """It was not she: the request is gone."""
    _, account = _found(deps, recovery_id, mine)
    deps.store.shelf(Recovery).remove(id=recovery_id)
    note(deps, "recovery_declined", by=mine.account.id, about=account.id)


def at_the_terminal(deps: Deps, name: str) -> Made | None:
    """The operator agrees, where there are not two colleagues who could. Raises Refused."""
    account = accounts.find(deps, name)
    if account is None:
        raise Refused("no_such_seat")
    able = len(who_may_agree(deps, account))
    if able >= NEEDED:
        raise Refused("not_yours_to_do")
    recovery = _open(deps, account)
    note(deps, "recovery_agreed", by=TERMINAL, about=account.id)
    return _agreed(deps, recovery.id, account, TERMINAL, min(NEEDED, able + 1))


def who_may_agree(deps: Deps, account: Account) -> list[Account]:
    """Her colleagues who can sign in themselves, and keep the installation or organise one of her groups."""
    return [
        other
        for other in accounts.everybody(deps)
        if _can_sign_in(deps, other) and _may_agree(deps, roles.standing(deps, other), account)
    ]


def _may_agree(deps: Deps, mine: Standing, account: Account) -> bool:
    if mine.account.id == account.id:
        return False
    groups = {one.group_id for one in deps.store.shelf(Membership).find(account_id=account.id)}
    return mine.keeper or any(mine.organises(group_id) for group_id in groups)


def _can_sign_in(deps: Deps, account: Account) -> bool:
    return bool(account.totp_secret or deps.store.shelf(Passkey).find(account_id=account.id, limit=1))


def _found(deps: Deps, recovery_id: str, mine: Standing) -> tuple[Recovery, Account]:
    recovery = next((one for one in _alive(deps) if one.id == recovery_id), None)
    account = accounts.get(deps, recovery.account_id) if recovery else None
    if recovery is None or account is None or not _may_agree(deps, mine, account):
        raise Refused("not_yours_to_do")
    return recovery, account


def _alive(deps: Deps) -> list[Recovery]:
    return [one for one in deps.store.shelf(Recovery).find() if one.expires_at > deps.clock()]


def _open(deps: Deps, account: Account) -> Recovery:
    with deps.locks.of(f"recovery {account.id}"):
        for known in _alive(deps):
            if known.account_id == account.id:
                return known
        now = deps.clock()
        deps.store.shelf(Recovery).remove(expires_at=UpTo(now))
        recovery = Recovery(deps.fresh_id(), account.id, now, now + GOOD_FOR)
        deps.store.shelf(Recovery).put(recovery)
    note(deps, "recovery_asked", about=account.id)
    return recovery


def _agreed(deps: Deps, recovery_id: str, account: Account, who: str, needed: int) -> Made | None:
    shelf = deps.store.shelf(Recovery)
    recovery = shelf.change(recovery_id, lambda now: replace(now, agreed=tuple(dict.fromkeys((*now.agreed, who)))))
    able = {TERMINAL, *(other.id for other in who_may_agree(deps, account))}
    agreed = set(recovery.agreed if recovery else ()) & able
    # Taken away by one alone, so that there is one link, however many agree at the same moment.
    if len(agreed) < needed or not shelf.remove(id=recovery_id):
        return None
    return links.recover(deps, account)
