"""Codes of an authenticator app (RFC 6238): six digits for half a minute, each good once."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime
from typing import Literal

import pyotp

from companion.core.values import replace
from companion.records import Account
from companion.service.deps import Deps
from companion.service.staff_log import note

DIGITS = 6
SECONDS = 30
ISSUER = "Notes"  # what the app on her telephone shows; a glance at it learns nothing
Answer = Literal["right", "wrong", "used"]


def new_secret() -> str:
    """A secret for an app, as it may be typed."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What stands in the picture that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def digits_of(typed: str) -> str:
    """The six digits that somebody typed in any script, with spaces as she likes; empty if they are not six."""
    kept = [unicodedata.decimal(char, None) for char in typed[:40] if unicodedata.category(char)[0] not in "ZPC"]
    return "".join(map(str, kept)) if len(kept) == DIGITS and None not in kept else ""


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is: this one, the one before or the next, since clocks differ."""
    code, now = digits_of(typed), int(at.timestamp()) // SECONDS
    app = pyotp.TOTP(secret)
    steps = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(app.generate_otp(step), code)]
    return max(steps, default=None)


def set_up(deps: Deps, account: Account, secret: str, typed: str) -> bool:
    """Take this secret, once she has shown that her app knows it."""
    step = step_of(secret, typed, deps.clock())
    if step is None:
        return False
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=secret, totp_step=step))
    note(deps, "app_added", by=account.id)
    return True


def use(deps: Deps, account: Account, typed: str) -> Answer:
    """Whether this code opens her account now. A code that was used once is worth nothing, whoever read it."""
    if not account.totp_secret:
        return "wrong"
    step = step_of(account.totp_secret, typed, deps.clock())
    if step is None:
        return "wrong"
    taken = []

    def take(now: Account) -> Account | None:
        if now.totp_step >= step or now.totp_secret != account.totp_secret:
            return None
        taken.append(step)
        return replace(now, totp_step=step)

    deps.store.shelf(Account).change(account.id, take)
    return "right" if taken else "used"


def forget(deps: Deps, account: Account) -> None:
    """Her app opens nothing any more."""
    deps.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=""))
    note(deps, "app_removed", by=account.id)
