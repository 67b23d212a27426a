"""Limits on requests by address, so that nobody can keep the slow parts busy; guesses are counted in the service."""

from __future__ import annotations

import hashlib
import logging
from ipaddress import IPv6Address, ip_address

from flask import current_app, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from companion.service.guesses import Guesses
from companion.web.guards import deps
from companion.web.shared_storage import SharedStorage

LOOKS = "120 per minute"
WRONG_TRIES = "60 per 15 minutes"  # a whole house may share one address; what succeeds does not count
KNOCKS = "10 per 15 minutes"
KNOCKS_FROM_ONE_PLACE = "40 per 15 minutes"


def address() -> str:
    """Where a request comes from. A home has a whole IPv6 network, so its addresses count as one."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or f"{found.exploded[:19]}::/64")


def address_and_link() -> str:
    """One link at one place; the link only as a digest, since nothing of it belongs in a counter's memory or a log."""
    token = str((request.view_args or {}).get("token", ""))
    return f"{address()} {hashlib.sha256(token.encode()).hexdigest()[:16]}"


def did_not_succeed(response: Response) -> bool:
    """Whether this answer counts as a wrong try."""
    return response.status_code >= 400


def guesses() -> Guesses:
    """This application's count of tries at passcodes."""
    found = current_app.extensions.get("companion_guesses")
    if found is None:
        found = current_app.extensions.setdefault("companion_guesses", Guesses(tallies=deps().tallies))
    assert isinstance(found, Guesses)  # noqa: S101 - tells mypy the truth
    return found


# It would write down who came how often.
logging.getLogger("flask-limiter").disabled = True
limiter = Limiter(address, storage_uri=f"{SharedStorage.SCHEME}://", strategy="moving-window")
tries = limiter.shared_limit(WRONG_TRIES, scope="passcodes", deduct_when=did_not_succeed)
