"""One round of the outbox: what is due is taken by one node, handed over once, and written down as it went.

A letter is marked "sending" before it is handed over. If its process dies there, nobody knows whether it went out. A
mail is then sent again: its Message-ID is the same, so that a mailbox can tell. A text is "unsure": its gateway is
asked, where it can be, and otherwise only its report or a person decides. A text is never sent twice by itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import DeliveryFailed, UpTo
from companion.records import Batch, Kind, Letter
from companion.service import addressees, gateways
from companion.service.arrivals import told
from companion.service.deps import Deps
from companion.service.fates import after_failure, asked_in_vain, emptied, gone

log = logging.getLogger("companion.outbox")
KINDS: tuple[Kind, ...] = ("mail", "text")
LEASE = timedelta(minutes=5)  # longer than any gateway may take
AT_ONCE = 20  # letters a round


def deliver_due(deps: Deps, kind: Kind | None = None) -> int:
    """Send what is due and say how many letters left. Blocks; safe to call from every node and at any time.

    Each kind has a lock of its own, so that a slow mail holds up no text.
    """
    return sum(_round(deps, each) for each in (KINDS if kind is None else (kind,)))


def _round(deps: Deps, kind: Kind) -> int:
    sent = 0
    with deps.locks.of(f"outbox {kind}"):
        _take_up_what_was_left(deps, kind)
        _ask_about_unsure(deps, kind)
        for letter in deps.store.due_letters(deps.clock(), AT_ONCE, kind):
            if _is_not_wanted(deps, letter):
                continue
            if not gateways.looks_open(deps, kind):
                break
            taken = _lease(deps, letter)
            if taken is None:
                continue  # another node was quicker
            if not gateways.may_send(deps, kind):
                _change(deps, taken, "sending", letter)
                break
            sent += _deliver(deps, taken)
    return sent


def _is_not_wanted(deps: Deps, letter: Letter) -> bool:
    if _is_too_late(letter, deps.clock()):
        _change(deps, letter, "waiting", gone(letter, "stopped", "expired"))
        return True
    if _must_not_leave_now(deps, letter):
        return True
    if letter.kind == "text" and not letter.to.startswith("+"):
        bad = replace(letter, state="failed", trouble="number", problem="this is not a mobile number")
        _change(deps, letter, "waiting", bad)
        return True
    batch = deps.store.shelf(Batch).get(letter.batch) if letter.batch else None
    if batch is None or batch.state == "going":
        return False
    halted = replace(letter, state="held") if batch.state == "paused" else emptied(replace(letter, state="stopped"))
    _change(deps, letter, "waiting", halted)
    return True


def _must_not_leave_now(deps: Deps, letter: Letter) -> bool:
    now = deps.clock()
    moment = addressees.may_leave_at(deps, letter, now)
    if moment == now:
        return False
    if moment is None:
        _change(deps, letter, "waiting", gone(letter, "stopped", "not_safe"))
    elif _is_too_late(letter, moment):
        _change(deps, letter, "waiting", gone(letter, "stopped", "expired"))
    else:
        _change(deps, letter, "waiting", replace(letter, due_at=moment))
    return True


def _is_too_late(letter: Letter, at: datetime) -> bool:
    return letter.not_after is not None and at >= letter.not_after


def _deliver(deps: Deps, taken: Letter) -> bool:
    try:
        reference = _hand_over(deps, taken)
    except DeliveryFailed as failure:
        _note_failure(deps, taken, failure)
        return False
    # What has left is not kept: the link in it is nobody's business any more.
    left = emptied(replace(taken, state="sent", trouble="", reference=reference, sent_at=deps.clock()))
    _change(deps, taken, "sending", left)
    gateways.went_well(deps, taken.kind)
    return True


def _lease(deps: Deps, letter: Letter) -> Letter | None:
    now = deps.clock()
    taken = replace(letter, state="sending", attempts=letter.attempts + 1, due_at=now + LEASE, tried_at=now)
    ours: list[bool] = []

    def take(it: Letter) -> Letter | None:
        # What is kept afterwards does not tell who took it: two nodes may do so at the same moment of the clock.
        ours[:] = [it == letter]
        return taken if it == letter else None

    deps.store.shelf(Letter).change(letter.id, take)
    return taken if ours == [True] else None


def _hand_over(deps: Deps, letter: Letter) -> str:
    if letter.kind == "text":
        return deps.texter.send(letter.to, letter.body, letter.id)
    deps.mailer.send(letter.to, letter.subject, letter.body, attachments=letter.attachments, reference=letter.reference)
    return letter.reference


def _note_failure(deps: Deps, taken: Letter, failure: DeliveryFailed) -> None:
    after = after_failure(taken, failure, deps.clock())
    _change(deps, taken, "sending", after)
    if failure.trouble in gateways.OF_THE_GATEWAY:
        gateways.went_wrong(deps, taken.kind, failure)
    elif failure.trouble != "unsure":
        gateways.went_well(deps, taken.kind)
    else:
        gateways.went_wrong(deps, taken.kind, DeliveryFailed(failure.problem, trouble="down"))
    log.warning("a %s did not leave: %s, attempt %d", taken.kind, failure.trouble, taken.attempts)


def _take_up_what_was_left(deps: Deps, kind: Kind) -> None:
    now = deps.clock()
    for letter in deps.store.shelf(Letter).find(kind=kind, state="sending", due_at=UpTo(now)):
        left = replace(letter, due_at=now, state="waiting" if kind == "mail" else "unsure")
        _change(deps, letter, "sending", replace(left, trouble="unsure" if kind == "text" else ""))


def _ask_about_unsure(deps: Deps, kind: Kind) -> None:
    now = deps.clock()
    for letter in deps.store.shelf(Letter).find(kind=kind, state="unsure", due_at=UpTo(now), limit=AT_ONCE):
        try:
            reference = deps.texter.look_up(letter.to, letter.body, letter.id, letter.tried_at or letter.due_at)
        except DeliveryFailed:
            _change(deps, letter, "unsure", asked_in_vain(letter, now))
            continue
        if reference is None:
            _change(deps, letter, "unsure", replace(letter, state="waiting", due_at=now, trouble=""))
        else:
            known = replace(letter, state="sent", trouble="", reference=reference, sent_at=letter.tried_at)
            _change(deps, letter, "unsure", emptied(known))


def _change(deps: Deps, before: Letter, state: str, after: Letter) -> None:
    # Only if nobody has changed it meanwhile: a report may have come before we wrote down what it reports of.
    def how(it: Letter) -> Letter | None:
        return after if (it.state, it.attempts) == (state, before.attempts) else None

    kept = deps.store.shelf(Letter).change(before.id, how)
    if kept is not None:
        told(deps, kept)
