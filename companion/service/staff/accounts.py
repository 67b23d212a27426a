"""Accounts: made, found by a name, opened with a password, given a new one, closed."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Account, Membership, OneTimeLink, Passkey, Recovery, StaffSession
from companion.service.deps import Deps
from companion.service.staff import passwords, roles
from companion.service.staff_log import note

LONGEST_NAME = 80


class NotGood(Exception):
    """A name or a password that cannot be taken; ``field`` says which, ``mistake`` why."""

    def __init__(self, field: str, mistake: str) -> None:
        super().__init__(field, mistake)
        self.field, self.mistake = field, mistake


def index_of(deps: Deps, name: str) -> str:
    """What stands in the database for this name, however it is written."""
    return _indexes(deps, name)[0]


def find(deps: Deps, name: str) -> Account | None:
    """The open account of this name."""
    found = deps.store.shelf(Account).find(name_index=tuple(_indexes(deps, name)))
    return next((account for account in found if account.closed_at is None), None)


def get(deps: Deps, account_id: str) -> Account | None:
    """An open account."""
    found = deps.store.shelf(Account).get(account_id)
    return found if found is not None and found.closed_at is None else None


def everybody(deps: Deps) -> list[Account]:
    """All open accounts, by name."""
    found = deps.store.shelf(Account).find(closed_at=None)
    return sorted(found, key=lambda account: (account.name.casefold(), account.id))


def is_begun(deps: Deps) -> bool:
    """Whether anybody keeps this installation."""
    return bool(deps.store.shelf(Account).find(keeper=True, closed_at=None, limit=1))


def check(deps: Deps, name: str, password: str, *, mine: str = "") -> None:
    """Raises NotGood; ``mine`` is the account that has this name already."""
    if not _plain(name):
        raise NotGood("name", "empty")
    other = find(deps, name)
    if other is not None and other.id != mine:
        raise NotGood("name", "taken")
    mistake = passwords.mistake(password, name)
    if mistake:
        raise NotGood("password", mistake)


def make(deps: Deps, name: str, password: str, *, keeper: bool = False) -> Account:
    """A new account, without a second factor yet. Raises NotGood."""
    kept = deps.hasher.hash(password)
    with deps.locks.of("names of accounts"):
        check(deps, name, password)
        shown = " ".join(name.split())[:LONGEST_NAME]
        account = Account(deps.fresh_id(), index_of(deps, name), shown, kept, deps.clock(), keeper)
        deps.store.shelf(Account).put(account)
    note(deps, "account_made", about=account.id)
    return account


def opened(deps: Deps, name: str, password: str) -> Account | None:
    """The account that this name and this password open. It takes as long for a name that nobody has."""
    account = find(deps, name)
    if is_right(deps, account, password):
        return _with_todays_pepper(deps, account, password) if account else None
    note(deps, "sign_in_failed", about=account.id if account else "")
    return None


def is_right(deps: Deps, account: Account | None, password: str) -> bool:
    """Whether this is her password; takes as long for an account that does not exist."""
    return deps.hasher.verify(account.password_hash if account else "", password)


def change_password(deps: Deps, account: Account, password: str) -> None:
    """A new password. Raises NotGood."""
    check(deps, account.name, password, mine=account.id)
    kept = deps.hasher.hash(password)
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, password_hash=kept))
    note(deps, "password_changed", by=account.id)


def start_anew(deps: Deps, account: Account, password: str) -> None:
    """A new password and no second factor: she chooses one next. Every browser of hers is out. Raises NotGood."""
    change_password(deps, account, password)
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=""))
    deps.store.shelf(Passkey).remove(account_id=account.id)
    deps.store.shelf(StaffSession).remove(account_id=account.id)
    note(deps, "account_recovered", about=account.id)


def make_keeper(deps: Deps, account: Account, *, by: str) -> None:
    """She keeps the installation from now on."""
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, keeper=True))
    note(deps, "keeper_made", by=by, about=account.id)


def close(deps: Deps, account_id: str, by: Account) -> None:
    """She is no longer of the staff. Nobody closes her own, so somebody always keeps the installation."""
    if account_id == by.id or get(deps, account_id) is None:
        raise Refused("not_yours_to_do")
    closed_at = deps.clock()
    deps.store.shelf(Account).change(account_id, lambda now: replace(now, closed_at=closed_at, keeper=False))
    # Her seats go with her roles: a link to a session would still let her in.
    for held in deps.store.shelf(Membership).find(account_id=account_id):
        roles.take_away(deps, held.id, by)
    for kind in (Passkey, StaffSession, Recovery, OneTimeLink):
        deps.store.shelf(kind).remove(account_id=account_id)
    note(deps, "account_closed", by=by.id, about=account_id)


def index_anew(deps: Deps) -> None:
    """After a rotation of the keys: every name is found by today's."""
    for account in deps.store.shelf(Account).find():
        index = index_of(deps, account.name)
        if account.name_index != index:
            deps.store.shelf(Account).put(replace(account, name_index=index))


def _with_todays_pepper(deps: Deps, account: Account, password: str) -> Account:
    if not deps.hasher.is_old(account.password_hash):
        return account
    kept = deps.hasher.hash(password)  # her password is at hand only now
    return deps.store.shelf(Account).change(account.id, lambda now: replace(now, password_hash=kept)) or account


def _indexes(deps: Deps, name: str) -> list[str]:
    # One for each master key: after a rotation the old index still finds the account.
    plain = _plain(name).encode(errors="replace")
    return [hmac.new(key, plain, hashlib.sha256).hexdigest() for key in deps.sealer.subkeys("staff names")]


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
