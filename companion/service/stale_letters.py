"""The letters that carry a link or a passcode: none leaves any more once it holds an old one."""

from __future__ import annotations

from companion.core.values import replace
from companion.records import Letter
from companion.service.deps import Deps

LINK, PASSCODE = "invite", "passcode"  # the first word of a letter's ``about``; the id of the invite is the second


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
