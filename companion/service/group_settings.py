"""What a group sets about itself: changed part by part, told to rooms that are ready, and looked over for gaps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from companion.core.commands import NotePlan
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Group, SafeguardingPlan
from companion.service import crisis_lines, induction
from companion.service.deps import Deps
from companion.service.perform import perform

Missing = Literal["safeguarding", "facilitator", "call", "numbers", "crisis", "induction"]
SHUTS_THE_DOORS: tuple[Missing, ...] = ("safeguarding", "facilitator")


def change(deps: Deps, group_id: str, how: Callable[[Group], Group]) -> Group:
    """Change a group, alone: two people at two desks never undo each other's change of another part."""
    kept = deps.store.shelf(Group).change(group_id, how)
    if kept is None:
        raise Refused("no_such_seat")
    _tell_rooms(deps, kept)
    return kept


def agree_on_plan(deps: Deps, group_id: str, plan: SafeguardingPlan) -> Group:
    """What the group does in danger is agreed: its doors can open."""
    return change(deps, group_id, lambda group: replace(group, settings=replace(group.settings, safeguarding=plan)))


def missing(deps: Deps, group: Group) -> tuple[Missing, ...]:
    """What a group still lacks, most pressing first; the first two shut its doors."""
    people = [person for person in deps.store.people(group.id) if person.left_at is None]
    settings = group.settings
    lacking: dict[Missing, bool] = {
        "safeguarding": settings.safeguarding is None,
        "facilitator": not any(person.role == "facilitator" for person in people),
        "call": not settings.call_link and not settings.platform,
        "numbers": not settings.backup_number,
        "crisis": crisis_lines.is_missing(settings),
        "induction": not all(induction.is_done(person) for person in people),
    }
    return tuple(code for code, lacks in lacking.items() if lacks)


def _tell_rooms(deps: Deps, group: Group) -> None:
    # A plan that is written while a facilitator waits before shut doors must open them.
    agreed, live = group.settings.safeguarding is not None, set(deps.store.live())
    for session in deps.store.sessions(group.id):
        if session.id in live:
            with suppress(Refused):  # closed a moment ago
                perform(deps, session.id, NotePlan(agreed), by=SYSTEM)
