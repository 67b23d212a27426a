"""Staff: their accounts, what each may do in which group, how they sign in, and how somebody locked out comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StaffRole = Literal["organiser", "facilitator", "peer_supporter", "tech_helper"]
Stage = Literal["code", "setup", "in"]  # a second factor is asked for; one is still to be chosen; signed in
LinkKind = Literal["begin", "invite", "recover", "demo"]
Purpose = Literal["add", "use"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signs in at the desk. Her name is found by a keyed hash of it, since it may be her real one."""

    id: str
    name_index: str
    name: str
    password_hash: str  # argon2id over the peppered password
    created_at: datetime
    keeper: bool = False  # keeps the whole installation, so may act in every group
    totp_secret: str = ""  # of her authenticator app
    totp_step: int = 0  # the last half minute whose code was used: a code counts once
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What an account may do in one group; whoever takes part in sessions has a person there, who is invited."""

    id: str
    account_id: str
    group_id: str
    role: StaffRole
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key that her device keeps; ``id`` is the credential's own, as base64url."""

    id: str
    account_id: str
    public_key: str
    sign_count: int
    label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One browser that somebody signed in with. No address is kept; ``browser`` is a family, such as "Firefox"."""

    id: str
    account_id: str
    token_hash: str
    stage: Stage
    browser: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    proof_hash: str = ""  # of the second cookie that shows contacts for a few minutes
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an authenticator has to sign: drawn for one page of one browser, good once. ``id`` is the challenge."""

    id: str
    session_id: str
    purpose: Purpose
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a group that a link brings along."""

    group_id: str
    role: StaffRole


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that makes an account, adds roles to one, or gives one back; its token is kept hashed."""

    id: str
    token_hash: str
    kind: LinkKind
    expires_at: datetime
    made_by: str = ""  # an account, or nothing for the terminal
    account_id: str = ""  # whose account comes back
    name: str = ""  # as her colleague calls her
    keeper: bool = False
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovery:
    """Somebody is locked out and asks for a new way in; ``agreed`` holds accounts, or "terminal"."""

    id: str
    account_id: str
    asked_at: datetime
    expires_at: datetime
    agreed: tuple[str, ...] = ()
