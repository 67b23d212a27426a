"""A crowd of a given size and the cores of this machine: what every trial begins with."""

from __future__ import annotations

import os
import sys

from benchmarks.native import WORK
from benchmarks.people import people_of
from benchmarks.shape import shape_of
from benchmarks.trial import Work

SMALL = 20  # sessions; in a smaller crowd everybody's panel is compared word by word


def crowd(sessions: int, cores: str = "") -> Work:
    """The work of so many sessions. ``cores``: of the server and of the generator, such as "0,1"."""
    folder = WORK / f"people-{sessions}"
    WORK.mkdir(exist_ok=True)
    people = people_of(folder, sessions)
    shapes = {form: shape_of(folder, people, form) for form in ("json", "html")}
    server, generator = _cores(cores)
    each = 1 if sessions < SMALL else 10
    return Work(people, folder, shapes, draw_each=each, server_core=server, generator_core=generator)


def _cores(given: str) -> tuple[int | None, int | None]:
    usable = sorted(os.sched_getaffinity(0))
    if given:
        server, _, generator = given.partition(",")
        return int(server), int(generator)
    if len(usable) < 2:
        print("There is one core only: servers and generator share it, so speeds say nothing.", file=sys.stderr)
        return None, None
    return usable[0], usable[-1]
