"""How often somebody may guess at a password or a code. It gets slower, and never locks anybody out for good."""

from __future__ import annotations

from collections.abc import Hashable

from companion import server
from companion.core.refusals import Refused
from companion.service.guesses import TRIES
from companion.web import throttle
from companion.web.guards import deps

FROM_EVERYWHERE = 20  # tries at one account in a quarter of an hour, wherever they come from; then each takes longer
CODES_FROM_EVERYWHERE = 15  # six digits are soon guessed by whoever has the password
SLOWER_SECONDS = 2.0


def begin_password(whose: str) -> Hashable:
    """Count a try. Raises Refused("too_fast") where five from this address did not fit within a quarter of an hour."""
    key = ("password", whose, throttle.address())
    _begin(key)
    try:
        _begin(("password", whose), FROM_EVERYWHERE)
    except Refused:
        server.sleep(SLOWER_SECONDS)  # somebody may be keeping her out on purpose: she only has to wait a little
    return key


def begin_code(account_id: str) -> Hashable:
    """Count a try at a code, or at a passkey. Raises Refused("too_fast")."""
    key = ("code", account_id, throttle.address())
    _begin(key)
    _begin(("code", account_id), CODES_FROM_EVERYWHERE)
    return key


def forgive(key: Hashable) -> None:
    """It was right: what came before were slips."""
    server.off_loop(throttle.guesses().forgive, key)


def _begin(key: Hashable, tries: int = TRIES) -> None:
    server.off_loop(throttle.guesses().begin, key, deps().clock(), tries)
