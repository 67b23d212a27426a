"""How far a long send is, who was not invited by it and why, and what has to be given by hand, shown once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from companion.core.values import replace
from companion.records import Letter, SendItem, SendJob, SendState
from companion.service import inviting
from companion.service.deps import Deps


@dataclass(frozen=True, slots=True)
class Progress:
    """One job in numbers. Each person counts once, and each letter."""

    job: SendJob
    total: int
    done: int
    refused: tuple[tuple[str, str], ...]  # her name, and why
    letters: int
    left: int  # letters that have left
    failed: int
    by_hand: int  # people for whom something is still to be printed or read aloud
    leaves_at: datetime | None  # when the next letter leaves that waits for somebody's safe hours

    @property
    def state(self) -> SendState:
        """Whether it runs, is stopped or is done."""
        return self.job.state


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person gets by hand; empty where a letter carries it."""

    name: str
    link: str
    passcode: str
    link_route: str
    passcode_route: str


def of_job(deps: Deps, job_id: str) -> Progress | None:
    """How far it is."""
    job = deps.store.shelf(SendJob).get(job_id)
    if job is None:
        return None
    items = deps.store.shelf(SendItem).find(job_id=job_id)
    letters, now = deps.store.shelf(Letter).find(batch=job_id), deps.clock()
    states = Counter(letter.state for letter in letters)
    not_invited = [item for item in items if item.state in ("refused", "failed")]
    return Progress(
        job,
        total=len(items),
        done=sum(item.state != "waiting" for item in items),
        refused=tuple(sorted((_name(deps, item), item.reason) for item in not_invited)),
        letters=states.total(),
        left=states["sent"] + states["delivered"],
        failed=states["failed"] + states["unsure"],
        by_hand=sum(item.state == "done" and any(item.secret) for item in items),
        leaves_at=min((one.due_at for one in letters if one.state == "waiting" and one.due_at > now), default=None),
    )


def latest(deps: Deps, target: str) -> SendJob | None:
    """The last job for this date or series."""
    jobs = deps.store.shelf(SendJob).find(target=target)
    return max(jobs, key=lambda job: (job.created_at, job.id), default=None)


def take_slips(deps: Deps, job_id: str) -> tuple[Slip, ...]:
    """What is to be given by hand, by name. It is shown this once: afterwards nobody can read it again."""
    shelf, slips = deps.store.shelf(SendItem), []
    for item in shelf.find(job_id=job_id, state="done"):
        taken: list[tuple[str, str]] = []

        def empty(kept: SendItem, taken: list[tuple[str, str]] = taken) -> SendItem | None:
            taken[:] = [kept.secret]
            return replace(kept, secret=("", ""), forget_at=None) if any(kept.secret) else None

        shelf.change(item.id, empty)
        if taken and any(taken[0]):
            token, passcode = taken[0]
            link = inviting.address_of(deps, token) if token else ""
            slips.append(Slip(_name(deps, item), link, passcode, item.link_route, item.passcode_route))
    return tuple(sorted(slips, key=lambda slip: slip.name.casefold()))


def _name(deps: Deps, item: SendItem) -> str:
    person = deps.store.person(item.person_id)
    return person.name if person else ""
