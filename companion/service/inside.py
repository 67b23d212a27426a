"""Our pages inside a platform's own program: its app kept, and where they are opened.

Nobody is let in by any of this: what the program says only helps to say why a page is of no use where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import BadReport, CallDown, Program
from companion.records import Platform
from companion.service.deps import Deps

Hint = Literal["", "no_call", "another_call"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What to say, and why what the program said was ignored, as a code; empty: it was not, or it said nothing."""

    hint: Hint = ""
    ignored: str = ""


def keep_app(deps: Deps, platform_id: str, client_id: str, secret: str) -> Platform:
    """Keep the app that an organisation made for its account; it takes the place of the one before. Raises Refused."""
    kept = deps.store.shelf(Platform).change(
        platform_id,
        lambda one: (
            replace(one, more={**one.more, "app_id": client_id, "app_secret": secret}) if one.kind == "zoom" else None
        ),
    )
    if kept is None or kept.kind != "zoom":
        raise Refused("no_such_page")
    return kept


def look(deps: Deps, sealed: str) -> Opened:
    """Read what the program says of where a page of ours is opened; of which account it comes is found by trying."""
    if not sealed:
        return Opened()
    problem = "unknown"
    for program in _programs(deps):
        try:
            return Opened(_hint(deps, program, program.opened_in(sealed, deps.clock())))
        except BadReport as bad:
            problem = bad.problem
            if problem != "forged":  # of another account of ours, it may be
                break
    return Opened(ignored=problem)


def add(deps: Deps, platform_id: str, code: str, back: str) -> bool:
    """Finish adding our app for somebody. Nothing of her is kept. Whether it is added; raises Refused."""
    platform = deps.store.shelf(Platform).get(platform_id)
    program = deps.calls.program(platform) if platform else None
    if program is None:
        raise Refused("no_such_page")
    try:
        program.added(code, back)
    except CallDown:
        return False
    return True


def _hint(deps: Deps, program: Program, call: str) -> Hint:
    if not call:
        return "no_call"
    try:
        return "" if program.holds(call, deps.clock()) else "another_call"
    except CallDown:
        return ""  # whoever cannot be asked gives no reason to worry anybody


def _programs(deps: Deps) -> Iterator[Program]:
    for platform in sorted(deps.store.shelf(Platform).find(), key=lambda one: (one.made_at, one.id)):
        program = deps.calls.program(platform)
        if program is not None:
            yield program
