"""Letters and texts on their way: posted here, sent by ``delivering``, listed with what to do when they are dead."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from companion.core.values import replace
from companion.ports import UpTo
from companion.records import Attachment, Batch, Kind, Letter, SeenReport
from companion.service import gateways, numbers
from companion.service.arrivals import is_outdated
from companion.service.arrivals import told as told
from companion.service.batches import Progress as Progress
from companion.service.batches import begin_batch as begin_batch
from companion.service.batches import pause as pause
from companion.service.batches import progress as progress
from companion.service.batches import resume as resume
from companion.service.batches import stop as stop
from companion.service.delivering import deliver_due as deliver_due
from companion.service.deps import Deps
from companion.service.fates import emptied

KEPT = timedelta(days=30)  # what became of a letter
SEEN = timedelta(days=2)  # the copy of a report comes sooner
Advice = Literal[
    "waits",
    "paused",
    "address",
    "number",
    "opted_out",
    "refused",
    "later",
    "credentials",
    "throttled",
    "down",
    "expired",
    "not_safe",
    "unsure",
]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that has not left, and what a person can do about it."""

    letter: Letter
    advice: Advice
    can_be_sent_again: bool = False


def post(
    deps: Deps,
    to: str,
    subject: str,
    body: str,
    *,
    kind: Kind = "mail",
    attachments: Sequence[Attachment] = (),
    about: str = "",
    batch: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    country: str = "GB",
    once: str = "",
) -> Letter:
    """Put a letter in the outbox; it leaves with the next round, or when it is due.

    A text's number is read as somebody in ``country`` writes it. ``once`` is a key: a second letter with the same key
    is the first one.
    """
    now = deps.clock()
    letter_id = _id_of(deps, once) if once else deps.fresh_id()
    letter = Letter(
        letter_id,
        kind,
        to if kind == "mail" else numbers.to_text(to, country),
        subject if kind == "mail" else "",
        body,
        due_at=due_at or now,
        attachments=tuple(attachments),
        about=about,
        batch=batch,
        not_after=not_after,
        reference=_comes_back_as(letter_id) if kind == "mail" else "",
        posted_at=now,
    )
    letter = _halted(deps, letter)
    shelf = deps.store.shelf(Letter)
    return letter if shelf.add(letter) else shelf.get(letter_id) or letter


def undelivered(deps: Deps) -> tuple[Undelivered, ...]:
    """Every letter that has not left in time: it waits, has failed, came too late, or is not safe any more."""
    late = deps.store.shelf(Letter).find(state="stopped", trouble=("expired", "not_safe"))
    now = deps.clock()
    here = [letter for letter in deps.store.letters() if letter.attempts or letter.due_at <= now or letter.trouble]
    return tuple(
        Undelivered(letter, _advice(deps, letter), _can_be_sent_again(deps, letter)) for letter in (*here, *late)
    )


def send_again(deps: Deps, letter_id: str) -> None:
    """Try a dead letter once more from the beginning, or one that may have gone out: a person has decided so."""
    now = deps.clock()

    def fresh(letter: Letter) -> Letter | None:
        if letter.state not in ("failed", "unsure"):
            return None
        return replace(letter, state="waiting", attempts=0, problem="", trouble="", due_at=now, posted_at=now)

    shelf = deps.store.shelf(Letter)
    known = shelf.get(letter_id)
    if known is not None and _can_be_sent_again(deps, known) and shelf.change(letter_id, fresh) is not None:
        gateways.try_at_once(deps, known.kind)


def has_arrived(deps: Deps, letter_id: str) -> None:
    """She says that she got what nobody was sure of."""
    _settle(deps, letter_id, ("unsure",), "delivered")


def forget(deps: Deps, letter_id: str) -> None:
    """Nobody needs this letter any more."""
    _settle(deps, letter_id, ("waiting", "held", "unsure", "failed", "stopped"), "stopped")


def tidy(deps: Deps) -> None:
    """Remove what was kept long enough, and say again what became of letters that failed, if a crash hid it."""
    now = deps.clock()
    shelf = deps.store.shelf(Letter)
    for letter in shelf.find(state="failed"):
        told(deps, letter)
    shelf.remove(posted_at=UpTo(now - KEPT), state=("sent", "delivered", "failed", "stopped", "unsure", "held"))
    deps.store.shelf(Batch).remove(begun_at=UpTo(now - KEPT))
    deps.store.shelf(SeenReport).remove(seen_at=UpTo(now - SEEN))


def _halted(deps: Deps, letter: Letter) -> Letter:
    batch = deps.store.shelf(Batch).get(letter.batch) if letter.batch else None
    if batch is None or batch.state == "going" or letter.state != "waiting":
        return letter
    return replace(letter, state="held") if batch.state == "paused" else emptied(replace(letter, state="stopped"))


def _settle(deps: Deps, letter_id: str, before: Sequence[str], state: Literal["delivered", "stopped"]) -> None:
    kept = deps.store.shelf(Letter).change(
        letter_id, lambda it: emptied(replace(it, state=state, trouble="")) if it.state in before else None
    )
    if kept is not None:
        told(deps, kept)


def _can_be_sent_again(deps: Deps, letter: Letter) -> bool:
    # Its words must still be here, and no newer link may have taken the place of the one in them.
    return letter.state in ("failed", "unsure") and bool(letter.body) and not is_outdated(deps, letter)


def _advice(deps: Deps, letter: Letter) -> Advice:
    if letter.state == "held":
        return "paused"
    if letter.trouble:
        return letter.trouble
    if letter.state != "waiting":
        return "waits" if letter.state == "sending" else "later"
    state = gateways.state_of(deps, letter.kind)
    return state.trouble if state.trouble and state.shut_until else "waits"


def _id_of(deps: Deps, once: str) -> str:
    return hmac.new(deps.sealer.signing("letters once"), once.encode(), hashlib.sha256).hexdigest()[:40]


def _comes_back_as(letter_id: str) -> str:
    # In small letters: some servers on the way know no others. As hard to guess as the id that it is made of.
    return hashlib.sha256(f"bounce {letter_id}".encode()).hexdigest()[:32]
