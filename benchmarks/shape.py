"""What each tap of the work causes: which seats get a new view, and of which size. Peers send exactly the same.

Found by playing one evening through the service: eight members, six taps each, one after the other.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from benchmarks.people import MEMBERS, SEATS, Person, deps_on
from companion.core import commands as c
from companion.core.commands import Command
from companion.core.values import replace
from companion.core.views import panel_for
from companion.drawing import Drawings
from companion.live.panels import drawn
from companion.service.deps import Deps
from companion.service.perform import Performed, perform
from companion.store import document

# In the order in which the generator's members tap (load/taps.c).
STEPS: tuple[Command, ...] = (
    c.RequestTurn(),
    c.RaiseBreakSignal(strength="few_minutes"),
    c.OpenTicket(kind="cannot_hear"),
    c.WithdrawTurn(),
    c.SettleBreakSignal(),
    c.WithdrawTicket(),
)
KINDS_OF_TAPS = 3  # each set and taken back
Deliveries = list[tuple[int, int]]  # the seat's place in its session, and the bytes of its message


@dataclass(frozen=True, slots=True)
class Shape:
    """``deliveries[step][member]``; ``whole``: bytes of each seat's whole panel; ``document``: of what is stored."""

    deliveries: list[list[Deliveries]]
    whole: list[int]
    document: int

    @property
    def per_tap(self) -> float:
        """Deliveries of a tap, on average."""
        return sum(len(sent) for step in self.deliveries for sent in step) / (len(STEPS) * MEMBERS)

    @property
    def bytes_per_delivery(self) -> float:
        """Bytes of a delivery, on average."""
        sizes = [size for step in self.deliveries for sent in step for _, size in sent]
        return sum(sizes) / len(sizes)


def told_to_everybody(shape: Shape) -> Shape:
    """The same work with a message to every seat of the session, as where nobody asks who may see what."""
    return replace(shape, deliveries=[[_to_everybody(sent) for sent in step] for step in shape.deliveries])


def _to_everybody(sent: Deliveries) -> Deliveries:
    most = max(size for _, size in sent)
    return [(seat, dict(sent).get(seat, most)) for seat in range(SEATS)]


def step_of(member: int, taps: int) -> int:
    """Which of the steps a member takes after so many taps: as in load/taps.c, neighbours begin with different ones."""
    kind = (taps + member) % KINDS_OF_TAPS
    return kind if taps % len(STEPS) < KINDS_OF_TAPS else KINDS_OF_TAPS + kind


def flags_after(member: int, taps: int) -> tuple[bool, bool, bool]:
    """Whether a member is in the line, has raised a signal and has opened a ticket after so many taps."""
    flags = [False] * KINDS_OF_TAPS
    for tap in range(taps % len(STEPS)):
        step = step_of(member, tap)
        flags[step % KINDS_OF_TAPS] = step < KINDS_OF_TAPS
    return flags[0], flags[1], flags[2]


def shape_of(folder: Path, people: list[Person], form: str) -> Shape:
    """The shape of the work with panels in this format; ``folder`` stays as it is."""
    with TemporaryDirectory() as scratch:
        copy = shutil.copytree(folder, Path(scratch) / "data")
        deps = deps_on(copy)
        return _played(deps, [person for person in people if person.session == people[0].session], form)


def _played(deps: Deps, people: list[Person], form: str) -> Shape:
    place = {person.seat: at for at, person in enumerate(people)}
    members = [person for person in people if person.member >= 0]
    deliveries: list[list[Deliveries]] = [[[] for _ in members] for _ in STEPS]
    sizes = []
    for taps in range(len(STEPS)):
        for at, member in enumerate(members):
            step = step_of(at, taps)
            done = perform(deps, people[0].session, STEPS[step], by=member.seat)
            deliveries[step][at] = _deliveries(done, place, form)
            sizes.append(len(document.write(done.state)))
    state = done.state
    whole = [
        _bytes(drawn(state.seat(p.seat), panel_for(state, p.seat), form, whole=True, by=Drawings())) for p in people
    ]
    return Shape(deliveries, whole, sum(sizes) // len(sizes))


def _deliveries(done: Performed, place: dict[str, int], form: str) -> Deliveries:
    found = done.changes.items()
    return [
        (place[s], _bytes(drawn(done.state.seat(s), regions, form, whole=False, by=Drawings()))) for s, regions in found
    ]


def _bytes(message: dict[str, Any]) -> int:
    return len(msgspec.json.encode(message))
