"""The one place where what staff do is written down (audit.py); no name, no alias and no address goes into it."""

from __future__ import annotations

import logging

from companion.service import audit
from companion.service.deps import Deps

log = logging.getLogger("companion.staff")
TERMINAL = "terminal"


def note(deps: Deps, what: str, *, by: str = "", about: str = "", group: str = "") -> None:
    """Something to be known later: ``what`` is a code, ``by`` and ``about`` are accounts, or "terminal"."""
    log.info("staff what=%s by=%s about=%s group=%s", what, by or "-", about or "-", group or "-")
    # Whoever tries names that nobody has must not be able to fill the chain.
    if by or about:
        audit.note_in_passing(deps, what, by=_account(by), about=_account(about) or (f"group {group}" if group else ""))


def _account(account_id: str) -> str:
    return account_id if account_id in ("", TERMINAL) else f"account {account_id}"
