"""The call beside a facilitator's panel: whether it may stand there, from where, and the way in for its frame."""

from __future__ import annotations

from dataclasses import dataclass

from companion.ports import Entry, Framed, MeetingAdapter
from companion.records import Access
from companion.service import calls
from companion.service.deps import Deps


@dataclass(frozen=True, slots=True)
class Beside:
    """A call that may stand beside a panel: from where, such as https://meet.example.org, and as whom she is in it."""

    origin: str
    caller: str


def beside(deps: Deps, access: Access) -> Beside | None:
    """The call that may stand beside her panel; None: none may, or she is no facilitator."""
    found = _adapter(deps, access)
    return Beside(found.embeds, calls.ref_of(deps, access.session_id, access.seat_id)) if found else None


def into_the_frame(deps: Deps, access: Access) -> Entry | None:
    """The way into the call for the frame; None: none may stand there, or she may not come in. Raises Refused."""
    found = _adapter(deps, access)
    entry = calls.into_the_call(deps, access) if found else None
    return found.framed(entry) if entry and isinstance(found, Framed) else None


def _adapter(deps: Deps, access: Access) -> MeetingAdapter | None:
    if access.role != "facilitator" or access.state != "in":
        return None
    session = deps.store.session(access.session_id)
    group = deps.store.group(session.group_id) if session else None
    found = deps.calls.of(group) if group else None
    return found if found and found.embeds and isinstance(found, Framed) else None
