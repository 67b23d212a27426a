"""Invites everybody who may be invited, as one job that is worked off in small steps.

A job survives a restart and may be stopped and resumed. Each person is one item, with the same id on every node, and
her link and passcode are fixed when she is taken up: what is done twice has its effect once. Nobody's trouble stops the
others.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown, UpTo
from companion.records import Batch, PasscodeRoute, Person, SendItem, SendJob, StandingInvite
from companion.service import giving, inviting, links, outbox, routes
from companion.service.accesses import hashes_of
from companion.service.deps import Deps
from companion.service.giving import Target, target_of
from companion.service.links import Holder
from companion.service.routes import KIND, CannotSend, Routes

log = logging.getLogger("companion.sending")
STEP = 5  # people a round, so that a stop is soon heard
LEASE = timedelta(minutes=5)  # while one node invites somebody, others leave her alone
SHOWN = timedelta(hours=24)  # what is given by hand waits so long for somebody to print it
KEPT = timedelta(days=30)
AGAIN = ("too_busy",)  # the world says no: later


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody of the group: by which ways she would be invited, or why she is not."""

    person: Person
    ways: Routes
    reason: str


def plan(deps: Deps, target: Target, passcodes: PasscodeRoute = "aloud") -> tuple[Planned, ...]:
    """Who would get what, by name. ``passcodes``: how those travel that no letter carries."""
    invited = _invited(deps, target)
    people = deps.store.people(target.group_id)
    return tuple(_planned(deps, person, invited.get(person.id), passcodes) for person in people)


def begin(deps: Deps, target: Target, job_id: str, passcodes: PasscodeRoute = "aloud") -> SendJob:
    """Start inviting whoever may be invited. The same id again is the same job; one that is not done goes first."""
    job = SendJob(job_id, target.name, "begun", deps.clock())
    jobs, items = deps.store.shelf(SendJob), deps.store.shelf(SendItem)
    others = [known for known in jobs.find(target=target.name, state=("running", "stopped")) if known.id != job_id]
    if others:
        return others[0]
    deps.store.shelf(Batch).add(Batch(job_id, deps.clock(), target.group_id))
    jobs.add(job)
    for one in plan(deps, target, passcodes):
        if not one.reason:
            item = SendItem(
                links.only(target.name, one.person.id), job_id, one.person.id, one.ways.link, one.ways.passcode
            )
            if not items.add(item):
                _take_over(deps, item)
    # Only now may it be worked at: without its people it would be found done.
    jobs.change(job_id, lambda now: replace(now, state="running") if now.state == "begun" else None)
    return jobs.get(job_id) or job


def work(deps: Deps) -> int:
    """One small step of every job that runs. Blocks; safe on every node at once and at any time."""
    done = 0
    with deps.locks.of("sending"):
        for job in deps.store.shelf(SendJob).find(state="running"):
            done += _step(deps, job)
        _forget(deps)
    return done


def stop(deps: Deps, job_id: str) -> None:
    """Nobody more is invited by it, and what has not left yet is held."""
    deps.store.shelf(SendJob).change(job_id, lambda job: replace(job, state="stopped"))
    outbox.pause(deps, job_id)


def resume(deps: Deps, job_id: str) -> None:
    """It goes on where it was."""
    deps.store.shelf(SendJob).change(
        job_id, lambda job: replace(job, state="running") if job.state == "stopped" else None
    )
    outbox.resume(deps, job_id)


def _planned(deps: Deps, person: Person, holder: Holder | None, passcodes: PasscodeRoute) -> Planned:
    ways = routes.suggested(deps, person, deps.clock())
    if ways.passcode not in KIND:
        ways = replace(ways, passcode="aloud" if ways.link == passcodes else passcodes)
    return Planned(person, ways, _why_not(holder) or routes.why_not_in_bulk(deps, person, deps.clock()))


def _why_not(holder: Holder | None) -> str:
    if holder is None:
        return ""
    return "taken_back" if holder.state == "revoked" else "already_invited"


def _invited(deps: Deps, target: Target) -> dict[str, Holder]:
    """Who has a link to it already."""
    if target.kind == "series":
        standing = deps.store.shelf(StandingInvite).find(series_id=target.id)
        return {known.person_id: known for known in standing if known.passcode_hash}
    # A seat without a link of its own is no invitation yet.
    own = [known for known in deps.store.invites(target.id) if known.passcode_hash or known.state == "revoked"]
    found: dict[str, Holder] = {known.person_id: known for known in own}
    if target.session is not None and target.session.series_id:
        standing = deps.store.shelf(StandingInvite).find(series_id=target.session.series_id)
        found.update({known.person_id: known for known in standing if known.passcode_hash})
    return found


def _take_over(deps: Deps, item: SendItem) -> None:
    # What an earlier job has not finished is left to it, unless nobody works at that job: its press was cut short.
    unfinished = {job.id for job in deps.store.shelf(SendJob).find(state=("running", "stopped"))}

    def mine(kept: SendItem) -> SendItem | None:
        left_to_it = kept.state == "waiting" and (kept.job_id in unfinished or kept.taken_until is not None)
        return None if left_to_it or kept.job_id == item.job_id else item

    deps.store.shelf(SendItem).change(item.id, mine)


def _step(deps: Deps, job: SendJob) -> int:
    jobs, items = deps.store.shelf(SendJob), deps.store.shelf(SendItem)
    done = 0
    for item in items.find(job_id=job.id, state="waiting"):
        now = jobs.get(job.id)
        if done == STEP or now is None or now.state != "running":
            return done
        done += _invite_one(deps, job, item)
    if not items.find(job_id=job.id, state="waiting", limit=1):
        jobs.change(job.id, lambda now: replace(now, state="done") if now.state == "running" else None)
    return done


def _invite_one(deps: Deps, job: SendJob, item: SendItem) -> bool:
    taken = _take(deps, item.id)
    if taken is None:
        return False
    try:
        finished = _finished(deps, job, taken)
    except StoreDown:
        raise
    except (CannotSend, Refused) as no:
        refused = replace(taken, state="refused", reason=no.reason, secret=("", ""), taken_until=None)
        finished = replace(taken, taken_until=None) if no.reason in AGAIN else refused
    except Exception:
        log.exception("somebody could not be invited; the others go on")
        finished = replace(taken, state="failed", reason="our_fault", secret=("", ""), taken_until=None)
    deps.store.shelf(SendItem).change(item.id, lambda kept: finished)  # unless she was erased meanwhile
    return True


def _take(deps: Deps, item_id: str) -> SendItem | None:
    now = deps.clock()
    taken: list[SendItem] = []

    def mine(item: SendItem) -> SendItem | None:
        taken.clear()
        if item.state != "waiting" or (item.taken_until is not None and now < item.taken_until):
            return None
        secret = item.secret if item.secret[0] else inviting.new_secret()
        taken.append(replace(item, taken_until=now + LEASE, secret=secret))
        return taken[0]

    deps.store.shelf(SendItem).change(item_id, mine)
    return taken[0] if taken else None


def _finished(deps: Deps, job: SendJob, item: SendItem) -> SendItem:
    kind, _, target_id = job.target.partition(" ")
    target = target_of(deps, kind, target_id)
    person = deps.store.person(item.person_id)
    if person is None:
        raise Refused("no_such_seat")
    holder = _invited(deps, target).get(person.id)
    if holder is not None and holder.token_hash not in hashes_of(deps, item.secret[0]):
        raise CannotSend(_why_not(holder))
    given = giving.give_in_bulk(
        deps, target, person, Routes(item.link_route, item.passcode_route), item.secret, job.id, holder
    )
    left = (item.secret[0] if given.link else "", given.passcode)
    forget_at = deps.clock() + SHOWN if any(left) else None
    return replace(item, state="done", secret=left, forget_at=forget_at, taken_until=None)


def _forget(deps: Deps) -> None:
    now, items = deps.clock(), deps.store.shelf(SendItem)
    for item in items.find(forget_at=UpTo(now)):
        items.change(item.id, lambda kept: replace(kept, secret=("", ""), forget_at=None))
    for old in deps.store.shelf(SendJob).find(created_at=UpTo(now - KEPT)):
        items.remove(job_id=old.id)
        deps.store.shelf(SendJob).remove(id=old.id)
