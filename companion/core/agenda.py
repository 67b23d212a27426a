"""The evening's parts, and what a facilitator shows to everyone: a prompt or a guided activity, step by step."""

from __future__ import annotations

from companion.core.context import Act
from companion.core.fields import Activity
from companion.core.model import SessionState, Shared
from companion.core.refusals import Refused
from companion.core.values import replace

# How many steps each activity has; their words and drawings stand in the templates.
ACTIVITY_STEPS: dict[str, int] = {"energy_exchange": 7, "drama_triangle": 4, "breathing": 3}


def go_to(state: SessionState, act: Act, *, part: int) -> SessionState:
    """Go to a part; any part can be skipped, and it is fine to go back."""
    if part >= len(state.rules.agenda):
        raise Refused("no_such_part")
    if part == state.part and state.part_started_at is not None:
        return state
    return replace(state, part=part, part_started_at=act.at)


def share_prompt(state: SessionState, *, prompt: int) -> SessionState:
    """Show one prompt; until then it was on facilitators' panels alone."""
    if prompt >= len(state.rules.prompts):
        raise Refused("no_such_part")
    return replace(state, shared=Shared("prompt", state.rules.prompts[prompt]))


def start_activity(state: SessionState, *, activity: Activity) -> SessionState:
    """Show the first step of an activity."""
    return replace(state, shared=Shared("activity", activity))


def step_activity(state: SessionState, *, step: int) -> SessionState:
    """Go to a step of the activity."""
    if state.shared is None or state.shared.kind != "activity":
        raise Refused("nothing_shared")
    if step >= ACTIVITY_STEPS[state.shared.what]:
        raise Refused("no_such_part")
    return replace(state, shared=replace(state.shared, step=step))


def stop_sharing(state: SessionState) -> SessionState:
    """Take it off everyone's page."""
    return replace(state, shared=None)
