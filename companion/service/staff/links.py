"""Links that work once: to begin, to invite a colleague, to come back, into the demo. Kept hashed, gone when used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from companion.core.refusals import Refused
from companion.ports import UpTo
from companion.records import Account, Grant, OneTimeLink
from companion.records.staff import LinkKind
from companion.service.accesses import hash_token, hashes_of
from companion.service.deps import Deps
from companion.service.passcodes import new_token
from companion.service.staff import accounts, roles
from companion.service.staff.roles import Standing
from companion.service.staff_log import note

GOOD_FOR = {
    "begin": timedelta(hours=24),
    "invite": timedelta(hours=72),
    "recover": timedelta(hours=1),
    "demo": timedelta(hours=24),
}


class Gone(Exception):
    """This link opens nothing: it was used, is too old, or never was. Nobody hears which."""


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh link: the only moment at which it can be read."""

    link: OneTimeLink
    address: str


def begin(deps: Deps) -> Made:
    """A link to the first account; those before it open nothing any more. Refused once somebody keeps the house."""
    if accounts.is_begun(deps):
        raise Refused("already_started")
    deps.store.shelf(OneTimeLink).remove(kind="begin")
    return _make(deps, "begin", keeper=True)


def invite(deps: Deps, by: Standing | None, name: str, grants: Sequence[Grant], *, keeper: bool = False) -> Made:
    """A link for a colleague. Whoever organises a group gives roles in it; a keeper, or the terminal, any."""
    if not (grants or keeper) or (by is not None and not _may_give(by, grants, keeper=keeper)):
        raise Refused("not_yours_to_do")
    return _make(deps, "invite", by.account.id if by else "", name=name, keeper=keeper, grants=tuple(grants))


def recover(deps: Deps, account: Account) -> Made:
    """A link for somebody who was locked out; an earlier one opens nothing any more."""
    deps.store.shelf(OneTimeLink).remove(kind="recover", account_id=account.id)
    return _make(deps, "recover", account_id=account.id)


def demo(deps: Deps, account: Account) -> Made:
    """A link straight to the desk of the demo."""
    return _make(deps, "demo", account_id=account.id)


def look(deps: Deps, token: str) -> OneTimeLink:
    """The link of this token, which stays as it is: whoever previews links uses none up. Raises Gone."""
    found = deps.store.shelf(OneTimeLink).find(token_hash=hashes_of(deps, token))
    link = next((one for one in found if one.expires_at > deps.clock()), None)
    if link is None or (link.kind == "begin" and accounts.is_begun(deps)):
        raise Gone
    if link.account_id and accounts.get(deps, link.account_id) is None:
        raise Gone
    if link.made_by and not _maker_still_may(deps, link):
        raise Gone
    return link


def waiting(deps: Deps, by: Standing) -> list[OneTimeLink]:
    """Invitations of colleagues that nobody has opened yet, as far as they are hers to see."""
    found = deps.store.shelf(OneTimeLink).find(kind="invite")
    alive = (link for link in found if link.expires_at > deps.clock())
    return [link for link in alive if by.keeper or link.made_by == by.account.id]


def withdraw(deps: Deps, link_id: str, by: Standing) -> None:
    """It opens nothing any more. Refused where it is not hers to see."""
    if link_id not in {link.id for link in waiting(deps, by)}:
        raise Refused("not_yours_to_do")
    deps.store.shelf(OneTimeLink).remove(id=link_id)
    note(deps, "link_withdrawn", by=by.account.id)


def make_account(deps: Deps, token: str, name: str, password: str, alias: str = "") -> Account:
    """The first account, or a colleague's, with the roles that the link brings. Raises Gone or NotGood."""
    link = _of_kind(deps, token, "begin", "invite")
    accounts.check(deps, name, password)  # before the link is used up
    _use(deps, link)
    account = accounts.make(deps, name, password, keeper=link.keeper)
    roles.give(deps, account, link.grants, alias, by=link.made_by)
    return account


def add_to(deps: Deps, token: str, account: Account) -> None:
    """A colleague who has an account already takes the roles with it. Raises Gone."""
    link = _of_kind(deps, token, "invite")
    _use(deps, link)
    if link.keeper:
        accounts.make_keeper(deps, account, by=link.made_by)
    roles.give(deps, account, link.grants, by=link.made_by)


def come_back(deps: Deps, token: str, password: str) -> Account:
    """A new password for whoever was locked out; what opened her account before is gone. Raises Gone or NotGood."""
    link = _of_kind(deps, token, "recover")
    account = _account(deps, link)
    accounts.check(deps, account.name, password, mine=account.id)
    _use(deps, link)
    accounts.start_anew(deps, account, password)
    return account


def into_the_demo(deps: Deps, token: str) -> Account:
    """The account of the demo's desk. Raises Gone."""
    link = _of_kind(deps, token, "demo")
    _use(deps, link)
    return _account(deps, link)


def _make(
    deps: Deps,
    kind: LinkKind,
    made_by: str = "",
    *,
    account_id: str = "",
    name: str = "",
    keeper: bool = False,
    grants: tuple[Grant, ...] = (),
) -> Made:
    token, until = new_token(), deps.clock() + GOOD_FOR[kind]
    deps.store.shelf(OneTimeLink).remove(expires_at=UpTo(deps.clock()))
    link = OneTimeLink(
        deps.fresh_id(), hash_token(deps, token), kind, until, made_by, account_id, name, keeper=keeper, grants=grants
    )
    deps.store.shelf(OneTimeLink).put(link)
    note(deps, f"link_made_{kind}", by=made_by or "terminal", about=account_id)
    return Made(link, f"{deps.settings.address}/desk/begin/{token}")


def _may_give(by: Standing, grants: Sequence[Grant], *, keeper: bool) -> bool:
    return by.keeper or (not keeper and all(by.organises(grant.group_id) for grant in grants))


def _maker_still_may(deps: Deps, link: OneTimeLink) -> bool:
    # Whoever is not of the staff any more may have made a link for herself while she was.
    maker = accounts.get(deps, link.made_by)
    return maker is not None and _may_give(roles.standing(deps, maker), link.grants, keeper=link.keeper)


def _of_kind(deps: Deps, token: str, *kinds: LinkKind) -> OneTimeLink:
    link = look(deps, token)
    if link.kind not in kinds:
        raise Gone
    return link


def _use(deps: Deps, link: OneTimeLink) -> None:
    # Whoever takes it away has it: two who press at the same moment do not both.
    if not deps.store.shelf(OneTimeLink).remove(id=link.id):
        raise Gone
    note(deps, f"link_used_{link.kind}", about=link.account_id)


def _account(deps: Deps, link: OneTimeLink) -> Account:
    account = accounts.get(deps, link.account_id)
    if account is None:
        raise Gone
    return account
