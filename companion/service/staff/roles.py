"""What each account may do in which group, and the person that a role in sessions goes with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from companion.core.model import Role
from companion.core.refusals import Refused
from companion.records import Account, Grant, Membership
from companion.service import organising, people
from companion.service.deps import Deps
from companion.service.staff_log import note

SEATS: tuple[Role, ...] = ("facilitator", "peer_supporter", "tech_helper")


@dataclass(frozen=True, slots=True)
class Standing:
    """An account and all that it may do."""

    account: Account
    memberships: tuple[Membership, ...] = ()

    @property
    def keeper(self) -> bool:
        """Whether she keeps the whole installation."""
        return self.account.keeper

    def roles_in(self, group_id: str) -> frozenset[str]:
        """Her roles in one group; a keeper is one everywhere."""
        mine = {one.role for one in self.memberships if one.group_id == group_id}
        return frozenset({*mine, "keeper"} if self.keeper else mine)

    def roles(self) -> frozenset[str]:
        """Her roles in any group."""
        mine = {one.role for one in self.memberships}
        return frozenset({*mine, "keeper"} if self.keeper else mine)

    def may(self, roles: Iterable[str], group_id: str | None) -> bool:
        """Whether she has one of these roles, in this group where there is one."""
        held = self.roles() if group_id is None else self.roles_in(group_id)
        return bool(held & set(roles))

    def organises(self, group_id: str) -> bool:
        """Whether she may change this group."""
        return self.may(("keeper", "organiser"), group_id)

    def seats(self) -> tuple[Membership, ...]:
        """The roles with which she takes part in sessions."""
        return tuple(one for one in self.memberships if one.role in SEATS)


def standing(deps: Deps, account: Account) -> Standing:
    """What this account may do now."""
    return Standing(account, tuple(deps.store.shelf(Membership).find(account_id=account.id)))


def of_group(deps: Deps, group_id: str) -> list[Membership]:
    """Everybody's roles in one group."""
    return list(deps.store.shelf(Membership).find(group_id=group_id))


def give(deps: Deps, account: Account, grants: Iterable[Grant], alias: str = "", *, by: str = "") -> None:
    """Add these roles. One in sessions comes with a person of the group, so that she is invited like everybody."""
    with deps.locks.of(f"roles {account.id}"):
        mine = standing(deps, account)
        for grant in grants:
            held = mine.roles_in(grant.group_id)
            seated = grant.role in SEATS and held & set(SEATS)
            if grant.role in held or seated or deps.store.group(grant.group_id) is None:
                continue
            person_id = "" if grant.role == "organiser" else _person(deps, account, grant.group_id, grant.role, alias)
            kept = Membership(deps.fresh_id(), account.id, grant.group_id, grant.role, person_id)
            deps.store.shelf(Membership).put(kept)
            note(deps, f"role_given_{grant.role}", by=by, about=account.id, group=grant.group_id)
            mine = standing(deps, account)


def take_away(deps: Deps, membership_id: str, by: Account) -> None:
    """She has this role no longer: her person of the group has left, and her invites open nothing."""
    found = deps.store.shelf(Membership).get(membership_id)
    if found is None or not deps.store.shelf(Membership).remove(id=membership_id):
        raise Refused("not_yours_to_do")
    if found.person_id and deps.store.person(found.person_id) is not None:
        people.leave(deps, found.person_id, f"account {by.id}")
    note(deps, f"role_taken_{found.role}", by=by.id, about=found.account_id, group=found.group_id)


def _person(deps: Deps, account: Account, group_id: str, role: Role, alias: str) -> str:
    taken = {one.person_id for one in of_group(deps, group_id)}
    for person in deps.store.people(group_id):
        known = (person.name.casefold(), person.role) == (account.name.casefold(), role)
        if known and person.id not in taken and person.left_at is None:
            return person.id
    return organising.add_person(deps, group_id, role, account.name, alias).id
