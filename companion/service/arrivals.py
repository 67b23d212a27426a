"""What became of a letter reaches whatever it was about: an invite learns that it arrived, or why it did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from companion.core.values import replace
from companion.records import Letter
from companion.service import links
from companion.service.deps import Deps
from companion.service.links import Holder
from companion.service.routes import BY_HAND

Listener = Callable[[Deps, str, Letter], None]
ON_ITS_WAY = ("draft", "sent", "bounced")
NOT_IN_TIME = ("expired", "not_safe")


def told(deps: Deps, letter: Letter) -> None:
    """Pass on what is known of a letter by now. Saying it twice is the same as once."""
    kind, _, about = letter.about.partition(" ")
    listener = LISTENERS.get(kind)
    if listener is not None and about:
        listener(deps, about, letter)


def mark_invite(deps: Deps, invite_id: str, letter: Letter) -> None:
    """An invite never goes back: who has opened it or come by it has got it, whatever a late report says."""
    _mark(deps, invite_id, letter, _marked)


def mark_passcode(deps: Deps, invite_id: str, letter: Letter) -> None:
    """The passcode of an invite travels by itself: what became of it is said beside the link."""
    _mark(deps, invite_id, letter, _passcode_marked)


def _mark(deps: Deps, invite_id: str, letter: Letter, how: Callable[[Holder, Letter, datetime], Holder | None]) -> None:
    now, holder = deps.clock(), links.of_id(deps, invite_id)
    if holder is None or is_outdated(deps, letter):
        return
    with deps.locks.of(f"invite {invite_id}"):
        links.change(deps, holder, lambda it: how(it, letter, now))


def is_outdated(deps: Deps, letter: Letter) -> bool:
    """Whether a newer letter has taken its place: then it says nothing about the link in that one."""
    if letter.posted_at is None:
        return False
    others = deps.store.shelf(Letter).find(about=letter.about, kind=letter.kind) if letter.about else ()
    return any(other.posted_at is not None and other.posted_at > letter.posted_at for other in others)


def _passcode_marked(invite: Holder, letter: Letter, now: datetime) -> Holder | None:
    lost = letter.state == "failed" or (letter.state == "stopped" and letter.trouble in NOT_IN_TIME)
    problem = letter.trouble or "refused" if lost else ""
    return None if invite.passcode_problem == problem else replace(invite, passcode_problem=problem)


def _marked(invite: Holder, letter: Letter, now: datetime) -> Holder | None:
    if invite.link_route in BY_HAND:
        return None  # a letter of before: its link is another
    sent_at = max(letter.sent_at or now, invite.sent_at or letter.sent_at or now)
    match letter.state:
        case "sent":
            known = replace(invite, sent_at=sent_at)
            return replace(known, state="sent", problem="") if invite.state == "bounced" else known
        case "delivered" if invite.state in ON_ITS_WAY:
            return replace(invite, state="delivered", problem="", sent_at=sent_at, delivered_at=now)
        case "delivered" if invite.delivered_at is None:
            return replace(invite, sent_at=sent_at, delivered_at=now)
        case "failed" if invite.state == "sent":  # one that was made anew meanwhile is a draft: that is another link
            return replace(invite, state="bounced", problem=letter.trouble or "refused")
        case "stopped" if letter.trouble in NOT_IN_TIME and invite.state == "sent":
            return replace(invite, state="bounced", problem=letter.trouble)
    return None


LISTENERS: dict[str, Listener] = {"invite": mark_invite, "passcode": mark_passcode}
