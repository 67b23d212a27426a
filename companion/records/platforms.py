"""Accounts of the organisation with those who hold calls: a Jitsi server of its own, a service, another later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PlatformKind = Literal["jitsi", "jaas", "bigbluebutton", "zoom"]


@dataclass(frozen=True, slots=True)
class Platform:
    """One account. A group names the one that holds its calls; without one it has a plain address."""

    id: str
    kind: PlatformKind
    name: str  # what organisers call it; never sent anywhere
    address: str  # https, without a path or with that of its interface
    account: str  # what it knows us by: Jitsi's app id, JaaS's tenant, Zoom's account id; empty where there is none
    secret: str  # what our tokens and requests are signed with; sealed at rest, shown to nobody
    made_at: datetime
    # JaaS: "key_id"; BigBlueButton: "checksum"; Zoom: "client_id", "host" (its user), "webhook_secret",
    # "api"; and of the app inside its client "app_id", "app_secret"
    more: dict[str, str] = field(default_factory=dict)
