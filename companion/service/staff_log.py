"""The one place where what staff do is written down; no name, no alias and no address goes into it."""

from __future__ import annotations

import logging

from companion.service.deps import Deps

log = logging.getLogger("companion.staff")


def note(deps: Deps, what: str, *, by: str = "", about: str = "", group: str = "") -> None:
    """Something to be known later: ``what`` is a code, the others are ids; ``by`` is an account, or "terminal"."""
    log.info("staff what=%s by=%s about=%s group=%s", what, by or "-", about or "-", group or "-")
