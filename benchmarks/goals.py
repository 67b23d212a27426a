"""Whether each goal is met, worked out from the trials: a goal without a figure says so, and none is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.report import Spread, Trial, ratio, spread

Line = dict[str, Any]
HTML, JSON = "companion", "companion-json"
ONE, TWO = "one node", "two nodes"
RATIOS = (
    ("node", "of Node, a commit per tap", 2.0),
    ("node-group", "of Node, group commit", 1.0),
    ("floor", "of C", 0.5),
)
JSON_MORE = 1.2  # a fifth more than with HTML


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and what was found: ``most`` says that less is better."""

    what: str
    wanted: float
    found: Spread | None
    most: bool = False

    @property
    def verdict(self) -> str:
        """Met, not met, or not measured."""
        if self.found is None:
            return "not measured"
        met = self.found.middle <= self.wanted if self.most else self.found.middle >= self.wanted
        return "met" if met else "**not met**"

    def row(self) -> list[str]:
        """For the table."""
        sign = "at most" if self.most else "at least"
        return [self.what, f"{sign} {self.wanted:g}", str(self.found or "-"), self.verdict]


def goals(lines: Sequence[Line]) -> list[Goal]:
    """Every goal of the project, in the order in which they were set."""
    found = [*_ratios(lines), *_evening(_of_stage(_largest(lines, "paced"), "paced"))]
    storms = _of_stage(lines, "storms")
    found += [
        Goal(f"storm, of Node's time{_as(kind)}", 1.5, ratio(storms, kind, "node", "storm_s"), True)
        for kind in (HTML, JSON)
    ]
    found += [_growth(lines, kind) for kind in (HTML, JSON)]
    starts = _of_stage(lines, "start")
    found += [
        Goal("seconds from the first start to the first page", 2.0, spread(starts, HTML, "first_page_s"), True),
        Goal("ms to import companion.core", 20.0, spread(starts, HTML, "import_core_ms"), True),
        Goal("two nodes on two cores, of one: twice what both do on one", 1.8, _two_nodes(_of_stage(lines, "nodes"))),
    ]
    return found


def _ratios(lines: Sequence[Line]) -> list[Goal]:
    made = []
    for sync in sorted({line["sync_ms"] for line in lines if line["stage"] == "saturated"}):
        trials = _of_stage([line for line in lines if line["sync_ms"] == sync], "saturated")
        for kind, more in ((HTML, 1.0), (JSON, JSON_MORE)):
            for base, words, wanted in RATIOS:
                what = f"taps/s{_as(kind)}, fsync {sync:g} ms, {words}"
                made.append(Goal(what, wanted * more, ratio(trials, kind, base, "taps_s")))
    return made


def _evening(trials: Sequence[Trial]) -> list[Goal]:
    made = []
    for kind in (HTML, JSON):
        made += [
            Goal(f"p99 ms, 10,000 sockets{_as(kind)}", 5.0, spread(trials, kind, "all_p99_ms"), True),
            Goal(f"the same, of Node's{_as(kind)}", 1.0, ratio(trials, kind, "node", "all_p99_ms"), True),
            Goal(f"longest pause, ms{_as(kind)}", 20.0, spread(trials, kind, "all_max_ms"), True),
            Goal(f"kB an idle socket{_as(kind)}", 50.0, spread(trials, kind, "kB_per_socket"), True),
        ]
    return made


def _growth(lines: Sequence[Line], kind: str) -> Goal:
    sizes = sorted({line["sessions"] for line in lines if line["stage"] == "grown"})
    cost = {
        size: spread(_of_stage([line for line in lines if line["sessions"] == size], "grown"), kind, "us_tap")
        for size in sizes
    }
    known = {size: each.middle for size, each in cost.items() if each}
    what = f"CPU a tap in the largest crowd, of the smallest{_as(kind)}"
    if len(known) < 2:
        return Goal(what, 1.1, None, True)
    return Goal(
        f"{what} ({max(known):,} sessions, {min(known):,})",
        1.1,
        Spread.of([known[max(known)] / known[min(known)]]),
        True,
    )


def _two_nodes(trials: Sequence[Trial]) -> Spread | None:
    found = ratio(trials, TWO, ONE, "taps_s")
    return Spread(2 * found.middle, 2 * found.least, 2 * found.most) if found else None


def _largest(lines: Sequence[Line], stage: str) -> list[Line]:
    mine = [line for line in lines if line["stage"] == stage]
    most = max((line["sessions"] for line in mine), default=0)
    return [line for line in mine if line["sessions"] == most]


def _of_stage(lines: Sequence[Line], stage: str) -> list[Trial]:
    return [Trial(line["round"], line["kind"], line["values"]) for line in lines if line["stage"] == stage]


def _as(kind: str) -> str:
    return {HTML: ", HTML", JSON: ", JSON"}[kind]
