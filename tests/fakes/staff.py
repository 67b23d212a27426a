"""Colleagues for tests: accounts with what they need to sign in, and the codes of their apps."""

from __future__ import annotations

import pyotp

from companion.core.values import replace
from companion.records import Account, Grant, StaffRole
from companion.service.deps import Deps
from companion.service.staff import accounts, browsers, roles
from companion.service.staff.browsers import Opened
from companion.service.staff.totp import SECONDS

PASSWORD = "seven herons by the water"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an app in tests


def an_account(
    deps: Deps, name: str = "jo", *held: StaffRole, group: str = "", keeper: bool = False, secret: str = SECRET
) -> Account:
    """Somebody who can sign in, with these roles in a group."""
    account = accounts.make(deps, name, PASSWORD, keeper=keeper)
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=secret))
    roles.give(deps, account, [Grant(group, role) for role in held])
    return again(deps, account)


def again(deps: Deps, account: Account) -> Account:
    """The account as it is kept now."""
    found = accounts.get(deps, account.id)
    assert found is not None
    return found


def code_for(deps: Deps, account: Account) -> str:
    """The next code of her app that has not been used; where it is not due yet, she waits for it."""
    kept, now = again(deps, account), int(deps.clock().timestamp()) // SECONDS
    return pyotp.TOTP(kept.totp_secret).generate_otp(max(now, kept.totp_step + 1))


def a_browser(deps: Deps, account: Account, stage: str = "in") -> Opened:
    """A browser in which she is signed in."""
    return browsers.begin(deps, account, stage, "Firefox/computer")  # type: ignore[arg-type]
