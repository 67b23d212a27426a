"""What became of the letters that carry a link or a passcode, written on the invite that they were about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from companion.records import Letter
from companion.service import links
from companion.service.deps import Deps
from companion.service.links import H

LINK, PASSCODE = "invite", "passcode"  # the first word of a letter's ``about``; the id of the invite is the second
ON_ITS_WAY = ("draft", "sent", "bounced")


def told(deps: Deps, letter: Letter) -> None:
    """Pass on what is known of a letter by now. Saying it twice is the same as once."""
    kind, _, holder_id = letter.about.partition(" ")
    holder = links.of_id(deps, holder_id) if kind in (LINK, PASSCODE) else None
    if holder is not None and not _is_outdated(deps, letter):
        links.change(deps, holder, lambda now: _marked(now, kind, letter, deps.clock()))


def _marked(holder: H, kind: str, letter: Letter, at: datetime) -> H | None:
    return _of_link(holder, letter, at) if kind == LINK else _of_passcode(holder, letter)


def _of_link(holder: H, letter: Letter, at: datetime) -> H | None:
    # An invite never goes back: who has opened it or come by it has got it, whatever a late report says.
    on_its_way = holder.state in ON_ITS_WAY
    match letter.state:
        case "sent" if holder.sent_at is None:
            sent = replace(holder, sent_at=letter.sent_at or at)
            return replace(sent, state="sent", problem="") if on_its_way else sent
        case "sent" if holder.state == "bounced":
            return replace(holder, state="sent", problem="")  # sent once more
        case "delivered" if holder.delivered_at is None:
            arrived = replace(holder, delivered_at=at, sent_at=holder.sent_at or letter.sent_at or at)
            return replace(arrived, state="delivered", problem="") if on_its_way else arrived
        case "stopped" if letter.trouble == "expired" and holder.state == "draft":
            return replace(holder, state="bounced", problem="expired")
        case "failed" if holder.state in ("draft", "sent"):
            return replace(holder, state="bounced", problem=letter.trouble or letter.problem or "refused")
    return None


def _of_passcode(holder: H, letter: Letter) -> H | None:
    problem = (letter.trouble or letter.problem or "refused") if letter.state == "failed" else ""
    return None if holder.passcode_problem == problem else replace(holder, passcode_problem=problem)


def _is_outdated(deps: Deps, letter: Letter) -> bool:
    # A report about an old letter says nothing about the link that replaced it.
    if letter.posted_at is None:
        return False
    others = deps.store.shelf(Letter).find(about=letter.about)
    return any(other.posted_at is not None and other.posted_at > letter.posted_at for other in others)


def stop_letters(deps: Deps, holder_id: str, *, kinds: tuple[str, ...] = (LINK, PASSCODE), but: str = "") -> None:
    """What carries an old link or passcode and has not left does not leave; letters of the batch ``but`` are new."""
    shelf = deps.store.shelf(Letter)
    for kind in kinds:
        for letter in shelf.find(about=f"{kind} {holder_id}", state=("waiting", "held")):
            if not but or letter.batch != but:
                shelf.change(letter.id, _stopped)


def _stopped(letter: Letter) -> Letter | None:
    if letter.state not in ("waiting", "held"):
        return None
    return replace(letter, state="stopped", to="", subject="", body="", attachments=(), problem="")
